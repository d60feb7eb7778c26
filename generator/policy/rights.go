package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// foreignRoles warns of extensions in which other programs have roles or permissions, on operations that have none for
// this one: whoever wrote them believes that something enforces them. Each extension is one finding. The two lists are of
// the same operations.
func (b *builder) foreignRoles(from []*spec.Operation, built []*Operation) {
	open, first := map[string][]string{}, map[string]spec.Member{}
	var keys []string
	for i, o := range built {
		if o.demandsRights() {
			continue
		}
		for _, m := range b.foreign(from[i]) {
			if open[m.Key] == nil {
				keys = append(keys, m.Key)
				first[m.Key] = m
			}
			open[m.Key] = append(open[m.Key], from[i].String())
		}
	}
	for _, key := range keys {
		b.diags.Warn(first[key].Position, ruleForeignRoles, "%q is not read, so nothing enforces it on %s: write %s%s",
			key, few(open[key]), b.document.RequiredRoles, asRoles(first[key]))
	}
}

// asRoles is the way to have an extension read, where its value looks like roles.
func asRoles(m spec.Member) string {
	if m.Value.Kind() != spec.String && m.Value.Kind() != spec.Sequence {
		return ""
	}
	return fmt.Sprintf(", or roles: {extension: %s} in oapi-guard.yaml", m.Key)
}

// few are the first of many names, and how many more there are.
func few(names []string) string {
	const shown = 3
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more operations", strings.Join(names[:shown], ", "), len(names)-shown)
}

// demandsRights reports whether the caller needs a role or a scope in any alternative.
func (o *Operation) demandsRights() bool {
	return !o.Roles.Empty() || slices.ContainsFunc(o.Alternatives, func(a Alternative) bool {
		return slices.ContainsFunc(a.Requirements, func(r Requirement) bool { return len(r.Scopes) > 0 || !r.Roles.Empty() })
	})
}

// foreign are the extensions of an operation and its path item that speak of rights. One whose value asks for nothing
// does not count, and neither does any when the operation says itself which roles it requires.
func (b *builder) foreign(o *spec.Operation) []spec.Member {
	var found []spec.Member
	for _, n := range []*spec.Node{o.Node, o.PathItem} {
		if _, said := n.Member(b.document.RequiredRoles); said {
			return nil
		}
		for _, m := range n.Members() {
			if strings.HasPrefix(m.Key, "x-") && speaksOfRights(m.Key) && demands(m.Value) && !b.document.Misspelt(m.Key) {
				found = append(found, m)
			}
		}
	}
	return found
}

// rights are words for what a caller may do, in any form; exactly are those that are parts of other words too.
var (
	rights  = [...]string{"role", "permission", "privilege", "scope", "entitlement", "rbac", "authorities"}
	exactly = [...]string{"acl", "acls", "authz", "claims"}
)

func speaksOfRights(key string) bool {
	words := words(key)
	return slices.ContainsFunc(rights[:], func(r string) bool { return strings.Contains(strings.Join(words, ""), r) }) ||
		slices.ContainsFunc(exactly[:], func(e string) bool { return slices.Contains(words, e) })
}

// words are those of a key in kebab, snake or camel case, in lower case.
func words(key string) []string {
	var spaced strings.Builder
	for _, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r):
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(spaced.String())
}

// unusedRoles warns of roles of the catalogue that open no operation, not even through the roles that they include: the
// operation for which they were made may have forgotten them. Operations without a guard, such as those that a filter leaves
// out, may require a role too.
func (b *builder) unusedRoles(p *Policy) {
	if !b.catalogue.declared {
		return
	}
	used := b.rolesElsewhere(p.Roles)
	for _, o := range p.All() {
		for _, roles := range o.everyRoles() {
			for _, g := range roles.Groups {
				for _, name := range g.AnyOf {
					used[name] = true
				}
			}
		}
	}
	unused := slices.DeleteFunc(slices.Clone(p.Roles), func(r *Role) bool { return used[r.Name] })
	if len(unused) == 0 {
		return
	}
	slices.SortStableFunc(unused, func(a, b *Role) int { return a.Position.Compare(b.Position) })
	var names []string
	for _, r := range unused {
		names = append(names, r.Name)
	}
	b.diags.Warn(unused[0].Position, ruleUnusedRole, "no operation requires %s: remove it from x-roles, or require it", strings.Join(names, ", "))
}

// rolesElsewhere are the roles that open operations without a guard, as far as those operations, their path items or the
// document name them.
func (b *builder) rolesElsewhere(all []*Role) map[string]bool {
	named := map[string]bool{}
	for _, o := range b.elsewhere() {
		for _, n := range []*spec.Node{o.Node, o.PathItem, b.document.Root} {
			addTexts(named, n.Get(b.document.RequiredRoles))
			addTexts(named, n.Get("security"))
		}
	}
	used := maps.Clone(named)
	for _, r := range all {
		for _, name := range r.ImpliedBy {
			used[name] = used[name] || named[r.Name]
		}
	}
	return used
}

// addTexts adds every string of a value, at any depth.
func addTexts(to map[string]bool, n *spec.Node) {
	if n.Kind() == spec.String {
		to[n.Text()] = true
	}
	for _, item := range n.Items() {
		addTexts(to, item)
	}
	for _, m := range n.Members() {
		addTexts(to, m.Value)
	}
}

// everyRoles are the roles that the operation requires, and those of its alternatives.
func (o *Operation) everyRoles() []Roles {
	all := []Roles{o.Roles}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			all = append(all, r.Roles)
		}
	}
	return all
}
