package golden

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestCaller looks at who reaches the handlers.
func TestCaller(t *testing.T) {
	tests := []struct {
		request string
		header  http.Header
		last    string
	}{
		{"GET " + order, bearer("support"), "getOrder for support"},
		{"GET " + order, bearer("admin"), "getOrder for admin"},
		{"DELETE " + order, bearer("auditor-support"), "deleteOrder for auditor-support"},
		{"PUT " + order + "?version=1", bearer("oauth-write"), "putOrder for oauth-write"},
		{"PUT /stock", both("secret", "secret"), "putStock for user@warehouse"},
		{"GET /catalogue", nil, "listProducts for nobody"},
		{"GET /catalogue", bearer("customer"), "listProducts for customer"},
		{"GET /health", bearer("customer"), "getHealth for nobody"},
	}
	for _, s := range servers {
		for _, construct := range []constructor{s.typed, s.untyped} {
			p := new(probe)
			h := must(t)(construct(p, &auth{}, options{guard: quiet()}))
			for _, test := range tests {
				method, target, _ := strings.Cut(test.request, " ")
				r := httptest.NewRequest(method, target, strings.NewReader("{}"))
				r.Header = test.header.Clone()
				if r.Header == nil {
					r.Header = http.Header{}
				}
				r.Header.Set("Content-Type", "application/json")
				h.ServeHTTP(httptest.NewRecorder(), r)
				if got := p.last.Load(); got != test.last {
					t.Errorf("%s: %s: %v, want %v", s.name, test.request, got, test.last)
				}
			}
		}
	}
}

// TestCallerInContext shows that oapi-codegen's middlewares find the caller when asked to, and not otherwise.
func TestCallerInContext(t *testing.T) {
	for _, s := range servers {
		for _, inContext := range []bool{true, false} {
			want := "nobody"
			if inContext {
				want = "support"
			}
			var plain, strict string
			o := options{guard: quiet()}
			o.guard.CallerInContext = inContext
			o.seen = func(ctx context.Context) { plain = nameFrom(ctx) }
			o.strict = func(ctx context.Context, operation string) { strict = operation + " " + nameFrom(ctx) }
			h := must(t)(s.typed(new(probe), &auth{}, o))
			r := httptest.NewRequest(http.MethodGet, order, nil)
			r.Header = bearer("support")
			h.ServeHTTP(httptest.NewRecorder(), r)
			if s.middlewaresFirst() {
				plain = want
			}
			if plain != want {
				t.Errorf("%s: the middleware finds %q, want %q", s.name, plain, want)
			}
			if s.strict && strict != "GetOrder "+want {
				t.Errorf("%s: the strict middleware finds %q, want %q", s.name, strict, "GetOrder "+want)
			}
		}
	}
}

// TestMiddlewares makes sure that oapi-codegen's middlewares see admitted requests only, but for those that
// docs/FRAMEWORKS.md says run first.
func TestMiddlewares(t *testing.T) {
	for _, s := range servers {
		ran := 0
		o := options{guard: quiet(), seen: func(context.Context) { ran++ }}
		for _, construct := range []constructor{s.typed, s.untyped} {
			ran = 0
			h := must(t)(construct(new(probe), &auth{}, o))
			for _, token := range []string{"nobody", "customer", "support"} {
				r := httptest.NewRequest(http.MethodGet, order, nil)
				r.Header = bearer(token)
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
			want := 1
			if s.middlewaresFirst() {
				want = 3
			}
			if ran != want {
				t.Errorf("%s: the middleware ran %d times, want %d", s.name, ran, want)
			}
		}
	}
}

// TestConcurrentCallers sends 1,000 requests of 100 callers at once: each is answered in its caller's name.
func TestConcurrentCallers(t *testing.T) {
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				p := new(probe)
				h := must(t)(construct(p, &auth{}, options{guard: quiet()}))
				var all sync.WaitGroup
				start := make(chan struct{})
				for i := range 1000 {
					all.Go(func() {
						<-start
						askWho(t, h, userName(i%100))
					})
				}
				close(start)
				all.Wait()
				if ran := p.runs.Load(); ran != 1000 {
					t.Errorf("the handler ran %d times", ran)
				}
			})
		}
	}
}

func askWho(t *testing.T, h http.Handler, name string) {
	r := httptest.NewRequest(http.MethodGet, order, nil)
	r.Header = bearer(name)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if got, want := w.Body.String(), "getOrder for "+name; got != want {
		t.Errorf("%s is answered with %d %s", name, w.Code, got)
	}
}

// TestResourcesAreInThePolicy compares the policy as data with what orders.yaml says of resources.
func TestResourcesAreInThePolicy(t *testing.T) {
	for _, s := range servers {
		for _, op := range s.policy() {
			if got := (resource{op.Resource, op.Conceal.String()}); got != resources[op.ID] {
				t.Errorf("%s: %s: %+v, want %+v", s.name, op.ID, got, resources[op.ID])
			}
		}
	}
}

// TestEveryOperationIsInThePolicy compares the policy as data with what the servers do: an operation whose
// policy is public is the only one that is served without credentials, but for the optional ones.
func TestEveryOperationIsInThePolicy(t *testing.T) {
	for _, s := range servers {
		var open []string
		for _, op := range s.policy() {
			if op.Public || hasAnonymous(op) {
				open = append(open, op.ID)
			}
		}
		if got := strings.Join(open, " "); got != "getHealth listProducts getOptional getDocument getDraft getPage getVisit putTabs" || len(s.policy()) != len(model) {
			t.Errorf("%s: %d operations, of which are open: %s", s.name, len(s.policy()), got)
		}
	}
}

func hasAnonymous(op guard.Operation) bool {
	for _, alternative := range op.Security {
		if len(alternative) == 0 {
			return true
		}
	}
	return false
}
