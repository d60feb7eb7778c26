package guardtest_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// sabotage breaks a site in one way, at one operation.
type sabotage struct {
	name, operation string
	how             func(s *site)
	// byCalls says that only handlers which record their calls give it away.
	byCalls bool
}

// change changes the policy that the server has of an operation.
func change(operation, name string, how func(*guard.Operation)) sabotage {
	return sabotage{name: name, operation: operation, how: func(s *site) { how(s.operation(operation)) }}
}

// before puts a handler before the whole of an operation.
func before(operation, name string, how func(w http.ResponseWriter, r *http.Request, s *site, next http.Handler)) sabotage {
	return sabotage{name: name, operation: operation, how: func(s *site) {
		next := s.guarded(operation, bind(s.handle(operation)))
		s.mounts[operation] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { how(w, r, s, next) })
	}}
}

// rewritten puts a function between the answer of an operation and the client.
func rewritten(operation, name string, how func(w http.ResponseWriter, r *http.Request, status int)) sabotage {
	return before(operation, name, func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
		next.ServeHTTP(&rewriter{w, r, how}, r)
	})
}

type rewriter struct {
	http.ResponseWriter
	r   *http.Request
	how func(w http.ResponseWriter, r *http.Request, status int)
}

func (w *rewriter) WriteHeader(status int) { w.how(w.ResponseWriter, w.r, status) }

// challenged replaces the challenges of 401.
func challenged(operation, name string, lines ...string) sabotage {
	return rewritten(operation, name, func(w http.ResponseWriter, _ *http.Request, status int) {
		if status == http.StatusUnauthorized {
			w.Header()["Www-Authenticate"] = lines
		}
		w.WriteHeader(status)
	})
}

// around lets requests without a credential at an operation's path through, whatever the router does with it.
func around(operation, name string, when func(*http.Request) bool) sabotage {
	return sabotage{name: name, operation: operation, how: func(s *site) {
		s.outer = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet && r.Header.Get("Authorization") == "" && when(r) {
					s.handle(operation).ServeHTTP(w, r)
					return
				}
				next.ServeHTTP(w, r)
			})
		}
	}}
}

// asOrder reports whether the path of a request is this spelling of an order's.
func asOrder(prefix, suffix string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return strings.HasPrefix(r.URL.EscapedPath(), prefix) && strings.HasSuffix(r.URL.EscapedPath(), suffix)
	}
}

func hasField(name string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == "/orders/2147483647" && r.Header.Get(name) != "" }
}

// holding judges rights in another way: names of what a caller holds, and of what is asked.
func holding(operation, name string, how func(held, asked string) bool) sabotage {
	return sabotage{name: name, operation: operation, how: func(s *site) {
		s.accepts = func(credential any) (*guardtest.Caller, error) {
			c, err := guardtest.Authenticate(credential)
			if err != nil {
				return nil, err
			}
			for _, role := range []guard.Role{"admin", "support", "auditor", "clerk"} {
				if slices.ContainsFunc(c.Roles, func(held guard.Role) bool { return how(string(held), string(role)) }) {
					c.Roles = append(c.Roles, role)
				}
			}
			for _, scope := range []string{"read", "write"} {
				if slices.ContainsFunc(c.Scopes, func(held string) bool { return how(held, scope) }) {
					c.Scopes = append(c.Scopes, scope)
				}
			}
			return c, nil
		}
	}}
}

// accepting judges credentials in another way where the process's own authenticator refuses them.
func accepting(operation, name string, how func(secret string) bool) sabotage {
	return sabotage{name: name, operation: operation, how: func(s *site) {
		s.accepts = func(credential any) (*guardtest.Caller, error) {
			c, err := guardtest.Authenticate(credential)
			if key, ok := credential.(interface{ Secret() string }); ok && err != nil && how(key.Secret()) {
				return &guardtest.Caller{Roles: []guard.Role{"admin", "support", "auditor", "clerk"}}, nil
			}
			return c, err
		}
	}}
}

func sabotages() []sabotage {
	list := []sabotage{
		change("getOrder", "role check dropped", func(op *guard.Operation) { op.Roles = nil }),
		change("deleteOrder", "role check of a concealed operation dropped", func(op *guard.Operation) { op.Roles = nil }),
		change("getOrder", "a wrong role accepted", func(op *guard.Operation) { op.Roles = []guard.AnyRole{{"support", "admin", "auditor"}} }),
		change("getOrder", "another role accepted", func(op *guard.Operation) { op.Roles = []guard.AnyRole{{"support", "auditor"}} }),
		change("getOrder", "a role too few accepted", func(op *guard.Operation) { op.Roles = []guard.AnyRole{{"support"}} }),
		change("putRefund", "one of two groups of roles dropped", func(op *guard.Operation) { op.Roles = op.Roles[:1] }),
		change("putRefund", "any of two groups of roles", func(op *guard.Operation) { op.Roles = []guard.AnyRole{{"support", "admin", "auditor"}} }),
		change("putOrder", "a scope dropped", func(op *guard.Operation) { op.Security = []guard.Alternative{one("oauth", "read")} }),
		change("putOrder", "all scopes dropped", func(op *guard.Operation) { op.Security = []guard.Alternative{one("oauth")} }),
		change("putOrder", "any of two scopes", func(op *guard.Operation) {
			op.Security = []guard.Alternative{one("oauth", "read"), one("oauth", "write")}
		}),
		change("getStock", "half of an AND dropped", func(op *guard.Operation) { op.Security = []guard.Alternative{one("key")} }),
		change("getStock", "the other half of an AND dropped", func(op *guard.Operation) { op.Security = []guard.Alternative{one("basic")} }),
		change("getStock", "AND made OR", func(op *guard.Operation) { op.Security = []guard.Alternative{one("basic"), one("key")} }),
		change("getStock", "the role of a requirement dropped", func(op *guard.Operation) { op.Security[0][1].Roles = nil }),
		change("getOrder", "an alternative more", func(op *guard.Operation) { op.Security = append(op.Security, one("key")) }),
		change("listOrders", "an alternative less", func(op *guard.Operation) { op.Security = op.Security[:1] }),
		change("getVault", "an alternative without credentials", func(op *guard.Operation) { op.Security = append(op.Security, guard.Alternative{}) }),
		change("getCatalogue", "anonymous callers refused", func(op *guard.Operation) { op.Security = op.Security[1:] }),
		change("getCatalogue", "bad credentials counted as none", func(op *guard.Operation) { op.InvalidIsAnonymous = true }),
		change("getReport", "the scheme of another operation", func(op *guard.Operation) { op.Security = []guard.Alternative{one("cookie")} }),
		change("deleteOrder", "not concealed", func(op *guard.Operation) { op.Conceal = guard.Concealment(0) }),
		change("getOrder", "concealed", func(op *guard.Operation) { op.Conceal = guard.ConcealAsNotFound }),
		{name: "the guard of another operation", operation: "getOrder", how: func(s *site) {
			s.mounts["getOrder"] = s.guarded("listOrders", bind(s.handle("getOrder")))
		}},
		{name: "the handler of another operation", operation: "listOrders", byCalls: true, how: func(s *site) {
			s.mounts["listOrders"] = s.guarded("listOrders", bind(s.handle("getReport")))
		}},
		{name: "the handler runs twice", operation: "listOrders", byCalls: true, how: func(s *site) {
			s.mounts["listOrders"] = s.guarded("listOrders", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				s.handle("listOrders").ServeHTTP(w, r)
				s.handle("listOrders").ServeHTTP(w, r)
			}))
		}},
		{name: "guard after the path is bound", operation: "getOrder", how: func(s *site) {
			s.mounts["getOrder"] = bind(s.guarded("getOrder", s.handle("getOrder")))
		}},
		{name: "guard after the query is bound", operation: "listOrders", how: func(s *site) {
			s.mounts["listOrders"] = bind(s.guarded("listOrders", s.handle("listOrders")))
		}},
		{name: "guard after the body is read", operation: "putOrder", how: func(s *site) {
			inner := s.guarded("putOrder", bind(s.handle("putOrder")))
			s.mounts["putOrder"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.ReadAll(r.Body)
				inner.ServeHTTP(w, r)
			})
		}},
		before("getOrder", "HEAD unguarded", func(w http.ResponseWriter, r *http.Request, s *site, next http.Handler) {
			if r.Method == http.MethodHead {
				next = s.handle("getOrder")
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "HEAD answered with 204", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusNoContent)
				return
			}
			next.ServeHTTP(w, r)
		}),
		{name: "the handler runs before the guard", operation: "getOrder", byCalls: true, how: func(s *site) {
			inner := s.guarded("getOrder", bind(s.handle("getOrder")))
			s.mounts["getOrder"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if s.calls != nil {
					s.calls.Called("getOrder")
				}
				inner.ServeHTTP(w, r)
			})
		}},
		challenged("getOrder", "no challenge"),
		challenged("getOrder", "a bare Bearer challenge", "Bearer"),
		challenged("getStock", "a Basic challenge without realm", `Basic charset="UTF-8"`, `ApiKey realm="api"`),
		challenged("getOrder", "a parameter twice", `Bearer realm="a", realm="b"`),
		challenged("getOrder", "a challenge that is no challenge", `Bearer realm=`),
		challenged("getOrder", "a quoted-string without an end", `Bearer realm="api`),
		challenged("getOrder", "the challenge of another scheme", `Basic realm="api"`),
		challenged("getReport", "the challenge of one scheme missing", `ApiKey realm="api"`),
		rewritten("getOrder", "403 in place of 401", func(w http.ResponseWriter, _ *http.Request, status int) {
			if status == http.StatusUnauthorized {
				status = http.StatusForbidden
			}
			w.WriteHeader(status)
		}),
		rewritten("getOrder", "401 in place of 403", func(w http.ResponseWriter, _ *http.Request, status int) {
			if status == http.StatusForbidden {
				status = http.StatusUnauthorized
			}
			w.WriteHeader(status)
		}),
		rewritten("getOrder", "200 with an error in the body", func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(http.StatusOK) }),
		rewritten("getOrder", "a redirection to a page for logging in", func(w http.ResponseWriter, _ *http.Request, status int) {
			if status == http.StatusUnauthorized {
				w.Header().Set("Location", "/login")
				status = http.StatusFound
			}
			w.WriteHeader(status)
		}),
		rewritten("getOrder", "403 with a challenge", func(w http.ResponseWriter, _ *http.Request, status int) {
			if status == http.StatusForbidden {
				w.Header().Set("WWW-Authenticate", `Bearer realm="api"`)
			}
			w.WriteHeader(status)
		}),
		rewritten("getOrder", "a denial that repeats the path in a field", func(w http.ResponseWriter, r *http.Request, status int) {
			w.Header().Set("X-Resource", r.URL.Path)
			w.WriteHeader(status)
		}),
		rewritten("getOrder", "a denial that repeats the path in its body", func(w http.ResponseWriter, r *http.Request, status int) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, r.URL.Path)
		}),
		before("deleteOrder", "existence shown before the guard", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if r.PathValue("id") != "2147483647" {
				http.NotFound(w, r)
				return
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "the first of two Authorization fields wins", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if lines := r.Header["Authorization"]; len(lines) > 1 {
				r.Header["Authorization"] = lines[:1]
			}
			next.ServeHTTP(w, r)
		}),
		before("listOrders", "the last of two keys wins", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if lines := r.Header["X-Key"]; len(lines) > 1 {
				r.Header["X-Key"] = lines[1:]
			}
			next.ServeHTTP(w, r)
		}),
		before("listOrders", "a key accepted in the query", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if key := r.URL.Query().Get("X-Key"); key != "" {
				r.Header["X-Key"] = []string{key}
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "a token accepted in the query", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if token := r.URL.Query().Get("access_token"); token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			next.ServeHTTP(w, r)
		}),
		before("getVault", "an unverified certificate accepted", func(w http.ResponseWriter, r *http.Request, s *site, next http.Handler) {
			if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 && len(r.TLS.VerifiedChains) == 0 {
				next = s.handle("getVault")
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "another scheme's word accepted", func(w http.ResponseWriter, r *http.Request, s *site, next http.Handler) {
			if strings.HasPrefix(r.Header.Get("Authorization"), "Guardtest ") {
				next = s.handle("getOrder")
			}
			next.ServeHTTP(w, r)
		}),
		before("listOrders", "an empty key accepted", func(w http.ResponseWriter, r *http.Request, s *site, next http.Handler) {
			if lines := r.Header["X-Key"]; len(lines) == 1 && lines[0] == "" {
				next = s.handle("listOrders")
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "a token behind any word accepted", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if _, token, found := strings.Cut(r.Header.Get("Authorization"), " "); found {
				r.Header["Authorization"] = []string{"Bearer " + token}
			}
			next.ServeHTTP(w, r)
		}),
		before("getOrder", "a token without its word accepted", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if token := r.Header.Get("Authorization"); strings.Contains(token, ".") && !strings.Contains(token, " ") {
				r.Header["Authorization"] = []string{"Bearer " + token}
			}
			next.ServeHTTP(w, r)
		}),
		around("getOrder", "a slash at the end of the path", asOrder("/orders/2", "/")),
		around("getOrder", "two slashes in the path", asOrder("//orders/", "")),
		around("getOrder", "a dot segment in the path", asOrder("/./orders/", "")),
		around("getOrder", "a way up in the path", asOrder("/guardtest/../orders/", "")),
		around("getOrder", "a semicolon in the path", asOrder("/orders/2", ";guardtest")),
		around("getOrder", "capital letters in the path", asOrder("/ORDERS/", "")),
		around("getOrder", "an encoded letter in the path", asOrder("/%6Frders/", "")),
		around("getOrder", "another method in a field", hasField("X-HTTP-Method-Override")),
		around("getOrder", "another path in a field", hasField("X-Original-URL")),
		around("getOrder", "a user in a field", hasField("X-Forwarded-User")),
		holding("getOrder", "roles in any case accepted", strings.EqualFold),
		holding("getOrder", "the beginning of a role accepted", func(held, asked string) bool { return strings.HasPrefix(asked, held) }),
		holding("putOrder", "scopes in any case accepted", strings.EqualFold),
		holding("putOrder", "a longer scope accepted", strings.HasPrefix),
		holding("putOrder", "the beginning of a scope accepted", func(held, asked string) bool { return strings.HasPrefix(asked, held) }),
		before("getOrder", "everything is a fault", func(w http.ResponseWriter, _ *http.Request, _ *site, _ http.Handler) {
			w.WriteHeader(http.StatusInternalServerError)
		}),
		before("getOrder", "not mounted", func(w http.ResponseWriter, r *http.Request, _ *site, _ http.Handler) { http.NotFound(w, r) }),
		before("getHealth", "a public operation that reads credentials", func(w http.ResponseWriter, r *http.Request, _ *site, next http.Handler) {
			if r.Header.Get("Authorization") != "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		}),
		before("getHealth", "a public operation behind a guard", func(w http.ResponseWriter, _ *http.Request, _ *site, _ http.Handler) {
			w.WriteHeader(http.StatusForbidden)
		}),
		before("getOrder", "a panic", func(http.ResponseWriter, *http.Request, *site, http.Handler) { panic("sabotage") }),
		accepting("listOrders", "every credential accepted", func(string) bool { return true }),
		accepting("listOrders", "one character more accepted", func(secret string) bool {
			_, err := guardtest.Authenticate(guardtest.APIKey(strings.TrimSuffix(secret, "x")))
			return err == nil
		}),
		accepting("listOrders", "one character less accepted", func(secret string) bool {
			return strings.Contains(secret, ".") && !strings.HasSuffix(secret, "x")
		}),
		accepting("getTabs", "an unknown cookie accepted", func(secret string) bool { return secret == "guardtest-unknown" }),
	}
	for _, op := range policy() {
		if !op.Public && !slices.ContainsFunc(op.Security, func(a guard.Alternative) bool { return len(a) == 0 }) {
			list = append(list, sabotage{name: "no guard", operation: op.ID, how: func(s *site) { s.mounts[op.ID] = bind(s.handle(op.ID)) }})
		}
		if !op.Public {
			list = append(list, sabotage{name: "another document's path", operation: op.ID, how: func(s *site) { s.mounts[op.ID] = http.NotFoundHandler() }})
		}
	}
	return list
}

// Run catches every sabotage, and names the operation and, unless it is the authenticator that is broken, no other. All but a
// few are caught without the calls of handlers too.
func TestSabotage(t *testing.T) {
	if n := len(sabotages()); n < 80 {
		t.Errorf("%d sabotages", n)
	}
	for _, one := range sabotages() {
		s := newSite(new(guardtest.Calls))
		one.how(s)
		f := s.run(guardtest.Options{})
		one.check(t, f)
		for _, failure := range f.all {
			if !strings.HasPrefix(failure, one.operation+" (") && !strings.Contains(one.name, "accepted") {
				t.Errorf("%s: %s: also %s", one.operation, one.name, failure)
			}
		}
		if one.byCalls {
			continue
		}
		s = newSite(nil)
		one.how(s)
		one.check(t, s.run(guardtest.Options{Unsafe: true, Skip: othersThan(one.operation)}))
	}
}

func (one sabotage) check(t *testing.T, f *failures) {
	t.Helper()
	named := func(failure string) bool { return strings.HasPrefix(failure, one.operation+" (") }
	if !slices.ContainsFunc(f.all, named) {
		t.Errorf("%s: %s: not caught; %d failures: %.300v", one.operation, one.name, len(f.all), f.all)
	}
}

func othersThan(operation string) map[string]string {
	skip := map[string]string{}
	for _, op := range policy() {
		if op.ID != operation {
			skip[op.ID] = "another test asks it"
		}
	}
	return skip
}
