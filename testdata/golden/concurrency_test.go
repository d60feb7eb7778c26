package golden

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

const (
	goroutines = 10_000
	identities = 1_000
	// alive is how many of the goroutines there are at a time: the race detector dies of 8,128.
	alive = 4_000
	// connections is how many they share, so that each carries the requests of many identities.
	connections = 64
)

// keeper is an authenticator that keeps every credential as it was handed out, and a copy of it. A string that
// fasthttp writes the next request over would be another one than its copy in the end.
type keeper struct {
	auth
	mutex sync.Mutex
	times int
	kept  [][2]string
}

// keep keeps what came with one request.
func (k *keeper) keep(texts ...string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.times++
	for _, text := range texts {
		k.kept = append(k.kept, [2]string{text, strings.Clone(text)})
	}
}

func (k *keeper) BearerAuth(ctx context.Context, token guard.BearerToken) (*caller, error) {
	k.keep(token.Secret())
	return k.auth.BearerAuth(ctx, token)
}

func (k *keeper) BasicAuth(ctx context.Context, c guard.BasicCredentials) (*caller, error) {
	k.keep(c.Username())
	return k.auth.BasicAuth(ctx, c)
}

func (k *keeper) Digest(ctx context.Context, c guard.HTTPCredentials) (*caller, error) {
	name, _ := c.Param("username")
	k.keep(name, c.Method(), c.Target())
	return k.auth.Digest(ctx, c)
}

func (k *keeper) Dpop(ctx context.Context, token guard.DPoPToken) (*caller, error) {
	k.keep(token.Secret(), token.Proof(), token.Method(), token.Target())
	return k.auth.Dpop(ctx, token)
}

func (k *keeper) WarehouseKey(ctx context.Context, key guard.APIKey) (*caller, error) {
	k.keep(key.Secret())
	return k.auth.WarehouseKey(ctx, key)
}

func (k *keeper) ApiKey(ctx context.Context, key guard.APIKey) (*caller, error) {
	k.keep(key.Secret())
	return k.auth.ApiKey(ctx, key)
}

func (k *keeper) Session(ctx context.Context, key guard.APIKey) (*caller, error) {
	k.keep(key.Secret())
	return k.auth.Session(ctx, key)
}

// check looks at what was kept once more.
func (k *keeper) check(t *testing.T) {
	if k.times != goroutines {
		t.Errorf("credentials of %d requests were handed out, want %d", k.times, goroutines)
	}
	changed := 0
	for _, c := range k.kept {
		if c[0] != c[1] {
			changed++
		}
	}
	if changed > 0 {
		t.Errorf("%d of %d credentials changed after their request", changed, len(k.kept))
	}
}

// asked is a request in somebody's name, by one scheme after the other, and what answers it.
func asked(i int, base string) (r *http.Request, answer string) {
	name := userName(i % identities)
	targets := []string{order, "/schemes/basic", "/schemes/digest", "/schemes/dpop?" + name, "/schemes/header", "/schemes/query?api_key=" + name, "/schemes/cookie"}
	answers := []string{"getOrder", "getBasic", "getDigest", "getDpop", "getHeaderKey", "getQueryKey", "getCookieKey"}
	which := i % len(targets)
	r, err := http.NewRequest(http.MethodGet, base+targets[which], nil)
	if err != nil {
		panic(err)
	}
	switch answers[which] {
	case "getOrder":
		r.Header.Set("Authorization", "Bearer "+name)
	case "getBasic":
		r.SetBasicAuth(name, "secret")
	case "getDigest":
		r.Header.Set("Authorization", "Digest "+digestOf(name, "secret"))
	case "getDpop":
		r.Header.Set("Authorization", "DPoP "+name)
		r.Header.Set("DPoP", proof)
	case "getHeaderKey":
		r.Header.Set("X-Warehouse-Key", name)
	case "getCookieKey":
		r.AddCookie(&http.Cookie{Name: "session", Value: name})
	}
	return r, answers[which] + " for " + name
}

// TestIdentities sends the requests of a thousand identities from ten thousand goroutines, on sockets that
// all of them share: each is answered in its own name. The other servers on net/http are asked under -load.
func TestIdentities(t *testing.T) {
	for _, s := range servers {
		if s.framework != "std-http" && !s.fasthttp() && !*load {
			continue
		}
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			if testing.Short() && s.strict == (kind == "typed") {
				continue
			}
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				k := new(keeper)
				m := must(t)(construct(new(probe), k, options{guard: quiet()}))
				transport := &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections}
				defer transport.CloseIdleConnections()
				base := "http://" + serve(t, m)
				everybody(t, func(i int) string {
					r, _ := asked(i, base)
					return roundTrip(transport, r)
				})
				k.check(t)
			})
		}
		if !s.fasthttp() {
			t.Run(s.name+"/direct", func(t *testing.T) {
				k := new(keeper)
				m := must(t)(s.typed(new(probe), k, options{guard: quiet()}))
				everybody(t, func(i int) string {
					r, _ := asked(i, "")
					w := httptest.NewRecorder()
					m.ServeHTTP(w, r)
					return w.Body.String()
				})
				k.check(t)
			})
		}
	}
}

// everybody asks from every goroutine.
func everybody(t *testing.T, ask func(i int) string) {
	var all sync.WaitGroup
	slots := make(chan struct{}, alive)
	for i := range goroutines {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			_, want := asked(i, "")
			if got := ask(i); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
	all.Wait()
}

func roundTrip(transport *http.Transport, r *http.Request) string {
	response, err := transport.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}
