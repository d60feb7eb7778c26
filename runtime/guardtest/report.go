package guardtest

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// CoverageReport is the result of a [Coverage], for people by WriteText and for programs as JSON.
type CoverageReport struct {
	Version int `json:"version"` // 1
	// Covered of Total points were exercised, which is Percent.
	Covered int     `json:"covered"`
	Total   int     `json:"total"`
	Percent float64 `json:"percent"`
	// Points are all of them, in the order of the policy.
	Points []Point `json:"points"`
	// Unknown says that decisions came without their caller, so that the report lacks them:
	// [guard.Options].CallerInContext was not set, or the callers are of another type.
	Unknown bool `json:"unknownCallers,omitempty"`
}

// Report is what was exercised so far.
func (c *Coverage[P]) Report() CoverageReport {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := CoverageReport{Version: 1, Percent: 100, Points: []Point{}, Unknown: c.unknown}
	for _, o := range c.operations {
		for _, p := range o.points {
			r.Points = append(r.Points, *p)
			if r.Total++; p.Count > 0 {
				r.Covered++
			}
		}
	}
	if r.Total > 0 {
		r.Percent = 100 * float64(r.Covered) / float64(r.Total)
	}
	return r
}

// WriteText writes the points that were not exercised by operation, and the sum.
func (r CoverageReport) WriteText(w io.Writer) error {
	var b strings.Builder
	operation := ""
	for _, p := range r.Points {
		if p.Count > 0 {
			continue
		}
		if p.Operation != operation {
			operation = p.Operation
			fmt.Fprintf(&b, "%s\n", operation)
		}
		fmt.Fprintf(&b, "\tnot exercised: %s: %s\n", p.Kind, p.Who)
	}
	if r.Unknown {
		b.WriteString("decisions came without their caller: set guard.Options.CallerInContext (Coverage.Observe does), and use the guards' type of caller\n")
	}
	fmt.Fprintf(&b, "policy coverage: %.1f%% (%d of %d)\n", r.Percent, r.Covered, r.Total)
	_, err := io.WriteString(w, b.String())
	return err
}

// Main runs the tests of a package, prints the report, and returns the exit status: that of the tests, and 1 when less than
// the threshold in percent was exercised. A run of some of the tests (go test -run) has no threshold.
//
//	func TestMain(m *testing.M) { os.Exit(coverage.Main(m, 90)) }
func (c *Coverage[P]) Main(m interface{ Run() int }, threshold float64) int {
	return c.main(m, threshold, os.Stdout, selects())
}

// selects reports whether only some tests run.
func selects() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return true
		}
	}
	return false
}

func (c *Coverage[P]) main(m interface{ Run() int }, threshold float64, w io.Writer, some bool) int {
	status, r := m.Run(), c.Report()
	if err := r.WriteText(w); err != nil {
		return max(status, 1)
	}
	if !some && (r.Percent < threshold || r.Unknown) {
		fmt.Fprintf(w, "FAIL: policy coverage is below %.1f%%, or lacks callers\n", threshold)
		return max(status, 1)
	}
	return status
}
