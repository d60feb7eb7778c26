package jwt

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// unknown is a token of a key that nobody has. It is a second older than what is fetched now.
func (w *world) unknown(i int) string {
	return w.good(by("ES256", keysOf().otherP256, fmt.Sprint("nobody-", i)), aSecondAgo(w))
}

func aSecondAgo(w *world) func(*made) { return claim("iat", unix(w.now().Add(-time.Second))) }

func TestDiscoveryIsLazy(t *testing.T) {
	w := newWorld(t)
	if w.metadata.Load() != 0 || w.keys.Load() != 0 {
		t.Fatal("the constructor asks")
	}
	w.expect(t, w.good(), ok, 1)
	w.expect(t, w.good(), ok, 1)
	if w.metadata.Load() != 1 {
		t.Errorf("%d requests for metadata", w.metadata.Load())
	}
}

func TestRefusedTokensFetchNothing(t *testing.T) {
	w := newWorld(t)
	for _, token := range []string{
		w.good(claim("aud", `"other"`)), w.good(claim("iss", `"other"`)), w.good(header("typ", `"JWT"`)), w.good(header("alg", `"none"`)),
		w.good(claim("nbf", unix(w.now().Add(time.Minute)))), w.good(claim("cnf", `{"jkt":"x"}`)), w.good(claimTwice("sub", `"x"`)), "x.y.z",
	} {
		w.expect(t, token, invalid, 0)
	}
	w.expect(t, w.good(), ok, 1)
	w.expect(t, w.good(by("ES256", keysOf().otherP256, "p256")), invalid, 1) // a bad signature of a known key
	w.expect(t, w.good(by("ES384", keysOf().p384, "p256")), invalid, 1)      // a known key that does not fit
	w.expect(t, w.good(claim("exp", unix(w.now())), rotated()), invalid, 1)  // expired, and of an unknown key
	w.expect(t, w.good(claim("exp", unix(w.now()))), expired, 1)
}

func TestExpiredFetchesTheFirstSet(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(claim("exp", unix(w.now()))), expired, 1)
}

func TestUnknownKeysFetchOnceInACoolDown(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	token := w.unknown(0)
	w.expect(t, token, invalid, 2) // the first time at once
	for i := range 50 {
		w.expect(t, w.unknown(i), invalid, 2)
	}
	w.advance(10*time.Second - time.Nanosecond)
	w.expect(t, token, invalid, 2)
	w.advance(time.Nanosecond)
	w.expect(t, token, invalid, 3)
	w.expect(t, token, invalid, 3)
	w.expect(t, w.good(), ok, 3)
}

// TestClockAhead has a provider whose clock is ahead. A key that a fetch did not bring is unknown, however young its token.
func TestClockAhead(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Leeway = time.Minute })
	w.expect(t, w.good(), ok, 1)
	young := claim("iat", unix(w.now().Add(30*time.Second)))
	w.expect(t, w.good(young, rotated()), invalid, 2)
	w.expect(t, w.good(young), ok, 2)
	w.expect(t, w.good(young, rotated()), unavailable, 2) // made after the fetch, as it says
}

func TestRotationAtOnce(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	w.serve(newKey())
	w.expect(t, w.good(rotated()), ok, 2)
	w.expect(t, w.good(), invalid, 3) // the old key is gone, and was asked for
	w.serve(jwk(keysOf().p521, withID("newest")))
	w.advance(time.Second)
	// The cool-down lasts: nobody knows whether the provider has this key, which is not the client's fault.
	newest := w.good(by("ES512", keysOf().p521, "newest"))
	w.expect(t, newest, unavailable, 3)
	w.advance(9 * time.Second)
	w.expect(t, newest, ok, 4)
}

// TestRotationInTheSecondOfAFetch has a key id that is invented, and a rotation half a second later. The new token says no more
// than that it is of the same second.
func TestRotationInTheSecondOfAFetch(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.unknown(0), invalid, 1)
	w.advance(time.Second / 2)
	w.serve(newKey())
	w.expect(t, w.good(rotated()), unavailable, 1)
	w.expect(t, w.good(rotated(), aSecondAgo(w)), invalid, 1) // older than the keys
	w.expect(t, w.good(rotated(), claim("iat", "")), invalid, 1)
	w.advance(10 * time.Second)
	w.expect(t, w.good(rotated()), ok, 2)
}

// TestRotationsInACoolDown has rotations only, which no cool-down delays.
func TestRotationsInACoolDown(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	for i := range 5 {
		id := fmt.Sprint("key-", i)
		w.serve(jwk(keysOf().p256, withID(id)))
		w.expect(t, w.good(by("ES256", keysOf().p256, id)), ok, int64(i+2))
	}
}

func TestProviderDown(t *testing.T) {
	w := newWorld(t)
	w.fail(500, "")
	w.expect(t, w.good(), unavailable, 1)
	w.expect(t, w.good(), unavailable, 1) // failures cool down too
	w.expect(t, w.good(claim("exp", "1")), unavailable, 1)
	w.expect(t, w.good(claim("aud", `"x"`)), invalid, 1)
	w.advance(10 * time.Second)
	w.expect(t, w.good(), unavailable, 2)
	w.serve(jwk(keysOf().p256, withID("p256")))
	w.expect(t, w.good(), unavailable, 2)
	w.advance(10 * time.Second)
	w.expect(t, w.good(), ok, 3)

	w.fail(503, "")
	w.expect(t, w.good(), ok, 3)
	w.expect(t, w.unknown(1), unavailable, 4)
	w.expect(t, w.unknown(2), unavailable, 4)
	w.expect(t, w.good(), ok, 4)
}

func TestStaleness(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	w.fail(500, "")
	w.advance(4*time.Hour - time.Second)
	w.expect(t, w.good(), ok, 1) // a renewal began behind it
	w.settle(t)
	w.advance(time.Second)
	w.expect(t, w.good(), unavailable, 2)
	w.advance(10 * time.Second)
	w.expect(t, w.good(), unavailable, 3)
	w.serve(jwk(keysOf().p256, withID("p256")))
	w.advance(10 * time.Second)
	w.expect(t, w.good(), ok, 4)
}

// settle waits for the fetch under way.
func (w *world) settle(t testing.TB) {
	t.Helper()
	p := w.v.source.(*provider)
	p.mu.Lock()
	f := p.flight
	p.mu.Unlock()
	if f != nil {
		<-f.done
	}
}

// TestRefresh lets the provider withdraw a key: it is good until the set is old, and no longer.
func TestRefresh(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	w.serve(newKey())
	w.advance(time.Hour - time.Second)
	w.expect(t, w.good(), ok, 1)
	w.advance(time.Second)
	if _, err := authenticate(w.v, w.good(by("ES256", keysOf().otherP256, "p256"))); classOf(err) != invalid {
		t.Error(err)
	}
	w.settle(t)
	if w.keys.Load() != 1 {
		t.Error("a bad signature renews the keys")
	}
	_, err := authenticate(w.v, w.good())
	w.settle(t)
	if err != nil || w.keys.Load() != 2 {
		t.Errorf("%v after %d fetches", err, w.keys.Load())
	}
	w.expect(t, w.good(), invalid, 3) // withdrawn; the provider was asked again, for the key is unknown now
}

// TestClockSetBack has a clock that is an hour off, and then right.
func TestClockSetBack(t *testing.T) {
	w := newWorld(t)
	w.advance(time.Hour)
	w.fail(500, "")
	w.expect(t, w.good(), unavailable, 1)
	w.advance(-time.Hour)
	w.serve(jwk(keysOf().p256, withID("p256")))
	w.expect(t, w.good(), ok, 2)
}

// TestFaults has a provider that answers in all ways but the right one. A set that was good before stays.
func TestFaults(t *testing.T) {
	foreign := newIDP(t, jwk(keysOf().p256, withID("p256")), newKey())
	faults := map[string]http.HandlerFunc{
		"404":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"204":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"empty":   func(http.ResponseWriter, *http.Request) {},
		"aborted": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"another host": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, foreign.URL+"/jwks", http.StatusFound)
		},
		"another scheme": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+"/jwks", http.StatusFound)
		},
		"a loop": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"endless": func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := fmt.Fprint(w, strings.Repeat(" ", 1<<16)); err != nil {
					return
				}
			}
		},
		"a gzip bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			bomb := gzip.NewWriter(w)
			zeros := make([]byte, 1<<20)
			for range 4 {
				_, _ = bomb.Write(zeros)
			}
			_ = bomb.Close()
		},
		"slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"a slow body": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, `{"keys":[`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		},
	}
	for name, text := range map[string]string{
		"garbage": "<html>", "an empty set": jwks(), "no keys": `{}`, "null": `null`, "keys null": `{"keys":null}`, "keys an object": `{"keys":{}}`,
		"KEYS": `{"KEYS":[` + newKey() + `]}`, "keys twice": `{"keys":[],"keys":[` + newKey() + `]}`, "cut": `{"keys":[` + newKey(), "two documents": jwks(newKey()) + jwks(),
		"deep": strings.Repeat("[", 1<<19), "a list": `[` + newKey() + `]`, "only bad keys": jwks(`{}`, `null`, `5`, `"x"`, `[]`), "a secret": jwks(`{"kty":"oct","k":"AAAA","kid":"p256"}`),
		"larger than 1 MiB": jwks(newKey()) + strings.Repeat(" ", 1<<20), "too many": jwks(strings.Repeat("{},", 1001) + newKey()),
	} {
		faults[name] = func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testFault(t, fault)
		})
	}
	t.Cleanup(func() {
		if foreign.keys.Load() != 0 {
			t.Error("a redirect to another host was followed")
		}
	})
}

func testFault(t *testing.T, fault http.HandlerFunc) {
	w := newWorld(t, func(c *Config) { c.Timeout = 100 * time.Millisecond })
	good := w.answer
	w.answerWith(fault)
	unavailableIn(t, w, w.good())
	w.advance(time.Minute)
	w.answerWith(good)
	if _, err := authenticate(w.v, w.good()); err != nil {
		if !strings.Contains(err.Error(), "deadline") { // of a loaded machine
			t.Error(err)
		}
		return
	}
	w.answerWith(fault)
	unavailableIn(t, w, w.good(rotated()))
	if _, err := authenticate(w.v, w.good()); err != nil {
		t.Errorf("the old set is gone: %v", err)
	}
}

func unavailableIn(t *testing.T, w *world, token string) {
	t.Helper()
	if _, err := authenticate(w.v, token); classOf(err) != unavailable {
		t.Errorf("%v: %v", classOf(err), err)
	}
}

func TestLargestDocument(t *testing.T) {
	w := newWorld(t)
	set := jwks(jwk(keysOf().p256, withID("p256")))
	w.fail(200, set+strings.Repeat(" ", maxDocument-len(set)))
	w.expect(t, w.good(), ok, 1)
}

func TestRedirectWithinTheOrigin(t *testing.T) {
	w := newWorld(t)
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Redirect(rw, r, "/jwks?moved", http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(rw, jwks(jwk(keysOf().p256, withID("p256"))))
	})
	w.expect(t, w.good(), ok, 2)
}

func TestOrigins(t *testing.T) {
	const first = "https://id.example.com/jwks"
	for to, want := range map[string]bool{
		"https://id.example.com/moved": true, "https://ID.example.com:443/": true, "http://id.example.com/jwks": false, "https://id.example.com:8443/jwks": false,
		"https://id.example.com./jwks": false, "https://evil.example/jwks": false,
	} {
		via := []*http.Request{httptest.NewRequest("GET", first, nil)}
		if err := newClient(nil).CheckRedirect(httptest.NewRequest("GET", to, nil), via); (err == nil) != want {
			t.Errorf("%s: %v", to, err)
		}
	}
}

// TestOwnRedirectPolicy has a client of the application that follows none.
func TestOwnRedirectPolicy(t *testing.T) {
	refuse := errors.New("no redirects")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return refuse }}
	w := newWorld(t, func(c *Config) { c.HTTPClient = client })
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/jwks", http.StatusFound) })
	_, err := authenticate(w.v, w.good())
	if !errors.Is(err, refuse) || classOf(err) != unavailable {
		t.Error(err)
	}
}

// transport is a transport that misbehaves.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPanickingTransport(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.HTTPClient = &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { panic("transport") })}
	})
	w.expect(t, w.good(), unavailable, 0)
}

// TestDeafTransport has a transport that ignores its context. Requests do not wait for it for ever, and known keys stay good.
func TestDeafTransport(t *testing.T) {
	deaf, hear := atomic.Bool{}, make(chan struct{})
	defer close(hear)
	w := newWorld(t, func(c *Config) {
		c.Timeout = 50 * time.Millisecond
		c.HTTPClient = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if deaf.Load() {
				<-hear
			}
			return http.DefaultTransport.RoundTrip(r.WithContext(context.Background()))
		})}
	})
	w.expect(t, w.good(), ok, 1)
	deaf.Store(true)
	w.expect(t, w.good(rotated()), unavailable, 1)
	w.expect(t, w.good(), ok, 1)
}

// TestCancelledRequest cancels the request that started a fetch. The others still get their answer.
func TestCancelledRequest(t *testing.T) {
	w := newWorld(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	good := w.answer
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		good(rw, r)
	})
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() {
		_, err := w.v.Authenticate(ctx, guardtest.BearerToken(w.good()))
		first <- err
	}()
	<-arrived
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) || classOf(err) != unavailable {
		t.Error(err)
	}
	close(release)
	w.expect(t, w.good(), ok, 1)
}

// TestFlood sends ten thousand unknown key ids from many goroutines, among good tokens, in three cool-downs.
func TestFlood(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	right, claims := w.good(), b64([]byte(jsonOf(build(claim("iss", `"`+w.URL+`"`), aSecondAgo(w)).claims)))
	for round := range int64(3) {
		parallel(10_000, func(i int) {
			if i%50 == 0 {
				if _, err := authenticate(w.v, right); err != nil {
					t.Error(err)
				}
				return
			}
			header := fmt.Sprintf(`{"alg":"ES256","typ":"at+jwt","kid":"%d-%d"}`, round, i)
			forged := b64([]byte(header)) + "." + claims + ".AAAA"
			if _, err := authenticate(w.v, forged); classOf(err) != invalid {
				t.Errorf("%v", err)
			}
		})
		if got := w.keys.Load(); got != round+2 {
			t.Errorf("%d fetches after cool-down %d", got, round)
		}
		w.advance(10 * time.Second)
	}
}

// parallel calls f n times, from sixteen goroutines.
func parallel(n int, f func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for i := int(next.Add(1)); i <= n; i = int(next.Add(1)) {
				f(i)
			}
		})
	}
	all.Wait()
}

// TestRotationUnderLoad adds a key eight times while sixteen goroutines send tokens of the newest one.
func TestRotationUnderLoad(t *testing.T) {
	w := newWorld(t)
	var current atomic.Pointer[string]
	var keys []string
	issue := func(i int) {
		id := fmt.Sprint("key-", i)
		keys = append(keys, jwk(keysOf().p256, withID(id)))
		w.serve(keys...)
		token := w.good(by("ES256", keysOf().p256, id))
		current.Store(&token)
	}
	issue(0)
	var rotating sync.Mutex
	parallel(1000, func(i int) {
		if i%125 == 0 {
			rotating.Lock()
			issue(i)
			rotating.Unlock()
		}
		if _, err := authenticate(w.v, *current.Load()); err != nil {
			t.Errorf("%v: %v", classOf(err), err)
		}
	})
	if got := w.keys.Load(); got < 2 || got > 18 {
		t.Errorf("%d fetches for 9 keys", got)
	}
}

// TestReplacementUnderLoad replaces the only key while sixteen goroutines send tokens of the old one. Those of the new one
// are never refused.
func TestReplacementUnderLoad(t *testing.T) {
	w := newWorld(t)
	old, next := w.good(), w.good(rotated())
	var replaced atomic.Bool
	parallel(1000, func(i int) {
		if i == 500 {
			w.serve(newKey())
			replaced.Store(true)
		}
		if replaced.Load() {
			if _, err := authenticate(w.v, next); err != nil {
				t.Errorf("%v: %v", classOf(err), err)
			}
		}
		if _, err := authenticate(w.v, old); err != nil && !replaced.Load() {
			t.Errorf("%v: %v", classOf(err), err)
		}
	})
	if got := w.keys.Load(); got > 3 {
		t.Errorf("%d fetches", got)
	}
}

// TestOutageUnderLoad takes the provider away and brings it back, with rotation, under load: no token is called invalid.
func TestOutageUnderLoad(t *testing.T) {
	w := newWorld(t)
	w.expect(t, w.good(), ok, 1)
	old, next := w.good(), w.good(rotated())
	w.fail(500, "")
	parallel(1000, func(i int) {
		switch {
		case i == 500:
			w.serve(newKey(), jwk(keysOf().p256, withID("p256")))
		case i%100 == 0:
			w.advance(time.Second)
		}
		if _, err := authenticate(w.v, old); err != nil {
			t.Errorf("a known key: %v", err)
		}
		if _, err := authenticate(w.v, next); err != nil && classOf(err) != unavailable {
			t.Errorf("%v: %v", classOf(err), err)
		}
	})
	w.advance(10 * time.Second)
	if _, err := authenticate(w.v, next); err != nil {
		t.Error(err)
	}
}

// TestSlowProvider measures nothing: in the bubble time passes only when all wait. Known keys wait for nobody.
func TestSlowProvider(t *testing.T) {
	keysOf()
	synctest.Test(t, func(t *testing.T) {
		slow := false
		p := &provider{
			fetch: func(bool) (*keySet, error) {
				if slow {
					time.Sleep(5 * time.Second)
					return nil, errSet
				}
				set, _, err := parseSet([]byte(testSet()))
				return set, err
			},
			now: time.Now, coolDown: 10 * time.Second, refresh: time.Minute, staleness: time.Hour, patience: 6 * time.Second,
		}
		ask := func(token string) (time.Duration, error) {
			begun := time.Now()
			c := must(parseCompact(token))
			_, err := p.keys(context.Background(), c, false)
			p.renew()
			return time.Since(begun), err
		}
		_, _ = ask(good())
		slow = true
		time.Sleep(2 * time.Minute)
		for range 3 { // a renewal is under way
			if took, err := ask(good()); took != 0 || err != nil {
				t.Errorf("a known key waits %v: %v", took, err)
			}
		}
		var all sync.WaitGroup
		for i := range 1000 {
			all.Go(func() {
				token := good(header("kid", fmt.Sprintf(`"n-%d"`, i)))
				if took, err := ask(token); classOf(err) != unavailable || took > 5*time.Second {
					t.Errorf("%v after %v", classOf(err), took)
				}
			})
		}
		all.Wait()
	})
}

func TestCrowd(t *testing.T) {
	f := &flight{waiting: maxWaiting, done: make(chan struct{})}
	p := &provider{flight: f, now: atNoon, fetch: nil}
	_, err := p.keys(context.Background(), must(parseCompact(good())), false)
	if classOf(err) != unavailable {
		t.Error(err)
	}
}

// TestTwoWaits joins a fetch that began before the key was published.
func TestTwoWaits(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Refresh = time.Minute })
	w.expect(t, w.good(), ok, 1)
	w.advance(time.Hour)
	read, release := make(chan struct{}), make(chan struct{})
	old := w.answer
	w.answerWith(func(rw http.ResponseWriter, r *http.Request) {
		close(read)
		<-release
		old(rw, r)
	})
	if _, err := authenticate(w.v, w.good()); err != nil { // begins a renewal
		t.Fatal(err)
	}
	<-read
	w.serve(newKey())
	result := make(chan error)
	token := w.good(rotated())
	go func() {
		_, err := authenticate(w.v, token)
		result <- err
	}()
	for w.waiting() == 0 {
		time.Sleep(time.Millisecond)
	}
	close(release)
	if err := <-result; err != nil {
		t.Error(err)
	}
	if got := w.keys.Load(); got != 3 {
		t.Errorf("%d fetches", got)
	}
}

// waiting is how many wait for the fetch under way.
func (w *world) waiting() int {
	p := w.v.source.(*provider)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.flight == nil {
		return 0
	}
	return p.flight.waiting
}

func TestDiscovery(t *testing.T) {
	const oidc, oauth = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
	good := `{"issuer":"ISSUER","jwks_uri":"ORIGIN/keys"}`
	for _, c := range []struct {
		name, issuerPath, at, metadata string
		want                           verdict.Verdict
	}{
		{"OpenID Connect", "", oidc, good, ok},
		{"OpenID Connect with a path", "/realms/a", "/realms/a" + oidc, good, ok},
		{"OpenID Connect with a slash", "/a/", "/a" + oidc, good, ok},
		{"RFC 8414", "", oauth, good, ok},
		{"RFC 8414 with a path", "/realms/a", oauth + "/realms/a", good, ok},
		{"RFC 8414 with a slash", "/a/", oauth + "/a", good, ok},
		{"nowhere", "", "/elsewhere", good, unavailable},
		{"another issuer", "", oidc, `{"issuer":"https://evil.example","jwks_uri":"ORIGIN/keys"}`, unavailable},
		{"the issuer with a slash", "", oidc, `{"issuer":"ISSUER/","jwks_uri":"ORIGIN/keys"}`, unavailable},
		{"the issuer twice", "", oidc, `{"issuer":"x","issuer":"ISSUER","jwks_uri":"ORIGIN/keys"}`, unavailable},
		{"no issuer", "", oidc, `{"jwks_uri":"ORIGIN/keys"}`, unavailable},
		{"no jwks_uri", "", oidc, `{"issuer":"ISSUER"}`, unavailable},
		{"jwks_uri relative", "", oidc, `{"issuer":"ISSUER","jwks_uri":"/keys"}`, unavailable},
		{"jwks_uri a file", "", oidc, `{"issuer":"ISSUER","jwks_uri":"file:///keys"}`, unavailable},
		{"jwks_uri without TLS", "", oidc, `{"issuer":"ISSUER","jwks_uri":"http://id.example/keys"}`, unavailable},
		{"jwks_uri a list", "", oidc, `{"issuer":"ISSUER","jwks_uri":["ORIGIN/keys"]}`, unavailable},
		{"garbage", "", oidc, `<html>`, unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			var origin, issuer string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case c.at:
					fmt.Fprint(w, strings.NewReplacer("ISSUER", issuer, "ORIGIN", origin).Replace(c.metadata))
				case "/keys":
					fmt.Fprint(w, testSet())
				default:
					w.WriteHeader(404)
				}
			}))
			defer server.Close()
			origin, issuer = server.URL, server.URL+c.issuerPath
			v := newVerifier(t, Config{Issuer: issuer, Audience: []string{testAudience}, Clock: atNoon})
			_, err := authenticate(v, buildFor(issuer))
			if got := classOf(err); got != c.want {
				t.Errorf("%v: %v", got, err)
			}
		})
	}
}

func buildFor(issuer string) string { return good(claim("iss", `"`+issuer+`"`)) }

// TestMovedKeys has a provider that moves its keys, and leaves the old ones where they were.
func TestMovedKeys(t *testing.T) {
	address := "/old"
	var origin string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			fmt.Fprint(w, jwks(jwk(keysOf().p256, withID("p256"))))
		case "/new":
			fmt.Fprint(w, jwks(newKey()))
		default:
			fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q}`, origin, origin+address)
		}
	}))
	defer server.Close()
	origin = server.URL
	now := newClock()
	v := newVerifier(t, Config{Issuer: origin, Audience: []string{testAudience}, Clock: now.now})
	if _, err := authenticate(v, buildFor(origin)); err != nil {
		t.Fatal(err)
	}
	address = "/new"
	token := good(claim("iss", `"`+origin+`"`), rotated())
	_, _ = authenticate(v, token)
	now.advance(10 * time.Second)
	if _, err := authenticate(v, token); err != nil {
		t.Error(err)
	}
}

func TestJWKSURL(t *testing.T) {
	w := newWorld(t)
	config := w.config(w.clock)
	config.JWKSURL, config.Issuer = w.URL+"/jwks", "an issuer that is not a URL"
	w.v = newVerifier(t, config)
	w.expect(t, w.good(claim("iss", `"an issuer that is not a URL"`)), ok, 1)
	w.expect(t, w.unknown(1), invalid, 1)
	if w.metadata.Load() != 0 {
		t.Error("metadata was asked for")
	}
}
