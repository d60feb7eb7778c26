package bench

import (
	"net/http"
	"slices"
)

// Counted is a request whose instructions are counted. They do not wobble as nanoseconds do.
type Counted struct {
	Name    string
	request *http.Request
	// Contenders are the server without a guard, which serves the request or refuses it with the same answer, the one with a
	// guard by hand, and the one with a guard of the runtime.
	Contenders []Contender
	// Refused says that the guards refuse the request. What they add counts then, and otherwise the whole request.
	Refused bool
	// Limit is how many times the instructions of the guard by hand the guard may take. It is 0 for no limit.
	Limit float64
}

// Cases are all requests that are counted.
func Cases() []Counted {
	admitted := func(name, token string, limit float64, hand, guard http.Handler) Counted {
		return Counted{name, one(token)[0], contenders(bare(), hand, guard), false, limit}
	}
	refused := func(name, token string, answer http.HandlerFunc) Counted {
		return Counted{name, one(token)[0], contenders(serve(answer), handOnly(), guarded()), true, 2}
	}
	return []Counted{
		admitted("allow, caller dropped", supportToken, 1.2, handOnly(), guardOnly()),
		admitted("allow, caller dropped, token of 602 characters", longToken, 1.2, handOnly(), guardOnly()),
		admitted("allow, caller handed on", supportToken, 1.05, handContext(), guarded()),
		admitted("allow, caller handed on, token of 602 characters", longToken, 1.05, handContext(), guarded()),
		refused("401, no credentials", "", func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusUnauthorized, absentChallenge, unauthorizedBody)
		}),
		refused("401, malformed token", "{}", func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusUnauthorized, invalidChallenge, unauthorizedBody)
		}),
		refused("401, unknown token", unknownToken, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusUnauthorized, invalidChallenge, unauthorizedBody)
		}),
		refused("403", customerToken, func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusForbidden, nil, forbiddenBody) }),
	}
}

// The contenders of a case, and the loop around them.
const (
	withoutGuard = "without a guard"
	withHand     = "by hand"
	withGuard    = "guard"
	loopAlone    = "loop"
)

func contenders(without, hand, guard http.Handler) []Contender {
	return []Contender{{withoutGuard, without}, {withHand, hand}, {withGuard, guard}, {loopAlone, http.HandlerFunc(noContent)}}
}

// Serve serves the request a number of times. Nothing is counted but the calls in [CountedFunction]; before them
// everything has been called once.
func (c Counted) Serve(contender string, calls int) {
	i := slices.IndexFunc(c.Contenders, func(c Contender) bool { return c.Name == contender })
	w := newWriter()
	w.serve(c.Contenders[i].Handler, c.request)
	serveCounted(w, c.Contenders[i].Handler, c.request, calls)
}

// CountedFunction is a pattern for the name of the only function in which instructions are counted.
const CountedFunction = "*bench.serveCounted"

//go:noinline
func serveCounted(w *writer, h http.Handler, r *http.Request, calls int) {
	for range calls {
		w.serve(h, r)
	}
}

// Instructions are those that one request of a case takes with each contender.
type Instructions struct {
	Counted
	Without, Hand, Guard float64
}

// CountWith counts the instructions of a case. count counts all those of a contender, for one request.
func (c Counted) CountWith(count func(contender string) (float64, error)) (Instructions, error) {
	counts := map[string]float64{}
	for _, contender := range c.Contenders {
		n, err := count(contender.Name)
		if err != nil {
			return Instructions{}, err
		}
		counts[contender.Name] = n
	}
	loop := counts[loopAlone]
	return Instructions{c, counts[withoutGuard] - loop, counts[withHand] - loop, counts[withGuard] - loop}, nil
}

// Whole is the whole request with the guard over that with the guard by hand.
func (n Instructions) Whole() float64 { return n.Guard / n.Hand }

// Added is what the guard adds over what the guard by hand adds.
func (n Instructions) Added() float64 { return (n.Guard - n.Without) / (n.Hand - n.Without) }

// Target is the promise about the case.
func (n Instructions) Target() Target {
	if n.Refused {
		return Target{n.Name + ": what the guard adds to the refusal, over what the guard by hand adds", n.Added(), n.Limit, false}
	}
	return Target{n.Name + ": the whole request, over that with the guard by hand", n.Whole(), n.Limit, false}
}
