package guardtest

import (
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// needs are the rights that an alternative of an operation demands: all scopes, and one role of each group.
type needs struct {
	scopes []string
	groups []guard.AnyRole
}

func needsOf(op guard.Operation, a guard.Alternative) needs {
	var n needs
	for _, r := range a {
		for _, scope := range r.Scopes {
			n.scopes = add(n.scopes, scope)
		}
		n.groups = append(n.groups, r.Roles...)
	}
	n.groups = append(n.groups, op.Roles...)
	return n
}

func add[T comparable](list []T, more ...T) []T {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

// without is the list without some of its members.
func without[T comparable](list []T, less ...T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool { return slices.Contains(less, one) })
}

// missing are the needs that a caller does not meet, each as a word.
func (n needs) missing(hasRole func(guard.Role) bool, hasScope func(string) bool) []string {
	var words []string
	for _, scope := range n.scopes {
		if !hasScope(scope) {
			words = append(words, "scope "+scope)
		}
	}
	for _, group := range n.groups {
		if !slices.ContainsFunc(group, hasRole) {
			words = add(words, groupWord(group))
		}
	}
	return words
}

func groupWord(group guard.AnyRole) string {
	names := make([]string, len(group))
	for i, role := range group {
		names[i] = string(role)
	}
	return "role " + strings.Join(names, " or ")
}

func (n needs) metBy(c *Caller) bool { return len(n.missing(c.HasRole, c.HasScope)) == 0 }

// mostProducts bounds the sets of roles of one alternative. Beyond it each role of each group is tried once.
const mostProducts = 256

// minimal are the sets of roles that suffice, and of which none can be spared.
func (n needs) minimal() [][]guard.Role {
	sets := n.products()
	minimal := sets[:0:0]
	for _, set := range sets {
		spare := func(role guard.Role) bool { return n.rolesMet(without(set, role)) }
		known := func(other []guard.Role) bool { return slices.Equal(other, set) }
		if !slices.ContainsFunc(set, spare) && !slices.ContainsFunc(minimal, known) {
			minimal = append(minimal, set)
		}
	}
	return minimal
}

func (n needs) rolesMet(roles []guard.Role) bool {
	return !slices.ContainsFunc(n.groups, func(group guard.AnyRole) bool {
		return !slices.ContainsFunc(group, func(role guard.Role) bool { return slices.Contains(roles, role) })
	})
}

// products are the choices of one role from each group, sorted.
func (n needs) products() [][]guard.Role {
	sets := [][]guard.Role{nil}
	for i, group := range n.groups {
		var next [][]guard.Role
		for j, set := range sets {
			for k, role := range group {
				if len(sets)*len(group) <= mostProducts || j == 0 || k == 0 && i > 0 {
					next = append(next, add(slices.Clone(set), role))
				}
			}
		}
		sets = next
	}
	for _, set := range sets {
		slices.Sort(set)
	}
	return sets
}

// catalogue are the roles and scopes that occur in a policy.
type catalogue struct {
	roles  []guard.Role
	scopes []string
}

func catalogueOf(policy []guard.Operation) catalogue {
	var c catalogue
	for _, op := range policy {
		for _, group := range op.Roles {
			c.roles = add(c.roles, group...)
		}
		for _, a := range op.Security {
			n := needsOf(op, a)
			c.scopes = add(c.scopes, n.scopes...)
			for _, group := range n.groups {
				c.roles = add(c.roles, group...)
			}
		}
	}
	return c
}

// sufficient are the callers with the least rights that an alternative admits.
func (n needs) sufficient() []*Caller {
	var callers []*Caller
	for _, roles := range n.minimal() {
		callers = append(callers, &Caller{Roles: roles, Scopes: n.scopes})
	}
	return callers
}

// insufficient are callers who lack something, from all rights but one to none: those who just do not get in.
func (n needs) insufficient(c catalogue) []*Caller {
	least := n.sufficient()
	if len(least) == 0 {
		return nil
	}
	var all []*Caller
	try := func(roles []guard.Role, scopes []string) {
		caller := &Caller{Roles: roles, Scopes: scopes}
		same := func(other *Caller) bool {
			return slices.Equal(other.Roles, roles) && slices.Equal(other.Scopes, scopes)
		}
		if !n.metBy(caller) && !slices.ContainsFunc(all, same) {
			all = append(all, caller)
		}
	}
	for _, scope := range n.scopes {
		try(least[0].Roles, without(n.scopes, scope))
		try(c.roles, without(c.scopes, scope))
	}
	for _, group := range n.groups {
		try(without(least[0].Roles, group...), n.scopes)
		try(without(c.roles, group...), c.scopes)
	}
	for _, role := range c.roles {
		try([]guard.Role{role}, n.scopes)
	}
	for _, scope := range c.scopes {
		try(least[0].Roles, []string{scope})
	}
	try(nil, nil)
	return all
}
