package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

var errSource = errors.New("the provider is down")

// The first token cannot be had: nothing is sent.
func TestNoFirstToken(t *testing.T) {
	server := serve(t, says(200))
	_, err := bearer(t, server.url, &counter{fail: func(int) error { return errSource }}).Get(server.url)
	var refresh *client.RefreshError
	if !errors.Is(err, errSource) || !errors.As(err, &refresh) || refresh.Denial != nil || server.seen() != "" {
		t.Errorf("%v, %q", err, server.seen())
	}
}

// A refresh that fails carries the cause and the 401.
func TestFailedRefresh(t *testing.T) {
	server := serve(t, wrote(401, `{"title":"No","code":"gone"}`, challenge(`Bearer error="invalid_token", realm="x"`), "Content-Type: application/problem+json"))
	source := &counter{fail: func(n int) error {
		if n == 2 {
			return errSource
		}
		return nil
	}}
	c := bearer(t, server.url, source)
	_, err := c.Get(server.url)
	var refresh *client.RefreshError
	if !errors.As(err, &refresh) || errors.Unwrap(refresh) != errSource {
		t.Fatal(err)
	}
	denial, ok := client.AsDenial(err)
	if !ok || denial.Status != 401 || denial.Problem.Code != "gone" || len(denial.Challenges) != 1 || denial.Challenges[0].Scheme != "Bearer" {
		t.Errorf("%+v", denial)
	}
	if want := "client: no token for the request after 401 Unauthorized (Bearer invalid_token): the provider is down"; refresh.Error() != want {
		t.Error(refresh)
	}
	resp, err := c.Get(server.url)
	if err != nil || server.seen() != "t1 t3 t4" {
		t.Fatalf("%v, %s", err, server.seen())
	}
	resp.Body.Close()
}

// A body that cannot be sent again, and no token either: the 401 is the answer.
func TestFailedRefreshOfAStream(t *testing.T) {
	server := serve(t, wrote(401, "why"))
	source := &counter{fail: func(n int) error {
		if n == 2 {
			return errSource
		}
		return nil
	}}
	resp, err := bearer(t, server.url, source).Do(request(t, "POST stream", server.url))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 401 || string(body) != "why" || source.calls() != 2 {
		t.Errorf("%d %q %d", resp.StatusCode, body, source.calls())
	}
}

// After a streamed body the next request has the new token at once.
func TestRefreshForTheNext(t *testing.T) {
	server, source := serve(t, wrote(401, "why"), says(200)), &counter{}
	c := bearer(t, server.url, source)
	resp, err := c.Do(request(t, "POST stream", server.url))
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(resp.Body); string(body) != "why" || err != nil {
		t.Errorf("%q %v", body, err)
	}
	if source.calls() != 2 {
		t.Errorf("%d tokens before the next request", source.calls())
	}
	if resp, err = c.Get(server.url); err != nil || resp.StatusCode != 200 || server.seen() != "t1 t2" {
		t.Errorf("%v, %s", err, server.seen())
	}
}

// A source that has only the refused token: the 401 is the answer, and the token is not sent again.
func TestRefusedToken(t *testing.T) {
	server := serve(t, wrote(401, "why"))
	c := bearer(t, server.url, client.StaticToken("fixed"))
	resp, err := c.Get(server.url)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	if denial := client.Denied(resp); resp.StatusCode != 401 || string(body) != "why" || denial.Reason != "the source has no other token" {
		t.Errorf("%d %q %v", resp.StatusCode, body, denial)
	}
	_, err = c.Get(server.url)
	if denial, ok := client.AsDenial(err); !errors.Is(err, client.ErrTokenRefused) || !ok || denial.Status != 401 || server.seen() != "fixed" {
		t.Errorf("%v, %s", err, server.seen())
	}
	if strings.Contains(err.Error(), "fixed") {
		t.Errorf("the error shows the token: %v", err)
	}
}

// A token that was refused earlier stays refused, whatever came between.
func TestTokensInTurn(t *testing.T) {
	server := serve(t, says(401))
	n := 0
	c := bearer(t, server.url, client.TokenFunc(func(context.Context) (client.Token, error) {
		n++
		return client.NewToken([]string{"a", "b"}[n%2], time.Time{}), nil
	}))
	for range 3 {
		if resp, err := c.Get(server.url); err == nil {
			resp.Body.Close()
		}
	}
	if server.seen() != "b a" {
		t.Error(server.seen())
	}
}

func TestExpiry(t *testing.T) {
	tests := []struct {
		life, pause time.Duration
		calls       int
	}{
		{time.Hour, time.Minute, 1},
		{time.Hour, time.Hour - 11*time.Second, 1},
		{time.Hour, time.Hour - 9*time.Second, 2},
		{10 * time.Second, 8 * time.Second, 1}, // the skew is a tenth of the life
		{10 * time.Second, 9500 * time.Millisecond, 2},
		{-time.Hour, 0, 2}, // used once: clocks differ
		{0, 1000 * time.Hour, 1},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			to, source := &record{}, &counter{life: test.life}
			c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(source)}})}
			for range 2 {
				if _, err := c.Get("https://api.example.com"); err != nil {
					t.Fatal(err)
				}
				time.Sleep(test.pause)
			}
			if source.calls() != test.calls {
				t.Errorf("%+v: %d calls", test, source.calls())
			}
		})
	}
}

// The source is down when a token is to be renewed early: the token serves until it expires.
func TestOutageBeforeExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to, source := &record{}, &counter{life: time.Hour, fail: func(n int) error {
			if n > 1 {
				return errSource
			}
			return nil
		}}
		c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(source)}})}
		for _, step := range []struct {
			pause time.Duration
			calls int
			down  bool
		}{{0, 1, false}, {time.Hour - 5*time.Second, 2, false}, {5 * time.Second, 3, true}} {
			time.Sleep(step.pause)
			if _, err := c.Get("https://api.example.com"); errors.Is(err, errSource) != step.down || source.calls() != step.calls {
				t.Errorf("%+v: %v, %d calls", step, err, source.calls())
			}
		}
	})
}

func TestBadSources(t *testing.T) {
	token := func(text string) client.TokenSource {
		return client.TokenFunc(func(context.Context) (client.Token, error) { return client.NewToken(text, time.Time{}), nil })
	}
	tests := []struct {
		name   string
		source client.TokenSource
		want   string
	}{
		{"empty", token(""), "returned no token"},
		{"zero", client.TokenFunc(func(context.Context) (client.Token, error) { return client.Token{}, nil }), "returned no token"},
		{"line feed", token("secret\r\nX: y"), "no header field can carry"},
		{"space at the end", token("secret "), "no header field can carry"},
		{"not ASCII", token("secrét"), "no header field can carry"},
		{"panic", client.TokenFunc(func(context.Context) (client.Token, error) { panic("no") }), "token source panicked: no"},
		{"panic with an error", client.TokenFunc(func(context.Context) (client.Token, error) { panic(errSource) }), "panicked: the provider is down"},
		{"runtime error", client.TokenFunc(func(ctx context.Context) (client.Token, error) {
			return client.NewToken(strings.Fields("")[3], time.Time{}), nil
		}), "index out of range"},
		{"goexit", client.TokenFunc(func(context.Context) (client.Token, error) { runtime.Goexit(); return client.Token{}, nil }), "ended its goroutine"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, says(200))
			c := bearer(t, server.url, test.source)
			for range 2 {
				body := &closing{Reader: strings.NewReader("x")}
				req, _ := http.NewRequestWithContext(t.Context(), "POST", server.url, body)
				_, err := c.Do(req)
				if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secr") || server.seen() != "" {
					t.Errorf("%v, %q", err, server.seen())
				}
				if !body.closed.Load() {
					t.Error("the body was not closed")
				}
			}
		})
	}
}

type closing struct {
	io.Reader
	closed atomic.Bool
}

func (c *closing) Close() error { c.closed.Store(true); return nil }

// The request that started the refresh gives up: the others get their token.
func TestRefreshIsDetached(t *testing.T) {
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		source := client.TokenFunc(func(ctx context.Context) (client.Token, error) {
			calls++
			if ctx.Value(key{}) != nil {
				t.Error("the source sees a request's values")
			}
			if until, ok := ctx.Deadline(); !ok || time.Until(until) != 30*time.Second {
				t.Errorf("limit %s", time.Until(until))
			}
			select {
			case <-time.After(time.Second):
				return client.NewToken("t", time.Time{}), nil
			case <-ctx.Done():
				return client.Token{}, ctx.Err()
			}
		})
		to := &record{}
		transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(source)}})
		ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, 1))
		var all sync.WaitGroup
		all.Go(func() {
			req, _ := http.NewRequestWithContext(ctx, "GET", "https://api.example.com", nil)
			if _, err := transport.RoundTrip(req); !errors.Is(err, errSource) {
				t.Errorf("the one that gave up: %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
			if resp, err := transport.RoundTrip(req); err != nil || resp.StatusCode != 200 {
				t.Errorf("the other one: %v", err)
			}
		})
		synctest.Wait()
		cancel(errSource)
		all.Wait()
		if calls != 1 || len(to.sent) != 1 {
			t.Errorf("%d calls, %d requests", calls, len(to.sent))
		}
	})
}

// A source that does not end is given up after its limit, also when it ignores its context; it is not asked twice at a time.
func TestRefreshLimit(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var running, twice atomic.Int64
			source := client.TokenFunc(func(ctx context.Context) (client.Token, error) {
				if running.Add(1) > 1 {
					twice.Add(1)
				}
				defer running.Add(-1)
				if deaf {
					time.Sleep(time.Hour)
				}
				<-ctx.Done()
				return client.Token{}, ctx.Err()
			})
			transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: &record{}, RefreshTimeout: time.Minute, Credentials: []client.Credential{client.Bearer(source)}})
			begun := time.Now()
			for range 2 {
				req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
				if _, err := transport.RoundTrip(req); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			}
			if took := time.Since(begun); took > 2*time.Minute+time.Second || twice.Load() != 0 {
				t.Errorf("took %s, asked twice at a time: %d", took, twice.Load())
			}
			time.Sleep(2 * time.Hour) // synctest reports a goroutine that is left behind
		})
	}
}

// A source that asks through its own client would wait for itself.
func TestSourceAsksItsOwnClient(t *testing.T) {
	server := serve(t, says(200))
	foreign := serve(t, says(200))
	var c *http.Client
	ask := ""
	c = bearer(t, server.url, client.TokenFunc(func(ctx context.Context) (client.Token, error) {
		req, _ := http.NewRequestWithContext(ctx, "GET", ask, nil)
		resp, err := c.Do(req)
		if err != nil {
			return client.Token{}, err
		}
		return client.NewToken("t", time.Time{}), resp.Body.Close()
	}))
	ask = server.url
	begun := time.Now()
	if _, err := c.Get(server.url); err == nil || !strings.Contains(err.Error(), "through the client that waits for it") || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
	ask = foreign.url
	if resp, err := c.Get(server.url); err != nil || resp.StatusCode != 200 || foreign.seen() != "-" {
		t.Errorf("another origin: %v, %s", err, foreign.seen())
	}
}

// Two clients whose sources ask each other.
func TestSourcesAskEachOther(t *testing.T) {
	one, two := serve(t, says(200)), serve(t, says(200))
	var first, second *http.Client
	through := func(c **http.Client, url string) client.TokenSource {
		return client.TokenFunc(func(ctx context.Context) (client.Token, error) {
			req, _ := http.NewRequestWithContext(ctx, "GET", url, nil)
			resp, err := (*c).Do(req)
			if err != nil {
				return client.Token{}, err
			}
			return client.NewToken("t", time.Time{}), resp.Body.Close()
		})
	}
	first = bearer(t, one.url, through(&second, two.url))
	second = bearer(t, two.url, through(&first, one.url))
	begun := time.Now()
	if _, err := first.Get(one.url); err == nil || !strings.Contains(err.Error(), "through the client that waits for it") || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

// Contexts end the wait for a token, for the answer, and for the body of a 401.
func TestContexts(t *testing.T) {
	never := client.TokenFunc(func(ctx context.Context) (client.Token, error) { <-ctx.Done(); return client.Token{}, ctx.Err() })
	hang := answer{raw: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\n", after: silent}
	tests := []struct {
		name   string
		source client.TokenSource
		answer answer
	}{
		{"while a token is fetched", never, says(200)},
		{"while the server thinks", &counter{}, answer{after: silent}},
		{"while the body of a 401 comes", &counter{}, hang},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, test.answer)
			transport := newTransport(t, client.Options{Origin: server.url, RefreshTimeout: 2 * time.Second, Credentials: []client.Credential{client.Bearer(test.source)}})
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, "GET", server.url, nil)
			begun := time.Now()
			_, err := (&http.Client{Transport: transport}).Do(req)
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > time.Second {
				t.Errorf("%v after %s", err, time.Since(begun))
			}
			if timeout, ok := err.(interface{ Timeout() bool }); !ok || !timeout.Timeout() {
				t.Errorf("no timeout: %v", err)
			}
			begun = time.Now()
			_, err = (&http.Client{Transport: transport, Timeout: 50 * time.Millisecond}).Get(server.url)
			if err == nil || time.Since(begun) > time.Second {
				t.Errorf("http.Client.Timeout: %v after %s", err, time.Since(begun))
			}
		})
	}
}

// The reason arrives also when http.Client wraps the body.
func TestReasonUnderATimeout(t *testing.T) {
	server := serve(t, says(401))
	c := bearer(t, server.url, &counter{})
	c.Timeout = 10 * time.Second
	resp, err := c.Get(server.url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := reasonOf(resp); got != "the server refused the new token too" {
		t.Error(got)
	}
}

func ExampleAsDenial() {
	source := client.TokenFunc(func(context.Context) (client.Token, error) {
		return client.Token{}, errors.New("the provider is down")
	})
	transport, _ := client.New(client.Options{Origin: "https://api.example.com", Credentials: []client.Credential{client.Bearer(source)}})
	_, err := (&http.Client{Transport: transport}).Get("https://api.example.com/orders")
	_, denied := client.AsDenial(err)
	fmt.Println(err)
	fmt.Println(denied)
	// Output:
	// Get "https://api.example.com/orders": client: no token for the request: the provider is down
	// false
}
