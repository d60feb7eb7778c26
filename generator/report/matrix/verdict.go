package matrix

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Verdict says whether a caller may call an operation, and why.
type Verdict string

// The verdicts, from the widest access to none.
const (
	// Public lets everybody in, without credentials too.
	Public Verdict = "public"
	// Authenticated lets in every authenticated caller, whatever its roles.
	Authenticated Verdict = "authenticated"
	// Allow lets the caller in for its role.
	Allow Verdict = "allow"
	// Ownership lets the caller in where the resource check (x-resource-check) passes.
	Ownership Verdict = "ownership"
	// Partial denies a caller with this role alone: the operation asks for another one as well.
	Partial Verdict = "partial"
	// Deny does not let the caller in.
	Deny Verdict = "deny"
)

// verdicts are all of them, with the word for narrow columns and the explanation.
var verdicts = [...]struct {
	Verdict     Verdict
	Word, Means string
}{
	{Public, "public", "everybody gets in, without credentials too"},
	{Authenticated, "any", "every authenticated caller gets in, whatever the role"},
	{Allow, "allow", "the role gets in"},
	{Ownership, "owner", "gets in where the resource check passes"},
	{Partial, "partly", "denied with this role alone: another role is needed as well"},
	{Deny, "deny", "does not get in"},
}

// rank is the verdict's place in the order from the widest access to none.
func (v Verdict) rank() int {
	for i, known := range verdicts {
		if known.Verdict == v {
			return i
		}
	}
	return len(verdicts)
}

// word is the verdict in a narrow column.
func (v Verdict) word() string { return verdicts[v.rank()].Word }

// decide is the verdict about a caller that presents the credentials and scopes that the operation asks for.
func decide(o *policy.Operation, c Caller) Verdict {
	switch {
	case o.Public():
		return Public
	case !admits(o, c) && helps(o, c):
		return Partial
	case !admits(o, c):
		return Deny
	case o.Check != "":
		return Ownership
	case admits(o, Caller{Kind: AnonymousCaller}):
		return Public
	case admits(o, Caller{Kind: AuthenticatedCaller}):
		return Authenticated
	}
	return Allow
}

// admits reports whether an alternative is met, resource checks aside.
func admits(o *policy.Operation, c Caller) bool {
	return slices.ContainsFunc(o.Alternatives, func(a policy.Alternative) bool {
		if c.Kind == AnonymousCaller && !a.Anonymous() {
			return false
		}
		return !slices.ContainsFunc(groups(o, a), func(g policy.RoleGroup) bool { return !c.holds(g) })
	})
}

// helps reports whether the caller's role is one of those that an alternative asks for.
func helps(o *policy.Operation, c Caller) bool {
	return slices.ContainsFunc(o.Alternatives, func(a policy.Alternative) bool {
		return slices.ContainsFunc(groups(o, a), c.holds)
	})
}

// groups are the requirements on the roles of a caller by the alternative.
func groups(o *policy.Operation, a policy.Alternative) []policy.RoleGroup {
	all := slices.Clone(o.Roles.Groups)
	for _, r := range a.Requirements {
		all = append(all, r.Roles.Groups...)
	}
	return all
}

// holds reports whether the caller's role is in the group.
func (c Caller) holds(g policy.RoleGroup) bool {
	return c.Role != nil && slices.Contains(g.AnyOf, c.Role.Name)
}
