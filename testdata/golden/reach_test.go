package golden

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// reaching is an authenticator whose bearer scheme looks at requests and sets fields.
type reaching struct {
	auth
	reach func(guard.Request)
}

func (r *reaching) BearerAuth(ctx context.Context, token guard.BearerToken) (*caller, error) {
	r.reach(token.Request())
	return r.auth.BearerAuth(ctx, token)
}

// seen is all that an authenticator can see of a request.
type seen struct {
	method, target, peer   string
	lines, none, host      []string
	query, broken, cookies []string
	encrypted              bool
	operation              guard.Operation
	signed                 []byte
}

func look(r guard.Request) seen {
	return seen{
		method: r.Method(), target: r.Target(), peer: r.RemoteAddr(),
		lines: r.Header("x-line"), none: r.Header("X-None"), host: r.Header("Host"),
		query: r.Query("q"), broken: r.Query("none"), cookies: r.Cookies("a"),
		encrypted: r.TLS() != nil && r.TLS().HandshakeComplete, operation: r.Operation(), signed: r.SignedBody(),
	}
}

// exchanged sends a request over a connection of its own and returns the answer and the own address.
func exchanged(t *testing.T, address string, config *tls.Config, written string) (*http.Response, string, string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	own := c.LocalAddr().String()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if config != nil {
		c = tls.Client(c, config)
	}
	if _, err := io.WriteString(c, written); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(written, " ")
	response, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	return response, string(body), own
}

// TestReachRequest: every server shows the same of a request, over TLS and without, and what it shows stays as it is when
// the next requests come.
func TestReachRequest(t *testing.T) {
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	for _, s := range servers {
		for _, encrypted := range []bool{false, true} {
			var mutex sync.Mutex
			var kept []seen
			a := &reaching{reach: func(r guard.Request) {
				mutex.Lock()
				defer mutex.Unlock()
				kept = append(kept, look(r))
			}}
			m := must(t)(s.typed(new(probe), a, options{guard: quiet()}))
			var config *tls.Config
			if encrypted {
				m, config = encryptedServer{m, certified.TLS}, &tls.Config{InsecureSkipVerify: true}
			}
			address := serve(t, m)
			target := order + "?q=1&q=%26+x&other=2"
			_, body, own := exchanged(t, address, config, "GET "+target+" HTTP/1.1\r\nHost: orders.example\r\nAuthorization: Bearer support\r\n"+
				"X-Line: one\r\nx-line: two\r\nX-Line:\tthree \r\nCookie: a=1; b=2; a=\"3\"\r\nCookie: a=4\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
			for i := range 20 {
				exchanged(t, address, config, fmt.Sprintf("GET %s?q=%020d&none=%%zz HTTP/1.1\r\nHost: overwritten.example\r\nAuthorization: Bearer support\r\nX-Line: %030d\r\nCookie: a=%030d\r\n\r\n", order, i, i, i))
			}
			policy := s.policy()
			want := seen{
				method: "GET", target: target, peer: own, host: []string{"orders.example"}, lines: []string{"one", "two", "three"},
				query: []string{"1", "& x"}, cookies: []string{"1", `"3"`, "4"}, encrypted: encrypted,
				operation: policy[slices.IndexFunc(policy, func(op guard.Operation) bool { return op.ID == "getOrder" })],
			}
			if body != "getOrder for support" || len(kept) != 21 || !reflect.DeepEqual(kept[0], want) {
				t.Errorf("%s, TLS %t: %s\n%+v\n%+v", s.name, encrypted, body, kept[0], want)
			}
			if kept[1].query != nil || kept[1].broken != nil {
				t.Errorf("%s: a broken query: %q %q", s.name, kept[1].query, kept[1].broken)
			}
		}
	}
}

// encryptedServer serves with TLS.
type encryptedServer struct {
	mounted
	config *tls.Config
}

func (s encryptedServer) listen(l net.Listener) error {
	return s.mounted.listen(tls.NewListener(l, s.config))
}

// TestReachFields: fields that an authenticator sets are on the answer, whatever becomes of the request.
func TestReachFields(t *testing.T) {
	const document = "/documents/"
	tests := []struct {
		request, token string
		status         int
	}{
		{"GET " + order, "support", 200}, {"GET " + order, "nobody", 401}, {"GET " + order, "expired", 401}, {"GET " + order, "step-up", 401},
		{"GET " + order, "customer", 403}, {"GET " + order, "suspended", 403}, {"GET " + order, "down", 503}, {"GET " + order, "broken", 500},
		{"GET /orders/x", "support", 400}, {"GET /catalogue", "customer", 200}, {"GET /catalogue?page=x", "customer", 400}, {"PUT " + order + "?version=1", "oauth-none", 403},
		{"GET " + document + "owned", "customer", 200}, {"GET " + document + "foreign", "customer", 403}, {"GET " + document + "missing", "customer", 404},
		{"GET " + document + "gone", "customer", 404}, {"GET " + document + "down", "customer", 503}, {"GET /parcels/owned", "customer", 404}, {"HEAD /reports/1", "nobody", 401},
	}
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			h := must(t)(construct(new(probe), &reaching{reach: func(r guard.Request) {
				r.AddHeader("Set-Cookie", "session=; Max-Age=0")
				r.AddHeader("Set-Cookie", "seen=1; Path=/")
				r.SetHeader("RateLimit-Limit", "9")
				r.SetHeader("RateLimit-Limit", "10")
			}}, options{guard: quiet()}))
			for _, test := range tests {
				w := tokenRequest(h, test.request, test.token)
				cookies, limit := w.Header()["Set-Cookie"], w.Header()["Ratelimit-Limit"]
				if w.Code != test.status || !slices.Equal(cookies, []string{"session=; Max-Age=0", "seen=1; Path=/"}) || !slices.Equal(limit, []string{"10"}) {
					t.Errorf("%s, %s: %s as %s: %d, want %d: %q %q", s.name, kind, test.request, test.token, w.Code, test.status, cookies, limit)
				}
				if (w.Code == 401 || test.token == "oauth-none") != (w.Header().Get("WWW-Authenticate") != "") {
					t.Errorf("%s, %s: %s as %s: challenges %q", s.name, kind, test.request, test.token, w.Header()["Www-Authenticate"])
				}
			}
		}
	}
}

func tokenRequest(h http.Handler, request, token string) *httptest.ResponseRecorder {
	method, target, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, target, nil)
	r.Header = bearer(token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestReachForbiddenFields: a field that is not the authenticator's to set makes a fault of the request, and none of its
// fields comes out, whatever the authenticator decides.
func TestReachForbiddenFields(t *testing.T) {
	fields := [][2]string{
		{"Content-Length", "0"}, {"Content-Type", "text/html"}, {"WWW-Authenticate", "Basic"}, {"Transfer-Encoding", "chunked"}, {"Cache-Control", "public"},
		{"X-Split", "a\r\nSet-Cookie: injected=1"}, {"X-Split", "a\nInjected: 1"}, {"X-Split\r\nInjected", "1"}, {"Injected: 1", ""}, {"X-Nul", "\x00"},
	}
	for _, s := range servers {
		var field [2]string
		p := new(probe)
		m := must(t)(s.typed(p, &reaching{reach: func(r guard.Request) {
			r.AddHeader("Set-Cookie", "lost=1")
			r.SetHeader("X-Lost", "1")
			r.SetHeader(field[0], field[1])
			r.AddHeader("Set-Cookie", "lost=2")
		}}, options{guard: quiet()}))
		address := serve(t, m)
		for _, field = range fields {
			for _, token := range []string{"support", "nobody", "customer", "panics"} {
				response, body, _ := exchanged(t, address, nil, "GET "+order+" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "+token+"\r\n\r\n")
				for name, values := range response.Header {
					if all := strings.ToLower(name + fmt.Sprint(values)); strings.Contains(all, "lost") || strings.Contains(all, "inject") || strings.Contains(all, "split") || strings.Contains(all, "guard:") {
						t.Errorf("%s: %q as %s: %s %q came out", s.name, field, token, name, values)
					}
				}
				if response.StatusCode != 500 || !strings.Contains(body, `"status":500`) || response.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: %q as %s: %d %v %s", s.name, field, token, response.StatusCode, response.Header, body)
				}
			}
		}
		if p.runs.Load() != 0 {
			t.Errorf("%s: the handler ran", s.name)
		}
	}
}
