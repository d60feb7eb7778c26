package difference_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// The written model: small documents as people write them, with one operation. Nothing in it is flattened, resolved or
// sorted.

var (
	allRoles  = []string{"r0", "r1", "r2", "r3"}
	allScopes = []string{"s0", "s1"}
	allChecks = []string{"k0", "k1"}
)

// definitions are the kinds of schemes that documents can have, each under two names.
const definitions = 4

const (
	bearer = iota
	oauth
	session
	legacy
)

// writtenScheme is a scheme under one name.
type writtenScheme struct {
	name       string
	definition int
	try        bool // x-duplicates: try
	anonymous  bool // x-invalid-credentials: anonymous
}

// demand is one scheme of an alternative, with scopes or roles.
type demand struct {
	scheme int // index of schemes
	scopes []int
	roles  []int
}

type written struct {
	schemes  []writtenScheme
	includes [][]int // of each role: those that it includes
	// alternatives is nil for a public operation.
	alternatives [][]demand
	anyOf, allOf []int
	check        int // -1: none
	conceal      policy.Concealment
	anonymous    bool // x-invalid-credentials: anonymous
}

func (w *written) hasEmpty() bool {
	return len(w.alternatives) == 0 || slices.ContainsFunc(w.alternatives, func(a []demand) bool { return len(a) == 0 })
}

func (w *written) public() bool {
	return !slices.ContainsFunc(w.alternatives, func(a []demand) bool { return len(a) > 0 })
}

func some(r *rand.Rand, from, chance int) []int {
	var all []int
	for i := range from {
		if r.IntN(100) < chance {
			all = append(all, i)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func randomWritten(r *rand.Rand) *written {
	w := &written{check: -1, includes: make([][]int, len(allRoles))}
	for _, i := range r.Perm(2 * definitions) {
		d := i / 2
		s := writtenScheme{name: fmt.Sprintf("%c%d", 'a'+r.IntN(26), i), definition: d}
		s.try = (d == session || d == legacy) && r.IntN(3) == 0
		s.anonymous = r.IntN(4) == 0
		w.schemes = append(w.schemes, s)
	}
	for role := range w.includes {
		for _, other := range some(r, role, 20) { // without cycles
			w.includes[role] = append(w.includes[role], other)
		}
	}
	for range r.IntN(4) {
		w.alternatives = append(w.alternatives, randomAlternative(r, w))
	}
	w.anyOf, w.allOf = some(r, len(allRoles), 25), some(r, len(allRoles), 15)
	w.check = r.IntN(len(allChecks)+2) - 2
	w.conceal = []policy.Concealment{"", "", "not-found", "forbidden"}[r.IntN(4)]
	w.anonymous = r.IntN(4) == 0
	w.repair()
	return w
}

func randomAlternative(r *rand.Rand, w *written) []demand {
	var a []demand
	for _, i := range r.Perm(len(w.schemes))[:[]int{0, 1, 1, 1, 2, 2, 3}[r.IntN(7)]] {
		d := demand{scheme: i}
		if w.schemes[i].definition == oauth {
			d.scopes = some(r, len(allScopes), 40)
		} else {
			d.roles = some(r, len(allRoles), 8)
		}
		a = append(a, d)
	}
	return a
}

// repair takes out what generation refuses.
func (w *written) repair() {
	if w.hasEmpty() {
		w.anyOf, w.allOf = nil, nil
	}
	if w.public() {
		w.check, w.conceal = -1, ""
	}
	if w.public() || !w.hasEmpty() {
		w.anonymous = false
	}
	w.check = max(w.check, -1)
}

func (w *written) clone() *written {
	c := *w
	c.schemes = slices.Clone(w.schemes)
	c.includes = nil
	for _, included := range w.includes {
		c.includes = append(c.includes, slices.Clone(included))
	}
	c.alternatives = nil
	for _, a := range w.alternatives {
		var demands []demand
		for _, d := range a {
			demands = append(demands, demand{d.scheme, slices.Clone(d.scopes), slices.Clone(d.roles)})
		}
		c.alternatives = append(c.alternatives, demands)
	}
	c.anyOf, c.allOf = slices.Clone(w.anyOf), slices.Clone(w.allOf)
	return &c
}

// rewrite writes the same in another way.
func (w *written) rewrite(r *rand.Rand) {
	r.Shuffle(len(w.alternatives), func(i, j int) { w.alternatives[i], w.alternatives[j] = w.alternatives[j], w.alternatives[i] })
	for _, a := range w.alternatives {
		r.Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i] })
	}
	if len(w.alternatives) > 0 && r.IntN(3) == 0 {
		w.alternatives = append(w.alternatives, slices.Clone(w.alternatives[r.IntN(len(w.alternatives))]))
	}
	for i := range w.schemes {
		w.schemes[i].name = fmt.Sprintf("%c%d", 'a'+r.IntN(26), i)
	}
	r.Shuffle(len(w.anyOf), func(i, j int) { w.anyOf[i], w.anyOf[j] = w.anyOf[j], w.anyOf[i] })
}

// mutate changes one thing, which may or may not matter.
func (w *written) mutate(r *rand.Rand) {
	toggle := func(list []int, bound int) []int {
		v := r.IntN(bound)
		if i := slices.Index(list, v); i >= 0 {
			return slices.Delete(list, i, i+1)
		}
		return append(list, v)
	}
	switch r.IntN(10) {
	case 0:
		w.anyOf = toggle(w.anyOf, len(allRoles))
	case 1:
		w.allOf = toggle(w.allOf, len(allRoles))
	case 2:
		role := 1 + r.IntN(len(allRoles)-1)
		w.includes[role] = toggle(w.includes[role], role)
	case 3:
		w.check = r.IntN(len(allChecks)+1) - 1
	case 4:
		w.conceal = []policy.Concealment{"", "not-found", "forbidden"}[r.IntN(3)]
	case 5:
		w.anonymous = !w.anonymous
	case 6:
		s := &w.schemes[r.IntN(len(w.schemes))]
		if s.anonymous = !s.anonymous; s.definition >= session {
			s.try = !s.try
		}
	case 7:
		w.alternatives = append(w.alternatives, randomAlternative(r, w))
	case 8:
		if n := len(w.alternatives); n > 0 {
			i := r.IntN(n)
			w.alternatives = slices.Delete(w.alternatives, i, i+1)
		}
	case 9:
		if n := len(w.alternatives); n > 0 {
			if a := w.alternatives[r.IntN(n)]; len(a) > 0 {
				d := &a[r.IntN(len(a))]
				if w.schemes[d.scheme].definition == oauth {
					d.scopes = toggle(d.scopes, len(allScopes))
				} else {
					d.roles = toggle(d.roles, len(allRoles))
				}
			}
		}
	}
	w.repair()
}

// randomPair are two documents: unrelated ones, or one that was edited, rewritten or both.
func randomPair(r *rand.Rand) (before, after *written) {
	before = randomWritten(r)
	if r.IntN(4) == 0 {
		return before, randomWritten(r)
	}
	after = before.clone()
	for range r.IntN(4) {
		after.mutate(r)
	}
	if r.IntN(2) == 0 {
		after.rewrite(r)
	}
	return before, after
}

// yaml is the document.
func (w *written) yaml() string {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: t, version: '1'}\nx-roles:\n")
	for role, included := range w.includes {
		fmt.Fprintf(&b, "  %s: {includes: [%s]}\n", allRoles[role], named(allRoles, included))
	}
	b.WriteString("paths:\n  /a:\n    get:\n      responses: {'204': {description: ok}}\n      security: [")
	for i, a := range w.alternatives {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("{")
		for j, d := range a {
			if j > 0 {
				b.WriteString(", ")
			}
			list := named(allRoles, d.roles)
			if w.schemes[d.scheme].definition == oauth {
				list = named(allScopes, d.scopes)
			}
			fmt.Fprintf(&b, "%s: [%s]", w.schemes[d.scheme].name, list)
		}
		b.WriteString("}")
	}
	b.WriteString("]\n")
	var groups []string
	if len(w.anyOf) > 0 {
		groups = append(groups, "anyOf: ["+named(allRoles, w.anyOf)+"]")
	}
	if len(w.allOf) > 0 {
		groups = append(groups, "allOf: ["+named(allRoles, w.allOf)+"]")
	}
	if len(groups) > 0 {
		fmt.Fprintf(&b, "      x-required-roles: {%s}\n", strings.Join(groups, ", "))
	}
	if w.check >= 0 {
		fmt.Fprintf(&b, "      x-resource-check: %s\n", allChecks[w.check])
	}
	if w.conceal != "" {
		fmt.Fprintf(&b, "      x-conceal: %s\n", w.conceal)
	}
	if w.anonymous {
		b.WriteString("      x-invalid-credentials: anonymous\n")
	}
	b.WriteString("components:\n  securitySchemes:\n")
	for _, s := range w.schemes {
		fields := []string{
			"type: http, scheme: bearer", "type: oauth2, flows: {}", "type: apiKey, in: cookie, name: session", "type: apiKey, in: cookie, name: legacy",
		}[s.definition]
		if s.try {
			fields += ", x-duplicates: try"
		}
		if s.anonymous {
			fields += ", x-invalid-credentials: anonymous"
		}
		fmt.Fprintf(&b, "    %s: {%s}\n", s.name, fields)
	}
	return b.String()
}

func named(names []string, indexes []int) string {
	var list []string
	for _, i := range indexes {
		list = append(list, names[i])
	}
	return strings.Join(list, ", ")
}

// model is the document as package policy builds it, without the detour over text.
func (w *written) model() *policy.Policy {
	p := &policy.Policy{}
	schemes := make([]*policy.Scheme, len(w.schemes))
	for i, s := range w.schemes {
		schemes[i] = &policy.Scheme{Name: s.name, TryDuplicates: s.try, InvalidIsAnonymous: s.anonymous}
		switch s.definition {
		case bearer:
			schemes[i].Type, schemes[i].HTTPScheme = policy.HTTP, "bearer"
		case oauth:
			schemes[i].Type = policy.OAuth2
		default:
			schemes[i].Type, schemes[i].In, schemes[i].Parameter = policy.APIKey, "cookie", []string{session: "session", legacy: "legacy"}[s.definition]
		}
	}
	o := &policy.Operation{Method: "GET", Path: "/a", InvalidIsAnonymous: w.anonymous, Conceal: w.conceal}
	if w.check >= 0 {
		o.Check = allChecks[w.check]
	}
	for _, a := range w.alternatives {
		var built policy.Alternative
		for _, d := range a {
			r := policy.Requirement{Scheme: schemes[d.scheme]}
			for _, scope := range d.scopes {
				r.Scopes = append(r.Scopes, allScopes[scope])
			}
			for _, role := range d.roles {
				r.Roles.Groups = append(r.Roles.Groups, w.group(role))
			}
			built.Requirements = append(built.Requirements, r)
		}
		o.Alternatives = append(o.Alternatives, built)
	}
	if len(w.anyOf) > 0 {
		o.Roles.Groups = append(o.Roles.Groups, w.group(w.anyOf...))
	}
	for _, role := range w.allOf {
		o.Roles.Groups = append(o.Roles.Groups, w.group(role))
	}
	p.Operations = []*policy.Operation{o}
	return p
}

// group is a group of roles with those that include one of them.
func (w *written) group(roles ...int) policy.RoleGroup {
	var g policy.RoleGroup
	for _, role := range roles {
		g.Written = append(g.Written, allRoles[role])
	}
	g.AnyOf = slices.Clone(g.Written)
	for role, name := range allRoles {
		if !slices.Contains(g.AnyOf, name) && w.closure(1<<role)&mask(roles) != 0 {
			g.AnyOf = append(g.AnyOf, name)
		}
	}
	return g
}

func mask(indexes []int) (m uint) {
	for _, i := range indexes {
		m |= 1 << i
	}
	return m
}

// closure are the roles that a holder of some has the rights of.
func (w *written) closure(held uint) uint {
	for {
		all := held
		for role, included := range w.includes {
			if held&(1<<role) != 0 {
				all |= mask(included)
			}
		}
		if all == held {
			return held
		}
		held = all
	}
}
