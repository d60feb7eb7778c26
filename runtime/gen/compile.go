package gen

import (
	"fmt"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Guard makes the guard of one operation. It never returns nil. A public operation has no guard, so asking for one is
// an error.
func (l *Linker[P]) Guard(op guard.Operation) *guard.Guard[P] {
	c := compiler[P]{Linker: l, operation: op, policy: &plan.Policy[P]{Nil: plan.NilOf[P](), Terms: l.terms}}
	c.checkPublic()
	c.checkResource()
	for _, a := range op.Security {
		c.addAlternative(a)
	}
	c.checkRoles("", op.Roles)
	if c.policy.Anonymous && len(op.Roles) > 0 {
		c.errorf("roles are required, but {} admits callers who have none")
	}
	if op.InvalidIsAnonymous && !c.policy.Anonymous {
		c.errorf("invalid credentials count as anonymous, but there is no {} that admits anonymous callers")
	}
	c.policy.Challenges.Finish()
	return guard.New(op, l.options, c.policy)
}

// compiler compiles the policy of one operation.
type compiler[P any] struct {
	*Linker[P]
	operation guard.Operation
	policy    *plan.Policy[P]
}

func (c *compiler[P]) errorf(format string, args ...any) {
	c.fail(fmt.Errorf("guard: operation %s: %w", title(&c.operation), fmt.Errorf(format, args...)))
}

// title names an operation in error messages.
func title(o *guard.Operation) string {
	switch {
	case o.ID != "":
		return o.ID
	case o.Method != "" || o.Path != "":
		return o.Method + " " + o.Path
	}
	return "without a name"
}

func (c *compiler[P]) checkPublic() {
	switch {
	case c.operation.Public && len(c.operation.Security) > 0:
		c.errorf("it is public, but has security requirements")
	case c.operation.Public:
		c.errorf("it is public: there is nothing to guard")
	case len(c.operation.Security) == 0:
		c.errorf("it has no security requirement and is not public")
	}
}

// checkResource checks the resource check and the concealment. Without a check the handler may still find nothing:
// see [guard.WriteNotFound].
func (c *compiler[P]) checkResource() {
	op := &c.operation
	if op.Public && op.Resource != "" {
		c.errorf("it is public, but has the resource check %s, for which it has no caller", op.Resource)
	}
	if op.Public && op.Conceal.String() != "" {
		c.errorf("it is public, but conceals something")
	}
	if op.Conceal > guard.ConcealAsForbidden {
		c.errorf("there is no Concealment(%d)", uint8(op.Conceal))
	}
}

func (c *compiler[P]) addAlternative(written guard.Alternative) {
	if len(written) == 0 {
		c.policy.Anonymous = true
		return
	}
	a := plan.Alternative[P]{Title: strings.Join(names(written), "+")}
	a.Source = "the combination or the entitlements of " + a.Title
	needs := needs[P]{held: c.entitlements}
	for _, r := range written {
		c.addRequirement(&a, &needs, r)
	}
	for _, group := range c.operation.Roles {
		needs.addRole(group)
	}
	a.Entitled = needs.check()
	c.addCombine(&a, written)
	c.addScopeChallenge(&a, needs.scopes, written)
	c.policy.Alternatives = append(c.policy.Alternatives, a)
}

func names(a guard.Alternative) []string {
	out := make([]string, len(a))
	for i, r := range a {
		out[i] = r.Scheme
	}
	return out
}

func (c *compiler[P]) addRequirement(a *plan.Alternative[P], needs *needs[P], r guard.Requirement) {
	scheme, ok := c.schemes[r.Scheme]
	if !ok {
		c.errorf("scheme %q is not defined", r.Scheme)
		scheme = new(Scheme[P])
	}
	slot := c.slot(r.Scheme)
	if slot < 0 {
		slot = c.addScheme(r.Scheme, scheme)
	}
	if slices.Contains(a.Schemes, c.policy.Schemes[slot]) {
		c.errorf("scheme %q stands twice in one alternative", r.Scheme)
	}
	a.Schemes = append(a.Schemes, c.policy.Schemes[slot])
	if a.StepUp == nil && c.policy.Schemes[slot].StepUp {
		a.StepUp = c.policy.Schemes[slot]
	}
	a.Private = a.Private || c.options.PrivateResponses && credential.OutsideAuthorization(scheme.reader)
	c.checkScopes(r, scheme)
	for _, scope := range r.Scopes {
		needs.addScope(scope)
	}
	c.checkRoles(r.Scheme, r.Roles)
	for _, group := range r.Roles {
		needs.addRole(group)
	}
	c.policy.Challenges.Add(&scheme.challenge, challengeTerms(c.options, r.Scheme), distinct(r.Scopes), slot)
}

// slot is the place of a scheme among the operation's, -1 when it is not there yet.
func (c *compiler[P]) slot(name string) int {
	return slices.IndexFunc(c.policy.Schemes, func(s *plan.Scheme[P]) bool { return s.Name == name })
}

func (c *compiler[P]) addScheme(name string, s *Scheme[P]) (slot int) {
	slot = len(c.policy.Schemes)
	c.policy.Schemes = append(c.policy.Schemes, &plan.Scheme[P]{
		Name: name, Slot: slot, Source: fmt.Sprintf("the authenticator of scheme %q", name),
		Reader: s.reader, Authenticate: s.authenticate, Terms: challengeTerms(c.options, name),
		Bearer: s.challenge.Bearer(), DPoP: s.challenge.DPoP(), Asker: reach.Asker{SignedBody: s.signedBody},
		StepUp: s.scoped || s.challenge.Bearer() || s.challenge.DPoP(),
		Clears: clearing(c.options.ClearCookies, s.reader), Each: s.each,
		InvalidIsAnonymous: s.invalidIsAnonymous || c.operation.InvalidIsAnonymous,
	})
	c.policy.Clears = c.policy.Clears || len(c.policy.Schemes[slot].Clears) > 0
	return slot
}

func (c *compiler[P]) checkScopes(r guard.Requirement, s *Scheme[P]) {
	if len(r.Scopes) > 0 && !s.scoped {
		c.errorf("scheme %q: scopes are for bearer tokens; role names belong in Roles", r.Scheme)
	}
	if len(r.Scopes) > 0 && c.entitlements.HasScope == nil {
		c.errorf("scheme %q: scopes are required, but Entitlements.HasScope is nil", r.Scheme)
	}
	for _, scope := range distinct(r.Scopes) {
		if !grammar.IsScope(scope) {
			c.errorf("scheme %q: the scope %q is not a scope-token (RFC 6749 section 3.3)", r.Scheme, scope)
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
func (c *compiler[P]) checkRoles(scheme string, groups []guard.AnyRole) {
	if len(groups) > 0 && c.entitlements.HasRole == nil {
		c.errorf("roles are required, but Entitlements.HasRole is nil")
	}
	for _, group := range groups {
		if len(group) == 0 || slices.Contains(group, "") {
			c.errorf("a group of roles is empty or has an empty role (scheme %q)", scheme)
		}
	}
}

func (c *compiler[P]) addCombine(a *plan.Alternative[P], written guard.Alternative) {
	if len(written) == 1 {
		return
	}
	combination := c.combination(names(written))
	if combination == nil {
		c.errorf("no combination is given for the schemes %s", a.Title)
		return
	}
	a.Combine = combination.combine
	for _, name := range combination.schemes {
		a.Callers = append(a.Callers, c.slot(name))
	}
}

// addScopeChallenge prepares the challenge for a missing scope: that of the first scheme with scopes, if it can name
// them.
func (c *compiler[P]) addScopeChallenge(a *plan.Alternative[P], needed []scopeNeed, written guard.Alternative) {
	if len(needed) == 0 || c.options.OmitScopeChallenge {
		return
	}
	p := challenge.BearerParams{Code: "insufficient_scope"}
	for _, need := range needed {
		p.Scopes = append(p.Scopes, need.scope)
	}
	first := slices.IndexFunc(written, func(r guard.Requirement) bool { return len(r.Scopes) > 0 })
	name := written[first].Scheme
	if scheme, ok := c.schemes[name]; ok && scheme.challenge.Bearer() {
		a.ScopeChallenge = []string{scheme.challenge.With(challengeTerms(c.options, name), p)}
	}
}

// needs are the scopes and roles that the caller of an alternative must hold. Scopes are checked before roles.
type needs[P any] struct {
	held   Entitlements[P]
	scopes []scopeNeed
	roles  []roleNeed
}

// scopeNeed is a scope with the reason of a denial when the caller lacks it.
type scopeNeed struct {
	scope   string
	missing error
}

// roleNeed is a group of roles with the reason of a denial when the caller has none of them.
type roleNeed struct {
	anyOf   guard.AnyRole
	missing error
}

func (n *needs[P]) addScope(scope string) {
	if !slices.ContainsFunc(n.scopes, func(n scopeNeed) bool { return n.scope == scope }) {
		n.scopes = append(n.scopes, scopeNeed{scope, fmt.Errorf("the caller lacks the scope %q", scope)})
	}
}

func (n *needs[P]) addRole(group guard.AnyRole) {
	names := make([]string, len(group))
	for i, role := range group {
		names[i] = string(role)
	}
	n.roles = append(n.roles, roleNeed{slices.Clone(group), fmt.Errorf("the caller lacks the role: %s", strings.Join(names, " or "))})
}

// check is the function that judges a caller: nil when there is no need, and of several needs the first that is not met
// decides. Nearly all policies have one, and a function of its own for each saves 50 instructions of every request.
func (n *needs[P]) check() func(caller P) (verdict.Verdict, error) {
	var checks []func(P) (verdict.Verdict, error)
	for _, need := range n.scopes {
		checks = append(checks, one(n.held.HasScope, need.scope, verdict.MissingScope, need.missing))
	}
	for _, need := range n.roles {
		if len(need.anyOf) == 1 {
			checks = append(checks, one(n.held.HasRole, need.anyOf[0], verdict.MissingRole, need.missing))
		} else {
			checks = append(checks, one(n.hasAny, need.anyOf, verdict.MissingRole, need.missing))
		}
	}
	switch len(checks) {
	case 0:
		return nil
	case 1:
		return checks[0]
	}
	return func(caller P) (verdict.Verdict, error) {
		for _, check := range checks {
			if v, reason := check(caller); v != verdict.Allow {
				return v, reason
			}
		}
		return verdict.Allow, nil
	}
}

// one is the check of one need.
func one[P, N any](holds func(P, N) bool, need N, without verdict.Verdict, missing error) func(P) (verdict.Verdict, error) {
	return func(caller P) (verdict.Verdict, error) {
		if holds(caller, need) {
			return verdict.Allow, nil
		}
		return without, missing
	}
}

func (n *needs[P]) hasAny(caller P, roles guard.AnyRole) bool {
	for _, role := range roles {
		if n.held.HasRole(caller, role) {
			return true
		}
	}
	return false
}
