package matrix_test

import (
	"fmt"
	"os"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

// The operations that a role may call, with the whole rule of each.
func Example() {
	p, diagnostics := generator.LoadPolicy(generator.PolicyOptions{Spec: "../../../testdata/golden/checks/openapi.yaml"})
	if diagnostics.HasErrors() {
		fmt.Println(diagnostics)
		return
	}
	m, err := matrix.New(p, matrix.Options{Roles: []string{"admin"}, ByRole: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = matrix.Text(os.Stdout, m, matrix.TextOptions{})
	// Output:
	// Role admin: 4 of 4 operations
	// public  GET     /health            public
	// any     GET     /orders            bearerAuth
	// owner   DELETE  /orders/{orderId}  bearerAuth; role admin; check mayDelete
	// owner   GET     /orders/{orderId}  bearerAuth; check ownsOrder
}
