package render

import "github.com/oapi-guard/oapi-guard/generator/diag"

// The rules of this package's diagnostics.
var (
	ruleRender = diag.Rule{
		ID: "render", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The templates do not make Go code that is complete.",
	}
	ruleTemplateFile = diag.Rule{
		ID: "template-file", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A template or the folder of templates cannot be read, or leads out of that folder.",
	}
	ruleTemplateName = diag.Rule{
		ID: "template-name", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An override has the name of no built-in template or block, so that it would replace nothing.",
	}
	ruleProtected = diag.Rule{
		ID: "template-protected", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An override replaces a block that holds the guard, and the configuration does not name the block as unprotected.",
	}
	ruleUnprotected = diag.Rule{
		ID: "template-unprotected", Severity: diag.Warning, Exit: diag.ExitFindings,
		Text: "An override replaces a block that holds the guard, as the configuration allows. Nothing verifies what it writes.",
	}
	ruleVersion = diag.Rule{
		ID: "template-version", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "An override was written for another version of the templates.",
	}
	ruleTemplateSyntax = diag.Rule{
		ID: "template-syntax", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A template is not one that text/template can parse.",
	}
	ruleTemplateExecute = diag.Rule{
		ID: "template-execute", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A template asks its data for something that is not there, or a function fails.",
	}
	ruleTemplateCode = diag.Rule{
		ID: "template-code", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The templates do not make Go code that parses.",
	}
	ruleTemplateOutput = diag.Rule{
		ID: "template-output", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "A file beside the guards would be written twice, to a place where it must not be, or without the words that mark it as generated.",
	}
	RuleTemplateImport = diag.Rule{
		ID: "template-import", Severity: diag.Error, Exit: diag.ExitFindings,
		Text: "The generated code imports a package that no template declares, or that guards may not import.",
	}
)

// Rules lists the rules of this package's diagnostics.
func Rules() []diag.Rule {
	return []diag.Rule{
		ruleRender, ruleTemplateFile, ruleTemplateName, ruleTemplateSyntax, ruleTemplateExecute,
		ruleTemplateCode, ruleTemplateOutput, RuleTemplateImport, ruleProtected, ruleUnprotected, ruleVersion,
	}
}
