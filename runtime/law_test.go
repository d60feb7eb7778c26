package guard_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The laws of docs/RUNTIME.md, on random operations and requests, against a model that knows
// nothing of the wire: it is told the state of each scheme's credential.

// lawSchemes are schemes whose credentials do not share a place.
var lawSchemes = []string{"bearer", "key", "key2", "query", "cookie", "cert"}

// lawStates are the states of a scheme. One that is not a word of a failure is the name of a
// caller.
var lawStates = []string{
	"absent", "absent", "absent", "twice", "broken", "invalid", "expired", "stepup", "forbidden", "unavailable", "error", "panic",
	"none", "none", "a", "b", "c", "a+b", "b+c", "a+b+c+s+u", "a+s", "s", "s+u",
}

// canBreak are the schemes that can be broken on the wire.
var canBreak = []string{"bearer", "query"}

type state map[string]string // scheme to its state

func (s state) request() *http.Request {
	var lines, query []string
	for scheme, value := range s {
		copies := 1
		switch value {
		case "absent":
			continue
		case "twice":
			copies, value = 2, "a"
		}
		for range copies {
			switch scheme {
			case "bearer":
				lines = append(lines, "Authorization: Bearer "+strings.ReplaceAll(value, "broken", "="))
			case "key":
				lines = append(lines, "X-API-Key: "+value)
			case "key2":
				lines = append(lines, "X-Second: "+value)
			case "query":
				query = append(query, "api_key="+strings.ReplaceAll(strings.ReplaceAll(value, "+", "%2B"), "broken", "%"))
			case "cookie":
				lines = append(lines, "Cookie: x=1; sid="+value)
			case "cert":
				lines = append(lines, "cert="+value)
			}
		}
	}
	return request(append(lines, "?"+strings.Join(query, "&"))...)
}

// model is section 3 in its plainest words: the verdict on a state, and the caller's name.
func model(op guard.Operation, s state) (verdict.Verdict, string) {
	verdict, anyPresent, anonymous := absent, false, false
	for _, a := range op.Security {
		for _, r := range a {
			anyPresent = anyPresent || s[r.Scheme] != "absent"
		}
	}
	for _, a := range op.Security {
		if len(a) == 0 {
			anonymous = true
			continue
		}
		v, caller := modelAlternative(op, a, s)
		if v == allow {
			return allow, caller
		}
		verdict = min(verdict, v)
	}
	if anonymous && !anyPresent {
		return allow, "anonymous"
	}
	return verdict, ""
}

func modelAlternative(op guard.Operation, a guard.Alternative, s state) (verdict.Verdict, string) {
	missing := slices.ContainsFunc(a, func(r guard.Requirement) bool { return s[r.Scheme] == "absent" })
	worst := allow
	var names []string
	for _, r := range a {
		v := map[string]verdict.Verdict{
			"absent": absent, "twice": ambiguous, "broken": malformed, "invalid": invalid, "expired": expired, "stepup": stepUp,
			"forbidden": refused, "unavailable": unavailable, "error": fault, "panic": fault,
		}[s[r.Scheme]]
		if _, bad := modelWords[s[r.Scheme]]; !bad {
			v = allow
		}
		if missing && v != absent && v != ambiguous && v != malformed {
			v = allow // never authenticated
		}
		worst = min(worst, v)
		names = append(names, s[r.Scheme])
	}
	if worst != allow {
		return worst, ""
	}
	if len(a) > 1 {
		names = combinedOrder(a, s)
	}
	held := strings.Split(strings.Join(names, "+"), "+")
	roles := slices.Clone(op.Roles)
	for _, r := range a {
		for _, scope := range r.Scopes {
			if !slices.Contains(held, scope) {
				return noScope, ""
			}
		}
		roles = append(roles, r.Roles...)
	}
	for _, group := range roles {
		if !slices.ContainsFunc(group, func(role guard.Role) bool { return slices.Contains(held, string(role)) }) {
			return noRole, ""
		}
	}
	return allow, strings.Join(names, "+")
}

var modelWords = map[string]bool{"absent": true, "twice": true, "broken": true, "invalid": true, "expired": true, "stepup": true,
	"forbidden": true, "unavailable": true, "error": true, "panic": true}

// combinedOrder: the combinations of this test are declared in the order of lawSchemes.
func combinedOrder(a guard.Alternative, s state) (names []string) {
	for _, scheme := range lawSchemes {
		if slices.ContainsFunc(a, func(r guard.Requirement) bool { return r.Scheme == scheme }) {
			names = append(names, s[scheme])
		}
	}
	return names
}

// statuses is the table of section 3, once more.
var statuses = map[verdict.Verdict]int{fault: 500, unavailable: 503, stepUp: 401, noScope: 403, refused: 403, noRole: 403, ambiguous: 400, invalid: 401, expired: 401, malformed: 401, absent: 401}

func lawLinker(w *world, op guard.Operation) *gen.Linker[*caller] {
	var combinations []gen.Combination[*caller]
	var known []string
	for _, a := range op.Security {
		var names []string
		for _, name := range lawSchemes {
			if slices.ContainsFunc(a, func(r guard.Requirement) bool { return r.Scheme == name }) {
				names = append(names, name)
			}
		}
		if set := strings.Join(names, " "); len(names) > 1 && !slices.Contains(known, set) {
			known = append(known, set)
			combinations = append(combinations, w.combine(names...))
		}
	}
	if w.options.OnDecision == nil {
		w.options.OnDecision = func(context.Context, guard.Event) {}
	}
	return gen.NewLinker(w.options, gen.Entitlements[*caller]{HasRole: hasRole, HasScope: hasScope}, w.schemes(), combinations)
}

func randomOperation(rnd *rand.Rand) guard.Operation {
	op := guard.Operation{ID: "random"}
	for range 1 + rnd.IntN(4) {
		op.Security = append(op.Security, randomAlternative(rnd))
	}
	anonymous := slices.ContainsFunc(op.Security, func(a guard.Alternative) bool { return len(a) == 0 })
	if !anonymous && rnd.IntN(3) == 0 {
		op.Roles = randomRoles(rnd)
	}
	return op
}

func randomAlternative(rnd *rand.Rand) guard.Alternative {
	a := guard.Alternative{}
	n := []int{0, 1, 1, 1, 1, 2, 2, 3}[rnd.IntN(8)]
	for _, i := range rnd.Perm(len(lawSchemes))[:n] {
		r := guard.Requirement{Scheme: lawSchemes[i]}
		switch {
		case r.Scheme == "bearer" && rnd.IntN(2) == 0:
			r.Scopes = []string{"s", "u"}[:1+rnd.IntN(2)]
		case rnd.IntN(4) == 0:
			r.Roles = randomRoles(rnd)
		}
		a = append(a, r)
	}
	return a
}

func randomRoles(rnd *rand.Rand) []guard.AnyRole {
	all := []guard.Role{"a", "b", "c"}
	groups := []guard.AnyRole{{all[rnd.IntN(3)]}}
	if rnd.IntN(2) == 0 {
		groups[0] = append(groups[0], all[rnd.IntN(3)])
	}
	if rnd.IntN(3) == 0 {
		groups = append(groups, guard.AnyRole{all[rnd.IntN(3)]})
	}
	return groups
}

func randomState(rnd *rand.Rand) state {
	s := state{}
	for _, scheme := range lawSchemes {
		s[scheme] = lawStates[rnd.IntN(len(lawStates))]
		twice := s[scheme] == "twice" && scheme == "cert"
		broken := s[scheme] == "broken" && !slices.Contains(canBreak, scheme)
		if twice || broken || scheme == "bearer" && strings.Contains(s[scheme], " ") {
			s[scheme] = "absent"
		}
	}
	return s
}

// run sends the state through the operation's guard.
func (w *world) run(t *testing.T, op guard.Operation, s state) (d guard.Decision[*caller], ran int, header http.Header) {
	l := lawLinker(w, op)
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	w.calls = nil
	d = g.Check(s.request())
	rec := httptest.NewRecorder()
	g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) { ran++ })(rec, s.request())
	return d, ran, rec.Header()
}

func TestLaws(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 26))
	seen := map[verdict.Verdict]int{}
	for i := range 3000 {
		op, s := randomOperation(rnd), randomState(rnd)
		w := &world{}
		d, ran, header := w.run(t, op, s)
		what := fmt.Sprintf("case %d: %+v, %v", i, op, s)
		want, name := model(op, s)
		seen[want]++
		if d.Verdict() != want || want == allow && nameOf(d.Caller()) != name || d.Status() != statuses[want] {
			t.Fatalf("%s: %s %s; the model says %s %s", what, d.Verdict(), nameOf(d.Caller()), want, name)
		}
		if (ran == 1) != d.Allowed() || ran > 1 {
			t.Fatalf("%s: %s, but the handler ran %d times", what, d.Verdict(), ran)
		}
		if challenged := want == absent || want >= ambiguous && want < absent || want == stepUp || want == noScope; challenged != (len(d.Challenges()) > 0) {
			t.Fatalf("%s: %s with challenges %q", what, want, d.Challenges())
		}
		if !slices.Equal(header.Values("WWW-Authenticate"), d.Challenges()) {
			t.Fatalf("%s: Check and Wrap differ: %q %q", what, d.Challenges(), header)
		}
		checkCalls(t, what, op, s, w.calls)
		again, _, headerAgain := w.run(t, op, s)
		if again.Verdict() != d.Verdict() || !reflect.DeepEqual(header, headerAgain) || nameOf(again.Caller()) != nameOf(d.Caller()) {
			t.Fatalf("%s: another answer to the same request", what)
		}
		checkPermutation(t, what, rnd, op, s, d)
		if d.Allowed() {
			checkMonotonic(t, what, rnd, op, s)
		}
		if slices.ContainsFunc(op.Security, func(a guard.Alternative) bool { return len(a) == 0 }) {
			continue
		}
		if nobody, _, _ := (&world{}).run(t, op, state{"bearer": "absent", "key": "absent", "key2": "absent", "query": "absent", "cookie": "absent", "cert": "absent"}); nobody.Verdict() != absent {
			t.Fatalf("%s: without a credential: %s", what, nobody.Verdict())
		}
	}
	for v := range statuses {
		if seen[v] < 10 {
			t.Errorf("%s came up %d times", v, seen[v])
		}
	}
}

// checkCalls: Check and Wrap made one call each of any scheme, and none of a scheme that is not there.
func checkCalls(t *testing.T, what string, op guard.Operation, s state, calls []string) {
	counts := map[string]int{}
	for _, c := range calls {
		counts[c]++
	}
	delete(counts, "combine")
	for scheme, n := range counts {
		if n != 2 || s[scheme] == "absent" || s[scheme] == "twice" || s[scheme] == "broken" {
			t.Fatalf("%s: %q was authenticated %d times", what, scheme, n)
		}
	}
}

// Permuting alternatives, or schemes of one, changes no verdict, so no allow into a deny.
func checkPermutation(t *testing.T, what string, rnd *rand.Rand, op guard.Operation, s state, d guard.Decision[*caller]) {
	permuted := op
	permuted.Security = nil
	for _, i := range rnd.Perm(len(op.Security)) {
		a := slices.Clone(op.Security[i])
		rnd.Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i] })
		permuted.Security = append(permuted.Security, a)
	}
	if got, _, _ := (&world{}).run(t, permuted, s); got.Verdict() != d.Verdict() {
		t.Fatalf("%s: %s, but %s as %+v", what, d.Verdict(), got.Verdict(), permuted.Security)
	}
}

// A further role, or a further valid credential beside the one that was accepted, changes no allow.
func checkMonotonic(t *testing.T, what string, rnd *rand.Rand, op guard.Operation, s state) {
	if d, _, _ := (&world{}).run(t, op, s); nameOf(d.Caller()) == "anonymous" {
		return // with its first credential a caller stops to be anonymous
	}
	more := maps.Clone(s)
	for scheme, value := range s {
		switch {
		case value == "absent":
			more[scheme] = "a+b+c"
		case !modelWords[value]:
			more[scheme] = value + "+" + string([]rune("abc")[rnd.IntN(3)])
		}
	}
	if d, _, _ := (&world{}).run(t, op, more); !d.Allowed() {
		t.Fatalf("%s: %s with more: %v", what, d.Verdict(), more)
	}
}
