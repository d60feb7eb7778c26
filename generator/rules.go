package generator

// The rules of this package's diagnostics.
const (
	ruleCheckTypes = "resource-check-types"
	ruleCollision  = "name-collision"
	ruleInternal   = "internal-package"
	ruleRender     = "render"
	ruleConflict   = "route-conflict"
	ruleMethod     = "method-not-registrable"
	ruleMismatch   = "server-mismatch"
	ruleStale      = "server-stale"
	ruleType       = "server-type"

	ruleTemplateFile      = "template-file"
	ruleTemplateName      = "template-name"
	ruleTemplateSyntax    = "template-syntax"
	ruleTemplateExecute   = "template-execute"
	ruleTemplateCode      = "template-code"
	ruleTemplateOutput    = "template-output"
	ruleTemplateImport    = "template-import"
	ruleTemplateUnguarded = "template-unguarded"
)

// Rules explains the rules of this package's diagnostics, one line each.
func Rules() map[string]string {
	return map[string]string{
		ruleCheckTypes: "A resource check would be given parameters of different types.",
		ruleCollision:  "Two names of the document become one in Go, or the server's package has a name that guards need.",
		ruleInternal:   "The guards would lie where Go does not allow to import the server's package.",
		ruleRender:     "The templates do not make Go code that is complete.",
		ruleConflict:   "The router cannot tell two paths apart or cannot route one: it would panic at start-up, or answer one operation with another.",
		ruleMethod:     "An operation has a method for which the router has no function, or which no request can have.",
		ruleMismatch:   "The server file does not register each of its operations once.",
		ruleStale:      "The document and the server file do not have the same operations.",
		ruleType:       "A parameter of the server has a type that another package cannot name.",

		ruleTemplateFile:      "A template or the folder of templates cannot be read, or leads out of that folder.",
		ruleTemplateName:      "An override has the name of no built-in template or block, so that it would replace nothing.",
		ruleTemplateSyntax:    "A template is not one that text/template can parse.",
		ruleTemplateExecute:   "A template asks its data for something that is not there, or a function fails.",
		ruleTemplateCode:      "The templates do not make Go code that parses.",
		ruleTemplateOutput:    "A file beside the guards would be written twice, to a place where it must not be, or without the words that mark it as generated.",
		ruleTemplateImport:    "The generated code imports a package that no template declares, or that guards may not import.",
		ruleTemplateUnguarded: "An override changes the generated code where the guards rely on it, so that an operation could be without its guard.",
	}
}
