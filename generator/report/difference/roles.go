package difference

import (
	"slices"
)

// smallestRoles is the smallest set of roles, and the first in the alphabet of several, that has one role of each
// group and leaves every rival with a group of which it has none. All groups are sorted. Without any such set it
// reports false.
func smallestRoles(groups [][]string, rivals [][][]string) ([]string, bool) {
	if slices.ContainsFunc(rivals, func(rival [][]string) bool { return implied(rival, groups) }) {
		return nil, false
	}
	if len(groups) == 0 {
		return nil, true // a rival without groups is implied
	}
	h := hitting{rivals: rivals, roles: slices.Concat(groups...)}
	slices.Sort(h.roles)
	h.roles = slices.Compact(h.roles)
	for size := disjoint(groups); size <= len(groups); size++ {
		if found := h.search(nil, groups, 0, size); found != nil {
			return found, true
		}
	}
	return nil, false
}

// implied reports whether whoever has a role of each group has one of each of the rival's: each of those holds all roles
// of some group.
func implied(rival, groups [][]string) bool {
	for _, wide := range rival {
		if !slices.ContainsFunc(groups, func(narrow []string) bool { return within(narrow, wide) }) {
			return false
		}
	}
	return true
}

// hitting is a search for a set of roles.
type hitting struct {
	rivals [][][]string
	roles  []string
}

// search extends the chosen roles, by roles from an index on and in the order of the alphabet, to a set that has one of
// each open group. It gives up as soon as a rival is content, because more roles never make it refuse.
func (h *hitting) search(chosen []string, open [][]string, from, left int) []string {
	switch {
	case slices.ContainsFunc(h.rivals, func(rival [][]string) bool { return len(without(rival, chosen...)) == 0 }):
		return nil
	case len(open) == 0:
		return chosen
	case disjoint(open) > left:
		return nil
	}
	for i := from; i < len(h.roles); i++ {
		role := h.roles[i]
		rest := without(open, role)
		if len(rest) < len(open) {
			if found := h.search(append(slices.Clip(chosen), role), rest, i+1, left-1); found != nil {
				return found
			}
		}
		if slices.ContainsFunc(open, func(group []string) bool { return group[len(group)-1] <= role }) {
			return nil // this group has no later role
		}
	}
	return nil
}

// without are the groups that have none of the roles.
func without(groups [][]string, roles ...string) [][]string {
	var rest [][]string
	for _, group := range groups {
		if !slices.ContainsFunc(roles, func(role string) bool { _, has := slices.BinarySearch(group, role); return has }) {
			rest = append(rest, group)
		}
	}
	return rest
}

// disjoint counts groups that have no role in common, and so need a role each.
func disjoint(groups [][]string) int {
	if len(groups) < 2 {
		return len(groups)
	}
	taken := map[string]bool{}
	count := 0
	for _, group := range groups {
		if slices.ContainsFunc(group, func(role string) bool { return taken[role] }) {
			continue
		}
		count++
		for _, role := range group {
			taken[role] = true
		}
	}
	return count
}
