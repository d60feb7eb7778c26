package proof

import (
	"flag"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.com/golden/internal/oracle"
	"example.com/golden/internal/world"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

var deep = flag.Bool("deep", false, "enumerate the requirement lists of TestSmallScope in every order")

// The three schemes of the small scope: their credentials do not share a place. The token has scopes, the others have none.
var small = []*scheme{
	{name: "token", kind: "oauth2"},
	{name: "key", kind: "apiKey", in: "header", parameter: "X-Key"},
	{name: "sid", kind: "apiKey", in: "cookie", parameter: "sid"},
}

// smallWords are the states of a credential that is presented: seven that go wrong, and callers with and without the role
// and the scope that are asked for.
var smallWords = []string{
	"invalid", "expired", "stepup", "refused", "throttled", "unavailable", "fault",
	world.Person("none", "", ""), world.Person("role", "a", ""), world.Person("scope", "", "r"), world.Person("both", "a", "r"),
}

// smallAlternatives are all sets of the three schemes, {} among them, those with the token with and without a scope.
func smallAlternatives() (all []alternative) {
	for set := range 1 << len(small) {
		a := alternative{}
		for i, s := range small {
			if set&(1<<i) != 0 {
				a = append(a, need{scheme: s})
			}
		}
		all = append(all, a)
		if set&1 != 0 {
			scoped := slices.Clone(a)
			scoped[0].words = []string{"read"}
			all = append(all, scoped)
		}
	}
	return all
}

// smallLists are the lists of up to three alternatives: all lists of none, one and two, and those of three. Of the latter
// there are, unless -deep asks for all, those of three different alternatives, and each of their sets in two orders, that of
// smallAlternatives and the reverse. So each of two alternatives comes before the other, whatever the third is.
func smallLists() (lists [][]alternative) {
	all := smallAlternatives()
	lists = append(lists, []alternative{})
	for i := range all {
		lists = append(lists, []alternative{all[i]})
		for j := range all {
			lists = append(lists, []alternative{all[i], all[j]})
			for k := range all {
				if *deep || i < j && j < k || i > j && j > k {
					lists = append(lists, []alternative{all[i], all[j], all[k]})
				}
			}
		}
	}
	return lists
}

// smallState is a state of one scheme: its field lines, and the oracle's reading of them.
type smallState struct {
	name    string
	header  string
	lines   []string
	reading oracle.Reading
}

// smallStates are the 14 states of a scheme: absent, ambiguous, malformed, and those of a credential that is presented.
func smallStates(s *scheme, read *oracle.Scheme) (states []smallState) {
	header, prefix := "Authorization", "Bearer "
	if s.in == "header" {
		header, prefix = s.parameter, ""
	} else if s.in == "cookie" {
		header, prefix = "Cookie", "sid="
	}
	good := prefix + smallWords[len(smallWords)-1]
	states = append(states,
		smallState{name: "absent", header: header}, smallState{name: "ambiguous", header: header, lines: []string{good, good}},
		smallState{name: "malformed", header: header, lines: []string{prefix + padded("u", limit+1)}},
	)
	for _, word := range smallWords {
		states = append(states, smallState{name: word, header: header, lines: []string{prefix + word}})
	}
	for i := range states {
		r := &oracle.Request{Target: "/"}
		for _, line := range states[i].lines {
			r.Fields = append(r.Fields, oracle.Field{Name: header, Value: line})
		}
		states[i].reading = read.Read(r, limit)
	}
	return states
}

// TestSmallScope compares every decision of a small world: the lists of smallLists, each without a required role and, where
// {} is not an alternative, with one; and for each of the three schemes the 14 states of smallStates, in all 2,744
// combinations. A scheme that the list does not name is absent, or has its best credential.
//
// These are 597 lists and 2,252,568 decisions; with -deep 1,885 lists and 7,122,336 decisions.
func TestSmallScope(t *testing.T) {
	if testing.Short() {
		t.Skip("it is long under the race detector, and shares less than TestLargeScope")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	d := &document{version: "3.1.1", schemes: small, catalogue: [][2]string{{"b", ""}, {"a", ""}}}
	for i, list := range smallLists() {
		o := &operation{id: fmt.Sprintf("op%d", i), method: http.MethodGet, path: fmt.Sprintf("/op/%d", i), alternatives: list}
		d.operations = append(d.operations, o)
		if takesRoles(list) {
			more := *o
			more.id, more.path, more.roles = o.id+"r", o.path+"r", &roles{bare: []string{"a"}}
			d.operations = append(d.operations, &more)
		}
	}
	terms := &oracle.Terms{Realm: "api", MaxCredential: limit}
	read, err := oracle.Parse([]byte(d.yaml()), terms)
	if err != nil {
		t.Fatal(err)
	}
	w := &world.World{}
	guards, err := d.link(w, terms)
	if err != nil {
		t.Fatal(err)
	}
	var states [3][]smallState
	for i, s := range small {
		states[i] = smallStates(s, read.Schemes[i])
	}
	var next, compared atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(d.operations)) && !t.Failed(); i = next.Add(1) - 1 {
				o := d.operations[i]
				compared.Add(compareSmall(t, o, read.Find(o.id), guards[o.id], world.Application{World: w}, states))
			}
		})
	}
	all.Wait()
	t.Logf("%d operations, %d decisions", len(d.operations), compared.Load())
	if want := map[bool]int64{false: 2_252_568, true: 7_122_336}[*deep]; compared.Load() != want && !t.Failed() {
		t.Errorf("%d decisions, the comment says %d", compared.Load(), want)
	}
}

// compareSmall compares all states of an operation.
func compareSmall(t *testing.T, o *operation, op *oracle.Operation, g *guard.Guard[*caller], app oracle.Application, states [3][]smallState) (n int64) {
	var chosen [3][]smallState
	for i, s := range small {
		chosen[i] = states[i]
		if !slices.ContainsFunc(op.Schemes(), func(used *oracle.Scheme) bool { return used.Name == s.name }) {
			chosen[i] = []smallState{states[i][0], states[i][len(states[i])-1]}
		}
	}
	r := httpRequest(&oracle.Request{Target: o.path})
	readings := make([]oracle.Reading, 3)
	for _, token := range chosen[0] {
		set(r, readings, 0, token)
		for _, key := range chosen[1] {
			set(r, readings, 1, key)
			for _, sid := range chosen[2] {
				set(r, readings, 2, sid)
				want := op.Decide(app, readings)
				n++
				if problem := disagreement(g, r, want); problem != "" {
					t.Errorf("security: %s, roles: %v\ntoken %s, key %s, sid %s\n%s\nthe oracle says %+v",
						list(o.alternatives), o.roles, token.name, key.name, sid.name, problem, want)
					return n
				}
			}
		}
	}
	return n
}

func set(r *http.Request, readings []oracle.Reading, i int, s smallState) {
	readings[i] = s.reading
	if r.Header[s.header] = s.lines; s.lines == nil {
		delete(r.Header, s.header)
	}
}

// TestSmallScopeSeesAllFindings makes sure that the states are those that their names say: each finding is there.
func TestSmallScopeSeesAllFindings(t *testing.T) {
	d := &document{version: "3.1.1", schemes: small, operations: []*operation{
		{id: "op", method: "GET", path: "/op", roles: &roles{bare: []string{"a"}}, alternatives: []alternative{{{small[0], []string{"read"}}}}},
	}}
	read, err := oracle.Parse([]byte(d.yaml()), &oracle.Terms{Realm: "api", MaxCredential: limit})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, s := range smallStates(small[0], read.Schemes[0]) {
		a := read.Operations[0].Decide(world.Application{World: &world.World{}}, []oracle.Reading{s.reading})
		seen = append(seen, a.Finding.String())
	}
	want := "absent ambiguous malformed invalid expired step-up-required refused throttled unavailable fault missing-scope missing-scope missing-role allow"
	if got := strings.Join(seen, " "); got != want {
		t.Errorf("the findings are %s, want %s", got, want)
	}
}
