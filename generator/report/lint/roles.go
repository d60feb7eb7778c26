package lint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// similarRoles reports names that differ in case, separators or a plural only, and longer ones that differ in one letter.
func (l *linter) similarRoles() {
	for i, r := range l.policy.Roles {
		for _, other := range l.policy.Roles[:i] {
			if alike(r.Name, other.Name) {
				first, second := other, r
				if second.Position.Compare(first.Position) < 0 {
					first, second = second, first
				}
				l.report(second.Position, ruleSimilarRoles, nil, "the role %q looks like %q at %s: if they are one, write it in one way", second.Name, first.Name, first.Position)
			}
		}
	}
}

// slipLength is the length from which one letter more, less or different is taken for a slip: sender and tender are two
// words.
const slipLength = 8

func alike(a, b string) bool {
	x, y := diag.Fold(a), diag.Fold(b)
	if strings.TrimSuffix(x, "s") == strings.TrimSuffix(y, "s") || strings.Join(singular(a), "") == strings.Join(singular(b), "") {
		return true
	}
	short := min(utf8.RuneCountInString(x), utf8.RuneCountInString(y))
	return short >= slipLength && diag.Distance(x, y, 1) == 1 && !differInDigits(x, y)
}

// singular are the words of a role without their plural.
func singular(role string) []string {
	all := words(role)
	for i, w := range all {
		all[i] = strings.TrimSuffix(w, "s")
	}
	return all
}

// differInDigits reports whether two names are alike without their digits: level1 and level2 are not a slip.
func differInDigits(a, b string) bool {
	without := func(s string) string {
		return strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return -1
			}
			return r
		}, s)
	}
	return without(a) == without(b)
}

// redundantRoles reports roles that the hierarchy makes redundant: in a list of alternatives one that includes another, and
// a demand that a further demand contains.
func (l *linter) redundantRoles(o operation) {
	all := []policy.Roles{o.Roles}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			all = append(all, r.Roles)
		}
	}
	for _, roles := range all {
		for _, g := range roles.Groups {
			l.redundantInGroup(o, roles, g)
		}
		l.redundantGroups(o, roles)
	}
}

func (l *linter) redundantInGroup(o operation, roles policy.Roles, g policy.RoleGroup) {
	for i, name := range g.Written {
		if slices.Contains(g.Written[:i], name) {
			l.report(roles.Position, ruleRedundantRole, o.nodes(), "%q stands in the list twice: remove one", name)
			continue
		}
		for _, other := range g.Written {
			if other != name && l.includes(name, other) {
				l.report(roles.Position, ruleRedundantRole, o.nodes(), "%q includes %q, so it is admitted anyway: leave it out of the list", name, other)
				break
			}
		}
	}
}

func (l *linter) redundantGroups(o operation, roles policy.Roles) {
	for i, g := range roles.Groups {
		for j, stronger := range roles.Groups {
			same := containsAll(stronger.AnyOf, g.AnyOf)
			if i != j && containsAll(g.AnyOf, stronger.AnyOf) && (!same || j < i) {
				l.report(roles.Position, ruleRedundantRole, o.nodes(), "everybody with %s has %s too: leave out the latter", oneOf(stronger), oneOf(g))
				break
			}
		}
	}
}

// includes reports whether the role is one of those that include the other, directly or not.
func (l *linter) includes(role, other string) bool {
	i := slices.IndexFunc(l.policy.Roles, func(r *policy.Role) bool { return r.Name == other })
	return i >= 0 && slices.Contains(l.policy.Roles[i].ImpliedBy, role)
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

func oneOf(g policy.RoleGroup) string { return `"` + strings.Join(g.Written, `" or "`) + `"` }
