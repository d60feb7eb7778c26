package explain

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Answer is what a caller gets.
type Answer struct {
	// Verdict is the true one, as events of the runtime have it: allow, missing-role, absent and so on.
	Verdict string `json:"verdict"`
	// Status is that of the denial; 0 when the handler runs.
	Status int `json:"status"`
	// Challenges are the lines of WWW-Authenticate.
	Challenges []string `json:"challenges"`
	// Body is the denial's content, empty for HEAD.
	Body string `json:"body"`
	// Scheme is the one that decided, or the alternative: several with + between them.
	Scheme string `json:"scheme,omitempty"`
	// Check is the resource check that decides last about an admitted caller.
	Check string `json:"check,omitempty"`
	// Because are the rules that decide.
	Because []Source `json:"because,omitempty"`
}

// Options are those of the program that a document does not know.
type Options struct {
	// Realm is that of challenges, "api" when empty as in the runtime.
	Realm string
}

// verdicts are the conclusions, the worst first: of several the first in this list decides.
var verdicts = [...]string{"missing-scope", "missing-role", "ambiguous", "invalid", "expired", "malformed", "absent", "allow"}

func worse(a, b string) bool { return slices.Index(verdicts[:], a) < slices.Index(verdicts[:], b) }

// Ask is the answer of the operation's guard to the caller. The caller must have passed [Caller.Check].
func Ask(p *policy.Policy, o *policy.Operation, c Caller, options Options) Answer {
	d := &decision{operation: o, caller: c, options: options, states: map[*policy.Scheme]string{}, policy: p}
	if !o.Public() {
		d.decide()
	} else {
		d.verdict = "allow"
	}
	return d.answer()
}

// decision is one decision.
type decision struct {
	policy    *policy.Policy
	operation *policy.Operation
	caller    Caller
	options   Options
	// states are the findings about schemes; one that was presented and not authenticated is allow.
	states  map[*policy.Scheme]string
	verdict string
	scheme  string
	// alternative is the one that admits, or that was found worst; nil for the others. lacking is the rule that the
	// caller does not meet.
	alternative *policy.Alternative
	lacking     *Source
}

// decide takes the first alternative that is satisfied, {} when nothing counts as presented, or else the worst finding, the
// first of equals (SEMANTICS of the runtime: docs/RUNTIME.md).
func (d *decision) decide() {
	schemes := d.operation.Schemes()
	for _, s := range schemes {
		d.states[s] = d.reading(s, schemes)
	}
	d.verdict = "absent"
	for i := range d.operation.Alternatives {
		a := &d.operation.Alternatives[i]
		if a.Anonymous() {
			continue
		}
		verdict, scheme, lacking := d.try(a)
		if verdict == "allow" {
			d.verdict, d.scheme, d.alternative, d.lacking = verdict, scheme, a, nil
			return
		}
		if d.alternative == nil || worse(verdict, d.verdict) {
			d.verdict, d.scheme, d.alternative, d.lacking = verdict, scheme, a, lacking
		}
	}
	if d.operation.Optional() && d.nothingCounts(schemes) {
		d.verdict, d.scheme, d.alternative = "allow", "", nil
	}
}

// reading is the state of a scheme before its authenticator is asked.
func (d *decision) reading(s *policy.Scheme, all []*policy.Scheme) string {
	switch state := d.caller.read(s, all); state {
	case Absent, Malformed, Ambiguous:
		return string(state)
	}
	return "allow"
}

// try is the finding about an alternative. Its authenticators are asked when none of its schemes is absent.
func (d *decision) try(a *policy.Alternative) (verdict, scheme string, lacking *Source) {
	complete := !slices.ContainsFunc(a.Requirements, func(r policy.Requirement) bool { return d.states[r.Scheme] == "absent" })
	verdict = "allow"
	for _, r := range a.Requirements {
		if state := d.caller.read(r.Scheme, d.operation.Schemes()); complete && (state == Invalid || state == Expired) {
			d.states[r.Scheme] = string(state)
		}
		if worse(d.states[r.Scheme], verdict) {
			verdict, scheme = d.states[r.Scheme], r.Scheme.Name
		}
	}
	if verdict != "allow" {
		return verdict, scheme, nil
	}
	return d.entitled(a)
}

// entitled looks at the scopes of the alternative, then at its roles, then at those of the operation.
func (d *decision) entitled(a *policy.Alternative) (verdict, scheme string, lacking *Source) {
	scheme = title(a)
	for _, r := range a.Requirements {
		for _, scope := range r.Scopes {
			if !slices.Contains(d.caller.Scopes, scope) {
				return "missing-scope", scheme, d.scopeSource(r)
			}
		}
	}
	for _, r := range a.Requirements {
		if !d.holds(r.Roles) {
			return "missing-role", scheme, d.roleSource(r.Roles, d.operation.SecurityLevel)
		}
	}
	if !d.holds(d.operation.Roles) {
		return "missing-role", scheme, d.roleSource(d.operation.Roles, d.operation.RolesLevel)
	}
	return "allow", scheme, nil
}

func (d *decision) holds(roles policy.Roles) bool {
	for _, g := range roles.Groups {
		if !slices.ContainsFunc(g.AnyOf, func(role string) bool { return slices.Contains(d.caller.Roles, role) }) {
			return false
		}
	}
	return true
}

// nothingCounts reports whether {} admits the caller: nothing is presented, or only what counts as nothing.
func (d *decision) nothingCounts(schemes []*policy.Scheme) bool {
	return !slices.ContainsFunc(schemes, func(s *policy.Scheme) bool {
		if d.states[s] == "invalid" || d.states[s] == "expired" {
			return !s.InvalidIsAnonymous && !d.operation.InvalidIsAnonymous
		}
		return d.states[s] != "absent"
	})
}

// concealed is the verdict that the client gets to see.
func (d *decision) concealed() string {
	switch conceal := d.operation.Conceal; {
	case conceal == policy.ConcealAsNotFound && (d.verdict == "missing-scope" || d.verdict == "missing-role"):
		return "not-found"
	case conceal == policy.ConcealAsForbidden && d.verdict == "missing-role":
		return "forbidden"
	}
	return d.verdict
}

func (d *decision) answer() Answer {
	shown := d.concealed()
	a := Answer{Verdict: d.verdict, Status: statuses[shown], Scheme: d.scheme, Challenges: []string{}, Because: d.because(shown)}
	if d.verdict == "allow" {
		a.Check = d.operation.Check
		return a
	}
	if d.operation.Method != "HEAD" {
		a.Body = body(shown)
	}
	if shown == d.verdict {
		a.Challenges = append(a.Challenges, d.challengeLines()...)
	}
	return a
}

// title names an alternative.
func title(a *policy.Alternative) string {
	name := ""
	for i, r := range a.Requirements {
		if i > 0 {
			name += "+"
		}
		name += r.Scheme.Name
	}
	return name
}
