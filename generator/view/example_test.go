package view_test

import (
	"fmt"
	"os"
	"strings"
	"text/template"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// operation is an operation as the generator makes it of a document.
func operation() *view.Operation {
	bearer := &policy.Scheme{Name: "bearerAuth", Type: policy.HTTP, HTTPScheme: "bearer"}
	return view.NewOperation(&policy.Operation{
		ID: "deleteOrder", Method: "DELETE", Path: "/orders/{orderId}",
		Alternatives: []policy.Alternative{{Requirements: []policy.Requirement{{Scheme: bearer}}}},
		Roles:        policy.Roles{Groups: []policy.RoleGroup{{AnyOf: []string{"support", "admin"}}}},
		Check:        "ownsOrder",
	}, "DeleteOrder", map[string]string{"support": "RoleSupport", "admin": "RoleAdmin"})
}

// A template has almost no logic: the data say everything in words, and as Go code.
func ExampleOperation() {
	text := template.Must(template.New("").Parse(`{{.Route}}
{{- range .Words}}
	{{.}}
{{- end}}
for {{.Callers}}
Roles: {{.RolesLiteral}}
`))
	if err := text.Execute(os.Stdout, operation()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// DELETE /orders/{orderId}
	// 	security: bearerAuth
	// 	roles:    support or admin
	// 	resource: ownsOrder
	// for callers with the role support or admin, checked by ownsOrder
	// Roles: []guard.AnyRole{{RoleSupport, RoleAdmin}}
}

// Facts are for everything that is not Go: documentation, tests, and the policies of other engines.
func ExampleOperation_Facts() {
	facts := operation().Facts()
	fmt.Println(facts.ID, facts.Security[0][0].Scheme, facts.Roles, facts.Resource)
	// Output: deleteOrder bearerAuth [[support admin]] ownsOrder
}

// The data of a whole file, as an output of one's own uses them.
func ExampleFile() {
	f := &view.File{Title: view.Comment("Orders"), Operations: []*view.Operation{operation()}}
	text := template.Must(template.New("").Parse(`{{.Title}}:{{range .Operations}} {{.Name}}{{end}}, and NotFound: {{.UsesNotFound}}`))
	if err := text.Execute(os.Stdout, f); err != nil {
		fmt.Println(err)
	}
	// Output: Orders: DeleteOrder, and NotFound: true
}

// A method is declared with its caller, and broken over lines where it is too long for one.
func ExampleMethod_Declaration() {
	prefix := []view.Param{{Name: "w", Type: "http.ResponseWriter"}, {Name: "r", Type: "*http.Request"}}
	m := view.NewMethod(operation(), "DeleteOrder", prefix, []view.Param{{Name: "orderId", Type: "api.OrderIdentifier"}}, "")
	fmt.Println(strings.ReplaceAll(m.Declaration(), "\t", "    "))
	// Output: DeleteOrder(w http.ResponseWriter, r *http.Request, caller P, orderId api.OrderIdentifier)
}

// Text of a document cannot end the comment that it stands in, nor hide anything there.
func ExampleComment() {
	fmt.Println(view.Comment("two\nlines, and \u202ehidden"))
	// Output: two\nlines, and \u202ehidden
}
