package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// classes are all classes of errors that can hold another error, the worst first, with what an authenticator and a
// resource check make of them.
var classes = []struct {
	name           string
	of             func(error) error
	authentication verdict.Verdict
	check          verdict.Verdict
}{
	{"Unavailable", guard.Unavailable, unavailable, unavailable},
	{"TooManyRequests", func(err error) error { return guard.TooManyRequests(time.Second, err) }, verdict.Throttled, fault},
	{"Forbidden", guard.Forbidden, refused, verdict.Forbidden},
	{"NotFound", guard.NotFound, fault, verdict.NotFound},
	{"Invalid", guard.Invalid, invalid, fault},
	{"Expired", guard.Expired, expired, fault},
}

// nestings are the ways in which two errors are in one tree.
var nestings = map[string]func(outer, inner func(error) error) error{
	"in one another": func(outer, inner func(error) error) error { return outer(inner(errPlain)) },
	"wrapped between": func(outer, inner func(error) error) error {
		return outer(fmt.Errorf("between: %w", inner(nil)))
	},
	"wrapped around":   func(outer, inner func(error) error) error { return wrap(outer(inner(nil))) },
	"joined":           func(outer, inner func(error) error) error { return errors.Join(outer(nil), inner(errPlain)) },
	"joined inside":    func(outer, inner func(error) error) error { return outer(errors.Join(errPlain, inner(nil))) },
	"joined with text": func(outer, inner func(error) error) error { return fmt.Errorf("%w: %w", outer(errPlain), inner(nil)) },
	"three levels":     func(outer, inner func(error) error) error { return outer(outer(wrap(inner(inner(errPlain))))) },
}

// TestNestedClasses: of two classes in one tree the worse one decides, whichever is the outer.
func TestNestedClasses(t *testing.T) {
	for how, nest := range nestings {
		for i, a := range classes {
			for j, b := range classes {
				worse := classes[min(i, j)]
				err := nest(a.of, b.of)
				if got := checkError(context.Background(), err).Verdict(); got != worse.authentication {
					t.Errorf("an authenticator, %s and %s %s: %s; want %s", a.name, b.name, how, got, worse.authentication)
				}
				if got := checkResource(err); got != worse.check {
					t.Errorf("a check, %s and %s %s: %s; want %s", a.name, b.name, how, got, worse.check)
				}
			}
		}
	}
}

// TestNestedInStepUp: a step-up, which holds no error, is worse than what it is joined with, but for outages and
// throttles.
func TestNestedInStepUp(t *testing.T) {
	for i, class := range classes {
		want := stepUp
		if i < 2 {
			want = class.authentication
		}
		for _, err := range []error{class.of(stepUpValue), class.of(wrap(&stepUpValue)), errors.Join(stepUpValue, class.of(nil))} {
			if got := checkError(context.Background(), err).Verdict(); got != want {
				t.Errorf("%s: %v: %s; want %s", class.name, err, got, want)
			}
		}
	}
}

// checkResource is the verdict about a request whose resource check returns err.
func checkResource(err error) verdict.Verdict {
	var events []guard.Event
	w := &world{options: guard.Options{OnDecision: func(_ context.Context, e guard.Event) { events = append(events, e) }}}
	op := operation("bearer")
	op.Resource = "owns"
	g := w.linker().Guard(op)
	rec := httptest.NewRecorder()
	r, _, admitted := g.Admit(rec, request("Authorization: Bearer user"))
	if !admitted {
		return verdict.Absent
	}
	g.AdmitResource(rec, r, func(context.Context) error { return err })
	return events[len(events)-1].Verdict
}
