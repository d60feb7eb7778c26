package verdict_test

import (
	"fmt"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The worst of several findings decides. The constants are in that order.
func ExampleVerdict() {
	worst := min(verdict.Absent, verdict.Invalid, verdict.MissingRole)
	fmt.Println(worst, worst.Status())
	// Output: missing-role 403
}
