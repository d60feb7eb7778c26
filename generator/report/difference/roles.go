package difference

import "slices"

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
	case slices.ContainsFunc(h.rivals, func(rival [][]string) bool { return satisfied(rival, chosen) }):
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

// without are the groups that do not have the role.
func without(groups [][]string, role string) [][]string {
	var rest [][]string
	for _, group := range groups {
		if !has(group, role) {
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
	var apart [][]string
	for _, group := range groups {
		if !slices.ContainsFunc(apart, func(other []string) bool { return meet(group, other) }) {
			apart = append(apart, group)
		}
	}
	return len(apart)
}

// meet reports whether two groups have a role in common.
func meet(a, b []string) bool {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return false
}

// satisfied reports whether the roles have one of each group.
func satisfied(groups [][]string, roles []string) bool {
	for _, group := range groups {
		if !slices.ContainsFunc(roles, func(role string) bool { return has(group, role) }) {
			return false
		}
	}
	return true
}

func has(group []string, role string) bool {
	_, found := slices.BinarySearch(group, role)
	return found
}
