package guardtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// examination is the questions about one operation.
type examination struct {
	*run
	op       guard.Operation
	path     string
	good     []string   // the path parameters that bound before
	served   *exchanged // the answer to a caller who got in
	unasked  bool       // the log says already that admitted requests are not asked
	doubtful bool       // the log says already that a concealed denial may be a missing resource
}

const credentialsHint = "; Options.Credentials has to make credentials that the server accepts"

// question is a request, and what is in it beside the operation's method and path.
type question struct {
	name   string
	give   func(*http.Request) error // the credentials
	hint   string                    // what helps when a good credential is refused
	almost bool                      // the caller is one whom Options.Credentials need not know
	vary   bool                      // ask with other parameters and bodies too: a denial has to stay the same
}

func (e *examination) failf(q question, format string, args ...any) {
	e.t.Helper()
	e.t.Errorf("%s (%s %s): %s: %s", e.op.ID, e.op.Method, e.path, q.name, fmt.Sprintf(format, args...))
}

// anonymous reports whether {} is an alternative.
func (e *examination) anonymous() bool {
	return slices.ContainsFunc(e.op.Security, func(a guard.Alternative) bool { return len(a) == 0 })
}

// used are the schemes of the operation, each once.
func (e *examination) used() []guard.Scheme {
	var list []guard.Scheme
	for _, a := range e.op.Security {
		list = add(list, e.schemesOf(a)...)
	}
	return list
}

func (e *examination) schemesOf(a guard.Alternative) []guard.Scheme {
	list := make([]guard.Scheme, len(a))
	for i, r := range a {
		list[i] = e.schemes[r.Scheme]
	}
	return list
}

// free reports whether no scheme of the operation reads its credential at a scheme's place.
func (e *examination) free(s guard.Scheme) bool {
	return !slices.ContainsFunc(e.used(), func(used guard.Scheme) bool {
		return slot(used) == slot(s) || wholeField(used) && inAuthorization(s) || wholeField(s) && inAuthorization(used)
	})
}

// wholeField reports whether a key is all of the Authorization field, whatever the field has.
func wholeField(s guard.Scheme) bool { return slot(s) == "header Authorization" }

// complete are the alternatives all of whose schemes have a credential when these slots do.
func (e *examination) complete(slots []string) []guard.Alternative {
	var list []guard.Alternative
	for _, a := range e.op.Security {
		lacks := func(s guard.Scheme) bool { return !slices.Contains(slots, slot(s)) }
		if len(a) > 0 && !slices.ContainsFunc(e.schemesOf(a), lacks) {
			list = append(list, a)
		}
	}
	return list
}

func slotsOf(schemes []guard.Scheme) []string {
	var slots []string
	for _, s := range schemes {
		slots = add(slots, slot(s))
	}
	return slots
}

// examinePublic: everybody gets in, and no credential is read.
func (e *examination) examinePublic() {
	e.t.Helper()
	e.admit(question{name: "no credential"})
	e.admit(question{name: "credentials that nobody reads", give: func(r *http.Request) error {
		for _, s := range e.options.Schemes {
			place(s, unknown, r)
		}
		return nil
	}})
}

func (e *examination) examineNone() {
	e.t.Helper()
	e.absent(question{name: "no credential", vary: true})
}

// absent asks what a guard has to take for no credential at all.
func (e *examination) absent(q question) {
	e.t.Helper()
	if e.anonymous() {
		e.admit(q)
		return
	}
	e.deny(q, denial{status: http.StatusUnauthorized})
}

// examineBroken: each scheme's broken credentials, alone.
func (e *examination) examineBroken() {
	e.t.Helper()
	asked := []string{}
	for _, s := range e.used() {
		if slices.Contains(asked, slot(s)) {
			continue
		}
		asked = append(asked, slot(s))
		for i, b := range brokenWithout(s) {
			e.broken(s, b, question{name: b.name, vary: i == 0, give: func(r *http.Request) error { b.apply(r); return nil }})
		}
		caller := e.callerFor(s)
		for _, one := range brokenFrom(s, unknown, e.free) { // the list of names; the values are made for each request
			index := one.name
			e.broken(s, one, question{name: one.name, give: func(r *http.Request) error {
				good, err := e.mint(s, caller, r)
				if err != nil {
					return err
				}
				for _, b := range brokenFrom(s, good, e.free) {
					if b.name == index {
						b.apply(r)
					}
				}
				return nil
			}})
		}
	}
}

// broken expects what a guard has to make of a broken credential.
func (e *examination) broken(s guard.Scheme, b breakage, q question) {
	e.t.Helper()
	switch {
	case b.finding == verdict.Absent:
		e.absent(q)
	case b.finding == verdict.Ambiguous:
		e.deny(q, denial{status: http.StatusBadRequest})
	case !e.forgiven(s):
		e.deny(q, denial{status: http.StatusUnauthorized})
	case b.finding == verdict.Malformed:
		e.deny(q, denial{status: http.StatusUnauthorized})
	case !b.either: // malformed or forgiven: nobody can tell
		e.admit(q)
	}
}

// forgiven reports whether an invalid credential in a scheme's place counts as none: x-invalid-credentials.
func (e *examination) forgiven(s guard.Scheme) bool {
	if !e.anonymous() || len(e.complete([]string{slot(s)})) == 0 {
		return false
	}
	return !slices.ContainsFunc(e.used(), func(used guard.Scheme) bool {
		return slot(used) == slot(s) && !used.InvalidIsAnonymous && !e.op.InvalidIsAnonymous
	})
}

// callerFor is a caller who gets in with a scheme, as far as it goes.
func (e *examination) callerFor(s guard.Scheme) *Caller {
	for _, a := range e.op.Security {
		if slices.Contains(e.schemesOf(a), s) {
			if callers := needsOf(e.op, a).sufficient(); len(callers) > 0 {
				return callers[0]
			}
		}
	}
	return &Caller{}
}

// mint asks for a credential that is accepted.
func (e *examination) mint(s guard.Scheme, c *Caller, r *http.Request) (string, error) {
	if kindOf(s) == kindCertificate && e.server.handler == nil {
		return "", fmt.Errorf("a certificate is in the connection: %w", errors.ErrUnsupported)
	}
	value, err := e.options.Credentials(Wanted{Scheme: s, Operation: e.op, Caller: Caller{slices.Clone(c.Roles), slices.Clone(c.Scopes)}}, r)
	if err == nil && value == "" && kindOf(s) != kindCertificate {
		return "", fmt.Errorf("Options.Credentials made an empty credential of %s", s.Name)
	}
	return value, err
}

// giver puts credentials of several schemes into a request, all of the same caller.
func (e *examination) giver(schemes []guard.Scheme, c *Caller) func(*http.Request) error {
	return func(r *http.Request) error {
		var taken []string
		for _, s := range schemes {
			if slices.Contains(taken, slot(s)) {
				continue // one credential for two schemes
			}
			taken = append(taken, slot(s))
			value, err := e.mint(s, c, r)
			if err != nil {
				return err
			}
			place(s, value, r)
		}
		return nil
	}
}

// examineForeign: a good credential of a scheme that the operation does not take is none.
func (e *examination) examineForeign() {
	e.t.Helper()
	everything := &Caller{e.catalogue.roles, e.catalogue.scopes}
	asked := []string{}
	for _, s := range e.options.Schemes {
		if !e.free(s) || slices.Contains(asked, slot(s)) || kindOf(s) == kindCertificate && e.server.handler == nil {
			continue
		}
		asked = append(asked, slot(s))
		e.absent(question{name: "a credential of " + s.Name + ", which the operation does not take", give: e.giver([]guard.Scheme{s}, everything)})
	}
}

// examineAlternative: whoever just gets in, whoever just does not, and the halves of an AND.
func (e *examination) examineAlternative(a guard.Alternative) {
	e.t.Helper()
	schemes, n := e.schemesOf(a), needsOf(e.op, a)
	slots := slotsOf(schemes)
	inOne := slices.DeleteFunc(slices.Clone(slots), func(s string) bool { return !strings.HasPrefix(s, "authorization ") })
	if len(inOne) > 1 {
		e.t.Logf("%s: not asked: %s cannot be in one Authorization field", e.op.ID, strings.Join(inOne, " and "))
		return
	}
	by := " by " + schemes[0].Name
	for _, s := range schemes[1:] {
		by += " and " + s.Name
	}
	for _, c := range n.sufficient() {
		e.admit(question{name: c.String() + by, give: e.giver(schemes, c), hint: credentialsHint})
	}
	vary := true
	for _, c := range n.insufficient(e.catalogue) {
		if want, denied := e.denialOf(slots, c); denied {
			e.deny(question{name: c.String() + by, give: e.giver(schemes, c), vary: vary}, want)
			vary = false
		}
	}
	for _, c := range n.almost() {
		if want, denied := e.denialOf(slots, c); denied {
			e.deny(question{name: c.String() + by, give: e.giver(schemes, c), almost: true}, want)
		}
	}
	if len(slots) > 1 {
		e.examineHalves(schemes, slots, n)
	}
}

// denialOf is the denial of a caller whose credentials are all accepted, unless some alternative admits the caller.
func (e *examination) denialOf(slots []string, c *Caller) (want denial, denied bool) {
	want.status = http.StatusForbidden
	for _, a := range e.complete(slots) {
		n := needsOf(e.op, a)
		if n.metBy(c) {
			return want, false
		}
		want.scope = want.scope || len(n.scopes) > 0 && slices.ContainsFunc(n.scopes, func(s string) bool { return !c.HasScope(s) })
	}
	if e.op.Conceal == guard.ConcealAsNotFound {
		want = denial{status: http.StatusNotFound}
	}
	return want, true
}

// examineHalves: one credential of several is missing, or is not good.
func (e *examination) examineHalves(schemes []guard.Scheme, slots []string, n needs) {
	e.t.Helper()
	callers := n.sufficient()
	if len(callers) == 0 {
		return
	}
	for _, gone := range slots {
		if len(e.complete(without(slots, gone))) > 0 {
			continue // another alternative takes the rest
		}
		rest := slices.DeleteFunc(slices.Clone(schemes), func(s guard.Scheme) bool { return slot(s) == gone })
		give := e.giver(rest, callers[0])
		e.deny(question{name: "all credentials but the one in " + gone, give: give}, denial{status: http.StatusUnauthorized})
		bad := schemes[slices.IndexFunc(schemes, func(s guard.Scheme) bool { return slot(s) == gone })]
		if kindOf(bad) == kindCertificate || e.anonymous() {
			continue
		}
		b := brokenWithout(bad)[0]
		e.deny(question{name: b.name + " beside good credentials", give: func(r *http.Request) error {
			b.apply(r)
			return give(r)
		}}, denial{status: http.StatusUnauthorized})
	}
}
