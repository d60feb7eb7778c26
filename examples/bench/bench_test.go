package bench

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/bench/plain/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// BenchmarkContenders is one line for each contender of each scenario.
func BenchmarkContenders(b *testing.B) {
	for s := range Scenarios {
		for i, c := range s.Contenders {
			s.check(i)
			b.Run(fmt.Sprintf("%s/%s", s.Name, c.Name), func(b *testing.B) {
				w, i := newWriter(), 0
				b.ReportAllocs()
				for b.Loop() {
					w.serve(c.Handler, s.Requests[i%len(s.Requests)])
					i++
				}
			})
		}
	}
}

// BenchmarkTargets measures all scenarios in turns and reports every target as a metric.
func BenchmarkTargets(b *testing.B) {
	results := Results{}
	for b.Loop() {
		for s := range Scenarios {
			results[s.Name] = s.Measure(300)
		}
	}
	b.ReportMetric(0, "ns/op")
	for i, t := range results.Targets() {
		b.ReportMetric(t.Value, fmt.Sprintf("target-%d", i+1))
		b.Log(t)
	}
}

// TestAllocations counts exactly. Up to the point where the caller is handed on there are none, to hand it on
// takes one (a strict server: two), and a denial takes none.
func TestAllocations(t *testing.T) {
	var admitted guard.Optional[*Caller]
	g := linker().Guard(apiguard.Policy()[0])
	alone := g.Wrap(func(_ http.ResponseWriter, _ *http.Request, caller guard.Optional[*Caller]) { admitted = caller })
	routed := serve(func(http.ResponseWriter, *http.Request) {})
	const path = "/orders/1"
	tests := []struct {
		name     string
		handler  http.Handler
		token    string
		baseline http.Handler // costs what is not the guard's
		more     int
	}{
		{"guard, allow", alone, supportToken, nil, 0},
		{"guard, 401 without credentials", alone, "", nil, 0},
		{"guard, 401 unknown token", alone, unknownToken, nil, 0},
		{"guard, 401 malformed token", alone, "{}", nil, 0},
		{"guard, 403", alone, customerToken, nil, 0},
		{"plain, allow", guarded(), supportToken, bare(), 1},
		{"plain, 401 without credentials", guarded(), "", routed, 0},
		{"plain, 401 unknown token", guarded(), unknownToken, routed, 0},
		{"plain, 403", guarded(), customerToken, routed, 0},
		{"strict, allow", guardedStrict(), supportToken, bareStrict(), 2},
		{"strict, 401 without credentials", guardedStrict(), "", routed, 0},
		{"strict, 401 unknown token", guardedStrict(), unknownToken, routed, 0},
		{"strict, 403", guardedStrict(), customerToken, routed, 0},
	}
	for _, test := range tests {
		w, r, base := newWriter(), request(path, test.token), 0.0
		if test.baseline != nil {
			base = testing.AllocsPerRun(200, func() { w.serve(test.baseline, r) })
		}
		got := testing.AllocsPerRun(200, func() { w.serve(test.handler, r) }) - base
		if got != float64(test.more) {
			t.Errorf("%s: %v allocations, want %d", test.name, got, test.more)
		}
	}
	if _, ok := admitted.Get(); !ok {
		t.Error("the guard handed on no caller")
	}
}

// TestContendersAgree makes sure that what is compared does the same: statuses of all, and the challenges of
// the guards by hand and generated.
func TestContendersAgree(t *testing.T) {
	for s := range Scenarios {
		for i := range s.Contenders {
			s.check(i)
		}
	}
	for _, header := range [][]string{
		nil, {""}, {"Bearer"}, {"Basic YTpi"}, {"Bearer " + supportToken}, {"bEaReR   " + supportToken}, {"Bearer\t" + supportToken},
		{"Bearer " + customerToken}, {"Bearer " + unknownToken}, {"Bearer a b"}, {"Bearer =a"}, {"Bearer a=b"},
		{"Bearer " + supportToken, "Bearer " + supportToken}, {"Bearerx " + supportToken},
	} {
		byHand, generated := answer(handOnly(), header), answer(guarded(), header)
		if byHand != generated {
			t.Errorf("%q: by hand %s, generated %s", header, byHand, generated)
		}
	}
}

// answer is the status and the challenges.
func answer(h http.Handler, authorization []string) string {
	r := request("/orders/1", "")
	r.Header["Authorization"] = authorization
	w := &statusWriter{writer: *newWriter()}
	h.ServeHTTP(w, r)
	return fmt.Sprint(w.status, " ", strings.Join(w.header["Www-Authenticate"], "; "))
}

type statusWriter struct {
	writer
	status int
}

func (w *statusWriter) WriteHeader(status int) { w.status = status }
