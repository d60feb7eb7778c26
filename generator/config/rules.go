package config

const (
	ruleFile      = "config-file"
	ruleSyntax    = "config-syntax"
	ruleKey       = "config-key"
	ruleDuplicate = "config-duplicate-key"
	ruleMissing   = "config-missing-key"
	ruleType      = "config-type"
	ruleValue     = "config-value"
	ruleOutput    = "config-output"
	rulePackage   = "config-package"
	ruleCodegen   = "config-codegen"
	ruleOldStyle  = "config-codegen-old-style"
	ruleFramework = "config-framework"
	ruleSearch    = "config-codegen-path"
)

// Rules explains the rules of this package's diagnostics, one line each.
func Rules() map[string]string {
	return map[string]string{
		ruleFile:      "A configuration file cannot be read.",
		ruleSyntax:    "A configuration file is not a YAML document with keys and values.",
		ruleKey:       "A configuration file has a key that is not known there.",
		ruleDuplicate: "A configuration file has a key twice.",
		ruleMissing:   "oapi-guard.yaml lacks a required key.",
		ruleType:      "The value of a key has the wrong type.",
		ruleValue:     "The value of a key of oapi-guard.yaml has the right type but cannot be used.",
		ruleOutput:    "The output cannot be a Go file that is compiled with its package.",
		rulePackage:   "The package of the output has no valid name, or not that of the server beside it.",
		ruleCodegen:   "oapi-codegen does not accept its configuration.",
		ruleOldStyle:  "The oapi-codegen configuration has the old style, which oapi-codegen deprecates.",
		ruleFramework: "The oapi-codegen configuration selects no server, several, or one without guards.",
		ruleSearch:    "A file that the oapi-codegen configuration names is in none of the folders that it may mean.",
	}
}
