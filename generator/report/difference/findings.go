package difference

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Rules are the rules of [Findings]: one for each class.
func Rules() []diag.Rule {
	var rules []diag.Rule
	for _, class := range Classes() {
		rules = append(rules, class.rule())
	}
	return rules
}

func (c Class) rule() diag.Rule {
	return diag.Rule{ID: "policy-" + string(c), Severity: diag.Warning, Exit: diag.ExitFindings, Text: map[Class]string{
		Weakened:   "Somebody gets in who did not.",
		Changed:    "Somebody gets in who did not, and somebody no longer does.",
		Tightened:  "Somebody no longer gets in.",
		Disclosure: "The same callers get in, but denied ones learn something else.",
		Added:      "The operation is new.",
		Removed:    "The operation is gone.",
	}[c]}
}

// Findings are the changes as diagnostics, for GitHub and SARIF, at their places in the new document. Changes that fail the
// run are errors, others that let somebody in are warnings, and the rest are notices. The document is the place of an
// operation that is gone.
func Findings(changes []Change, threshold Threshold, document string) diag.List {
	var list diag.List
	for _, c := range changes {
		severity := diag.Notice
		switch {
		case threshold.Includes(c):
			severity = diag.Error
		case c.opens():
			severity = diag.Warning
		}
		at := diag.Position{File: document}
		if c.New != nil {
			at = diag.Position(*c.New)
		}
		list = append(list, diag.Diagnostic{Position: at, Severity: severity, Rule: c.Class.rule(), Message: c.message()})
	}
	return list
}

// message is one line about the change.
func (c Change) message() string {
	quote := func(name string) string { return diag.Printable(shown(name)) }
	message := c.title(quote)
	switch c.Class {
	case Weakened:
		message += " now lets in " + c.Caller.describe(quote)
	case Changed:
		message += " now lets in " + c.Caller.describe(quote) + ", and refuses " + c.Loses.describe(quote)
	case Tightened:
		message += " now refuses " + c.Loses.describe(quote)
	case Disclosure:
		message += " lets in the same callers, but denied ones learn something else"
	case Added:
		message += " is new"
		if c.Public {
			message += ", and public"
		}
	case Removed:
		message += " is gone"
	}
	if c.Old != nil {
		message += "; old: " + quote(c.Old.String())
	}
	return message
}
