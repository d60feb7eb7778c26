package difference

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// gained is a caller whom one policy lets in and the other refuses.
type gained struct {
	caller Caller
	// by is the alternative that lets the caller in, nil for an anonymous one.
	by *way
	// definition is that of the scheme whose credential is in a state that decides.
	definition string
}

// gain is the smallest caller whom an operation lets in and another form of it refuses.
func gain(admitting, refusing side) (gained, bool) {
	s := search{admitting: &admitting, refusing: &refusing}
	s.anonymous()
	for i := range admitting.ways {
		w := &admitting.ways[i]
		if !admitting.anonymous { // otherwise an anonymous caller is smaller
			s.way(w, Valid)
		}
		if s.twice(w) {
			s.way(w, Twice)
		}
	}
	s.invalid()
	return s.best, s.found
}

// search keeps the smallest caller that was found.
type search struct {
	admitting, refusing *side
	best                gained
	found               bool
}

func (s *search) add(g gained) {
	if !s.found || g.caller.compare(&s.best.caller) < 0 {
		s.best, s.found = g, true
	}
}

// checked reports whether whoever passes the check of the one operation passes that of the other.
func (s *search) checked() bool {
	return s.refusing.Check == "" || s.refusing.Check == s.admitting.Check
}

// checks are the checks that callers have to pass.
func (s *search) checks() []string {
	if s.admitting.Check == "" {
		return []string{}
	}
	return []string{s.admitting.Check}
}

func (s *search) nobody(state State) Caller {
	return Caller{Schemes: []string{}, Scopes: []string{}, Roles: []string{}, Checks: s.checks(), State: state}
}

// anonymous looks at callers who hold nothing.
func (s *search) anonymous() {
	if s.admitting.anonymous && (!s.refusing.anonymous || !s.checked()) {
		s.add(gained{caller: s.nobody(Valid)})
	}
}

// way looks at the minimal grants of an alternative.
func (s *search) way(w *way, state State) {
	if state == Valid && s.refusing.anonymous && s.checked() {
		return
	}
	roles, found := smallestRoles(w.groups, s.rivals(w, state))
	if !found {
		return
	}
	caller := Caller{Schemes: []string{}, Scopes: append([]string{}, w.scopes...), Roles: append([]string{}, roles...), Checks: s.checks(), State: state}
	for _, h := range w.schemes {
		caller.Schemes = append(caller.Schemes, h.name)
	}
	slices.Sort(caller.Schemes)
	g := gained{caller: caller, by: w}
	if state == Twice {
		g.definition = s.twiceOnly(w)
	}
	s.add(g)
}

// rivals are the groups of roles of the alternatives that would let a caller in who holds the schemes, scopes and check
// of the way, and the right roles.
func (s *search) rivals(w *way, state State) [][][]string {
	if !s.checked() {
		return nil
	}
	var rivals [][][]string
	for i := range s.refusing.ways {
		rival := &s.refusing.ways[i]
		if rival.accepts(w, state) && within(rival.scopes, w.scopes) {
			rivals = append(rivals, rival.groups)
		}
	}
	return rivals
}

// accepts reports whether the credentials for another alternative are enough for this one.
func (w *way) accepts(other *way, state State) bool {
	for _, h := range w.schemes {
		theirs, holds := other.scheme(h.definition)
		if !holds || state == Twice && theirs.twice && !h.twice {
			return false
		}
	}
	return true
}

// twice reports whether a cookie of the way may be given twice, but not for the other operation, which reads it too.
func (s *search) twice(w *way) bool { return s.twiceOnly(w) != "" }

func (s *search) twiceOnly(w *way) string {
	for _, h := range w.schemes {
		if h.twice && slices.ContainsFunc(s.refusing.ways, func(rival way) bool {
			theirs, reads := rival.scheme(h.definition)
			return reads && !theirs.twice
		}) {
			return h.definition
		}
	}
	return ""
}

// invalid looks at callers who hold nothing, but present an invalid or expired credential. It matters where it could
// keep them from being anonymous.
func (s *search) invalid() {
	if !s.admitting.anonymous || !s.refusing.anonymous {
		return
	}
	for _, w := range s.admitting.ways {
		for _, h := range w.schemes {
			if s.admitting.ignoresInvalid(h.definition) && s.refusing.reads(h.definition) && !s.refusing.ignoresInvalid(h.definition) {
				s.add(gained{caller: s.nobody(Invalid), definition: h.definition})
				return
			}
		}
	}
}

// reads reports whether an alternative asks for a scheme of a definition.
func (s *side) reads(definition string) bool {
	return slices.ContainsFunc(s.ways, func(w way) bool { _, reads := w.scheme(definition); return reads })
}

// ignoresInvalid reports whether an invalid credential counts as none: whatever name of the scheme it is for.
func (s *side) ignoresInvalid(definition string) bool {
	return s.InvalidIsAnonymous || !slices.ContainsFunc(s.Schemes(), func(scheme *policy.Scheme) bool {
		return s.document.definition(scheme) == definition && !scheme.InvalidIsAnonymous
	})
}
