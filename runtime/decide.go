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
	private bool // a caller who came this way gets private responses
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
func (g *Guard[P]) decide(r Request, d *Decision[P]) {
	switch {
	case g.link == nil:
		d.reason = errUnlinked
	case g.link.broken.Load():
		d.reason = errBroken
	case g.isSingle():
		g.single(r, d)
	case len(g.schemes) <= fewSchemes:
		var few [fewSchemes]outcome[P]
		g.conclude(r, few[:len(g.schemes)], d)
	default:
		g.conclude(r, make(outcomes[P], len(g.schemes)), d)
	}
}

// conclude takes the first alternative that is satisfied, {} when there is nothing else to go by, or else
// the worst of what was found, the first of equals.
func (g *Guard[P]) conclude(r Request, all outcomes[P], d *Decision[P]) {
	d.verdict, d.reason = VerdictAbsent, errAbsent
	for i := range g.alternatives {
		a := &g.alternatives[i]
		complete := g.read(r, all, a)
		verdict, scheme, reason := g.try(r, all, a, complete, d)
		if verdict == VerdictAllow {
			d.verdict, d.reason, d.scheme, d.challenges = VerdictAllow, nil, scheme, nil
			return
		}
		d.worsen(verdict, reason, scheme, a)
	}
	if g.anonymous && all.absent() {
		d.verdict, d.reason, d.scheme = VerdictAllow, nil, ""
		return
	}
	g.challenge(r, all, d)
}

func (all outcomes[P]) absent() bool {
	for i := range all {
		if all[i].verdict != VerdictAbsent {
			return false
		}
	}
	return true
}

// worsen records what came of an alternative that is not satisfied.
func (d *Decision[P]) worsen(verdict Verdict, reason error, scheme string, a *alternative[P]) {
	if d.scheme != "" && verdict >= d.verdict {
		return
	}
	d.verdict, d.reason, d.scheme, d.challenges = verdict, reason, scheme, nil
	if verdict == VerdictMissingScope {
		d.challenges = a.scopeChallenge
	}
}

// read reads all schemes of an alternative and reports whether none of them is absent.
func (g *Guard[P]) read(r Request, all outcomes[P], a *alternative[P]) bool {
	complete := true
	for _, slot := range a.slots {
		o := &all[slot]
		if o.state == unread {
			o.state = read
			o.credential, o.verdict, o.reason = g.schemes[slot].reader.read(r, g.link.settings.limit)
		}
		complete = complete && o.verdict != VerdictAbsent
	}
	return complete
}

// try evaluates an alternative that has been read, and gives d the caller when it is satisfied. Where a
// scheme is absent no authenticator is called, so that anonymous probes cause no traffic behind. All of the
// application's functions that can decide run in here, behind one fence; where and scheme say which.
// The results stay a fault until everything is through. A panic ends the alternative, for nothing is worse.
func (g *Guard[P]) try(r Request, all outcomes[P], a *alternative[P], complete bool, d *Decision[P]) (verdict Verdict, scheme string, reason error) {
	var where string
	var caller P
	verdict, reason = VerdictFault, errPanickedNil
	defer contain(&verdict, &reason, &where)
	worst, cause, culprit := VerdictAllow, error(nil), ""
	for _, slot := range a.slots {
		o, s := &all[slot], &g.schemes[slot]
		if complete && o.state == read && o.verdict == presented {
			where, scheme = s.source, s.name
			g.authenticate(r, o, s)
		}
		if o.verdict < worst {
			worst, cause, culprit = o.verdict, o.reason, s.name
		}
		caller = o.caller
	}
	if worst != VerdictAllow {
		return worst, culprit, cause
	}
	where, scheme = a.source, a.title
	if a.combine != nil {
		combined, v, err := g.combine(r.Context(), all, a)
		if v != VerdictAllow {
			return v, scheme, err
		}
		caller = combined
	}
	if v, err := g.entitled(caller, a); v != VerdictAllow {
		return v, scheme, err
	}
	d.caller.caller, d.caller.known = caller, true
	d.private = a.private
	return VerdictAllow, scheme, nil
}

// authenticate asks a scheme's authenticator. Should it panic, the scheme stays a fault.
func (g *Guard[P]) authenticate(r Request, o *outcome[P], s *Scheme[P]) {
	o.state, o.verdict, o.reason = authenticated, VerdictFault, errPanickedNil
	caller, err := s.authenticate(r, o.credential)
	verdict, reason := g.link.judge(r.Context(), caller, err, s.source)
	o.caller, o.verdict, o.reason = caller, verdict, reason
}

// combine makes one caller of those of an alternative's schemes.
func (g *Guard[P]) combine(ctx context.Context, all outcomes[P], a *alternative[P]) (P, Verdict, error) {
	callers := make([]P, len(a.callers))
	for i, slot := range a.callers {
		callers[i] = all[slot].caller
	}
	caller, err := a.combine(ctx, callers)
	verdict, reason := g.link.judge(ctx, caller, err, a.source)
	return caller, verdict, reason
}

// entitled checks what the caller holds: scopes before roles.
func (g *Guard[P]) entitled(caller P, a *alternative[P]) (Verdict, error) {
	for i := range a.scopes {
		if !g.link.holdings.HasScope(caller, a.scopes[i].scope) {
			return VerdictMissingScope, a.scopes[i].missing
		}
	}
	for i := range a.roles {
		if !g.link.hasAny(caller, a.roles[i].anyOf) {
			return VerdictMissingRole, a.roles[i].missing
		}
	}
	return VerdictAllow, nil
}
