package guard_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// The benchmarks compare a guard with one that is written by hand for exactly one operation: a bearer token,
// one of two roles. The ratio of the costs that each adds to the same mux with the bare handler counts, and so do the
// allocations.

type benchUser struct {
	roles uint64
}

const (
	supportBit = 1 << iota
	adminBit
)

func (u *benchUser) HasRole(r guard.Role) bool {
	switch r {
	case "support":
		return u.roles&supportBit != 0
	case "admin":
		return u.roles&adminBit != 0
	}
	return false
}

var benchTokens = map[string]*benchUser{
	supportToken: {supportBit},
	opaqueToken:  {supportBit},
	nobodyToken:  {0},
}

// The tokens are as long as a small JWT, and as an opaque token of 256 bits.
const (
	jwtHead      = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
	jwtTail      = "IiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
	supportToken = jwtHead + "eyJzdWIiOiJzdXBwb3J0" + jwtTail
	nobodyToken  = jwtHead + "eyJzdWIiOiJub2JvZHki" + jwtTail
	opaqueToken  = "Zk3vQ0b8xYt1mJ7rWc5nLs2pHd9fGa4eUi6oTyKqXwE"
)

var errUnknownToken = guard.Invalid(errors.New("unknown token"))

func lookUp(_ context.Context, t guard.BearerToken) (*benchUser, error) {
	if u, ok := benchTokens[t.Secret()]; ok {
		return u, nil
	}
	return nil, errUnknownToken
}

var (
	served  int
	someone = benchTokens[supportToken]
)

func bare(w http.ResponseWriter, r *http.Request, u *benchUser) {
	if u != nil {
		served++
	}
}

func guarded(tb testing.TB) http.HandlerFunc {
	l := gen.NewLinker(guard.Options{},
		gen.Entitlements[*benchUser]{HasRole: (*benchUser).HasRole},
		[]gen.Scheme[*benchUser]{gen.Bearer("bearerAuth", lookUp)}, nil)
	g := l.Guard(guard.Operation{
		ID: "getOrder", Method: "GET", Path: "/orders/{orderId}",
		Security: []guard.Alternative{{{Scheme: "bearerAuth"}}},
		Roles:    []guard.AnyRole{{"support", "admin"}},
	})
	if err := l.Err(); err != nil {
		tb.Fatal(err)
	}
	return g.Wrap(func(w http.ResponseWriter, r *http.Request, caller guard.Optional[*benchUser]) {
		u, _ := caller.Get()
		bare(w, r, u)
	})
}

// handWritten is the guard that one would write for this operation and no other.
func handWritten(w http.ResponseWriter, r *http.Request) {
	values := r.Header["Authorization"]
	if len(values) > 1 {
		refuse(w, r, 400, `Bearer realm="api", error="invalid_request"`)
		return
	}
	if len(values) == 0 {
		refuse(w, r, 401, `Bearer realm="api"`)
		return
	}
	v := values[0]
	if len(v) < 7 || !foldedBearer(v[:6]) || v[6] != ' ' {
		refuse(w, r, 401, `Bearer realm="api"`)
		return
	}
	for v = v[7:]; v != "" && v[0] == ' '; {
		v = v[1:]
	}
	if !token68(v) {
		refuse(w, r, 401, `Bearer realm="api", error="invalid_token"`)
		return
	}
	u, ok := benchTokens[v]
	if !ok {
		refuse(w, r, 401, `Bearer realm="api", error="invalid_token"`)
		return
	}
	if u.roles&(supportBit|adminBit) == 0 {
		refuse(w, r, 403, "")
		return
	}
	bare(w, r, u)
}

func foldedBearer(s string) bool {
	for i := range len(s) {
		if s[i]|0x20 != "bearer"[i] {
			return false
		}
	}
	return true
}

func token68(s string) bool {
	i := 0
	for i < len(s) && is68(s[i]) {
		i++
	}
	if i == 0 {
		return false
	}
	for ; i < len(s); i++ {
		if s[i] != '=' {
			return false
		}
	}
	return true
}

func is68(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '-', '.', '_', '~', '+', '/':
		return true
	}
	return false
}

var refusal = []byte(`{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The request needs valid credentials."}`)

func refuse(w http.ResponseWriter, _ *http.Request, status int, challenge string) {
	h := w.Header()
	if challenge != "" {
		h["Www-Authenticate"] = []string{challenge}
	}
	h["Content-Type"] = []string{"application/problem+json"}
	h["Cache-Control"] = []string{"no-store"}
	w.WriteHeader(status)
	_, _ = w.Write(refusal)
}

// discard is a ResponseWriter that costs next to nothing.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

func benchRequest(token string) *http.Request {
	r := httptest.NewRequest("GET", "/orders/1", nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "bench")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

var benchRequests = []struct{ name, token string }{
	{"Allow", supportToken}, {"AllowOpaque", opaqueToken}, {"Deny401", ""}, {"Deny401Invalid", jwtHead + jwtTail}, {"Deny403", nobodyToken},
}

// contenders are measured in turns, so that other load of the machine hits all of them alike.
func contenders(tb testing.TB) []http.HandlerFunc {
	return []http.HandlerFunc{
		routed(func(w http.ResponseWriter, r *http.Request) { bare(w, r, someone) }),
		routed(handWritten),
		routed(guarded(tb)),
	}
}

func routed(h http.HandlerFunc) http.HandlerFunc {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{orderId}", h)
	return mux.ServeHTTP
}

// fastest is the shortest time that one call of each handler took, over many short batches.
func fastest(handlers []http.HandlerFunc, token string, rounds int) []float64 {
	const batch = 2000
	w, r := &discard{http.Header{}}, benchRequest(token)
	best := make([]float64, len(handlers))
	for round := range rounds {
		for i, h := range handlers {
			start := time.Now()
			for range batch {
				h(w, r)
			}
			if ns := float64(time.Since(start)) / batch; round == 0 || ns < best[i] {
				best[i] = ns
			}
		}
	}
	return best
}

// BenchmarkRatio reports the cost that the guard adds to the bare handler over that of the hand-written one.
func BenchmarkRatio(b *testing.B) {
	for _, request := range benchRequests {
		b.Run(request.name, func(b *testing.B) {
			var best []float64
			for b.Loop() {
				best = fastest(contenders(b), request.token, 200)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(best[1]-best[0], "hand-ns")
			b.ReportMetric(best[2]-best[0], "guard-ns")
			b.ReportMetric((best[2]-best[0])/(best[1]-best[0]), "ratio")
		})
	}
}

func BenchmarkGuard(b *testing.B) {
	for _, request := range benchRequests {
		for i, name := range []string{"bare", "hand-written", "guard"} {
			b.Run(request.name+"/"+name, func(b *testing.B) {
				h := contenders(b)[i]
				w, r := &discard{http.Header{}}, benchRequest(request.token)
				b.ReportAllocs()
				for b.Loop() {
					h(w, r)
				}
			})
		}
	}
}
