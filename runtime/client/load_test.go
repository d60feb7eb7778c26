package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// fewer is a tenth under the race detector, which is slow.
func fewer(n int64) int64 {
	if raceEnabled {
		return n / 10
	}
	return n
}

// An API whose tokens expired all at once, a page that is forbidden, and another origin. Everything is counted.
type busy struct {
	valid                              atomic.Pointer[string]
	requests, refused, forbidden, away atomic.Int64
	leaked                             atomic.Int64
}

func (b *busy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.requests.Add(1)
	io.Copy(io.Discard, r.Body)
	switch {
	case r.Header.Get("Authorization") != "Bearer "+*b.valid.Load():
		b.refused.Add(1)
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(401)
		io.WriteString(w, "expired")
	case r.URL.Path == "/forbidden":
		b.forbidden.Add(1)
		w.WriteHeader(403)
	case r.URL.Path == "/away":
		http.Redirect(w, r, r.Header.Get("X-Foreign"), http.StatusTemporaryRedirect)
	}
}

// foreign is the other origin, which sends everybody back.
func (b *busy) foreign(home string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b.away.Add(1)
		if r.Header.Get("Authorization") != "" {
			b.leaked.Add(1)
		}
	}
}

// The same on real connections, with fewer goroutines.
func TestLoad(t *testing.T) {
	goroutines := fewer(1_000)
	b := &busy{}
	first := "t1"
	b.valid.Store(&first)
	home := httptest.NewServer(b)
	defer home.Close()
	foreign := httptest.NewServer(b.foreign(home.URL))
	defer foreign.Close()
	source := &counter{}
	through := &http.Transport{MaxConnsPerHost: 50, MaxIdleConnsPerHost: 50}
	defer through.CloseIdleConnections()
	c := &http.Client{Transport: newTransport(t, client.Options{Origin: home.URL, Base: through, Credentials: []client.Credential{client.Bearer(source)}})}
	get := func(path string) int {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", home.URL+path, strings.NewReader("x"))
		req.Header.Set("X-Foreign", foreign.URL)
		resp, err := c.Do(req)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	get("/")
	second := "t2"
	b.valid.Store(&second)
	b.requests.Store(0)
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			path, want := []string{"/", "/forbidden", "/away", "/"}[i%4], []int{200, 403, 200, 200}[i%4]
			if got := get(path); got != want {
				t.Errorf("%s: %d", path, got)
			}
		})
	}
	all.Wait()
	if source.calls() != 2 {
		t.Errorf("%d tokens were fetched, want the first and one refresh", source.calls())
	}
	if b.forbidden.Load() != goroutines/4 || b.away.Load() != goroutines/4 || b.leaked.Load() != 0 {
		t.Errorf("%d forbidden, %d away, %d leaked", b.forbidden.Load(), b.away.Load(), b.leaked.Load())
	}
	if b.requests.Load() != goroutines+b.refused.Load() {
		t.Errorf("%d requests, %d refused", b.requests.Load(), b.refused.Load())
	}
	t.Logf("%d goroutines: %d requests, %d with the old token", goroutines, b.requests.Load(), b.refused.Load())
}

// Ten thousand goroutines hold the old token when the first 401 comes. One refresh serves them all, no 403 is retried, and
// no token goes to another origin.
func TestAllRefusedAtOnce(t *testing.T) {
	goroutines := fewer(10_000)
	var old, forbidden, away, leaked atomic.Int64
	everybody := make(chan struct{})
	to := roundTripper(func(req *http.Request) (*http.Response, error) {
		switch auth := req.Header.Get("Authorization"); {
		case req.URL.Host == "evil.example":
			if away.Add(1); auth != "" {
				leaked.Add(1)
			}
			return response(200), nil
		case auth == "Bearer t1":
			if old.Add(1) == goroutines {
				close(everybody)
			}
			<-everybody
			return response(401), nil
		case auth != "Bearer t2":
			return response(500), nil
		case req.URL.Path == "/forbidden":
			forbidden.Add(1)
			return response(403), nil
		case req.URL.Path == "/away":
			return response(307, "Location: https://evil.example/"), nil
		}
		return response(200), nil
	})
	source := &counter{}
	c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(source)}})}
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			path, want := []string{"/", "/forbidden", "/away", "/"}[i%4], []int{200, 403, 200, 200}[i%4]
			if resp, err := c.Get("https://api.example.com" + path); err != nil || resp.StatusCode != want {
				t.Errorf("%v, %v", resp, err)
			}
		})
	}
	all.Wait()
	if source.calls() != 2 || old.Load() != goroutines {
		t.Errorf("%d tokens, %d requests with the old one", source.calls(), old.Load())
	}
	if forbidden.Load() != goroutines/4 || away.Load() != goroutines/4 || leaked.Load() != 0 {
		t.Errorf("%d forbidden, %d away, %d leaked", forbidden.Load(), away.Load(), leaked.Load())
	}
}

// All wait for one token, and each gets its own answer.
func TestOneFetchForAll(t *testing.T) {
	release := make(chan struct{})
	var calls atomic.Int64
	source := client.TokenFunc(func(context.Context) (client.Token, error) {
		calls.Add(1)
		<-release
		return client.NewToken("t", time.Time{}), nil
	})
	transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: &record{}, Credentials: []client.Credential{client.Bearer(source)}})
	var all sync.WaitGroup
	for range 1000 {
		all.Go(func() {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
			if _, err := transport.RoundTrip(req); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(10 * time.Millisecond)
	close(release)
	all.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d calls", calls.Load())
	}
}

// HTTP/2, with a body that is sent again and one that is not.
func TestHTTP2(t *testing.T) {
	b := &busy{}
	second := "t2"
	b.valid.Store(&second)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s", r.Proto)
		}
		b.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	source := &counter{}
	transport := newTransport(t, client.Options{Origin: server.URL, Base: server.Client().Transport, Credentials: []client.Credential{client.Bearer(source)}})
	for _, test := range []struct {
		request string
		status  int
	}{{"POST stream", 401}, {"POST bytes", 200}, {"GET", 200}, {"POST long", 200}} {
		resp, err := (&http.Client{Transport: transport}).Do(request(t, test.request, server.URL))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != test.status {
			t.Errorf("%s: %d", test.request, resp.StatusCode)
		}
	}
	third := "t3"
	b.valid.Store(&third)
	resp, err := (&http.Client{Transport: transport}).Do(request(t, "POST long", server.URL))
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
}

// Nothing is left running after bodies that hang, refreshes and cancellations.
func TestNoGoroutineIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("work", func(t *testing.T) {
		hang := answer{raw: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\n", after: silent}
		for _, second := range []answer{says(200), hang, says(401)} {
			server := serve(t, hang, second)
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			req, _ := http.NewRequestWithContext(ctx, "GET", server.url, nil)
			if resp, err := bearer(t, server.url, &counter{}).Do(req); err == nil {
				resp.Body.Close()
			}
			cancel()
		}
	})
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	stacks := make([]byte, 64<<10)
	t.Errorf("%d goroutines before, %d after\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
}

// One connection suffices for a 401, the refresh at the same host, and the second attempt.
func TestOneConnection(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "t2") })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t2" {
			w.WriteHeader(401)
			io.WriteString(w, strings.Repeat("x", 10<<10))
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	through := &http.Transport{MaxConnsPerHost: 1}
	defer through.CloseIdleConnections()
	n := 0
	source := client.TokenFunc(func(ctx context.Context) (client.Token, error) {
		if n++; n == 1 {
			return client.NewToken("t1", time.Time{}), nil
		}
		req, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/token", nil)
		resp, err := (&http.Client{Transport: through}).Do(req)
		if err != nil {
			return client.Token{}, err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		return client.NewToken(string(text), time.Time{}), err
	})
	transport := newTransport(t, client.Options{Origin: server.URL, Base: through, RefreshTimeout: 5 * time.Second, Credentials: []client.Credential{client.Bearer(source)}})
	resp, err := (&http.Client{Transport: transport}).Get(server.URL)
	if err != nil || resp.StatusCode != 200 {
		t.Fatalf("%v, %v", resp, err)
	}
	resp.Body.Close()
}

// fixed answers without a network.
type fixed struct{ resp *http.Response }

func (f fixed) RoundTrip(*http.Request) (*http.Response, error) { return f.resp, nil }

// What a request costs when there is nothing to react to: the exchange, the copy of the request, the copy of its header,
// and the value of a field. Another origin costs nothing.
func TestCost(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	for name, test := range costs() {
		transport, req := test.prepare(t)
		transport.RoundTrip(req)
		if got := testing.AllocsPerRun(100, func() { transport.RoundTrip(req) }); got > test.most {
			t.Errorf("%s: %.0f allocations, want %.0f at most", name, got, test.most)
		}
	}
}

type cost struct {
	credential client.Credential
	url        string
	most       float64
}

func costs() map[string]cost {
	return map[string]cost{
		"bearer":  {client.Bearer(client.StaticToken("t")), "https://api.example.com/x", 6},
		"basic":   {client.Basic("u", "p"), "https://api.example.com/x", 7},
		"header":  {client.HeaderKey("X-Key", "k"), "https://api.example.com/x", 7},
		"foreign": {client.Bearer(client.StaticToken("t")), "https://other.example/x", 0},
	}
}

func (c cost) prepare(t testing.TB) (*client.Transport, *http.Request) {
	t.Helper()
	transport, err := client.New(client.Options{Origin: "https://api.example.com", Base: fixed{response(200)}, Credentials: []client.Credential{c.credential}})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "GET", c.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	return transport, req
}

func BenchmarkRoundTrip(b *testing.B) {
	for name, test := range costs() {
		b.Run(name, func(b *testing.B) {
			transport, req := test.prepare(b)
			b.ReportAllocs()
			for b.Loop() {
				transport.RoundTrip(req)
			}
		})
	}
}

func BenchmarkParseChallenges(b *testing.B) {
	header := http.Header{"Www-Authenticate": {`Basic realm="x", charset="UTF-8", Bearer realm="x", error="invalid_token"`}}
	b.ReportAllocs()
	for b.Loop() {
		client.ParseChallenges(header)
	}
}

func ExampleParseChallenges() {
	header := http.Header{}
	header.Add("WWW-Authenticate", `Basic realm="a, b", Bearer error="invalid_token"`)
	for _, challenge := range client.ParseChallenges(header) {
		fmt.Println(challenge.Scheme, challenge.Params)
	}
	// Output:
	// Basic [{realm a, b}]
	// Bearer [{error invalid_token}]
}
