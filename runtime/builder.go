package guard

import (
	"fmt"
	"slices"
	"strings"
)

// builder makes one guard.
type builder[P any] struct {
	*Linker[P]
	operation Operation
	guard     *Guard[P]
}

func (b *builder[P]) errorf(format string, args ...any) {
	b.fail(fmt.Errorf("guard: operation %s: %w", b.operation.title(), fmt.Errorf(format, args...)))
}

func (b *builder[P]) checkPublic() {
	switch {
	case b.operation.Public && len(b.operation.Security) > 0:
		b.errorf("it is public, but has security requirements")
	case b.operation.Public:
		b.errorf("it is public: nothing is to be guarded")
	case len(b.operation.Security) == 0:
		b.errorf("it has no security requirement and is not public")
	}
}

// checkResource checks what is said of the operation's resource. Without a check there is still what the
// handler finds out: see [WriteNotFound].
func (b *builder[P]) checkResource() {
	op := &b.operation
	if op.Public && op.Resource != "" {
		b.errorf("it is public, but has the resource check %s, which nobody would be checked by", op.Resource)
	}
	if op.Public && op.Conceal != ConcealNothing {
		b.errorf("it is public, but conceals something")
	}
	if op.Conceal > ConcealAsForbidden {
		b.errorf("there is no Concealment(%d)", uint8(op.Conceal))
	}
}

func (b *builder[P]) addAlternative(a Alternative) {
	if len(a) == 0 {
		b.guard.anonymous = true
		return
	}
	compiled := alternative[P]{title: strings.Join(names(a), "+")}
	compiled.source = fmt.Sprintf("the combination or the holdings of %s", compiled.title)
	for _, r := range a {
		b.addRequirement(&compiled, r)
	}
	for _, group := range b.operation.Roles {
		compiled.roles = append(compiled.roles, newRoleNeed(group))
	}
	b.addCombine(&compiled, a)
	b.addScopeChallenge(&compiled, a)
	b.guard.alternatives = append(b.guard.alternatives, compiled)
}

func names(a Alternative) []string {
	out := make([]string, len(a))
	for i, r := range a {
		out[i] = r.Scheme
	}
	return out
}

func (b *builder[P]) addRequirement(a *alternative[P], r Requirement) {
	scheme, ok := b.schemes[r.Scheme]
	if !ok {
		b.errorf("scheme %q is not defined", r.Scheme)
	}
	slot := slices.IndexFunc(b.guard.schemes, func(s Scheme[P]) bool { return s.name == r.Scheme })
	if slot < 0 {
		slot = len(b.guard.schemes)
		scheme.name = r.Scheme
		b.guard.schemes = append(b.guard.schemes, scheme)
	}
	if slices.Contains(a.slots, slot) {
		b.errorf("scheme %q stands twice in one alternative", r.Scheme)
	}
	a.slots = append(a.slots, slot)
	a.private = a.private || b.link.settings.private && outsideAuthorization(scheme.reader)
	b.addScopes(a, r, &scheme)
	b.checkRoles(r.Scheme, r.Roles)
	for _, group := range r.Roles {
		a.roles = append(a.roles, newRoleNeed(group))
	}
	b.guard.challenges.add(&scheme.challenger, b.link.settings.terms(r.Scheme), distinct(r.Scopes), slot)
}

func (b *builder[P]) addScopes(a *alternative[P], r Requirement, s *Scheme[P]) {
	if len(r.Scopes) > 0 && !s.scoped {
		b.errorf("scheme %q: scopes are for bearer tokens; role names belong into Roles", r.Scheme)
	}
	if len(r.Scopes) > 0 && b.link.holdings.HasScope == nil {
		b.errorf("scheme %q: scopes are required, but Holdings.HasScope is nil", r.Scheme)
	}
	for _, scope := range distinct(r.Scopes) {
		if !all(scope, scopeOctet) {
			b.errorf("scheme %q: %w", r.Scheme, errNotScope(scope))
		}
		if !slices.ContainsFunc(a.scopes, func(n scopeNeed) bool { return n.scope == scope }) {
			a.scopes = append(a.scopes, scopeNeed{scope, fmt.Errorf("the caller lacks the scope %q", scope)})
		}
	}
}

// distinct is the list without its repetitions.
func distinct(scopes []string) (out []string) {
	for _, scope := range scopes {
		if !slices.Contains(out, scope) {
			out = append(out, scope)
		}
	}
	return out
}

// checkRoles checks the groups of one requirement, or of the operation itself.
func (b *builder[P]) checkRoles(scheme string, groups []AnyRole) {
	if len(groups) > 0 && b.link.holdings.HasRole == nil {
		b.errorf("roles are required, but Holdings.HasRole is nil")
	}
	for _, group := range groups {
		if len(group) == 0 || slices.Contains(group, "") {
			b.errorf("a group of roles is empty or has an empty role (scheme %q)", scheme)
		}
	}
}

func newRoleNeed(group AnyRole) roleNeed {
	names := make([]string, len(group))
	for i, role := range group {
		names[i] = string(role)
	}
	return roleNeed{slices.Clone(group), fmt.Errorf("the caller lacks the role: %s", strings.Join(names, " or "))}
}

func (b *builder[P]) addCombine(a *alternative[P], written Alternative) {
	if len(written) == 1 {
		return
	}
	c := b.combination(names(written))
	if c == nil {
		b.errorf("no combination is given for the schemes %s", a.title)
		return
	}
	a.combine = c.combine
	for _, name := range c.schemes {
		slot := slices.IndexFunc(b.guard.schemes, func(s Scheme[P]) bool { return s.name == name })
		a.callers = append(a.callers, slot)
	}
}

// addScopeChallenge prepares what is sent when a scope is missing: the challenge of the first scheme that has
// scopes, if it is one that can say so.
func (b *builder[P]) addScopeChallenge(a *alternative[P], written Alternative) {
	if len(a.scopes) == 0 || !b.link.settings.scopeChallenge {
		return
	}
	p := bearerParams{code: "insufficient_scope"}
	for _, need := range a.scopes {
		p.scopes = append(p.scopes, need.scope)
	}
	first := slices.IndexFunc(written, func(r Requirement) bool { return len(r.Scopes) > 0 })
	scheme := b.schemes[written[first].Scheme]
	if scheme.challenger.bearer() {
		a.scopeChallenge = []string{scheme.challenger.fixed(b.link.settings.terms(scheme.name), p)}
	}
}
