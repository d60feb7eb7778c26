package policy_test

import (
	"fmt"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// The policy of a document says who may call each operation.
func ExamplePolicy() {
	p := generator.Generate("../../testdata/golden/checks/oapi-guard.yaml").Policy
	for _, o := range p.Operations[:3] {
		fmt.Printf("%s %s public=%t check=%q\n", o.Method, o.Path, o.Public(), o.Check)
	}
	// Output:
	// GET /health public=true check=""
	// GET /orders public=false check=""
	// DELETE /orders/{orderId} public=false check="mayDelete"
}

// Every group of roles must hold, and a group holds with any of its roles. Roles that include a required one suffice.
func ExampleRoles() {
	roles := policy.Roles{Groups: []policy.RoleGroup{
		{Written: []string{"support"}, AnyOf: []string{"support", "admin"}},
		{Written: []string{"employee"}, AnyOf: []string{"employee"}},
	}}
	var words []string
	for _, group := range roles.Groups {
		words = append(words, strings.Join(group.AnyOf, " or "))
	}
	fmt.Println(strings.Join(words, "; and "))
	// Output: support or admin; and employee
}
