package conformance

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// trace is where a request has been, in this order.
type trace []string

func (tr *trace) mark(place string) { *tr = append(*tr, place) }

// places are the middlewares of a framework: those that run before the guard, and those that run after it
// and after the parameters were bound.
type places struct {
	framework     string
	before, after []string
	// mount mounts the library with a middleware in each of the places, and a handler that marks "handler".
	mount func(t *testing.T, tr *trace) http.Handler
}

// order is the table of README.md.
var order = []places{
	{"std-http", []string{"around"}, []string{"Middlewares"}, mountStdHTTP},
	{"chi", []string{"Use"}, []string{"Middlewares"}, mountChi},
	{"gorilla", []string{"Use"}, []string{"Middlewares"}, mountGorilla},
	{"echo", []string{"Pre", "Use", "OperationMiddlewares"}, nil, mountEcho},
	{"echo5", []string{"Pre", "Use", "OperationMiddlewares"}, nil, mountEcho5},
	{"gin", []string{"Use"}, []string{"Middlewares"}, mountGin},
	{"fiber", []string{"Use", "Middlewares"}, []string{"HandlerMiddlewares"}, mountFiber},
	{"fiber3", []string{"Use", "Middlewares"}, []string{"HandlerMiddlewares"}, mountFiber3},
	{"iris", []string{"UseRouter", "UseGlobal", "Use", "Middlewares"}, nil, mountIris},
}

// TestOrder asks for one loan without a token, with a parameter that cannot be bound, and as it should be.
func TestOrder(t *testing.T) {
	for _, p := range order {
		all := slices.Concat(p.before, p.after, []string{"handler"})
		tests := []struct {
			name   string
			path   string
			token  string
			status int
			want   []string
		}{
			{"denied", loan, "", 401, p.before},
			{"not bound", badLoan, "lena-token", 400, p.before},
			{"served", loan, "lena-token", 200, all},
		}
		for _, test := range tests {
			t.Run(p.framework+"/"+test.name, func(t *testing.T) {
				var tr trace
				request := httptest.NewRequest(http.MethodGet, test.path, nil)
				if test.token != "" {
					request.Header.Set("Authorization", "Bearer "+test.token)
				}
				response := httptest.NewRecorder()
				p.mount(t, &tr).ServeHTTP(response, request)
				if response.Code != test.status || !slices.Equal(tr, test.want) {
					t.Errorf("%d %q, want %d %q", response.Code, tr, test.status, test.want)
				}
			})
		}
	}
}
