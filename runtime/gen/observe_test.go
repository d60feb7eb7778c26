package gen_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TestObserve: each decision reaches one of the observers, and the application's own function, whatever the observer does.
func TestObserve(t *testing.T) {
	known := guard.ContextWithCaller(context.Background(), "alice")
	tests := []struct {
		name    string
		ctx     context.Context
		verdict verdict.Verdict
		want    string
	}{
		{"admitted", known, verdict.Allow, "admitted get alice, told get"},
		{"anonymous", context.Background(), verdict.Allow, "admitted get -, told get"},
		{"denied", context.Background(), verdict.Absent, "denied get -, told get"},
		{"denied by the check", known, verdict.NotFound, "denied get alice, told get"},
		{"fault", context.Background(), verdict.Fault, "denied get -, told get"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var told []string
			observer := func(what string) func(context.Context, guard.Event, guard.Optional[string]) {
				return func(_ context.Context, e guard.Event, caller guard.Optional[string]) {
					who, ok := caller.Get()
					if !ok {
						who = "-"
					}
					told = append(told, what+" "+e.Operation+" "+who)
				}
			}
			options := guard.Options{OnDecision: func(_ context.Context, e guard.Event) { told = append(told, "told "+e.Operation) }}
			gen.Observe(&options, observer("admitted"), observer("denied"))
			options.OnDecision(test.ctx, guard.Event{Operation: "get", Verdict: test.verdict, Reason: errors.New("reason")})
			if got := strings.Join(told, ", "); got != test.want || !options.CallerInContext {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// TestObservePanics: an observer that panics takes nothing from the application's own function.
func TestObservePanics(t *testing.T) {
	var told []string
	options := guard.Options{OnDecision: func(context.Context, guard.Event) { told = append(told, "told") }}
	gen.Observe(&options, func(context.Context, guard.Event, guard.Optional[string]) { panic("observer") }, nil)
	func() {
		defer func() { told = append(told, recover().(string)) }()
		options.OnDecision(context.Background(), guard.Event{Verdict: verdict.Allow})
	}()
	options.OnDecision(context.Background(), guard.Event{Verdict: verdict.Absent})
	if want := []string{"told", "observer", "told"}; !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
}
