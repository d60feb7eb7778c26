package probe

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

// expectation is what an answer may be: one of expected, or, where a caller must get in, anything but unexpected.
type expectation struct{ expected, unexpected []int }

// ok judges a status.
func (e expectation) ok(status int) bool {
	if len(e.expected) > 0 {
		return slices.Contains(e.expected, status)
	}
	return !slices.Contains(e.unexpected, status)
}

// onHead is the expectation of HEAD, which a server need not have.
func (e expectation) onHead() expectation {
	if len(e.expected) == 0 {
		return e
	}
	e.expected = slices.Clone(e.expected)
	for _, status := range []int{404, 405} {
		if !slices.Contains(e.expected, status) {
			e.expected = append(e.expected, status)
		}
	}
	slices.Sort(e.expected)
	return e
}

// admitted is the expectation of a caller who must get in. A resource check may still refuse it.
func (t *target) admitted() expectation {
	if t.Check != "" {
		return expectation{unexpected: []int{401}}
	}
	return expectation{unexpected: []int{401, 403}}
}

// presented is what a request presents, and whose it is.
type presented struct {
	states map[*policy.Scheme]explain.State
	// values are the credentials that are valid.
	values        map[*policy.Scheme]string
	roles, scopes []string
}

// verdicts are the answers that the rules lead to. Two schemes may read one credential (an oauth2 scheme and a bearer
// scheme, say). Whether the other one accepts it is not known, so there are two: for a server where it does not, and for one
// where it does.
func (t *target) verdicts(p presented) [2]explain.Answer {
	var answers [2]explain.Answer
	for i := range answers {
		c := explain.Caller{Credentials: map[string]explain.State{}, Roles: p.roles, Scopes: p.scopes}
		for s, state := range p.states {
			c.Credentials[s.Name] = state
			for _, other := range t.Schemes() {
				if _, own := p.states[other]; own || !samePlace(s, other) {
					continue
				}
				if i == 1 || state != explain.Valid {
					c.Credentials[other.Name] = state
				}
			}
		}
		answers[i] = explain.Ask(t.policy, t.Operation, c, explain.Options{})
	}
	return answers
}

// expect is the expectation of a request with credentials; it is not known where the two answers disagree.
func (t *target) expect(p presented) (expectation, bool) {
	var denied []int
	admits := 0
	for _, a := range t.verdicts(p) {
		if a.Verdict == "allow" {
			admits++
			continue
		}
		denied = append(denied, statuses(a)...)
	}
	switch admits {
	case 2:
		return t.admitted(), true
	case 0:
		slices.Sort(denied)
		return expectation{expected: slices.Compact(denied)}, true
	}
	return expectation{}, false
}

// statuses are those of a denial. Servers may tell a repeated credential from a bad one or not.
func statuses(a explain.Answer) []int {
	if a.Verdict == "ambiguous" {
		return []int{400, 401}
	}
	return []int{a.Status}
}
