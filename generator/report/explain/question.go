package explain

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Question is a caller as somebody asks about one. The zero value asks about the usual ones.
type Question struct {
	// Roles and Scopes are those that the caller holds.
	Roles, Scopes []string
	// Schemes are those for which the request has a credential, in State; none: those of the first alternative that
	// admits the caller, or else of the first one. With Scopes, only alternatives that ask for scopes count, if any does.
	Schemes []string
	// State is that of the credentials, Valid when empty.
	State State
	// States are those of single schemes.
	States map[string]State
}

// Asked is a caller with the answer.
type Asked struct {
	Caller Caller
	Answer Answer
}

// Answers are the answers to the question: one, or those to the usual callers of the operation. The error says that no
// request can be like this.
func Answers(p *policy.Policy, o *policy.Operation, q Question, options Options) ([]Asked, error) {
	if q.isEmpty() {
		return usual(p, o, options), nil
	}
	c := q.caller(p, o, options)
	if err := c.Check(o); err != nil {
		return nil, err
	}
	return []Asked{{c, Ask(p, o, c, options)}}, nil
}

func (q Question) isEmpty() bool {
	return q.State == "" && len(q.Roles)+len(q.Scopes)+len(q.Schemes)+len(q.States) == 0
}

func (q Question) caller(p *policy.Policy, o *policy.Operation, options Options) Caller {
	state := q.State
	if state == "" {
		state = Valid
	}
	c := Caller{Credentials: map[string]State{}, Roles: q.Roles, Scopes: q.Scopes}
	for _, name := range q.Schemes {
		c.Credentials[name] = state
	}
	for name, own := range q.States {
		c.Credentials[name] = own
	}
	if len(c.Credentials) == 0 && state != Absent {
		return chosen(p, o, state, q, options)
	}
	return c
}

// chosen is the caller by the first alternative that admits, or else by the first one. Who holds scopes has a token with
// them, so the others do not count where an alternative asks for scopes.
func chosen(p *policy.Policy, o *policy.Operation, state State, q Question, options Options) Caller {
	first := Caller{Roles: q.Roles, Scopes: q.Scopes}
	scoped := len(q.Scopes) > 0 && slices.ContainsFunc(o.Alternatives, asksForScopes)
	for _, a := range o.Alternatives {
		c := With(state, schemesOf(a), q.Roles, q.Scopes)
		switch {
		case a.Anonymous() || scoped && !asksForScopes(a):
		case state == Valid && c.Check(o) == nil && Ask(p, o, c, options).Verdict == "allow":
			return c
		case first.Credentials == nil:
			first = c
		}
	}
	return first
}

func asksForScopes(a policy.Alternative) bool {
	return slices.ContainsFunc(a.Requirements, func(r policy.Requirement) bool { return len(r.Scopes) > 0 })
}

func schemesOf(a policy.Alternative) []*policy.Scheme {
	var all []*policy.Scheme
	for _, r := range a.Requirements {
		all = append(all, r.Scheme)
	}
	return all
}

// usual are a caller without credentials, one with invalid ones, one who is known and holds nothing, and one who holds
// everything that the operation asks for.
func usual(p *policy.Policy, o *policy.Operation, options Options) []Asked {
	nobody := Caller{}
	all := []Asked{{nobody, Ask(p, o, nobody, options)}}
	if o.Public() {
		return all
	}
	roles, scopes := everything(o)
	questions := []Question{{State: Invalid}, {State: Valid}, {State: Valid, Roles: roles, Scopes: scopes}}
	if len(roles)+len(scopes) == 0 {
		questions = questions[:2]
	}
	for _, q := range questions {
		if c := q.caller(p, o, options); c.Check(o) == nil {
			all = append(all, Asked{c, Ask(p, o, c, options)})
		}
	}
	return all
}

// everything are one role of each group and all scopes that the operation asks for.
func everything(o *policy.Operation) (roles, scopes []string) {
	required := []policy.Roles{o.Roles}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			required = append(required, r.Roles)
			scopes = append(scopes, r.Scopes...)
		}
	}
	for _, r := range required {
		for _, g := range r.Groups {
			roles = append(roles, g.Written[0])
		}
	}
	slices.Sort(roles)
	slices.Sort(scopes)
	return slices.Compact(roles), slices.Compact(scopes)
}
