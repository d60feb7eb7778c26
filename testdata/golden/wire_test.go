package golden

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestExpect sends the head of a request with a body over a raw connection and waits: a denial comes at
// once, and "100 Continue", which asks for the body, comes to an admitted request only. Servers on fasthttp are the exception: see docs/FRAMEWORKS.md.
func TestExpect(t *testing.T) {
	tests := []struct {
		name, authorization, first string
	}{
		{"no credentials", "", "HTTP/1.1 401 Unauthorized"},
		{"unknown token", "Authorization: Bearer nobody\r\n", "HTTP/1.1 401 Unauthorized"},
		{"malformed token", "Authorization: Bearer {}\r\n", "HTTP/1.1 401 Unauthorized"},
		{"two tokens", "Authorization: Bearer admin\r\nAuthorization: Bearer admin\r\n", "HTTP/1.1 400 Bad Request"},
		{"role missing", "Authorization: Bearer customer\r\n", "HTTP/1.1 403 Forbidden"},
		{"scope missing", "Authorization: Bearer oauth-none\r\n", "HTTP/1.1 403 Forbidden"},
		{"allowed", "Authorization: Bearer support\r\n", "HTTP/1.1 100 Continue"},
	}
	for _, s := range append(slices.Clone(servers), plainCase) {
		for _, construct := range []constructor{s.typed, s.untyped} {
			address := serve(t, must(t)(construct(new(probe), &auth{}, options{guard: quiet()})))
			for _, test := range tests {
				head := "PUT " + order + "?version=1 HTTP/1.1\r\nHost: a\r\n" + test.authorization +
					"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
				want := test.first
				if s.fasthttp() { // it asks for the body before it calls anybody
					want = "HTTP/1.1 100 Continue"
				}
				if got := firstLine(t, address, head); got != want {
					t.Errorf("%s, %s: the first line is %q, want %q", s.name, test.name, got, want)
				}
			}
		}
	}
}

func firstLine(t *testing.T, address, head string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, head); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// TestChallenges compares the challenges of every server byte for byte.
func TestChallenges(t *testing.T) {
	const (
		anyToken   = `Bearer realm="golden"`
		badToken   = `Bearer realm="golden", error="invalid_token"`
		write      = `Bearer realm="golden", scope="orders:write"`
		badWrite   = `Bearer realm="golden", scope="orders:write", error="invalid_token"`
		needWrite  = `Bearer realm="golden", scope="orders:write", error="insufficient_scope"`
		basic      = `Basic realm="golden", charset="UTF-8"`
		stock      = `Bearer realm="golden", scope="stock:write stock:read"`
		twiceStock = `Bearer realm="golden", scope="stock:write stock:read", error="invalid_request"`
		needStock  = `Bearer realm="golden", scope="stock:write stock:read", error="insufficient_scope"`
		key        = `ApiKey realm="golden", in="header", name="X-Warehouse-Key"`
	)
	tests := []struct {
		request    string
		header     http.Header
		challenges []string
	}{
		{"GET " + order, nil, []string{anyToken}},
		{"GET " + order, bearer("nobody"), []string{badToken}},
		{"GET " + order, bearer("customer"), nil},
		{"PUT " + order, nil, []string{anyToken, write}},
		{"PUT " + order, bearer("nobody"), []string{badToken, badWrite}},
		{"PUT " + order, bearer("oauth-none"), []string{needWrite}},
		{"PUT " + order, bearer("customer"), nil},
		{"PUT /stock", nil, []string{basic, stock, key}},
		{"PUT /stock", both("wrong", "secret"), []string{basic, stock, key}},
		{"PUT /stock", bearer("oauth-half-stock"), []string{needStock}},
		{"PUT /stock", http.Header{"X-Warehouse-Key": {"secret", "secret"}}, []string{basic, stock, key}},
		{"PUT /stock", http.Header{"Authorization": {"Bearer a", "Bearer a"}}, []string{basic, twiceStock, key}},
	}
	for _, s := range append(slices.Clone(servers), plainCase) {
		h := must(t)(s.typed(new(probe), &auth{}, options{guard: quiet()}))
		for _, test := range tests {
			method, target, _ := strings.Cut(test.request, " ")
			r := httptest.NewRequest(method, target, nil)
			r.Header = test.header.Clone()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Values("WWW-Authenticate"); !slices.Equal(got, test.challenges) {
				t.Errorf("%s: %s %v: challenges\n%q, want\n%q", s.name, test.request, test.header, got, test.challenges)
			}
		}
	}
}
