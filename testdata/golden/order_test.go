// Package golden tests the generated guards of the cases that share a document, orders.yaml: every server that
// oapi-codegen generates, plain and strict, each with the typed server and with oapi-codegen's own interface.
package golden

import (
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

const (
	order    = "/orders/8c1f3b0e-6a9b-4a39-9f0e-5d8a8f3c2b11"
	badOrder = "/orders/not-a-uuid"
	invoices = "/tenants/8C1F3B0E-6a9b-4a39-9f0e-5d8a8f3c2b11/invoices/"
)

// table is what a request has, then what comes of it: status, the number of challenges, and whether the
// handler ran.
var table = []struct {
	name       string
	method     string
	target     string
	header     http.Header
	body       string
	status     int
	challenges int
	ran        bool
}{
	{"path: no credentials", "GET", badOrder, nil, "", 401, 1, false},
	{"path: unknown token", "GET", badOrder, bearer("nobody"), "", 401, 1, false},
	{"path: two tokens", "GET", badOrder, http.Header{"Authorization": {"Bearer admin", "Bearer admin"}}, "", 400, 1, false},
	{"path: role missing", "GET", badOrder, bearer("customer"), "", 403, 0, false},
	{"path: role held", "GET", badOrder, bearer("support"), "", 400, 0, false},
	{"path: role held, well formed", "GET", order, bearer("support"), "", 200, 0, true},

	{"query: no credentials", "PUT", order + "?version=x", nil, "{}", 401, 2, false},
	{"query: role missing", "PUT", order + "?version=x", bearer("customer"), "{}", 403, 0, false},
	{"query: scope missing", "PUT", order + "?version=x", bearer("oauth-none"), "{}", 403, 1, false},
	{"query: scope held, role missing", "PUT", order + "?version=x", bearer("oauth-write-only"), "{}", 403, 0, false},
	{"query: role held", "PUT", order + "?version=x", bearer("support"), "{}", 400, 0, false},
	{"query: absent, no credentials", "PUT", order, nil, "{}", 401, 2, false},
	{"query: absent, role held", "PUT", order, bearer("support"), "{}", 400, 0, false},

	{"body: no credentials", "PUT", order + "?version=1", nil, "{", 401, 2, false},
	{"body: malformed token", "PUT", order + "?version=1", authorization("Bearer a b"), "{", 401, 2, false},
	{"body: role missing", "PUT", order + "?version=1", bearer("customer"), "{", 403, 0, false},
	{"body: scope missing", "PUT", order + "?version=1", bearer("oauth-none"), "{", 403, 1, false},
	{"body: role held", "PUT", order + "?version=1", bearer("support"), "{", 400, 0, false},
	{"body: role held, well formed", "PUT", order + "?version=1", bearer("support"), "{}", 200, 0, true},
	{"body: role and scope held, well formed", "PUT", order + "?version=1", bearer("oauth-write"), "{}", 200, 0, true},

	{"roles: neither group", "DELETE", order, bearer("customer"), "", 403, 0, false},
	{"roles: the first group only", "DELETE", order, bearer("auditor"), "", 403, 0, false},
	{"roles: the second group only", "DELETE", order, bearer("support"), "", 403, 0, false},
	{"roles: both groups", "DELETE", order, bearer("auditor-support"), "", 200, 0, true},
	{"roles: one role that is in both", "DELETE", order, bearer("admin"), "", 200, 0, true},

	{"together: neither", "PUT", "/stock", nil, "{}", 401, 3, false},
	{"together: half", "PUT", "/stock", http.Header{"X-Warehouse-Key": {"secret"}}, "{}", 401, 3, false},
	{"together: wrong password", "PUT", "/stock", both("wrong", "secret"), "{}", 401, 3, false},
	{"together: wrong key", "PUT", "/stock", both("secret", "wrong"), "{}", 401, 3, false},
	{"together: both", "PUT", "/stock", both("secret", "secret"), "{}", 200, 0, true},
	{"together: or all scopes", "PUT", "/stock", bearer("oauth-stock"), "{}", 200, 0, true},
	{"together: or half of them", "PUT", "/stock", bearer("oauth-half-stock"), "{}", 403, 1, false},

	{"trailing slash: no credentials", "GET", "/search/", nil, "", 401, 1, false},
	{"trailing slash: another scheme's token", "GET", "/search/", bearer("admin"), "", 401, 1, false},
	{"trailing slash: a caller", "GET", "/search/", bearer("oauth-none"), "", 200, 0, true},

	{"resource: no credentials", "PUT", "/documents/missing?version=x", nil, "{", 401, 1, false},
	{"resource: role missing", "PUT", "/documents/missing?version=x", bearer("customer"), "{", 403, 0, false},
	{"resource: malformed query", "PUT", "/documents/missing?version=x", bearer("support"), "{", 400, 0, false},
	{"resource: missing", "PUT", "/documents/missing?version=1", bearer("support"), "{", 404, 0, false},
	{"resource: another's", "PUT", "/documents/foreign?version=1", bearer("support"), "{", 403, 0, false},
	{"resource: the check cannot say", "PUT", "/documents/down?version=1", bearer("support"), "{", 503, 0, false},
	{"resource: the check fails", "PUT", "/documents/panics?version=1", bearer("support"), "{", 500, 0, false},
	{"resource: malformed body", "PUT", "/documents/of-support?version=1", bearer("support"), "{", 400, 0, false},
	{"resource: one's own", "PUT", "/documents/of-support?version=1", bearer("support"), "{}", 200, 0, true},
	{"resource: nothing after all", "PUT", "/documents/gone?version=1", bearer("support"), "{}", 404, 0, true},
	{"resource: anonymous", "GET", "/documents/of-nobody", nil, "", 200, 0, true},
	{"resource: anonymous, another's", "GET", "/documents/of-support", nil, "", 403, 0, false},
	{"resource: a caller, nobody's", "GET", "/documents/of-nobody", bearer("support"), "", 403, 0, false},

	{"concealed: no credentials", "DELETE", invoices + "1", nil, "", 401, 1, false},
	{"concealed: suspended", "DELETE", invoices + "1", bearer("suspended"), "", 403, 0, false},
	{"concealed: role missing", "DELETE", invoices + "x", bearer("customer"), "", 404, 0, false},
	{"concealed: malformed path", "DELETE", invoices + "x", bearer("support"), "", 400, 0, false},
	{"concealed: another's", "DELETE", invoices + "+02", bearer("support"), "", 404, 0, false},
	{"concealed: missing", "DELETE", invoices + "3", bearer("support"), "", 404, 0, false},
	{"concealed: nothing after all", "DELETE", invoices + "13", bearer("support"), "", 404, 0, true},
	{"concealed: one's own", "DELETE", invoices + "14", bearer("support"), "", 200, 0, true},
	{"concealed: scope missing", "POST", "/shipments/owned", bearer("oauth-none"), "", 404, 0, false},
	{"concealed: without a check", "GET", "/parcels/gone", bearer("support"), "", 404, 0, true},
	{"concealed: off again", "PUT", invoices + "2", bearer("support"), "{", 403, 0, false},
	{"as forbidden: missing", "GET", "/shipments/missing", bearer("support"), "", 403, 0, false},
	{"as forbidden: nothing after all", "GET", "/shipments/gone", bearer("support"), "", 403, 0, true},
	{"as forbidden: scope missing", "DELETE", "/parcels/gone", bearer("oauth-none"), "", 403, 1, false},

	{"public", "GET", "/health", nil, "", 200, 0, true},
	{"public: unknown token", "GET", "/health", bearer("nobody"), "", 200, 0, true},
	{"public: rubbish", "GET", "/health", http.Header{"Authorization": {"\xff", "Basic =", "Bearer"}}, "", 200, 0, true},

	{"optional: anonymous", "GET", "/catalogue", nil, "", 200, 0, true},
	{"optional: a caller", "GET", "/catalogue", bearer("customer"), "", 200, 0, true},
	{"optional: unknown token", "GET", "/catalogue", bearer("nobody"), "", 401, 1, false},
	{"optional: malformed token", "GET", "/catalogue", authorization("Bearer \""), "", 401, 1, false},
	{"optional: two tokens", "GET", "/catalogue", http.Header{"Authorization": {"Bearer admin", "Bearer admin"}}, "", 400, 1, false},
	{"optional: malformed query, unknown token", "GET", "/catalogue?page=x", bearer("nobody"), "", 401, 1, false},
	{"optional: malformed query, anonymous", "GET", "/catalogue?page=x", nil, "", 400, 0, false},
}

func TestOrder(t *testing.T) {
	for _, s := range servers {
		t.Run(s.name+"/typed", func(t *testing.T) { runTable(t, s, s.typed, "") })
		t.Run(s.name+"/untyped", func(t *testing.T) { runTable(t, s, s.untyped, "") })
		t.Run(s.name+"/base URL", func(t *testing.T) { runTable(t, s, s.typed, "/base/v1") })
	}
}

func runTable(t *testing.T, s server, construct constructor, baseURL string) {
	p := new(probe)
	h := must(t)(construct(p, &auth{}, options{baseURL: baseURL, guard: quiet()}))
	for _, test := range table {
		p.runs.Store(0)
		body := &countingReader{Reader: strings.NewReader(test.body)}
		target := test.target
		if s.framework == "iris" { // it redirects from a path that ends in a slash
			target = strings.TrimSuffix(target, "/")
		}
		r := httptest.NewRequest(test.method, "http://api.example"+baseURL+target, body)
		maps.Copy(r.Header, test.header)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		status, challenges := w.Code, len(w.Header().Values("WWW-Authenticate"))
		if status != test.status || challenges != test.challenges {
			t.Errorf("%s: status %d with %d challenges, want %d with %d", test.name, status, challenges, test.status, test.challenges)
		}
		if ran := p.runs.Load(); ran > 1 || (ran == 1) != test.ran {
			t.Errorf("%s: the handler ran %d times, want %t", test.name, ran, test.ran)
		}
		if refused := w.Code != 200 && w.Code != 400 && !test.ran; refused && body.reads > 0 && !s.fasthttp() { // fasthttp reads bodies before it calls anybody
			t.Errorf("%s: the body was read %d times before the verdict", test.name, body.reads)
		}
	}
}

// countingReader counts the reads.
type countingReader struct {
	io.Reader
	reads int
}

func (c *countingReader) Read(p []byte) (int, error) {
	c.reads++
	return c.Reader.Read(p)
}

// TestOtherPaths makes sure that nothing answers where the API is not: beside the base URL, with another
// method, with the trailing slash too many or too few.
func TestOtherPaths(t *testing.T) {
	for _, s := range servers {
		p := new(probe)
		h := must(t)(s.typed(p, &auth{}, options{baseURL: "/base", guard: quiet()}))
		for _, request := range []string{
			"GET " + order, "GET /health", "POST /base" + order, "GET /base/stock", "GET /base" + order + "/",
			"GET /base/search", "GET /base/search/x", "GET /base", "GET /",
		} {
			if s.fasthttp() && slices.Contains(strictRouting, request) {
				continue
			}
			method, path, _ := strings.Cut(request, " ")
			r := httptest.NewRequest(method, path, nil)
			r.Header = bearer("admin")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code < 300 || p.runs.Load() > 0 {
				t.Errorf("%s: %s is answered with %d", s.name, request, w.Code)
			}
		}
	}
}

// strictRouting are the requests that fiber answers unless its StrictRouting is set: a trailing slash too many or
// too few is the same path to it.
var strictRouting = []string{"GET /base" + order + "/", "GET /base/search"}

// TestHead shows that HEAD is guarded as GET is where a router lets it through.
func TestHead(t *testing.T) {
	for _, s := range servers {
		through := slices.Contains(exceptionNamed("HEAD on a GET route").reached, s.framework)
		h := must(t)(s.typed(new(probe), &auth{}, options{guard: quiet()}))
		for token, status := range map[string]int{"nobody": 401, "customer": 403, "support": 200} {
			r := httptest.NewRequest(http.MethodHead, order, nil)
			r.Header = bearer(token)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if !through && (w.Code == 404 || w.Code == 405) {
				status = w.Code
			}
			if w.Code != status || through && w.Code != 200 && w.Body.Len() > 0 {
				t.Errorf("%s, %s: status %d with %d bytes, want %d without content", s.name, token, w.Code, w.Body.Len(), status)
			}
		}
	}
}

// TestDenialsAreAlike compares whole denials: they are the same whatever was asked for.
func TestDenialsAreAlike(t *testing.T) {
	for _, s := range servers {
		h := must(t)(s.typed(new(probe), &auth{}, options{guard: quiet()}))
		for _, token := range []string{"", "nobody", "customer"} {
			var first string
			for _, target := range []string{order, badOrder, order + "?x=%zz", "/orders/00000000-0000-0000-0000-000000000000"} {
				r := httptest.NewRequest(http.MethodGet, target, nil)
				if token != "" {
					r.Header = bearer(token)
				}
				r.Header.Set("If-None-Match", "*")
				r.Header.Set("Range", "bytes=0-0")
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				got := dump(w)
				if first == "" {
					first = got
				}
				if got != first {
					t.Errorf("%s, token %q: %s is answered differently\n%s\n%s", s.name, token, target, got, first)
				}
			}
		}
	}
}

func dump(w *httptest.ResponseRecorder) string {
	var b strings.Builder
	_ = w.Result().Write(&b)
	return b.String()
}

// quiet are options that log nothing.
func quiet() guard.Options {
	return guard.Options{Realm: "golden", Logger: slog.New(slog.DiscardHandler)}
}

func must(t testing.TB) func(mounted, error) mounted {
	return func(m mounted, err error) mounted {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}
