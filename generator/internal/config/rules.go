package config

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleFile = diag.Rule{
		ID: "config-file", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "A configuration file cannot be read.",
	}
	ruleSyntax = diag.Rule{
		ID: "config-syntax", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "A configuration file is not a YAML document with keys and values.",
	}
	ruleKey = diag.Rule{
		ID: "config-key", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "A configuration file has an unknown key.",
	}
	ruleDuplicate = diag.Rule{
		ID: "config-duplicate-key", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "A configuration file has a key twice.",
	}
	ruleMissing = diag.Rule{
		ID: "config-missing-key", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "oapi-guard.yaml lacks a required key.",
	}
	ruleType = diag.Rule{
		ID: "config-type", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The value of a key has the wrong type.",
	}
	ruleValue = diag.Rule{
		ID: "config-value", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The value of a key of oapi-guard.yaml has the right type but cannot be used.",
	}
	ruleOutput = diag.Rule{
		ID: "config-output", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The output cannot be a Go file that is compiled with its package.",
	}
	rulePackage = diag.Rule{
		ID: "config-package", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The package name of the output is not valid, or is not that of the server in the same folder.",
	}
	ruleCodegen = diag.Rule{
		ID: "config-codegen", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "oapi-codegen does not accept its configuration.",
	}
	ruleOldStyle = diag.Rule{
		ID: "config-codegen-old-style", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The oapi-codegen configuration has the old style, which is deprecated.",
	}
	ruleFramework = diag.Rule{
		ID: "config-framework", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "The oapi-codegen configuration selects no server, or several.",
	}
	ruleSearch = diag.Rule{
		ID: "config-codegen-path", Severity: diag.Error, Exit: diag.ExitFailure,
		Text: "A file that the oapi-codegen configuration names is in none of the possible folders.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleFile, ruleSyntax, ruleKey, ruleDuplicate, ruleMissing, ruleType, ruleValue, ruleOutput,
		rulePackage, ruleCodegen, ruleOldStyle, ruleFramework, ruleSearch,
	}
}
