package policy

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// inclusion says that a role of x-roles includes another.
type inclusion struct {
	from, to string
	position diag.Position
}

// included are all roles whose rights the role has, directly or not, each once.
func (c *catalogue) included(name string) []string {
	var included []string
	seen := map[string]bool{}
	for open := []string{name}; len(open) > 0; open = open[1:] {
		role := c.roles[open[0]]
		if role == nil {
			continue
		}
		for _, i := range role.Includes {
			if !seen[i] {
				seen[i] = true
				included, open = append(included, i), append(open, i)
			}
		}
	}
	return included
}

// cycleSearch walks the inclusions depth first.
type cycleSearch struct {
	inclusions map[string][]inclusion
	path       []string
	done       map[string]bool
	diags      diag.List
}

// cycles reports every inclusion that closes a circle.
func cycles(all []inclusion) diag.List {
	s := &cycleSearch{inclusions: map[string][]inclusion{}, done: map[string]bool{}}
	for _, i := range all {
		s.inclusions[i.from] = append(s.inclusions[i.from], i)
	}
	for _, i := range all {
		s.visit(i.from)
	}
	return s.diags
}

func (s *cycleSearch) visit(role string) {
	if s.done[role] {
		return
	}
	s.path = append(s.path, role)
	for _, i := range s.inclusions[role] {
		if start := slices.Index(s.path, i.to); start >= 0 {
			circle := strings.Join(append(slices.Clone(s.path[start:]), i.to), " > ")
			s.diags.Report(i.position, ruleRoleCycle, "the role %q includes itself: %s", i.to, circle)
			continue
		}
		s.visit(i.to)
	}
	s.path = s.path[:len(s.path)-1]
	s.done[role] = true
}
