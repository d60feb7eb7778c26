package guard_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Every request is one event, also when its handler returns without the resource check, as when parameters do not
// bind.
func TestOneEventPerRequest(t *testing.T) {
	for _, test := range []struct {
		title    string
		resource string
		has      string
		handle   func(g *guard.Guard[*caller], w http.ResponseWriter, r *http.Request)
		want     string
	}{
		{"the check is never made", "ownsIt", "Bearer ann", func(*guard.Guard[*caller], http.ResponseWriter, *http.Request) {}, "handler, allow bearer"},
		{"the check allows", "ownsIt", "Bearer ann", func(g *guard.Guard[*caller], w http.ResponseWriter, r *http.Request) {
			g.AdmitResource(w, r, says(nil))
		}, "allow bearer, handler"},
		{"the check refuses", "ownsIt", "Bearer ann", func(g *guard.Guard[*caller], w http.ResponseWriter, r *http.Request) {
			g.AdmitResource(w, r, says(guard.Forbidden(nil)))
		}, "forbidden bearer, handler"},
		{"the check is made twice", "ownsIt", "Bearer ann", func(g *guard.Guard[*caller], w http.ResponseWriter, r *http.Request) {
			g.AdmitResource(w, r, says(nil))
			g.AdmitResource(httptest.NewRecorder(), r, says(guard.Forbidden(nil)))
		}, "allow bearer, handler"},
		{"the check is made too late", "ownsIt", "Bearer ann", func(g *guard.Guard[*caller], w http.ResponseWriter, r *http.Request) {
			g.Done(r.Context()) // as a middleware does that no longer waits for the handler
			if g.AdmitResource(w, r, says(guard.Forbidden(nil))) {
				t.Error("a late check lets the handler run")
			}
		}, "allow bearer, handler"},
		{"the handler panics", "ownsIt", "Bearer ann", func(*guard.Guard[*caller], http.ResponseWriter, *http.Request) { panic("handler") }, "allow bearer"},
		{"a denial", "ownsIt", "Bearer invalid", nil, "invalid bearer"},
		{"no check", "", "Bearer ann", func(g *guard.Guard[*caller], _ http.ResponseWriter, r *http.Request) { g.Done(r.Context()) }, "allow bearer, handler"},
	} {
		for _, wrapped := range []bool{true, false} {
			var order []string
			w := &world{options: guard.Options{OnDecision: func(_ context.Context, e guard.Event) {
				order = append(order, e.Verdict.String()+" "+e.Scheme)
			}}}
			op := operation("bearer")
			op.Resource = test.resource
			g := w.linker().Guard(op)
			handle := func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
				test.handle(g, w, r)
				order = append(order, "handler")
			}
			func() {
				defer func() { _ = recover() }()
				if wrapped {
					g.Wrap(handle)(httptest.NewRecorder(), request("Authorization: "+test.has))
				} else {
					admit(g, handle)(httptest.NewRecorder(), request("Authorization: "+test.has))
				}
			}()
			if got := strings.Join(order, ", "); got != test.want {
				t.Errorf("%s, wrapped %t: %s; want %s", test.title, wrapped, got, test.want)
			}
		}
	}
}

// admit is Guard.Wrap as frameworks with handlers of their own do it.
func admit(g *guard.Guard[*caller], next guard.HandlerFunc[*caller]) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r, caller, admitted := g.Admit(w, r)
		if !admitted {
			return
		}
		defer g.Done(r.Context())
		next(w, r, caller)
	}
}

// The event of a request whose check was never made has the context of its handler, and tells the operation.
func TestEventOfAnUncheckedRequest(t *testing.T) {
	var seen string
	w := &world{options: guard.Options{CallerInContext: true, OnDecision: func(ctx context.Context, e guard.Event) {
		c, _ := guard.CallerFrom[*caller](ctx)
		seen += fmt.Sprintf("%s %s %s %d %v for %s;", e.Operation, e.Method, e.Path, e.Status, e.Reason, c.name)
	}}}
	op := operation("bearer")
	op.Resource = "ownsIt"
	w.linker().Guard(op).Wrap(discardCaller)(httptest.NewRecorder(), request("Authorization: Bearer ann"))
	if want := "op GET /op/{id} 0 <nil> for ann;"; seen != want {
		t.Errorf("%s; want %s", seen, want)
	}
}

// Done reports nothing about requests that the guard did not admit.
func TestDoneReportsNothingElse(t *testing.T) {
	var events int
	w := &world{options: guard.Options{OnDecision: func(context.Context, guard.Event) { events++ }}}
	op := operation("bearer")
	op.Resource = "ownsIt"
	l := w.linker()
	g, other := l.Guard(op), l.Guard(op)
	r, _, _ := other.Admit(httptest.NewRecorder(), request("Authorization: Bearer ann"))
	var none *guard.Guard[*caller]
	for _, g := range []*guard.Guard[*caller]{g, none, {}} {
		g.Done(r.Context())
		g.Done(context.Background())
	}
	if events != 0 {
		t.Errorf("%d events", events)
	}
	if other.Done(r.Context()); events != 1 {
		t.Errorf("%d events of the guard's own request", events)
	}
}
