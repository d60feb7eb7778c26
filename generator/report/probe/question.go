package probe

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

// question is one request and what its answer may be.
type question struct {
	expectation
	check, caller, method string
	// late questions come after all others: a server may lock callers out after bad credentials.
	late    bool
	request request
	// group is that of denials which must not differ.
	group group
	// detour says that the answer counts only where it is a denial, or the content of an admitted caller.
	detour bool
}

// compared reports whether the content of the answer matters.
func (q question) compared() bool { return q.group != "" || q.detour || len(q.expected) == 0 }

// group names denials that must have the same content.
type group string

const (
	// ofNobody are those without credentials, whatever the parameters.
	ofNobody group = "constant denials"
	// ofUsers are those of a user whom nobody knows, and of a wrong password.
	ofUsers group = "constant denials, users"
	// concealed are those of a concealed resource, and of one that is missing.
	concealed group = "constant denials, concealment"
)

// interview makes the questions about one operation.
type interview struct {
	*target
	credentials *Credentials
	unknown     string
	base        request
	asked       map[string]bool
	questions   []question
}

// questions are those about the operation, each once, and on HEAD again for a GET.
func (t *target) questions(credentials *Credentials, unknown string) []question {
	i := &interview{target: t, credentials: credentials, unknown: unknown, base: t.template(nil), asked: map[string]bool{}}
	i.nobody()
	for n := range t.Alternatives {
		i.callers(&t.Alternatives[n])
	}
	for n := range t.Alternatives {
		i.broken(&t.Alternatives[n])
	}
	all := i.questions
	if i.detours(); t.Method != "GET" || t.ownHead {
		return i.questions
	}
	all, detours := i.questions[:len(all):len(all)], i.questions[len(all):]
	for _, q := range all {
		q.check, q.method, q.expectation = "HEAD, "+q.check, "HEAD", q.onHead()
		all = append(all, q)
	}
	return append(all, detours...)
}

func (i *interview) ask(q question) {
	if key := q.request.key(); !i.asked[key] {
		i.asked[key] = true
		q.method = i.Method
		i.questions = append(i.questions, q)
	}
}

// nobody asks without credentials. Parameters and bodies that cannot be bound change nothing then.
func (i *interview) nobody() {
	if i.AdmitsAnonymous() {
		i.ask(question{check: "no credentials", expectation: i.admitted(), request: i.base})
		return
	}
	i.refused("", i.base)
	delete(i.asked, i.base.key())
	i.refused(", a second time", i.base)
	for _, in := range i.inputs {
		wrong := in
		wrong.values = []string{word + "-2"}
		switch {
		case in.typed:
			i.refused(", malformed "+in.in+" parameter "+in.name, i.template(&wrong), wrong)
		}
		if r, ok := i.elsewhere(in); ok {
			i.refused(", another path parameter "+in.name, r)
		}
		if in.required && in.in != "path" {
			wrong.values = nil
			i.refused(", without the "+in.in+" parameter "+in.name, i.template(&wrong))
		}
	}
	if i.body.mediaType != "" {
		r := i.base.clone()
		if r.body.content = i.body.wrong(); isJSON(i.body.mediaType) {
			i.refused(", a body that does not fit", r)
		}
		r.body.mediaType = "application/x-" + word
		i.refused(", another media type", r)
		r.body = body{}
		i.refused(", without a body", r)
	}
}

// elsewhere is the request with another path parameter that fits.
func (i *interview) elsewhere(in input) (request, bool) {
	if in.in != "path" || in.other == "" {
		return request{}, false
	}
	in.values = []string{in.other}
	return i.template(&in), true
}

// refused asks without credentials. A router may not know a path with a malformed parameter.
func (i *interview) refused(variation string, r request, malformed ...input) {
	e := expectation{expected: []int{401}}
	if slices.ContainsFunc(malformed, func(in input) bool { return in.in == "path" }) {
		e.expected = append(e.expected, 404)
	}
	i.ask(question{check: "no credentials" + variation, expectation: e, request: r, group: ofNobody})
}

// callers tries every caller by the alternative.
func (i *interview) callers(a *policy.Alternative) {
	for _, c := range i.credentials.callers {
		p, complete := i.present(c, a)
		if a.Anonymous() || !complete {
			continue
		}
		if e, known := i.expect(p); known {
			q := question{check: title(a) + ": valid", caller: c.name, expectation: e, request: i.with(p, nil, broken{})}
			if i.Conceal == policy.ConcealAsNotFound {
				q.group = concealed
			}
			i.ask(q)
			i.anywhere(q)
		}
	}
}

// anywhere asks the same of a caller who is denied with other path parameters: whether there is a resource changes nothing.
func (i *interview) anywhere(q question) {
	if len(q.expected) == 0 {
		return
	}
	for _, in := range i.inputs {
		if r, ok := i.elsewhere(in); ok {
			there := q
			there.request = q.request.clone()
			there.check, there.request.path = q.check+", another path parameter "+in.name, r.path
			i.ask(there)
		}
	}
}

// present is a caller with its credentials for an alternative, and whether it has all that one request can carry.
func (i *interview) present(c caller, a *policy.Alternative) (presented, bool) {
	p := presented{states: map[*policy.Scheme]explain.State{}, values: map[*policy.Scheme]string{}, roles: c.roles, scopes: c.scopes}
	lines := map[string]bool{}
	for _, r := range a.Requirements {
		value, has := c.values[r.Scheme.Name]
		if !has {
			continue
		}
		p.states[r.Scheme], p.values[r.Scheme] = explain.Valid, value
		if inAuthorization(r.Scheme) {
			lines[wireText(r.Scheme, value)] = true
		}
	}
	for s, value := range c.values {
		i.alsoValid(&p, s, value)
	}
	return p, len(p.values) == len(a.Requirements) && len(lines) < 2
}

// alsoValid notes that a presented credential is the caller's for another scheme too.
func (i *interview) alsoValid(p *presented, name, value string) {
	for _, other := range i.Schemes() {
		if _, own := p.states[other]; own || other.Name != name {
			continue
		}
		for s, presented := range p.values {
			if samePlace(s, other) && presented == value {
				p.states[other] = explain.Valid
			}
		}
	}
}

// with is the request with the credentials of p, of which that of one scheme is broken.
func (i *interview) with(p presented, scheme *policy.Scheme, b broken) request {
	r := i.base
	sent := map[string]bool{}
	for _, s := range i.Schemes() {
		value, has := p.values[s]
		switch {
		case s == scheme && b.place != nil:
			r = r.add(b.place, b.texts...)
		case s == scheme:
			r = r.add(s, b.texts...)
		case has && inAuthorization(s) && sent[wireText(s, value)]: // one line for two schemes
		case has:
			r = r.add(s, wireText(s, value))
			sent[wireText(s, value)] = true
		}
	}
	return r
}

// broken breaks the credentials of an alternative, one at a time.
func (i *interview) broken(a *policy.Alternative) {
	if a.Anonymous() {
		return
	}
	c := i.holder(a)
	for _, r := range a.Requirements {
		b := &breaker{scheme: r.Scheme, value: c.values[r.Scheme.Name], others: i.othersOf(r.Scheme, c), unknown: i.unknown}
		all := b.variants()
		for _, value := range i.credentials.refused[r.Scheme.Name] {
			all = append(all, broken{kind: "refused value", state: explain.Invalid, texts: []string{wireText(r.Scheme, value)}})
		}
		if len(a.Requirements) > 1 {
			all = append(all, broken{kind: "half of an AND, without it", state: explain.Absent})
		}
		for _, b := range all {
			i.try(a, c, r.Scheme, b)
		}
	}
}

// try asks with one broken credential, beside the valid ones of the caller for the rest of the alternative.
func (i *interview) try(a *policy.Alternative, c caller, s *policy.Scheme, b broken) {
	if b.place == nil && len(b.texts) == 1 && i.isValid(s, b.texts[0]) || b.place != nil && i.reads(b.place) {
		return
	}
	p, _ := i.present(c, a)
	for other := range p.states {
		if samePlace(other, s) {
			delete(p.states, other)
			delete(p.values, other)
		}
	}
	p.states[s] = b.state
	if i.crowded(p, s, b) {
		return
	}
	e, known := i.expect(p)
	switch {
	case !known:
		return
	case len(e.expected) == 0 && (!strings.HasPrefix(b.kind, "unknown") || len(p.values) > 0 || !i.AdmitsAnonymous()):
		return // another alternative admits, or the credential counts as none
	case b.state != explain.Invalid && b.state != explain.Absent && i.lenient(s):
		return // whether a credential is malformed or only bad depends on who reads it
	case len(e.expected) > 0 && !slices.Contains(e.expected, 401):
		e.expected = append(e.expected, 401)
		slices.Sort(e.expected)
	}
	i.ask(question{check: s.Name + ": " + b.kind, caller: c.name, expectation: e, late: true, request: i.with(p, s, b), group: b.group()})
}

// crowded reports whether a request needs several lines of Authorization for credentials of different schemes.
func (i *interview) crowded(p presented, s *policy.Scheme, b broken) bool {
	lines := map[string]bool{}
	for other, value := range p.values {
		if inAuthorization(other) {
			lines[wireText(other, value)] = true
		}
	}
	if inAuthorization(s) && len(b.texts) > 0 && b.place == nil {
		lines[b.texts[0]] = true
	}
	return len(lines) > 1
}

// reads reports whether the operation reads something at a place.
func (i *interview) reads(place *policy.Scheme) bool {
	same := func(in, name string) bool { return in == place.In && strings.EqualFold(name, place.Parameter) }
	return slices.ContainsFunc(i.policy.Schemes, func(s *policy.Scheme) bool { return s.Type == policy.APIKey && same(s.In, s.Parameter) }) ||
		slices.ContainsFunc(i.inputs, func(in input) bool { return same(in.in, in.name) })
}

// lenient reports whether bad credentials of a scheme count as none (x-invalid-credentials).
func (i *interview) lenient(s *policy.Scheme) bool {
	return i.Optional() && (i.InvalidIsAnonymous || s.InvalidIsAnonymous)
}

// holder is a caller with credentials for the alternative: one who gets in, or else one who has all of them, or some.
func (i *interview) holder(a *policy.Alternative) caller {
	var best caller
	rank := 0
	for _, c := range i.credentials.callers {
		p, complete := i.present(c, a)
		of := 0
		switch e, known := i.expect(p); {
		case complete && known && len(e.expected) == 0:
			of = 3
		case complete:
			of = 2
		case len(p.values) > 0:
			of = 1
		}
		if of > rank {
			best, rank = c, of
		}
	}
	return best
}

// othersOf are the credentials of other callers for a scheme.
func (i *interview) othersOf(s *policy.Scheme, of caller) []string {
	var all []string
	for _, c := range i.credentials.callers {
		if value, has := c.values[s.Name]; has && c.name != of.name {
			all = append(all, value)
		}
	}
	return all
}

// isValid reports whether a credential that was broken is one of somebody else.
func (i *interview) isValid(s *policy.Scheme, text string) bool {
	for _, c := range i.credentials.callers {
		for _, other := range i.policy.Schemes {
			same := samePlace(s, other) || inAuthorization(s) && inAuthorization(other)
			if value, has := c.values[other.Name]; has && same && wireText(other, value) == text {
				return true
			}
		}
	}
	return false
}

// title names an alternative.
func title(a *policy.Alternative) string {
	var names []string
	for _, r := range a.Requirements {
		names = append(names, r.Scheme.Name)
	}
	return strings.Join(names, " + ")
}
