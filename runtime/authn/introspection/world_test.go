package introspection_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// start is when tests begin. Answers name times relative to it: %d is start plus an hour.
var start = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// world is a provider, and an authenticator that asks it, behind a guard.
type world struct {
	*httptest.Server
	asked   atomic.Int32
	answer  atomic.Value // http.HandlerFunc
	auth    *introspection.Authenticator[introspection.Claims]
	guarded *guard.Guard[introspection.Claims]

	mu  sync.Mutex
	now time.Time
}

// newWorld makes one of a configuration. The provider answers as says says.
func newWorld(t testing.TB, config introspection.Config, answer http.HandlerFunc) *world {
	t.Helper()
	w := &world{now: start}
	w.answer.Store(answer)
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		r.ParseForm() // a server notices that its client has gone when it has read the body
		w.answer.Load().(http.HandlerFunc)(rw, r)
	}))
	t.Cleanup(w.Close)
	config.Endpoint = w.URL + "/introspect"
	w.join(t, config)
	return w
}

// join makes an authenticator of the world, as another process that asks the same provider has it.
func (w *world) join(t testing.TB, config introspection.Config) {
	t.Helper()
	if config.ClientID == "" && config.ClientAuth != introspection.ByTransport {
		config.ClientID, config.ClientSecret = "orders", "s3cret"
	}
	if config.Audience == nil {
		config.Audience = []string{"orders"}
	}
	auth, err := introspection.New(config, func(_ context.Context, c introspection.Claims) (introspection.Claims, error) { return c, nil })
	if err != nil {
		t.Fatal(err)
	}
	auth.SetClock(w.clock)
	w.auth, w.guarded = auth, guardOf(t, auth)
}

func guardOf[P any](t testing.TB, auth *introspection.Authenticator[P]) *guard.Guard[P] {
	t.Helper()
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[P]{}, []gen.Scheme[P]{gen.Bearer("bearer", auth.Authenticate)}, nil)
	g := linker.Guard(guard.Operation{ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "bearer"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) reply(h http.HandlerFunc) { w.answer.Store(h) }

// try is what the guard decides about a token.
func (w *world) try(token string) guard.Decision[introspection.Claims] {
	return w.guarded.Check(request(context.Background(), token, nil))
}

func (w *world) check(t testing.TB, token string, want verdict.Verdict, asked int32) guard.Decision[introspection.Claims] {
	t.Helper()
	d := w.try(token)
	if d.Verdict() != want || w.asked.Load() != asked {
		t.Fatalf("%s: %v (%v), asked %d times; want %v, %d", token, d.Verdict(), d.Err(), w.asked.Load(), want, asked)
	}
	return d
}

func request(ctx context.Context, token string, state *tls.ConnectionState) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	r.TLS = state
	return r
}

// says answers every question with a text, in which %d is an hour after the start.
func says(format string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, filled(format))
	}
}

func filled(format string) string {
	for i := range len(format) - 1 {
		if format[i:i+2] == "%d" {
			return fmt.Sprintf(format, start.Add(time.Hour).Unix())
		}
	}
	return format
}

const good = `{"active":true,"aud":"orders","exp":%d,"sub":"ada","scope":"read write"}`

func newAnswer(body string) *http.Response {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{}}
}
