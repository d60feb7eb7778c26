package diag_test

import (
	"fmt"
	"os"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// ruleUnknownRole is declared by the package that reports it.
var ruleUnknownRole = diag.Rule{
	ID: "unknown-role", Severity: diag.Error, Exit: diag.ExitFindings,
	Text: "A role is missing in the document's catalogue (x-roles).",
}

// A stage collects its findings in a list; any format can print it.
func Example() {
	var list diag.List
	at := diag.Position{File: "openapi.yaml", Line: 14, Column: 27}
	list.Report(at, ruleUnknownRole, "the role %q is not in x-roles%s", "suport", diag.DidYouMean("suport", []string{"admin", "support"}))
	list.Sort()
	_ = diag.Text(os.Stdout, list, diag.TextOptions{})
	_ = diag.GitHub(os.Stdout, list)
	fmt.Println("exit status", int(list.Exit()))
	// Output:
	// openapi.yaml:14:27: error: the role "suport" is not in x-roles; did you mean "support"? [unknown-role]
	// ::error file=openapi.yaml,line=14,col=27,title=unknown-role::the role "suport" is not in x-roles; did you mean "support"?
	// exit status 1
}
