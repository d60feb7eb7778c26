package guard_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The laws of resource checks and of concealment, on random operations and requests, against the model of the
// caller and the plainest one of the resource: the check tells the truth.

// resources are the answers of a check, or of a handler that finds nothing.
var resources = []struct {
	name    string
	check   func(context.Context) error
	missing bool
	verdict verdict.Verdict
}{
	{"own", says(nil), false, allow},
	{"another's", says(guard.Forbidden(detail)), false, forbidden},
	{"missing", says(guard.NotFound(nil)), false, notFound},
	{"vanished", says(nil), true, allow},
	{"down", says(guard.Unavailable(nil)), false, unavailable},
	{"faulty", func(context.Context) error { panic("check") }, false, fault},
}

// wire is the status of a verdict where something is concealed: the whole of it, in one table.
func wire(conceal guard.Concealment, anonymous bool, v verdict.Verdict) int {
	status := map[verdict.Verdict]int{allow: 200, forbidden: 403, notFound: 404}[v]
	if known, ok := statuses[v]; ok {
		status = known
	}
	hidden := []verdict.Verdict{noRole, noScope, forbidden}
	if anonymous {
		hidden = append(hidden, absent, malformed, expired, invalid, ambiguous)
	}
	switch {
	case conceal == guard.ConcealAsNotFound && slices.Contains(hidden, v):
		return 404
	case conceal == guard.ConcealAsForbidden && v == notFound:
		return 403
	}
	return status
}

// passage is the answer to one request for one resource.
type passage struct {
	status int
	header http.Header
	body   string
}

type walked struct {
	passage
	checks, served int
	events         []guard.Event
}

// walk sends a state through an operation with a check.
func walk(t *testing.T, op guard.Operation, s state, options guard.Options, resource int) (out walked) {
	options.OnDecision = func(_ context.Context, e guard.Event) { out.events = append(out.events, e) }
	w := &world{options: options}
	l := lawLinker(w, op)
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
		check := func(ctx context.Context) error { out.checks++; return resources[resource].check(ctx) }
		if !g.AdmitResource(w, r, check) {
			return
		}
		if out.served++; resources[resource].missing {
			guard.WriteNotFound(w, r)
		}
	})(rec, s.request())
	out.passage = passage{rec.Code, rec.Header(), rec.Body.String()}
	return out
}

func TestLawsOfResources(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 26))
	concealed := map[string]passage{}
	seen := map[string]int{}
	for i := range 3000 {
		op, s := randomOperation(rnd), randomState(rnd)
		op.ID, op.Resource, op.Conceal = "random", "ownsIt", guard.Concealment(rnd.IntN(3))
		options := guard.Options{ConcealFromAnonymous: rnd.IntN(2) == 0, CallerInContext: rnd.IntN(2) == 0}
		own := rnd.IntN(2) == 0
		if own {
			options.DenialBody = func(_ context.Context, d guard.Denial) (string, []byte) {
				return "text/plain", fmt.Appendf(nil, "%+v", d)
			}
		}
		what := fmt.Sprintf("case %d: %+v, %v", i, op, s)
		admission, _ := terms{}.model(op, s)
		var denied *passage
		for resource := range resources {
			got := walk(t, op, s, options, resource)
			admitted, want := admission == allow, admission
			if admitted {
				want = resources[resource].verdict
			}
			if got.served != count(want == allow) || got.checks != count(admitted) {
				t.Fatalf("%s, %s: %s, served %d times after %d checks", what, resources[resource].name, want, got.served, got.checks)
			}
			status := wire(op.Conceal, options.ConcealFromAnonymous, want)
			if len(got.events) != 1 || got.events[0].Verdict != want || want != allow && got.events[0].Status != status {
				t.Fatalf("%s, %s: events %+v; want %s %d", what, resources[resource].name, got.events, want, status)
			}
			if want == allow && resources[resource].missing {
				want = notFound // which the guard did not hear of
				status = wire(op.Conceal, options.ConcealFromAnonymous, want)
			}
			if got.status != status {
				t.Fatalf("%s, %s: %s is answered with %d; want %d", what, resources[resource].name, want, got.status, status)
			}
			// What is denied without a look at the resource does not depend on it.
			if !admitted && denied != nil && !reflect.DeepEqual(*denied, got.passage) {
				t.Fatalf("%s, %s: %+v; with another resource %+v", what, resources[resource].name, got.passage, *denied)
			}
			if !admitted {
				denied = &got.passage
			}
			// What is concealed is one and the same, whatever it conceals.
			if conceals(op.Conceal, want, status) {
				key := fmt.Sprint(op.Conceal, own)
				if first, ok := concealed[key]; ok && !reflect.DeepEqual(first, got.passage) {
					t.Fatalf("%s, %s: %s is answered with %+v; before %+v", what, resources[resource].name, want, got.passage, first)
				}
				concealed[key] = got.passage
				seen[fmt.Sprint(op.Conceal, " ", want)]++
			}
		}
	}
	for _, c := range []guard.Concealment{guard.ConcealAsNotFound, guard.ConcealAsForbidden} {
		for v := range statuses {
			if key := fmt.Sprint(c, " ", v); conceals(c, v, wire(c, true, v)) && seen[key] < 10 {
				t.Errorf("%s came up %d times", key, seen[key])
			}
		}
	}
}

// conceals reports whether a response is one of those that must be the same.
func conceals(c guard.Concealment, v verdict.Verdict, status int) bool {
	switch c {
	case guard.ConcealAsNotFound:
		return status == 404
	case guard.ConcealAsForbidden:
		return v == noRole || v == forbidden || v == notFound
	}
	return false
}
