package redis_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection/redis"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// server is a real redis-server on a port of its own, which keeps nothing on disk.
type server struct {
	addr    string
	process *os.Process
}

func start(t *testing.T) *server {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		const how = "redis-server is not installed (Debian: apt-get install redis-server)"
		if os.Getenv("CI") != "" {
			t.Fatal(how)
		}
		t.Skip(how)
	}
	s := &server{addr: freePort(t)}
	s.run(t, program)
	return s
}

func (s *server) run(t *testing.T, program string) {
	t.Helper()
	host, port, _ := strings.Cut(s.addr, ":")
	command := exec.Command(program, "--port", port, "--bind", host, "--save", "", "--dir", t.TempDir())
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	s.process = command.Process
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	client := goredis.NewClient(&goredis.Options{Addr: s.addr})
	defer client.Close()
	for range 200 {
		if client.Ping(context.Background()).Err() == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func connect(t *testing.T, addr string) (*goredis.Client, *redis.Cache) {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: addr, ContextTimeoutEnabled: true})
	t.Cleanup(func() { client.Close() })
	cache, err := redis.New(client, "test:")
	if err != nil {
		t.Fatal(err)
	}
	return client, cache
}

// provider counts the questions; a token that begins with "bad" is not active.
func provider(t *testing.T) (url string, asked *atomic.Int32) {
	asked = new(atomic.Int32)
	p := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		active := !strings.HasPrefix(r.FormValue("token"), "bad")
		fmt.Fprintf(w, `{"active":%v,"sub":"ada"}`, active)
	}))
	t.Cleanup(p.Close)
	return p.URL, asked
}

func authenticator(t *testing.T, url string, cache introspection.Cache, told func(error)) func(token string) (string, error) {
	t.Helper()
	a, err := introspection.New(introspection.Config{
		Endpoint: url, ClientID: "a", ClientSecret: "b", AnyAudience: true,
		Shared: cache, SharedKey: bytes.Repeat([]byte{7}, 32), SharedTimeout: 500 * time.Millisecond, OnSharedError: told,
	}, func(_ context.Context, c introspection.Claims) (string, error) { return c.Subject(), nil })
	if err != nil {
		t.Fatal(err)
	}
	return func(token string) (string, error) {
		return a.Authenticate(context.Background(), guardtest.BearerToken(token))
	}
}

// TestRedis is two processes, one of which asked before. Redis gets names and values that say nothing, and their times.
func TestRedis(t *testing.T) {
	client, cache := connect(t, start(t).addr)
	url, asked := provider(t)
	ctx := context.Background()
	if who, err := authenticator(t, url, cache, nil)("t-1"); who != "ada" || err != nil {
		t.Fatal(who, err)
	}
	var names []string
	for range 200 {
		if names = client.Keys(ctx, "*").Val(); len(names) == 1 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(names) != 1 || !strings.HasPrefix(names[0], "test:") || strings.Contains(names[0], "t-1") {
		t.Fatalf("%q", names)
	}
	if ttl := client.PTTL(ctx, names[0]).Val(); ttl <= 0 || ttl > time.Minute {
		t.Errorf("kept for %v", ttl)
	}
	if value := client.Get(ctx, names[0]).Val(); strings.Contains(value, "ada") {
		t.Errorf("%q", value)
	}
	second := authenticator(t, url, cache, nil)
	if who, err := second("t-1"); who != "ada" || err != nil || asked.Load() != 1 {
		t.Errorf("%q %v, asked %d times", who, err, asked.Load())
	}
	client.Set(ctx, names[0], `{"active":true,"sub":"mallory"}`, 0)
	if who, err := authenticator(t, url, cache, nil)("t-1"); who != "ada" || err != nil || asked.Load() != 2 {
		t.Errorf("forged: %q %v, asked %d times", who, err, asked.Load())
	}
}

func TestEntries(t *testing.T) {
	_, cache := connect(t, start(t).addr)
	ctx := context.Background()
	if value, err := cache.Get(ctx, "nothing"); value != nil || err != nil {
		t.Errorf("%q %v", value, err)
	}
	all := []byte("\x00\xff\r\n")
	if err := cache.Set(ctx, "a", all, 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if value, err := cache.Get(ctx, "a"); !bytes.Equal(value, all) || err != nil {
		t.Errorf("%q %v", value, err)
	}
	time.Sleep(100 * time.Millisecond)
	if value, err := cache.Get(ctx, "a"); value != nil || err != nil {
		t.Errorf("afterwards %q %v", value, err)
	}
	if err := cache.Set(ctx, "b", all, time.Microsecond); err != nil {
		t.Fatal(err)
	}
	if value, _ := cache.Get(ctx, "b"); value != nil {
		t.Error("kept for ever")
	}
}

// TestDown is every way in which Redis fails while the provider is well: callers come in, in bounded time.
func TestDown(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	garbage := answering(t, "HTTP/1.1 400 Bad Request\r\n\r\n")
	for name, addr := range map[string]string{
		"absent": freePort(t), "silent": silent.Addr().String(), "garbage": garbage, "loading": answering(t, "-LOADING\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			_, cache := connect(t, addr)
			url, asked := provider(t)
			var told atomic.Int32
			try := authenticator(t, url, cache, func(error) { told.Add(1) })
			before := time.Now()
			for i := range 5 {
				if who, err := try(fmt.Sprint("t-", i)); who != "ada" || err != nil {
					t.Errorf("%q %v", who, err)
				}
			}
			if _, err := try("bad"); !strings.Contains(fmt.Sprint(err), "not active") {
				t.Error(err)
			}
			if took := time.Since(before); took > 10*time.Second || asked.Load() != 6 || told.Load() == 0 {
				t.Errorf("%v, asked %d times, told %d times", took, asked.Load(), told.Load())
			}
		})
	}
}

// TestFrozen stops a real server in the middle, and lets it go on.
func TestFrozen(t *testing.T) {
	s := start(t)
	_, cache := connect(t, s.addr)
	url, asked := provider(t)
	try := authenticator(t, url, cache, nil)
	if _, err := try("t-1"); err != nil {
		t.Fatal(err)
	}
	s.process.Signal(syscall.SIGSTOP)
	before := time.Now()
	if _, err := try("t-2"); err != nil || time.Since(before) > 5*time.Second {
		t.Errorf("frozen: %v after %v", err, time.Since(before))
	}
	s.process.Signal(syscall.SIGCONT)
	for i := range 100 { // it is used again a second later
		token := fmt.Sprint("t-3-", i)
		if _, err := try(token); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
		n := asked.Load()
		if _, err := authenticator(t, url, cache, nil)(token); err != nil {
			t.Fatal(err)
		}
		if asked.Load() == n {
			return
		}
	}
	t.Error("Redis is not used again")
}

// answering is a server that answers whatever is asked with a line.
func answering(t *testing.T, line string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer connection.Close()
				buffer := make([]byte, 4096)
				for {
					if _, err := connection.Read(buffer); err != nil {
						return
					}
					io.WriteString(connection, line)
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func TestNew(t *testing.T) {
	if _, err := redis.New(nil, ""); err == nil {
		t.Error("no client")
	}
	for _, client := range []goredis.UniversalClient{
		goredis.NewClient(&goredis.Options{}), goredis.NewClusterClient(&goredis.ClusterOptions{}), goredis.NewRing(&goredis.RingOptions{}),
	} {
		if _, err := redis.New(client, ""); err == nil {
			t.Errorf("%T ignores contexts", client)
		}
		client.Close()
	}
}
