package difference_test

import (
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// A role that a list gets in addition lets somebody in, which is hard to see in a diff of the text.
func ExampleCompare() {
	const document = `openapi: 3.1.0
info: {title: Orders, version: "1"}
security: [{bearerAuth: []}]
paths:
  /orders:
    get:
      x-required-roles: [%s]
      responses: {'200': {description: ok}}
components: {securitySchemes: {bearerAuth: {type: http, scheme: bearer}}}
`
	files := fstest.MapFS{
		"old.yaml": {Data: fmt.Appendf(nil, document, "admin")},
		"new.yaml": {Data: fmt.Appendf(nil, document, "admin, viewer")},
	}
	before, problems := generator.LoadPolicy(generator.PolicyOptions{Spec: "old.yaml", Read: files.ReadFile})
	after, more := generator.LoadPolicy(generator.PolicyOptions{Spec: "new.yaml", Read: files.ReadFile})
	if problems.HasErrors() || more.HasErrors() {
		log.Fatal(problems, more)
	}
	changes := difference.Compare(before, after)
	if err := difference.Text(os.Stdout, changes, false); err != nil {
		log.Fatal(err)
	}
	fmt.Println(difference.FailOnWeakened.Fails(changes))
	// Output:
	// weakened   GET /orders
	//            lets in now: bearerAuth with role viewer
	//            old: old.yaml:7:7
	//            new: new.yaml:7:7
	// 1 weakened
	// true
}
