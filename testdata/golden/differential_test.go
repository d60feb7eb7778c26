package golden

import (
	"context"
	"flag"
	"fmt"
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
	count = flag.Int("requests", 4000, "how many requests the differential test sends to each server")
)

// subject is a server of the differential test with what it says of itself.
type subject struct {
	server
	probe
	address string

	mutex  sync.Mutex
	events []guard.Event
}

// eachSubject mounts every server twice, with the guards' own interface and with oapi-codegen's.
func eachSubject(t *testing.T, servers []server, test func(*testing.T, *subject)) {
	for _, s := range servers {
		for kind, construct := range map[string]constructor{"typed": s.typed, "untyped": s.untyped} {
			t.Run(s.name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				x := newSubject(t, s, construct)
				x.name += " " + kind
				test(t, x)
			})
		}
	}
}

func newSubject(t *testing.T, s server, construct constructor) *subject {
	x := &subject{server: s}
	o := options{guard: guard.Options{
		Realm: "golden", MaxCredentialBytes: maxCredential, RetryAfter: 7 * time.Second, OnDecision: x.record,
	}}
	x.address = serve(t, must(t)(construct(&x.probe, &auth{}, o)))
	return x
}

func (x *subject) record(_ context.Context, e guard.Event) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	x.events = append(x.events, e)
}

// happened is what the server did since it was asked last: the decisions, in words, and the handlers that ran.
func (x *subject) happened() (decisions []string, runs int64, last string) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	for _, e := range x.events {
		id := e.Operation
		if id == "GET /search/" { // it has no operationId
			id = "getSearch"
		}
		decisions = append(decisions, id+" "+e.Verdict.String())
	}
	x.events = nil
	last, _ = x.last.Load().(string)
	return decisions, x.runs.Swap(0), last
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
		answer := c.send(r, r.reaches(x.framework) != nil)
		decisions, runs, last := x.happened()
		answers[i] = x.check(&wrong, r, answer, decisions, runs, last)
	}
	wrong.report(t)
	return answers
}

// check compares what came of a request with the model and returns it in short.
func (x *subject) check(wrong *problems, r *request, answer *response, decisions []string, runs int64, last string) string {
	op := r.reaches(x.framework)
	if op == nil {
		if len(decisions) > 0 || runs > 0 {
			wrong.add(r, "it reaches an operation: decisions %q, %d runs, the last %q", decisions, runs, last)
		}
		return ""
	}
	if answer == nil {
		wrong.add(r, "no answer")
		return ""
	}
	want := judge(op, r)
	if decided := []string{op.id + " " + want.finding}; len(op.alternatives) > 0 && !slices.Equal(decisions, decided) {
		wrong.add(r, "decisions %q, want %q; status %d, body %q", decisions, decided, answer.status, answer.body)
		return ""
	}
	if want.finding == "allow" {
		return x.checkAllowed(wrong, r, op, want, answer, runs, last)
	}
	header, body := denial(want)
	if r.method == "HEAD" {
		body = ""
	}
	if runs > 0 {
		wrong.add(r, "THE HANDLER RAN: %q, and the model says %s", last, want.finding)
	}
	if got := answer.values("WWW-Authenticate"); !slices.Equal(got, want.challenges) {
		wrong.add(r, "challenges\n\t%q, want\n\t%q", got, want.challenges)
	}
	if answer.status != statuses[want.finding] || answer.body != body {
		wrong.add(r, "status %d, body %q; want %d, %q", answer.status, answer.body, statuses[want.finding], body)
	}
	if got := answer.rest(); !slices.Equal(got, lowerNames(header)) {
		wrong.add(r, "header %q, want %q", got, lowerNames(header))
	}
	return fmt.Sprint(answer.status, answer.values("WWW-Authenticate"), answer.body)
}

// checkAllowed expects the handler to have run for the caller, unless parameters or body are bad.
func (x *subject) checkAllowed(wrong *problems, r *request, op *operation, want outcome, answer *response, runs int64, last string) string {
	ran := op.id + " for " + want.caller
	served := answer.status == 200 && runs == 1 && last == ran && (answer.body == ran || r.method == "HEAD" && answer.body == "")
	refused := answer.status == 400 && runs == 0
	if r.binds == "yes" && !served || r.binds == "no" && !refused || r.binds == "maybe" && !served && !refused {
		wrong.add(r, "status %d, %d runs, the last %q, body %q; want %q, if it binds: %s", answer.status, runs, last, answer.body, ran, r.binds)
	}
	if got := answer.values("WWW-Authenticate"); len(got) > 0 {
		wrong.add(r, "an allowed request is challenged: %q", got)
	}
	if refused {
		return "the parameters do not bind"
	}
	return fmt.Sprint(answer.status, answer.body)
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

// checkCorpus makes sure that the requests tell something: every finding, operation and exception came up.
func checkCorpus(t *testing.T, requests []*request) {
	seen := map[string]int{}
	for _, r := range requests {
		if r.exception != nil {
			seen["exception "+r.exception.name]++
		}
		if r.exception != nil && r.exception.always == nil {
			continue
		}
		o := judge(r.op, r)
		seen[o.finding]++
		if o.finding == "allow" {
			seen["allowed "+r.op.id]++
		} else {
			seen["denied "+r.op.id]++
		}
	}
	var want []string
	want = append(want, findings...)
	for _, op := range model {
		if op.id != "getMtls" {
			want = append(want, "allowed "+op.id)
		}
		if op.id != "getHealth" {
			want = append(want, "denied "+op.id)
		}
	}
	for _, e := range exceptions {
		want = append(want, "exception "+e.name)
	}
	for _, what := range want {
		if seen[what] < 5 {
			t.Errorf("%q came up %d times", what, seen[what])
		}
	}
}
