package golden

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

var (
	seed  = flag.Uint64("seed", 1, "of the requests of the differential test")
	count = flag.Int("requests", 8000, "how many requests the differential test sends to each server")
)

// subject is a server of the differential test with what it says of itself.
type subject struct {
	server
	probe
	address string
	// streaming says that this is fiber, and that bodies are streams.
	streaming bool

	reporting sync.Mutex
	events    []guard.Event
}

// eachSubject mounts every server twice, with the guards' own interface and with oapi-codegen's.
func eachSubject(t *testing.T, servers []server, test func(*testing.T, *subject)) {
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				x, m := newSubject(t, s, construct)
				x.name += " " + kind
				x.address = serve(t, m)
				test(t, x)
			})
		}
	}
}

func newSubject(t *testing.T, s server, construct constructor) (*subject, mounted) {
	x := &subject{server: s}
	o := options{guard: guard.Options{
		Realm: "golden", MaxCredentialBytes: maxCredential, RetryAfter: 7 * time.Second, OnDecision: x.record, Logger: slog.New(slog.DiscardHandler),
	}}
	return x, must(t)(construct(&x.probe, &auth{}, o))
}

func (x *subject) record(_ context.Context, e guard.Event) {
	x.reporting.Lock()
	defer x.reporting.Unlock()
	x.events = append(x.events, e)
}

// TestOneAnswerEverywhere sends the same requests to all servers. Each must answer as the model says, to the
// byte, and run its handler exactly when the model allows it.
func TestOneAnswerEverywhere(t *testing.T) {
	n := *count
	if testing.Short() {
		n /= 8
	}
	requests := newCorpus(*seed, n)
	answers := make([]map[string]string, len(requests))
	for i := range answers {
		answers[i] = map[string]string{}
	}
	var mutex sync.Mutex
	t.Run("servers", func(t *testing.T) {
		eachSubject(t, servers, func(t *testing.T, x *subject) {
			mine := x.run(t, requests)
			mutex.Lock()
			defer mutex.Unlock()
			for i, answer := range mine {
				answers[i][x.name] = answer
			}
		})
	})
	compare(t, requests, answers)
	if !testing.Short() {
		checkCorpus(t, requests)
	}
}

// run sends the requests one after the other and returns the answers in short.
func (x *subject) run(t *testing.T, requests []*request) []string {
	wrong := problems{}
	answers := make([]string, len(requests))
	c := &client{address: x.address}
	defer c.close()
	for i, r := range requests {
		answer := c.send(r, x.reaches(r) != nil)
		answers[i] = x.check(&wrong, r, answer, x.happened())
	}
	wrong.report(t)
	return answers
}

func lowerNames(lines []string) []string {
	lower := make([]string, len(lines))
	for i, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		lower[i] = strings.ToLower(name) + ": " + value
	}
	slices.Sort(lower)
	return lower
}

// problems are what is wrong, the first of each kind.
type problems map[string]*problem

type problem struct {
	text  string
	times int
}

func (p problems) add(r *request, format string, arguments ...any) {
	kind := r.op.id + format
	if r.exception != nil {
		kind = r.exception.name + format
	}
	if p[kind] == nil {
		p[kind] = &problem{text: fmt.Sprintf("%s\n\t%q", fmt.Sprintf(format, arguments...), r.written())}
		if r.exception != nil {
			p[kind].text = r.exception.name + ": " + p[kind].text
		}
	}
	p[kind].times++
}

func (p problems) report(t *testing.T) {
	for _, kind := range slices.Sorted(maps.Keys(p)) {
		t.Errorf("%d times: %s", p[kind].times, p[kind].text)
	}
}

// compare makes sure that all servers that took a request for the same operation gave the same answer.
func compare(t *testing.T, requests []*request, answers []map[string]string) {
	wrong := problems{}
	for i, r := range requests {
		groups := map[string]string{} // the first server's answer, by operation
		for _, name := range slices.Sorted(maps.Keys(answers[i])) {
			s := servers[slices.IndexFunc(servers, func(s server) bool { return strings.HasPrefix(name, s.name+" ") })]
			op, answer := r.reaches(s.framework), answers[i][name]
			if op == nil || answer == "" || r.binds == "maybe" {
				continue
			}
			if first, ok := groups[op.id]; !ok {
				groups[op.id] = answer
			} else if answer != first {
				wrong.add(r, "%s answers %q, others %q", name, answer, first)
			}
		}
	}
	wrong.report(t)
}
