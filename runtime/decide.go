package guard

import (
	"context"
	"errors"
)

// fewSchemes is how many schemes an operation can have without an allocation per request.
const fewSchemes = 8

var (
	errUnlinked    = errors.New("the guard was not made by a Linker")
	errBroken      = errors.New("the guards were not constructed without an error; see that error")
	errPanickedNil = errors.New("a function of the application panicked with nil")
)

// alternative is one security requirement of an operation, compiled.
type alternative[P any] struct {
	title   string // the schemes, for events
	source  string // what combine is called in reasons
	slots   []int  // the schemes, by their place in Guard.schemes
	combine func(context.Context, []P) (P, error)
	callers []int // the slots in the order in which combine wants their callers
	scopes  []scopeNeed
	roles   []roleNeed
	// scopeChallenge is sent when a scope is missing.
	scopeChallenge []string
}

// scopeNeed is a scope with what is said when the caller lacks it.
type scopeNeed struct {
	scope   string
	missing error
}

// roleNeed is a group of roles with what is said when the caller has none of them.
type roleNeed struct {
	anyOf   AnyRole
	missing error
}

// outcome is what became of one scheme: nothing yet, read, or authenticated.
type outcome[P any] struct {
	credential credential
	caller     P
	reason     error
	verdict    Verdict
	state      state
}

type state uint8

const (
	unread state = iota
	read
	authenticated
)

// outcomes are what became of an operation's schemes in one request. Each scheme is read and
// authenticated when it is first needed, and once. They travel beside the request and not in one struct with
// it: escape analysis looks at structs as a whole, and would put them on the heap.
type outcomes[P any] []outcome[P]

// decide fills d, which must be its zero value. (Returning it would copy it at every level.)
func (g *Guard[P]) decide(req request, d *Decision[P]) {
	switch {
	case g.link == nil:
		d.reason = errUnlinked
	case g.link.broken.Load():
		d.reason = errBroken
	case len(g.schemes) == 1:
		var one [1]outcome[P]
		g.conclude(req, one[:], d)
	case len(g.schemes) <= fewSchemes:
		var few [fewSchemes]outcome[P]
		g.conclude(req, few[:len(g.schemes)], d)
	default:
		g.conclude(req, make(outcomes[P], len(g.schemes)), d)
	}
}

// conclude takes the first alternative that is satisfied, {} when there is nothing else to go by, or else
// the worst of what was found, the first of equals.
func (g *Guard[P]) conclude(req request, all outcomes[P], d *Decision[P]) {
	d.verdict, d.reason = VerdictAbsent, errAbsent
	for i := range g.alternatives {
		if g.try(req, all, &g.alternatives[i], d) {
			return
		}
	}
	if g.anonymous && all.absent() {
		*d = Decision[P]{verdict: VerdictAllow}
		return
	}
	g.challenge(req, all, d)
}

func (all outcomes[P]) absent() bool {
	for i := range all {
		if all[i].verdict != VerdictAbsent {
			return false
		}
	}
	return true
}

// try evaluates an alternative and reports whether it is satisfied.
func (g *Guard[P]) try(req request, all outcomes[P], a *alternative[P], d *Decision[P]) bool {
	if g.read(req, all, a) {
		for _, slot := range a.slots {
			g.authenticate(req, &all[slot], &g.schemes[slot])
		}
	}
	if !g.accepted(all, a, d) {
		return false
	}
	caller, verdict, reason := g.caller(req, all, a)
	if verdict == VerdictAllow && a.needs() {
		verdict, reason = g.link.entitled(a, caller)
	}
	if verdict != VerdictAllow {
		d.worsen(verdict, reason, a.title, a.scopeChallenge)
		return false
	}
	d.verdict, d.reason, d.scheme, d.challenges = VerdictAllow, nil, a.title, nil
	d.caller.caller, d.caller.known = caller, true
	return true
}

// read reads all schemes of an alternative and reports whether none of them is absent. Where one is, no
// authenticator of the alternative is called, so that anonymous probes cause no traffic behind.
func (g *Guard[P]) read(req request, all outcomes[P], a *alternative[P]) bool {
	complete := true
	for _, slot := range a.slots {
		o := &all[slot]
		if o.state == unread {
			o.state = read
			o.credential, o.verdict, o.reason = g.schemes[slot].reader.read(req, g.link.settings.limit)
		}
		complete = complete && o.verdict != VerdictAbsent
	}
	return complete
}

func (g *Guard[P]) authenticate(req request, o *outcome[P], s *Scheme[P]) {
	if o.state == read && o.verdict == presented {
		o.state = authenticated
		o.caller, o.verdict, o.reason = g.link.authenticate(req.context(), s, o.credential)
	}
}

// accepted reports whether every scheme of an alternative has a caller.
func (g *Guard[P]) accepted(all outcomes[P], a *alternative[P], d *Decision[P]) bool {
	worst := a.slots[0]
	for _, slot := range a.slots[1:] {
		if all[slot].verdict < all[worst].verdict {
			worst = slot
		}
	}
	o := &all[worst]
	if o.verdict != VerdictAllow {
		d.worsen(o.verdict, o.reason, g.schemes[worst].name, nil)
		return false
	}
	return true
}

// caller is the one whom the callers of an alternative's schemes make.
func (g *Guard[P]) caller(req request, all outcomes[P], a *alternative[P]) (P, Verdict, error) {
	if a.combine == nil {
		return all[a.slots[0]].caller, VerdictAllow, nil
	}
	callers := make([]P, len(a.callers))
	for i, slot := range a.callers {
		callers[i] = all[slot].caller
	}
	return g.link.combine(req.context(), a, callers)
}

// needs reports whether the caller must hold anything.
func (a *alternative[P]) needs() bool { return len(a.scopes) > 0 || len(a.roles) > 0 }

// worsen records what came of an alternative that is not satisfied: the worst one counts, the first of
// equals.
func (d *Decision[P]) worsen(verdict Verdict, reason error, scheme string, scopeChallenge []string) {
	if d.scheme != "" && verdict >= d.verdict {
		return
	}
	d.verdict, d.reason, d.scheme, d.challenges = verdict, reason, scheme, nil
	if verdict == VerdictMissingScope {
		d.challenges = scopeChallenge
	}
}
