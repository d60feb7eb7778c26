package bench

import (
	"flag"
	"testing"
)

// The instructions that a contender spends on a request, which do not wobble as nanoseconds do:
//
//	CGO_ENABLED=0 go test -c -o bench.test ./bench
//	GOMAXPROCS=1 GODEBUG=asyncpreemptoff=1 GOGC=off valgrind --tool=callgrind ./bench.test \
//		-test.run TestInstructions -scenario allow -contender "guard, caller dropped" -calls 2000
//
// Two runs with different numbers of calls give (instructions2 - instructions1) / (calls2 - calls1) for one call.
var (
	scenario  = flag.String("scenario", "allow", "the scenario of TestInstructions")
	contender = flag.String("contender", bareName, "the contender of TestInstructions")
	calls     = flag.Int("calls", 0, "how often TestInstructions calls the contender")
)

func TestInstructions(t *testing.T) {
	if *calls == 0 {
		t.Skip("-calls is not set: see the comment above")
	}
	for s := range Scenarios {
		for _, c := range s.Contenders {
			if s.Name != *scenario || c.Name != *contender {
				continue
			}
			w := newWriter()
			for i := range *calls {
				w.serve(c.Handler, s.Requests[i%len(s.Requests)])
			}
			return
		}
	}
	t.Fatalf("there is no %q in %q", *contender, *scenario)
}
