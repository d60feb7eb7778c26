package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

var timing = flag.Bool("timing", false, "measure whether the time of a concealed denial gives it away (half a minute)")

// instantChecks say what they say without a look at the store.
type instantChecks struct{ checks }

func (instantChecks) CanReadDocument(_ context.Context, _ *user, id api.DocumentId) error {
	if id == longId {
		return guard.Forbidden(errNotTheirs)
	}
	return guard.NotFound(store.ErrNotFound)
}

// readingChecks are what a check must not be like: they read more of a document that exists than of one that does not.
type readingChecks struct{ checks }

func (c readingChecks) CanReadDocument(_ context.Context, caller *user, id api.DocumentId) error {
	d, _, err := c.store.Read(id, 0)
	return decided(err, canRead(caller, d))
}

// longId is a document of 32 KiB that the reader may not read. Those without a document are for the comparison.
var (
	longId  = newId(1)
	none    = newId(2)
	another = newId(3)
)

func newId(n byte) (id api.DocumentId) {
	id = papers[0].id
	id[0] = n
	return id
}

// TestTiming compares how long it takes to be denied a document that exists with how long it takes to be told that
// there is none, in interleaved requests. It asserts sizes of effects and not their significance: with enough samples
// everything is significant.
//
// The measure is the probability that the first of two responses, one of each kind, took longer: 0.5 when the clock
// says nothing. An attacker who guesses by one sample is right that often.
func TestTiming(t *testing.T) {
	if !*timing {
		t.Skip("-timing was not given")
	}
	for _, test := range []struct {
		name    string
		checks  func(checks) checker
		first   api.DocumentId
		atLeast float64 // distance of the probability from 0.5
		atMost  float64
	}{
		{"nothing and nothing: the noise", plain, another, 0, 0.05},
		{"the guard alone, a check that takes no time", instant, longId, 0, 0.05},
		{"the checks of this service", plain, longId, 0, 0.1},
		{"the checks of this service, a document with a reader", plain, papers[3].id, 0, 0.4},
		{"a check that reads a short document", reading, papers[1].id, 0, 0.5},
		{"a check that reads a long document: must be found", reading, longId, 0.4, 0.5},
	} {
		s, names := timedStore(t)
		handler, err := apiguard.Handler(server{s}, auth{s}, test.checks(checks{s}), guard.Options{Realm: "documents"})
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []struct {
			where   string
			samples int
			probe   func(*testing.T, http.Handler, string) probe
		}{{"handler", 40000, callHandler}, {"loopback", 10000, callSocket}} {
			t.Run(test.name+"/"+from.where, func(t *testing.T) {
				ids := [2]api.DocumentId{test.first, none}
				e := compare(interleave(t, from.samples, ids, from.probe(t, handler, names["READER"])))
				t.Log(e)
				if d := math.Abs(e.probability - 0.5); d < test.atLeast || d > test.atMost {
					t.Errorf("the probability is %.3f from 0.5, want %.2f to %.2f", d, test.atLeast, test.atMost)
				}
			})
		}
	}
}

type checker = apiguard.ResourceChecker[*user]

func plain(c checks) checker   { return c }
func instant(c checks) checker { return instantChecks{c} }
func reading(c checks) checker { return readingChecks{c} }

func timedStore(t *testing.T) (*store.Store, map[string]string) {
	t.Helper()
	s, _, names := newStore(t)
	if _, _, err := s.Create(longId, "owner", store.Draft{Title: "Long", Text: strings.Repeat("Boats. ", 32<<10/7)}); err != nil {
		t.Fatal(err)
	}
	return s, names
}

// probe asks for a document once, and says how long the response took.
type probe func(id api.DocumentId) (time.Duration, error)

// interleave asks for two documents in turns whose order is drawn, so that whatever else the machine does befalls
// both alike. Garbage is collected between samples and not within them.
func interleave(t *testing.T, n int, ids [2]api.DocumentId, ask probe) (samples [2][]float64) {
	t.Helper()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for i := range n {
		if i%1000 == 0 {
			runtime.GC()
		}
		first := rand.IntN(2)
		for _, k := range [2]int{first, 1 - first} {
			took, err := ask(ids[k])
			if err != nil {
				t.Fatal(err)
			}
			if i >= n/10 { // the rest warms up
				samples[k] = append(samples[k], float64(took.Nanoseconds()))
			}
		}
	}
	return samples
}

// callHandler calls the handler itself, which is the least noise that there can be.
func callHandler(_ *testing.T, handler http.Handler, token string) probe {
	return func(id api.DocumentId) (time.Duration, error) {
		r := httptest.NewRequest("GET", "/documents/"+id.String(), nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		start := time.Now()
		handler.ServeHTTP(w, r)
		took := time.Since(start)
		if w.Code != http.StatusNotFound {
			return 0, fmt.Errorf("status %d", w.Code)
		}
		return took, nil
	}
}

// callSocket is an attacker on the same machine, over a connection that is kept open.
func callSocket(t *testing.T, handler http.Handler, token string) probe {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	buffer := make([]byte, 4096)
	return func(id api.DocumentId) (time.Duration, error) {
		request := fmt.Sprintf("GET /documents/%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n", id, token)
		start := time.Now()
		if _, err := io.WriteString(c, request); err != nil {
			return 0, err
		}
		n, err := c.Read(buffer) // a denial is one write of the server's
		took := time.Since(start)
		if answer := string(buffer[:n]); err == nil && (!strings.HasPrefix(answer, "HTTP/1.1 404 ") || !strings.HasSuffix(answer, "}\n")) {
			err = fmt.Errorf("not a whole denial: %q", answer)
		}
		return took, err
	}
}
