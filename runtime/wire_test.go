package guard_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Over a real connection: status line, header and body of a concealed denial are those of a true one.
// (The Date is left out.)
func TestConcealedBytesOnTheWire(t *testing.T) {
	for conceal, status := range map[guard.Concealment]string{guard.ConcealAsNotFound: "404 Not Found", guard.ConcealAsForbidden: "403 Forbidden"} {
		handlers := map[string]http.Handler{}
		for title, v := range map[string]visit{
			"/role":      {policy: "bearer;admin", conceal: conceal, check: says(nil)},
			"/forbidden": {policy: "bearer", conceal: conceal, check: says(guard.Forbidden(detail))},
			"/missing":   {policy: "bearer", conceal: conceal, check: says(guard.NotFound(nil))},
			"/handler":   {policy: "bearer", conceal: conceal, check: says(nil), missing: true},
		} {
			g, check := v.guard(t, guard.Options{}, new(answered))
			handlers[title] = g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
				if g.AdmitResource(w, r, check) {
					guard.WriteNotFound(w, r)
				}
			})
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil
			handlers[r.URL.Path].ServeHTTP(w, r)
		}))
		defer server.Close()
		for _, method := range []string{"GET", "HEAD", "PUT"} {
			first := ""
			for path := range handlers {
				got := raw(t, server.Listener.Addr(), method, path)
				if first == "" {
					first = got
				}
				if got != first || !strings.HasPrefix(got, "HTTP/1.1 "+status+"\r\n") || strings.Contains(got, "about:blank") != (method != "HEAD") {
					t.Errorf("%s %s, %s:\n%s\nanother:\n%s", method, path, conceal, got, first)
				}
			}
		}
	}
}

// Over a real connection every denial has its exact length, whoever counts it: the guard, for HEAD and for bodies that
// net/http's server would send in chunks, or the server.
func TestLengthOnTheWire(t *testing.T) {
	for _, size := range []int{-1, 0, 1, 2047, 2048, 2049, 5000} {
		w := &world{}
		body := body403
		if size >= 0 {
			body = strings.Repeat("x", size)
			w.options.DenialBody = func(context.Context, guard.Denial) (string, []byte) { return "text/plain", []byte(body) }
		}
		server := httptest.NewServer(w.linker().Guard(operation("bearer;admin")).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {}))
		defer server.Close()
		for _, method := range []string{"GET", "HEAD", "PUT"} {
			got := raw(t, server.Listener.Addr(), method, "/")
			header, sent, _ := strings.Cut(got, "\r\n\r\n")
			if want := body; method != "HEAD" && sent != want || method == "HEAD" && sent != "" {
				t.Errorf("%s, %d bytes: %.100q; want %.100q", method, size, sent, want)
			}
			if strings.Count(header, fmt.Sprintf("\r\nContent-Length: %d\r\n", len(body))) != 1 || strings.Contains(header, "Transfer-Encoding") {
				t.Errorf("%s, %d bytes: %s", method, size, header)
			}
		}
	}
}

// What a handler writes behind the answer that there is no such resource does not reach the client.
func TestNothingFollowsNotFound(t *testing.T) {
	for _, conceal := range []guard.Concealment{0, guard.ConcealAsNotFound, guard.ConcealAsForbidden} {
		op := operation("bearer")
		op.Conceal = conceal
		server := httptest.NewServer((&world{}).linker().Guard(op).Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
			guard.WriteNotFound(w, r)
			fmt.Fprint(w, "the secret")
		}))
		defer server.Close()
		if got := raw(t, server.Listener.Addr(), "GET", "/"); strings.Contains(got, "secret") || !strings.Contains(got, "about:blank") {
			t.Errorf("%s: %s", conceal, got)
		}
	}
}

// raw is all that a server sends for one request.
func raw(t *testing.T, address net.Addr, method, path string) string {
	t.Helper()
	conn, err := net.Dial(address.Network(), address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer user\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody", method, path)
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}
