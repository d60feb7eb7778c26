package guardtest_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// observed is a site whose decisions are recorded.
func observed() (*site, *guardtest.Coverage[*guardtest.Caller]) {
	s, c := newSite(nil), guardtest.NewCoverage[*guardtest.Caller](policy())
	c.Observe(&s.options)
	return s, c
}

// exercised are the points of an operation that were exercised.
func exercised(c *guardtest.Coverage[*guardtest.Caller], operation string) string {
	var words []string
	for _, p := range c.Report().Points {
		if p.Operation == operation && p.Count > 0 {
			words = append(words, p.Kind+" "+p.Who)
		}
	}
	return strings.Join(words, "; ")
}

// Only callers with nothing to spare, and those who lack one right and no other, exercise a decision.
func TestCoveragePoints(t *testing.T) {
	for _, test := range []struct {
		operation, path, scheme string
		caller                  *guardtest.Caller
		want                    string
	}{
		{"getOrder", "/orders/1", "", nil, "deny no credential"},
		{"getOrder", "/orders/1", "bearer", &guardtest.Caller{}, "deny bearer without role support or admin"},
		{"getOrder", "/orders/1", "bearer", &guardtest.Caller{Roles: []guard.Role{"support"}}, "allow bearer with role support"},
		{"getOrder", "/orders/1", "bearer", &guardtest.Caller{Roles: []guard.Role{"admin", "auditor"}}, "allow bearer with role admin"},
		{"getOrder", "/orders/1", "bearer", &guardtest.Caller{Roles: []guard.Role{"admin", "support"}}, ""},
		{"putOrder", "/orders/1", "oauth", &guardtest.Caller{Scopes: []string{"read"}}, "deny oauth without scope write"},
		{"putOrder", "/orders/1", "oauth", &guardtest.Caller{}, ""},
		{"putOrder", "/orders/1", "oauth", &guardtest.Caller{Scopes: []string{"read", "write", "more"}}, "allow oauth with scope read, scope write"},
		{"putRefund", "/refunds/1", "bearer", &guardtest.Caller{Roles: []guard.Role{"support"}}, "deny bearer without role auditor or admin"},
		{"putRefund", "/refunds/1", "bearer", &guardtest.Caller{Roles: []guard.Role{"support", "auditor"}}, "allow bearer with role auditor, role support"},
		{"putRefund", "/refunds/1", "bearer", &guardtest.Caller{}, ""},
		{"getCatalogue", "/catalogue", "", nil, "allow no credential"},
		{"listOrders", "/orders", "key", &guardtest.Caller{}, "allow key"},
	} {
		s, c := observed()
		r := httptest.NewRequest(s.operation(test.operation).Method, test.path, nil)
		if test.caller != nil {
			give(t, s, r, test.operation, test.scheme, test.caller)
		}
		s.handler().ServeHTTP(httptest.NewRecorder(), r)
		if got := exercised(c, test.operation); got != test.want {
			t.Errorf("%s, %s, %v: %q; want %q", test.operation, test.scheme, test.caller, got, test.want)
		}
		if r := c.Report(); r.Unknown || r.Covered > 1 || r.Total < 30 {
			t.Errorf("%+v", r)
		}
	}
}

// Run exercises everything that there is, and nothing is counted twice at a time.
func TestRunCoversAll(t *testing.T) {
	s, c := observed()
	s.calls = new(guardtest.Calls)
	pass(t, s.run(guardtest.Options{}))
	r := c.Report()
	if r.Percent != 100 {
		var text bytes.Buffer
		_ = r.WriteText(&text)
		t.Error(text.String())
	}
}

// Without the caller in the context nothing is counted silently.
func TestCoverageWithoutCallers(t *testing.T) {
	s, c := newSite(nil), guardtest.NewCoverage[*guardtest.Caller](policy())
	s.options.OnDecision = c.OnDecision
	pass(t, s.run(guardtest.Options{}))
	if r := c.Report(); !r.Unknown || r.Percent == 100 {
		t.Errorf("%+v", r)
	}
	if got := main(c, 0); !strings.HasPrefix(got, "1: ") || !strings.Contains(got, "decisions came without their caller") {
		t.Error(got)
	}
}

// main is what a TestMain with a threshold prints, with the status before it.
func main(c *guardtest.Coverage[*guardtest.Caller], threshold float64) string {
	var b bytes.Buffer
	status := guardtest.CoverageMain(c, tests(0), threshold, &b, false)
	return string('0'+rune(status)) + ": " + b.String()
}

// tests are tests with an exit status.
type tests int

func (t tests) Run() int { return int(t) }

func TestThreshold(t *testing.T) {
	s, c := observed()
	s.handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/vault", nil))
	percent := c.Report().Percent
	for _, test := range []struct {
		threshold float64
		tests     tests
		some      bool
		want      int
	}{
		{percent, 0, false, 0}, {percent + 0.1, 0, false, 1}, {percent + 0.1, 0, true, 0}, {0, 2, false, 2}, {100, 2, false, 2},
	} {
		var b bytes.Buffer
		if got := guardtest.CoverageMain(c, test.tests, test.threshold, &b, test.some); got != test.want {
			t.Errorf("%+v: %d\n%s", test, got, b.String())
		}
		if !strings.Contains(b.String(), "getVault\n\tnot exercised: allow: cert\n") || !strings.Contains(b.String(), "(1 of ") {
			t.Errorf("%s", b.String())
		}
	}
}

func TestCoverageJSON(t *testing.T) {
	c := guardtest.NewCoverage[*guardtest.Caller](policy()[:2])
	text, err := json.Marshal(c.Report())
	const want = `{"version":1,"covered":0,"total":3,"percent":0,"points":[{"operation":"listOrders","kind":"deny","who":"no credential","count":0},` +
		`{"operation":"listOrders","kind":"allow","who":"bearer","count":0},{"operation":"listOrders","kind":"allow","who":"key","count":0}]}`
	if err != nil || string(text) != want {
		t.Errorf("%s %v", text, err)
	}
	if r := guardtest.NewCoverage[*guardtest.Caller](nil).Report(); r.Percent != 100 || r.Points == nil {
		t.Errorf("an empty policy: %+v", r)
	}
}

// The race detector watches.
func TestCoverageIsConcurrent(t *testing.T) {
	s, c := observed()
	h := s.handler()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/orders", nil))
				_ = c.Report()
			}
		})
	}
	group.Wait()
	if got := c.Report().Points[0]; got.Count != 400 {
		t.Errorf("%+v", got)
	}
}
