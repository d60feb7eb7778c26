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
	"absent", "absent", "absent", "twice", "broken", "invalid", "expired", "stepup", "forbidden", "throttled", "unavailable", "error", "panic",
	"none", "none", "a", "b", "c", "a+b", "b+c", "a+b+c+s+u", "a+s", "s", "s+u",
}

// canBreak are the schemes that can be broken on the wire.
var canBreak = []string{"bearer", "query"}

// lawSeveral are the states of a cookie that was set more than once, beside those of lawStates.
var lawSeveral = []string{
	"a;a", "a;b", "a;invalid", "expired;a+b", "invalid;expired", "unavailable;invalid", "error;a", "panic;a", "b;panic", "throttled;expired",
	"invalid;a;expired;invalid", "a;b;c;none", "a;b;c;none;s", "invalid;invalid;invalid;invalid;invalid;b", "stepup;invalid", "forbidden;invalid",
}

type state map[string]string // scheme to its state; several credentials are separated by semicolons

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
				lines = append(lines, "Cookie: x=1; sid="+strings.ReplaceAll(value, ";", "; sid="))
			case "cert":
				lines = append(lines, "cert="+value)
			}
		}
	}
	return request(append(lines, "?"+strings.Join(query, "&"))...)
}

// terms are what is said of the schemes of an operation.
type terms struct {
	several bool            // the cookie may come several times
	stale   map[string]bool // where invalid credentials count as none
}

// model is section 3 in its plainest words: the verdict on a state, and the caller's name.
func (w terms) model(op guard.Operation, s state) (verdict.Verdict, string) {
	verdict, anyPresent, anonymous := absent, false, false
	for _, a := range op.Security {
		for _, r := range a {
			anyPresent = anyPresent || w.counts(op, s, r.Scheme)
		}
	}
	for _, a := range op.Security {
		if len(a) == 0 {
			anonymous = true
			continue
		}
		v, caller := w.modelAlternative(op, a, s)
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

// counts reports whether a scheme has a credential that stands in the way of an anonymous caller: stale ones do not
// where the policy says so, once they were found to be stale, for which no scheme of their alternative may be absent.
func (w terms) counts(op guard.Operation, s state, scheme string) bool {
	if s[scheme] == "absent" {
		return false
	}
	v, _ := w.modelScheme(scheme, s[scheme])
	if v != invalid && v != expired || !op.InvalidIsAnonymous && !w.stale[scheme] {
		return true
	}
	return !slices.ContainsFunc(op.Security, func(a guard.Alternative) bool {
		return !missing(a, s) && slices.ContainsFunc(a, func(r guard.Requirement) bool { return r.Scheme == scheme })
	})
}

func missing(a guard.Alternative, s state) bool {
	return slices.ContainsFunc(a, func(r guard.Requirement) bool { return s[r.Scheme] == "absent" })
}

func (w terms) modelAlternative(op guard.Operation, a guard.Alternative, s state) (verdict.Verdict, string) {
	missing := missing(a, s)
	worst := allow
	callers := state{}
	for _, r := range a {
		v, caller := w.modelScheme(r.Scheme, s[r.Scheme])
		if missing && v != absent && !w.onSight(r.Scheme, s[r.Scheme]) {
			v = allow // never authenticated
		}
		worst = min(worst, v)
		callers[r.Scheme] = caller
	}
	if worst != allow {
		return worst, ""
	}
	names := []string{callers[a[0].Scheme]}
	if len(a) > 1 {
		names = combinedOrder(a, callers)
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

// modelWords are the states that are no callers' names.
var modelWords = map[string]verdict.Verdict{
	"absent": absent, "twice": ambiguous, "broken": malformed, "invalid": invalid, "expired": expired, "stepup": stepUp,
	"forbidden": refused, "throttled": throttled, "unavailable": unavailable, "error": fault, "panic": fault,
}

// modelScheme is what becomes of a scheme, and its caller.
func (w terms) modelScheme(scheme, state string) (verdict.Verdict, string) {
	values := distinctOf(strings.Split(state, ";"))
	if scheme == "cookie" && state == "twice" && w.several {
		values = []string{"a"} // which is twice the same
	}
	if w.onSight(scheme, state) {
		if v, bad := modelWords[state]; bad {
			return v, ""
		}
		return ambiguous, ""
	}
	worst, accepted := absent, []string{}
	for _, value := range values {
		v, bad := modelWords[value]
		switch {
		case !bad:
			accepted = append(accepted, value)
		case v == stepUp && scheme != "bearer":
			worst = fault
		default:
			worst = min(worst, v)
		}
	}
	switch len(accepted) {
	case 0:
		return worst, ""
	case 1:
		return allow, accepted[0]
	}
	return ambiguous, ""
}

// onSight reports whether a state needs no authenticator to be refused.
func (w terms) onSight(scheme, state string) bool {
	if scheme == "cookie" && (state == "twice" || strings.Contains(state, ";")) {
		return !w.several || len(distinctOf(strings.Split(state, ";"))) > 4
	}
	return state == "twice" || state == "broken"
}

func distinctOf(values []string) (out []string) {
	for _, v := range values {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

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
var statuses = map[verdict.Verdict]int{fault: 500, unavailable: 503, throttled: 429, stepUp: 401, noScope: 403, refused: 403, noRole: 403, ambiguous: 400, invalid: 401, expired: 401, malformed: 401, absent: 401}

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
	op.InvalidIsAnonymous = anonymous && rnd.IntN(3) == 0
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

func randomTerms(rnd *rand.Rand) terms {
	w := terms{several: rnd.IntN(2) == 0, stale: map[string]bool{}}
	for _, scheme := range lawSchemes {
		w.stale[scheme] = rnd.IntN(4) == 0
	}
	return w
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
		if s[scheme] = lawStates[rnd.IntN(len(lawStates))]; scheme == "cookie" && rnd.IntN(3) == 0 {
			s[scheme] = lawSeveral[rnd.IntN(len(lawSeveral))]
		}
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
		w := &world{terms: randomTerms(rnd)}
		d, ran, header := w.run(t, op, s)
		what := fmt.Sprintf("case %d: %+v, %v, %+v", i, op, s, w.terms)
		want, name := w.model(op, s)
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
		checkCalls(t, what, w, s)
		again, _, headerAgain := w.run(t, op, s)
		if again.Verdict() != d.Verdict() || !reflect.DeepEqual(header, headerAgain) || nameOf(again.Caller()) != nameOf(d.Caller()) {
			t.Fatalf("%s: another answer to the same request", what)
		}
		checkPermutation(t, what, rnd, w.terms, op, s, d)
		if d.Allowed() {
			checkMonotonic(t, what, rnd, w.terms, op, s)
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
// Of several cookies each value is authenticated once.
func checkCalls(t *testing.T, what string, w *world, s state) {
	counts := map[string]int{}
	for _, c := range w.calls {
		counts[c]++
	}
	delete(counts, "combine")
	for scheme, n := range counts {
		if n != 2*len(distinctOf(strings.Split(s[scheme], ";"))) || s[scheme] == "absent" || w.onSight(scheme, s[scheme]) {
			t.Fatalf("%s: %q was authenticated %d times", what, scheme, n)
		}
	}
}

// Permuting alternatives, or schemes of one, changes no verdict, so no allow into a deny.
func checkPermutation(t *testing.T, what string, rnd *rand.Rand, terms terms, op guard.Operation, s state, d guard.Decision[*caller]) {
	permuted := op
	permuted.Security = nil
	for _, i := range rnd.Perm(len(op.Security)) {
		a := slices.Clone(op.Security[i])
		rnd.Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i] })
		permuted.Security = append(permuted.Security, a)
	}
	if got, _, _ := (&world{terms: terms}).run(t, permuted, s); got.Verdict() != d.Verdict() {
		t.Fatalf("%s: %s, but %s as %+v", what, d.Verdict(), got.Verdict(), permuted.Security)
	}
}

// A further role, or a further valid credential beside the one that was accepted, changes no allow.
func checkMonotonic(t *testing.T, what string, rnd *rand.Rand, terms terms, op guard.Operation, s state) {
	if d, _, _ := (&world{terms: terms}).run(t, op, s); nameOf(d.Caller()) == "anonymous" {
		return // with its first credential a caller stops to be anonymous
	}
	more := maps.Clone(s)
	for scheme, value := range s {
		_, word := modelWords[value]
		switch {
		case value == "absent":
			more[scheme] = "a+b+c"
		case !word && !strings.Contains(value, ";"): // a caller
			more[scheme] = value + "+" + string([]rune("abc")[rnd.IntN(3)])
		}
	}
	if d, _, _ := (&world{terms: terms}).run(t, op, more); !d.Allowed() {
		t.Fatalf("%s: %s with more: %v", what, d.Verdict(), more)
	}
}
