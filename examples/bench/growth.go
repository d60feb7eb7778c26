package bench

import "net/http"

// API is a server with and without guards, and a request to it that is allowed.
type API struct {
	Bare, Guarded http.Handler
	Request       *http.Request
}

// Growth is what one request costs at many operations over what it costs at one.
type Growth struct {
	Guarded float64 // the whole request, with guards
	Bare    float64 // the whole request, without: the router's own growth
	Added   float64 // what the guards add
}

// MeasureGrowth measures two APIs in turns.
func MeasureGrowth(rounds int, one, many API) Growth {
	handlers := []http.Handler{one.Bare, one.Guarded, many.Bare, many.Guarded}
	scenarios := []Scenario{one.scenario(), one.scenario(), many.scenario(), many.scenario()}
	samples := make([][]float64, len(handlers))
	calls := scenarios[0].batch(one.Bare)
	for range rounds {
		for i, s := range scenarios {
			samples[i] = append(samples[i], s.time(handlers[i], calls))
		}
	}
	return Growth{
		Guarded: median(samples[3]) / median(samples[1]),
		Bare:    median(samples[2]) / median(samples[0]),
		Added:   median(differences(samples[3], samples[2])) / median(differences(samples[1], samples[0])),
	}
}

func (a API) scenario() Scenario { return Scenario{Requests: []*http.Request{a.Request}} }

// manyAPI is an API of n operations, asked for the one in the middle.
func manyAPI(n int) API {
	return API{manyBare(n), manyGuarded(n), ManyRequests(n, supportToken)[8]}
}

// targets are those of growth: nothing is looked up among the operations.
func (g Growth) targets() []Target {
	return []Target{
		{"allow: the whole request with a guard at 1,000 operations, over that at 1", g.Guarded, 1.1, false},
		{"... without guards, for comparison", g.Bare, 0, false},
		{"... and what the guard adds", g.Added, 1.1, false},
	}
}
