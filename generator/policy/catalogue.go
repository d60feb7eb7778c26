package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// catalogue has the roles of x-roles or, without x-roles, the required ones.
type catalogue struct {
	declared bool
	roles    map[string]*Role
}

// require notes the use of a role, and refuses one that is missing in x-roles.
func (b *builder) require(name string, at diag.Position) bool {
	c := b.catalogue
	switch {
	case c.roles[name] != nil:
		return true
	case c.declared:
		b.diags.Report(at, ruleUnknownRole, "the role %q is not in x-roles%s", name, diag.DidYouMean(name, slices.Sorted(maps.Keys(c.roles))))
		return false
	}
	c.roles[name] = &Role{Name: name, Position: at}
	return true
}

func (b *builder) readCatalogue() {
	c := &catalogue{roles: map[string]*Role{}}
	b.catalogue = c
	m, ok := b.document.Root.Member("x-roles")
	if !ok {
		return
	}
	c.declared = true
	switch m.Value.Kind() {
	case spec.Sequence:
		for _, item := range m.Value.Items() {
			b.declareRole(c, item, item.Position())
		}
	case spec.Mapping:
		b.roleMap(c, m.Value.Members())
	default:
		b.diags.Report(m.Value.Position(), ruleRoleShape, "x-roles must be a list of roles, or a mapping of roles to {description, includes}, but it is %s", m.Value.Kind())
	}
}

func (b *builder) declareRole(c *catalogue, n *spec.Node, at diag.Position) {
	name, ok := b.roleName(n)
	switch {
	case !ok:
	case c.roles[name] != nil:
		b.diags.Report(at, ruleRoleShape, "the role %q is listed twice", name)
	default:
		c.roles[name] = &Role{Name: name, Position: at}
	}
}

func (b *builder) roleMap(c *catalogue, members []spec.Member) {
	var all []inclusion
	for _, m := range members {
		if !b.checkRoleName(m.Key, m.Position) || c.roles[m.Key] != nil {
			continue
		}
		role := &Role{Name: m.Key, Position: m.Position}
		c.roles[m.Key] = role
		all = append(all, b.roleEntry(role, m.Value)...)
	}
	for _, i := range all {
		b.require(i.to, i.position)
	}
	b.diags.Add(cycles(all))
}

// roleEntry reads the catalogue's entry of a role, and returns its inclusions of others.
func (b *builder) roleEntry(role *Role, n *spec.Node) []inclusion {
	if n.Kind() != spec.Mapping {
		if n.Kind() != spec.Null {
			b.diags.Report(n.Position(), ruleRoleShape, "a role of x-roles has {description, includes}, but this is %s", n.Kind())
		}
		return nil
	}
	var includes []inclusion
	for _, m := range n.Members() {
		switch {
		case m.Key == "description" && m.Value.Kind() == spec.String:
			role.Description = m.Value.Text()
		case m.Key == "includes" && m.Value.Kind() == spec.Sequence:
			includes = b.includes(role, m.Value.Items())
		case m.Key == goNameKey:
			role.GoName = goName(&b.diags, m)
		case m.Key == "description":
			b.diags.Report(m.Value.Position(), ruleRoleShape, "description must be a string, but it is %s", m.Value.Kind())
		case m.Key == "includes":
			b.diags.Report(m.Value.Position(), ruleRoleShape, "includes must be a list of roles, but it is %s", m.Value.Kind())
		default:
			b.diags.Report(m.Position, ruleRoleShape, "a role has description, includes and x-go-name, not %q%s", m.Key, diag.DidYouMean(m.Key, []string{"description", "includes", goNameKey}))
		}
	}
	return includes
}

func (b *builder) includes(role *Role, items []*spec.Node) []inclusion {
	var valid []inclusion
	for _, item := range items {
		if name, ok := b.roleName(item); ok {
			role.Includes = append(role.Includes, name)
			valid = append(valid, inclusion{role.Name, name, item.Position()})
		}
	}
	return valid
}

// roleName is the name that a node holds, when it can be that of a role.
func (b *builder) roleName(n *spec.Node) (string, bool) {
	if n.Kind() != spec.String {
		b.diags.Report(n.Position(), ruleRoleGrammar, "a role must be a string, but this is %s%s", n.Kind(), inQuotes(n))
		return "", false
	}
	return n.Text(), b.checkRoleName(n.Text(), n.Position())
}

func inQuotes(n *spec.Node) string {
	if n.Kind() == spec.Number || n.Kind() == spec.Bool {
		return `: write it in quotes`
	}
	return ""
}

func (b *builder) checkRoleName(name string, at diag.Position) bool {
	switch {
	case name == "":
		b.diags.Report(at, ruleRoleGrammar, "a role must not be empty")
	case strings.ContainsFunc(name, func(r rune) bool { return r == ',' || unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		b.diags.Report(at, ruleRoleGrammar, "the role %q holds a comma, white space or a control character: write several roles as several values of a list", name)
	default:
		return true
	}
	return false
}

// finish computes who implies whom, fills in the groups of all operations, and returns the roles by name.
func (c *catalogue) finish(operations []*Operation) []*Role {
	for _, name := range slices.Sorted(maps.Keys(c.roles)) {
		for _, included := range c.included(name) {
			if role := c.roles[included]; role != nil {
				role.ImpliedBy = append(role.ImpliedBy, name)
			}
		}
	}
	for _, o := range operations {
		c.flatten(o.Roles)
		for _, a := range o.Alternatives {
			for _, r := range a.Requirements {
				c.flatten(r.Roles)
			}
		}
	}
	return slices.SortedFunc(maps.Values(c.roles), func(a, b *Role) int { return cmp.Compare(a.Name, b.Name) })
}

func (c *catalogue) flatten(roles Roles) {
	for i, g := range roles.Groups {
		var implied []string
		for _, name := range g.Written {
			implied = append(implied, c.roles[name].ImpliedBy...)
		}
		slices.Sort(implied)
		roles.Groups[i].AnyOf = unique(append(slices.Clone(g.Written), implied...))
	}
}

func unique(names []string) []string {
	var kept []string
	for _, n := range names {
		if !slices.Contains(kept, n) {
			kept = append(kept, n)
		}
	}
	return kept
}

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
