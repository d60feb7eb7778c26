package guardtest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// schemes are those of the API of these tests.
func schemes() []guard.Scheme {
	return []guard.Scheme{
		{Name: "bearer", Type: "http", HTTP: "bearer"},
		{Name: "oauth", Type: "oauth2"},
		{Name: "basic", Type: "http", HTTP: "Basic"},
		{Name: "digest", Type: "http", HTTP: "Digest"},
		{Name: "key", Type: "apiKey", In: "header", Parameter: "X-Key"},
		{Name: "query", Type: "apiKey", In: "query", Parameter: "api_key"},
		{Name: "cookie", Type: "apiKey", In: "cookie", Parameter: "sid"},
		{Name: "cert", Type: "mutualTLS"},
		{Name: "hook", Type: "apiKey", In: "header", Parameter: "X-Signature", SignedBody: 100},
		{Name: "visit", Type: "apiKey", In: "cookie", Parameter: "visit", InvalidIsAnonymous: true},
		{Name: "tabs", Type: "apiKey", In: "cookie", Parameter: "tabs", TryDuplicates: true},
	}
}

func one(scheme string, scopes ...string) guard.Alternative {
	return guard.Alternative{{Scheme: scheme, Scopes: scopes}}
}

// policy is that of the API of these tests. Roles are flattened: an admin is support too.
func policy() []guard.Operation {
	return []guard.Operation{
		{ID: "getHealth", Method: "GET", Path: "/health", Public: true},
		{ID: "listOrders", Method: "GET", Path: "/orders", Security: []guard.Alternative{one("bearer"), one("key")}},
		{ID: "getOrder", Method: "GET", Path: "/orders/{id}", Security: []guard.Alternative{one("bearer")}, Roles: []guard.AnyRole{{"support", "admin"}}},
		{ID: "deleteOrder", Method: "DELETE", Path: "/orders/{id}", Security: []guard.Alternative{one("bearer")}, Roles: []guard.AnyRole{{"admin"}}, Conceal: guard.ConcealAsNotFound},
		{ID: "putOrder", Method: "PUT", Path: "/orders/{id}", Security: []guard.Alternative{one("oauth", "read", "write")}},
		{ID: "putRefund", Method: "PUT", Path: "/refunds/{id}", Security: []guard.Alternative{one("bearer")}, Roles: []guard.AnyRole{{"support", "admin"}, {"auditor", "admin"}}, Conceal: guard.ConcealAsForbidden},
		{ID: "getStock", Method: "GET", Path: "/stock", Security: []guard.Alternative{{{Scheme: "basic"}, {Scheme: "key", Roles: []guard.AnyRole{{"clerk"}}}}}},
		{ID: "getCatalogue", Method: "GET", Path: "/catalogue", Security: []guard.Alternative{{}, one("cookie")}},
		{ID: "getReport", Method: "GET", Path: "/report", Security: []guard.Alternative{one("digest"), one("query")}},
		{ID: "getVault", Method: "GET", Path: "/vault", Security: []guard.Alternative{one("cert")}},
		{ID: "postHook", Method: "POST", Path: "/hook", Security: []guard.Alternative{one("hook")}},
		{ID: "getPage", Method: "GET", Path: "/page", Security: []guard.Alternative{one("visit"), {}}},
		{ID: "getTabs", Method: "GET", Path: "/tabs", Security: []guard.Alternative{one("tabs"), one("bearer")}, InvalidIsAnonymous: false},
	}
}

// site is a server of that API that can be broken.
type site struct {
	policy  []guard.Operation
	options guard.Options
	mounts  map[string]http.Handler
	calls   *guardtest.Calls
	// accepts judges a credential in place of guardtest.Authenticate.
	accepts func(credential any) (*guardtest.Caller, error)
	outer   func(http.Handler) http.Handler
}

func newSite(calls *guardtest.Calls) *site {
	return &site{
		policy: policy(), mounts: map[string]http.Handler{}, calls: calls, accepts: guardtest.Authenticate,
		outer: func(h http.Handler) http.Handler { return h },
	}
}

// operation is the one that the site believes in.
func (s *site) operation(id string) *guard.Operation {
	return &s.policy[slices.IndexFunc(s.policy, func(op guard.Operation) bool { return op.ID == id })]
}

func auth[C any](s *site) func(context.Context, C) (*guardtest.Caller, error) {
	return func(_ context.Context, c C) (*guardtest.Caller, error) { return s.accepts(c) }
}

func (s *site) linker() *gen.Linker[*guardtest.Caller] {
	challenge := func(context.Context) guard.Challenge {
		return guard.Challenge{Params: []guard.Param{{Name: "realm", Value: "r"}, {Name: "nonce", Value: "n"}}}
	}
	combine := func(ctx context.Context, callers []*guardtest.Caller) (*guardtest.Caller, error) {
		return guardtest.Combine(ctx, callers...)
	}
	return gen.NewLinker(s.options, gen.Entitlements[*guardtest.Caller]{HasRole: (*guardtest.Caller).HasRole, HasScope: (*guardtest.Caller).HasScope},
		[]gen.Scheme[*guardtest.Caller]{
			gen.Bearer("bearer", auth[guard.BearerToken](s)), gen.Bearer("oauth", auth[guard.BearerToken](s)),
			gen.Basic("basic", auth[guard.BasicCredentials](s)), gen.HTTP("digest", "Digest", auth[guard.HTTPCredentials](s), challenge),
			gen.APIKey("key", gen.InHeader, "X-Key", auth[guard.APIKey](s)), gen.APIKey("query", gen.InQuery, "api_key", auth[guard.APIKey](s)),
			gen.APIKey("cookie", gen.InCookie, "sid", auth[guard.APIKey](s)), gen.MutualTLS("cert", auth[guard.ClientCertificate](s)),
			gen.APIKey("hook", gen.InHeader, "X-Signature", auth[guard.APIKey](s)).WithSignedBody(100),
			gen.APIKey("visit", gen.InCookie, "visit", auth[guard.APIKey](s)).InvalidIsAnonymous(),
			gen.APIKey("tabs", gen.InCookie, "tabs", auth[guard.APIKey](s)).TryDuplicates(),
		}, []gen.Combination[*guardtest.Caller]{gen.Combine([]string{"basic", "key"}, combine)})
}

// bind answers 400 to parameters and bodies that are not what the document says.
func bind(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, number := range []string{r.PathValue("id"), r.URL.Query().Get("page")} {
			if _, err := strconv.Atoi(number); number != "" && err != nil {
				http.Error(w, "no number", http.StatusBadRequest)
				return
			}
		}
		if body, _ := io.ReadAll(r.Body); strings.HasPrefix(string(body), "{g") {
			http.Error(w, "no JSON", http.StatusBadRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// handle is the handler of an operation, behind nothing.
func (s *site) handle(id string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.calls != nil {
			s.calls.Called(id)
		}
		_, _ = io.WriteString(w, "served")
	})
}

// guarded is a handler behind the guard of an operation.
func (s *site) guarded(id string, next http.Handler) http.Handler {
	l := s.linker()
	op := *s.operation(id)
	if op.Public {
		return next
	}
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		panic(err)
	}
	return g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*guardtest.Caller]) {
		next.ServeHTTP(w, r)
	})
}

// handler mounts what is not mounted yet.
func (s *site) handler() http.Handler {
	mux := http.NewServeMux()
	for _, op := range policy() {
		if s.mounts[op.ID] == nil {
			s.mounts[op.ID] = s.guarded(op.ID, bind(s.handle(op.ID)))
		}
		mux.Handle(op.Method+" "+op.Path, s.mounts[op.ID])
	}
	return s.outer(mux)
}

// failures is a test that fails for itself.
type failures struct {
	all, log []string
}

func (*failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.all = append(f.all, fmt.Sprintf(format, args...))
}
func (f *failures) Logf(format string, args ...any) {
	f.log = append(f.log, fmt.Sprintf(format, args...))
}

func (s *site) run(options guardtest.Options) *failures {
	f := &failures{}
	options.Schemes, options.Calls, options.Query = schemes(), s.calls, []string{"page"}
	guardtest.Run(f, s.handler(), policy(), options)
	return f
}

func pass(t *testing.T, f *failures) {
	t.Helper()
	for _, failure := range f.all {
		t.Error(failure)
	}
}

// give puts a credential of one scheme into a request.
func give(t *testing.T, s *site, r *http.Request, operation, scheme string, c *guardtest.Caller) {
	t.Helper()
	all := schemes()
	of := all[slices.IndexFunc(all, func(one guard.Scheme) bool { return one.Name == scheme })]
	value, err := guardtest.Mint(guardtest.Wanted{Scheme: of, Operation: *s.operation(operation), Caller: *c}, r)
	if err != nil {
		t.Fatal(err)
	}
	guardtest.Place(of, value, r)
}
