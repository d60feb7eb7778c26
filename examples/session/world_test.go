package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/session/store"
)

// world is a seeded service that listens, with a clock that the test moves.
type world struct {
	*store.Store
	server *httptest.Server
	passed atomic.Int64 // by how much the clock was moved
}

// seeded is a database file. Hashing passwords takes a while, so there is one only.
var seeded = sync.OnceValue(func() []byte {
	folder, err := os.MkdirTemp("", "session")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	s, err := open(folder, true, time.Now)
	if err != nil {
		panic(err)
	}
	if err := s.Close(); err != nil {
		panic(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "session.db"))
	if err != nil {
		panic(err)
	}
	return content
})

// newWorld starts a service of its own for a test, with TLS: browsers keep a Secure cookie from everybody else.
func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, httptest.NewTLSServer)
}

func newWorldOn(t *testing.T, start func(http.Handler) *httptest.Server) *world {
	t.Helper()
	folder, w := t.TempDir(), &world{}
	if err := os.WriteFile(filepath.Join(folder, "session.db"), seeded(), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := open(folder, false, w.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	handler, err := newHandler(s, w.now)
	if err != nil {
		t.Fatal(err)
	}
	w.Store, w.server = s, start(handler)
	t.Cleanup(w.server.Close)
	return w
}

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// now stands still but for what the test moves it.
func (w *world) now() time.Time { return start.Add(time.Duration(w.passed.Load())) }

func (w *world) wait(d time.Duration) { w.passed.Add(int64(d)) }

// browser is a client with a cookie jar that follows no redirect by itself.
type browser struct {
	t *testing.T
	w *world
	*http.Client
}

func (w *world) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{t, w, &http.Client{Transport: w.server.Client().Transport, Jar: jar, CheckRedirect: stay, Timeout: 10 * time.Second}}
}

// member is a browser in which a member has signed in.
func (w *world) member(t *testing.T, name string) *browser {
	t.Helper()
	b := w.browser(t)
	b.login(name)
	return b
}

// answer is a response, read whole.
type answer struct {
	*http.Response
	body string
}

// cookies are the Set-Cookie lines.
func (a answer) cookies() []string { return a.Header.Values("Set-Cookie") }

// The Accept field of a browser that follows a link, and that of a script.
const (
	acceptPage = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	acceptJSON = "application/json"
)

// do sends "METHOD path" with fields, "Name: value" each.
func (b *browser) do(request, body string, fields ...string) answer {
	b.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	r, err := http.NewRequest(method, b.w.server.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	response, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response, string(content)}
}

// visit follows a link.
func (b *browser) visit(path string) answer {
	b.t.Helper()
	return b.do("GET "+path, "", "Accept: "+acceptPage)
}

// login sends the form.
func (b *browser) login(name string) answer {
	b.t.Helper()
	form := url.Values{"user": {name}, "password": {name + "-password"}}.Encode()
	a := b.do("POST /login", form, "Content-Type: application/x-www-form-urlencoded", "Accept: "+acceptPage)
	if a.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("login: %d %s", a.StatusCode, a.body)
	}
	return a
}

var meta = regexp.MustCompile(`<meta name="csrf-token" content="(\w+)">`)

// token is the token that the front page has for our script.
func (b *browser) token() string {
	b.t.Helper()
	found := meta.FindStringSubmatch(b.visit("/").body)
	if found == nil {
		b.t.Fatal("there is no token in the page")
	}
	return found[1]
}

// script does what guestbook.js does.
func (b *browser) script(request, body string) answer {
	b.t.Helper()
	return b.do(request, body, "X-CSRF-Token: "+b.token(), "Content-Type: application/json", "Accept: "+acceptJSON)
}

// jar are the session IDs that the browser would send to a path.
func (b *browser) jar(path string) (ids []string) {
	for _, cookie := range b.Jar.Cookies(b.url(path)) {
		if cookie.Name == cookieName {
			ids = append(ids, cookie.Value)
		}
	}
	return ids
}

// plant puts a session cookie into the jar.
func (b *browser) plant(id, path string) {
	b.Jar.SetCookies(b.url(path), []*http.Cookie{{Name: cookieName, Value: id, Path: path}})
}

func (b *browser) url(path string) *url.URL {
	u, err := url.Parse(b.w.server.URL + path)
	if err != nil {
		b.t.Fatal(err)
	}
	return u
}

func (b *browser) check(a answer, status int, contains ...string) {
	b.t.Helper()
	if a.StatusCode != status {
		b.t.Errorf("%s %s: %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	for _, text := range contains {
		if !strings.Contains(a.body, text) {
			b.t.Errorf("%s %s: no %q in %s", a.Request.Method, a.Request.URL.Path, text, a.body)
		}
	}
}
