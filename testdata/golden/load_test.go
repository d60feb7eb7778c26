package golden

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// load makes the tests of this file long, as `make load` does: SECURITY.md has its last figures.
var load = flag.Bool("load", false, "run the tests of load at full length")

// scaled is a number of requests or clients: all of them under -load.
func scaled(all, short int) int {
	if *load {
		return all
	}
	return short
}

// TestHugeBody announces 10 GiB to the servers on net/http and goes on sending them: the denial comes without waiting for any.
func TestHugeBody(t *testing.T) {
	const announced = 10 << 30
	for _, s := range append(slices.Clone(servers), plainCase) {
		if s.fasthttp() {
			continue // it reads a body, up to its BodyLimit, before it calls anybody: docs/FRAMEWORKS.md
		}
		t.Run(s.name, func(t *testing.T) {
			m := must(t)(s.typed(new(probe), &auth{}, options{guard: quiet()}))
			unread := &countingBody{}
			r := httptest.NewRequest(http.MethodPut, order, unread)
			r.ContentLength = announced
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			if w.Code != http.StatusUnauthorized || unread.read != 0 {
				t.Errorf("%d after %d bytes of the body, want 401 after none", w.Code, unread.read)
			}

			c := dial(t, serve(t, m))
			start := time.Now()
			say(t, c, fmt.Sprintf("PUT %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", order, announced))
			go func() { _, _ = io.Copy(c, zeros{}) }()
			response, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(start)
			_ = response.Body.Close()
			t.Logf("%d after %v", response.StatusCode, took)
			if response.StatusCode != http.StatusUnauthorized {
				t.Errorf("%d, want 401", response.StatusCode)
			}
			if *load && took > 100*time.Millisecond {
				t.Errorf("the denial took %v, want at most 100 ms", took)
			}
		})
	}
}

// countingBody is an endless body that knows how much of it was read.
type countingBody struct{ read int }

func (b *countingBody) Read(p []byte) (int, error) {
	b.read += len(p)
	return len(p), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestSlowClients sends a part of a request and waits, of the head or of a short body, without credentials. Neither net/http nor
// fasthttp answers before a short body has come, so that it is the server's ReadTimeout that ends these: every client is
// refused or cut off, no handler runs, and the goroutines go.
func TestSlowClients(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector has TestIdentities and TestClientsLeave")
	}
	parts := map[string]string{
		"head": "PUT " + order + " HTTP/1.1\r\nHost: a\r\nX-Slow: ",
		"body": "PUT " + order + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{",
	}
	for _, s := range append(slices.Clone(servers), plainCase) {
		for part, sent := range parts {
			t.Run(s.name+"/"+part, func(t *testing.T) {
				p := new(probe)
				m := must(t)(s.typed(p, &auth{}, options{guard: quiet()}))
				readTimeout(m, 200*time.Millisecond)
				address := serve(t, m)
				before := runtime.NumGoroutine()
				clients := make([]net.Conn, scaled(1000, 10))
				for i := range clients {
					clients[i] = dial(t, address)
					say(t, clients[i], sent)
				}
				for _, c := range clients {
					line, err := bufio.NewReader(c).ReadString('\n')
					if err == nil && !strings.HasPrefix(line, "HTTP/1.1 4") || errors.Is(err, os.ErrDeadlineExceeded) {
						t.Fatalf("%q, %v, want a refusal or an end", line, err)
					}
					_ = c.Close()
				}
				settled(t, s, before)
				if ran := p.runs.Load(); ran != 0 {
					t.Errorf("%d handlers ran", ran)
				}
			})
		}
	}
}

// readTimeout is the ReadTimeout of a server.
func readTimeout(m mounted, d time.Duration) {
	switch m := m.(type) {
	case *mountedHTTP:
		m.server.ReadTimeout, m.server.ReadHeaderTimeout = d, d
	case mountedFiber:
		m.app.Server().ReadTimeout = d
	case mountedFiber3:
		m.app.Server().ReadTimeout = d
	default:
		panic(fmt.Sprintf("%T", m))
	}
}

// waiter is an authenticator that waits for its context, or for the test to release it.
type waiter struct {
	auth
	waiting  atomic.Int64
	released chan struct{}
}

func (a *waiter) BearerAuth(ctx context.Context, _ guard.BearerToken) (*caller, error) {
	a.waiting.Add(1)
	defer a.waiting.Add(-1)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-a.released:
		return nil, guard.Unavailable(errors.New("released"))
	case <-time.After(time.Minute):
		return nil, guard.Unavailable(errors.New("a minute"))
	}
}

// TestClientsLeave has an authenticator that blocks for a minute while its clients leave. On net/http they take the
// authenticator's context with them; fasthttp does not notice them, so that goroutines last as long as the authenticator.
func TestClientsLeave(t *testing.T) {
	for _, s := range append(slices.Clone(servers), plainCase) {
		t.Run(s.name, func(t *testing.T) {
			p, a := new(probe), &waiter{released: make(chan struct{})}
			address := serve(t, must(t)(s.typed(p, a, options{guard: quiet()})))
			before := runtime.NumGoroutine()
			clients := make([]net.Conn, scaled(2000, 50))
			for i := range clients {
				clients[i] = dial(t, address)
				say(t, clients[i], "GET "+order+" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer support\r\n\r\n")
			}
			eventually(t, "waiting authenticators", func() bool { return int(a.waiting.Load()) == len(clients) })
			for _, c := range clients {
				_ = c.Close()
			}
			if s.fasthttp() {
				close(a.released)
			}
			eventually(t, "end of the authenticators", func() bool { return a.waiting.Load() == 0 })
			settled(t, s, before)
			if ran := p.runs.Load(); ran != 0 {
				t.Errorf("%d handlers ran", ran)
			}
		})
	}
}

// TestFlatMemory sends requests of every outcome and compares the heap after a tenth of them with the heap after all.
func TestFlatMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector has TestIdentities and TestClientsLeave")
	}
	const growth = 1 << 20
	for _, s := range append(slices.Clone(servers), plainCase) {
		t.Run(s.name, func(t *testing.T) {
			m := must(t)(s.typed(new(probe), &auth{}, options{guard: quiet()}))
			address := serve(t, m)
			all := scaled(1_000_000, 600)
			outcomes(t, address, all/10)
			first, goroutines := heap(), runtime.NumGoroutine()
			outcomes(t, address, all)
			last := heap()
			t.Logf("%d requests: %d KiB of heap, then %d KiB", all, first>>10, last>>10)
			if last > first+growth {
				t.Errorf("the heap grew from %d to %d bytes in %d requests", first, last, all)
			}
			settled(t, s, goroutines)
		})
	}
}

// outcomes sends n requests over a few connections: allowed, without credentials, with others every time, forbidden,
// concealed, ambiguous.
func outcomes(t *testing.T, address string, n int) {
	const lines = 8
	var all sync.WaitGroup
	for k := range lines {
		all.Go(func() {
			c := dial(t, address)
			defer func() { _ = c.Close() }()
			in := bufio.NewReader(c)
			for i := k; i < n; i += lines {
				target, header, want := ordinary(i)
				_ = c.SetDeadline(time.Now().Add(time.Minute)) // of one request: all of them can take long
				if _, err := io.WriteString(c, "GET "+target+" HTTP/1.1\r\nHost: a\r\n"+header+"\r\n"); err != nil {
					t.Error(err)
					return
				}
				response, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, response.Body)
				if response.StatusCode != want {
					t.Errorf("%s %q: %d, want %d", target, header, response.StatusCode, want)
					return
				}
			}
		})
	}
	all.Wait()
}

func ordinary(i int) (target, header string, status int) {
	switch i % 6 {
	case 0:
		return order, "Authorization: Bearer " + userName(i) + "\r\n", http.StatusOK
	case 1:
		return order, "", http.StatusUnauthorized
	case 2:
		return order, fmt.Sprintf("Authorization: Bearer nobody-%d\r\n", i), http.StatusUnauthorized
	case 3:
		return order, "Authorization: Bearer customer\r\n", http.StatusForbidden
	case 4:
		return fmt.Sprintf("/drafts/of-somebody-%d", i), "Authorization: Bearer customer\r\n", http.StatusNotFound
	default:
		return order, "Authorization: Bearer a\r\nAuthorization: Bearer a\r\n", http.StatusBadRequest
	}
}

// heap is the live heap in bytes.
func heap() uint64 {
	var m runtime.MemStats
	for range 3 { // what pools hold goes in the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// settled waits until there are as many goroutines as before. Those of fasthttp's pool stay for up to 20 seconds, so that
// they are counted under -load only.
func settled(t *testing.T, s server, before int) {
	t.Helper()
	if s.fasthttp() {
		if !*load {
			return
		}
		before += 2 // its pool and its clock, which the first requests start
	}
	eventually(t, fmt.Sprintf("%d goroutines or less", before), func() bool { return runtime.NumGoroutine() <= before })
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s after a minute: %d goroutines", what, runtime.NumGoroutine())
		}
	}
}

// dial connects, for two minutes at most.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err == nil {
		err = c.SetDeadline(time.Now().Add(2 * time.Minute))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func say(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}
