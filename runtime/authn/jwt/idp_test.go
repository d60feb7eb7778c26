package jwt

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const unavailable = verdict.Unavailable

// idp is an identity provider whose answers tests choose.
type idp struct {
	*httptest.Server
	metadata, keys atomic.Int64 // how often each was asked for
	mu             sync.Mutex
	answer         http.HandlerFunc // of the keys
}

func newIDP(t testing.TB, keys ...string) *idp {
	p := new(idp)
	p.serve(keys...)
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.metadata.Add(1)
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, p.URL, p.URL+"/jwks")
	})
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, r *http.Request) {
		p.keys.Add(1)
		p.mu.Lock()
		answer := p.answer
		p.mu.Unlock()
		answer(w, r)
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *idp) answerWith(answer http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *idp) serve(keys ...string) {
	p.answerWith(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, jwks(keys...)) })
}

// fail answers with a status and a text.
func (p *idp) fail(status int, text string) {
	p.answerWith(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	})
}

// clock is a clock that tests move.
type clock struct{ nanos atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.nanos.Store(noon.UnixNano())
	return c
}

func (c *clock) now() time.Time { return time.Unix(0, c.nanos.Load()) }

func (c *clock) advance(d time.Duration) { c.nanos.Add(int64(d)) }

// config is that of an API of this provider.
func (p *idp) config(c *clock) Config {
	return Config{Issuer: p.URL, Audience: []string{testAudience}, Clock: c.now, CoolDown: 10 * time.Second, Refresh: time.Hour, Staleness: 4 * time.Hour}
}

// world is a provider with the key p256, a clock, and a verifier.
type world struct {
	*idp
	*clock
	v *Verifier
}

func newWorld(t testing.TB, change ...func(*Config)) *world {
	w := &world{idp: newIDP(t, jwk(keysOf().p256, withID("p256"))), clock: newClock()}
	config := w.config(w.clock)
	for _, c := range change {
		c(&config)
	}
	w.v = newVerifier(t, config)
	return w
}

// good is a token of this provider, made now.
func (w *world) good(changes ...func(*made)) string {
	all := []func(*made){claim("iss", `"`+w.URL+`"`), claim("iat", unix(w.now())), claim("exp", unix(w.now().Add(time.Hour)))}
	return good(append(all, changes...)...)
}

// expect authenticates a token, and compares the class and the number of fetches since the beginning.
func (w *world) expect(t testing.TB, token string, want verdict.Verdict, fetches int64) {
	t.Helper()
	_, err := authenticate(w.v, token)
	if got := classOf(err); got != want {
		t.Errorf("%v, want %v (%v)", got, want, err)
	}
	if got := w.keys.Load(); got != fetches {
		t.Errorf("%d fetches, want %d", got, fetches)
	}
}

func rotated() func(*made) { return by("ES256", keysOf().otherP256, "new") }

func newKey() string { return jwk(keysOf().otherP256, withID("new")) }
