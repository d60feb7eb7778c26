package bench

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

//go:embed openapi.yaml
var document []byte

// Contender is one of the servers that a scenario compares.
type Contender struct {
	Name    string
	Handler http.Handler
}

// Scenario is a kind of request. The contenders are sent the same requests, in turns, and answer with the
// status, but for the first one, which is the bare router.
type Scenario struct {
	Name       string
	Status     int
	Requests   []*http.Request
	Contenders []Contender
}

// Figures are what one contender costs per request: the median of all rounds. Added is what it costs more than
// the bare router in the same round, the median again.
type Figures struct {
	Name      string
	NS, Added float64
	Allocs    int
}

// The names of the contenders.
const (
	bareName   = "bare router"
	handAlone  = "by hand, caller dropped"
	handCaller = "by hand, caller in context"
	guardAlone = "guard, caller dropped"
	generated  = "generated guards"
	peerName   = "nethttp-middleware"
)

// Scenarios are all that is measured, in turn: what is not measured now is not in memory for the garbage
// collector to mark.
func Scenarios(yield func(Scenario) bool) {
	_ = yield(Scenario{"allow", 204, one(supportToken), plainContenders()}) &&
		yield(Scenario{"allow, token of 602 characters", 204, one(longToken), plainContenders()}) &&
		yield(Scenario{"401, no credentials", 401, one(""), plainContenders()}) &&
		yield(Scenario{"401, unknown token", 401, one(unknownToken), plainContenders()}) &&
		yield(Scenario{"403", 403, one(customerToken), plainContenders()[:5]}) &&
		yield(Scenario{"strict, allow", 204, one(supportToken), []Contender{{bareName, bareStrict()}, {generated, guardedStrict()}}}) &&
		yield(Scenario{"1,000 operations, allow", 204, ManyRequests(1000, supportToken), manyContenders(1000)}) &&
		yield(Scenario{"1,000 operations, 401", 401, ManyRequests(1000, ""), manyContenders(1000)})
}

// plainContenders ends with nethttp-middleware, which has no 403.
func plainContenders() []Contender {
	return []Contender{
		{bareName, bare()},
		{handAlone, handOnly()},
		{handCaller, handContext()},
		{guardAlone, guardOnly()},
		{generated, guarded()},
		{peerName, Peer(document, bare())},
	}
}

func manyContenders(n int) []Contender {
	return []Contender{{bareName, manyBare(n)}, {guardAlone, manyGuarded(n)}, {peerName, manyPeer(n)}}
}

func one(token string) []*http.Request { return []*http.Request{request("/orders/1", token)} }

// request is a request as a client sends it, but for the socket.
func request(path, token string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "bench")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r
}

// Measure takes the median of the rounds. It panics when a contender does not answer as it should.
func (s Scenario) Measure(rounds int) []Figures {
	figures := make([]Figures, len(s.Contenders))
	samples := make([][]float64, len(s.Contenders))
	batches := make([]int, len(s.Contenders))
	for i, c := range s.Contenders {
		s.check(i)
		figures[i] = Figures{Name: c.Name, Allocs: s.allocs(c.Handler)}
		batches[i] = s.batch(c.Handler)
	}
	for range rounds {
		for i, c := range s.Contenders {
			samples[i] = append(samples[i], s.time(c.Handler, batches[i]))
		}
	}
	for i := range figures {
		figures[i].NS, figures[i].Added = median(samples[i]), median(differences(samples[i], samples[0]))
	}
	return figures
}

func differences(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = a[i] - b[i]
	}
	return d
}

// check makes sure that a contender does what it is measured for.
func (s Scenario) check(i int) {
	want := s.Status
	if i == 0 {
		want = http.StatusNoContent
	}
	for _, r := range s.Requests {
		w := httptest.NewRecorder()
		s.Contenders[i].Handler.ServeHTTP(w, r)
		if w.Code != want {
			panic(fmt.Sprintf("%s: %s answers %s with %d, not with %d", s.Name, s.Contenders[i].Name, r.URL, w.Code, want))
		}
	}
}

func (s Scenario) allocs(h http.Handler) int {
	w := newWriter()
	return int(testing.AllocsPerRun(100, func() { w.serve(h, s.Requests[0]) }))
}

// batch is how many calls take about a tenth of a millisecond: short enough to fall between two of the
// scheduler's decisions, long enough for the clock.
func (s Scenario) batch(h http.Handler) int {
	s.time(h, 100)
	return max(16, int(100_000/s.time(h, 100)))
}

// time is the time of one call in nanoseconds.
func (s Scenario) time(h http.Handler, calls int) float64 {
	w := newWriter()
	start := time.Now()
	for i := range calls {
		w.serve(h, s.Requests[i%len(s.Requests)])
	}
	return float64(time.Since(start)) / float64(calls)
}

func median(samples []float64) float64 {
	return slices.Sorted(slices.Values(samples))[len(samples)/2]
}

// writer is a ResponseWriter that costs next to nothing.
type writer struct{ header http.Header }

func newWriter() *writer { return &writer{http.Header{}} }

func (w *writer) serve(h http.Handler, r *http.Request) {
	clear(w.header)
	h.ServeHTTP(w, r)
}

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) WriteHeader(int)             {}
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }
