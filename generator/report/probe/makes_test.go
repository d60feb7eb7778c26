package probe_test

import (
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// compressed compresses the content of a response.
type compressed struct {
	http.ResponseWriter
	content *gzip.Writer
}

func (c compressed) Write(b []byte) (int, error) { return c.content.Write(b) }

// answers sees each status before it is written.
type answers struct {
	http.ResponseWriter
	status func(w http.ResponseWriter, status int)
}

func (a answers) WriteHeader(status int) { a.status(a.ResponseWriter, status) }

// on is a server that treats statuses in its own way.
func on(status func(w http.ResponseWriter, status int)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(answers{w, status}, r) })
	}
}

// first answers some requests before the shop.
func first(when func(*http.Request) bool, status int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if when(r) {
				w.WriteHeader(status)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func odd(r *http.Request) bool {
	path := r.URL.EscapedPath()
	return strings.ContainsAny(path, ";%.") || strings.HasPrefix(path, "//") || path != "/" && strings.HasSuffix(path, "/")
}

// makes are correct servers with ways of their own.
func makes() map[string]func(http.Handler) http.Handler {
	return map[string]func(http.Handler) http.Handler{
		"compressed": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				c := compressed{w, gzip.NewWriter(w)}
				next.ServeHTTP(c, r)
				_ = c.content.Close()
			})
		},
		"a connection for each request": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close")
				next.ServeHTTP(w, r)
			})
		},
		"no HEAD": first(func(r *http.Request) bool { return r.Method == "HEAD" }, 405),
		"a router that knows no words for numbers": first(func(r *http.Request) bool {
			return strings.HasPrefix(r.URL.Path, "/orders/oapi")
		}, 404),
		"400 for odd paths": first(odd, 400),
		"403 for odd paths": first(odd, 403),
		"cookies on denials, and their numbers in the content": on(func(w http.ResponseWriter, status int) {
			w.Header().Set("Set-Cookie", "visit="+rand.Text())
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"id": %q, "time": %q}`, rand.Text(), time.Now().Format(time.RFC3339Nano))
		}),
		"401 for two credentials": on(func(w http.ResponseWriter, status int) {
			if status == 400 {
				w.Header().Set("WWW-Authenticate", `bearer realm="shop", error="invalid_request", Basic realm=shop, ApiKey`)
				status = 401
			}
			w.WriteHeader(status)
		}),
		"challenges in small letters, in other lines and with more parameters": on(func(w http.ResponseWriter, status int) {
			if status == 401 {
				w.Header()["Www-Authenticate"] = []string{
					`negotiate`, `x-key title = "a, \"b\" = c" , basic realm="", charset=UTF-8`, `bearer error=invalid_token,error_description="", scope=""`,
				}
			}
			w.WriteHeader(status)
		}),
		"a page for every unknown path": func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if odd(r) || strings.ToUpper(r.URL.Path) == r.URL.Path {
					fmt.Fprint(w, "<title>The shop</title>")
					return
				}
				next.ServeHTTP(w, r)
			})
		},
	}
}

// TestOtherMakes: no correct server is called wrong, whatever its ways, below a path of its own too.
func TestOtherMakes(t *testing.T) {
	for name, wrap := range makes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.StripPrefix("/api/v1", wrap(newShop().handler())))
			t.Cleanup(server.Close)
			of := subject(t, only(t, ""))
			r, _ := ask(t, server.URL+"/api/v1", of, credentials(t, of, shopCredentials()), probe.Options{Unsafe: true})
			if failed := r.failed(); len(failed) > 0 {
				slices.Sort(failed)
				t.Errorf("%d false alarms:\n%s", len(failed), strings.Join(failed, "\n"))
			}
		})
	}
}
