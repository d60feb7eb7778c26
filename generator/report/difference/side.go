package difference

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// document is one of the two documents that are compared.
type document struct {
	roles       map[string]*policy.Role
	definitions map[*policy.Scheme]string
}

func newDocument(p *policy.Policy) *document {
	d := &document{roles: make(map[string]*policy.Role, len(p.Roles)), definitions: make(map[*policy.Scheme]string, len(p.Schemes))}
	for _, r := range p.Roles {
		d.roles[r.Name] = r
	}
	return d
}

func (d *document) definition(s *policy.Scheme) string {
	definition, known := d.definitions[s]
	if !known {
		definition = s.Definition()
		d.definitions[s] = definition
	}
	return definition
}

// side is an operation of one of the two documents, as a comparison needs it.
type side struct {
	*policy.Operation
	document *document
	// anonymous says that {} is an alternative, or that there is none.
	anonymous bool
	// ways are the alternatives that ask for a credential.
	ways []way
}

// way is an alternative, with all that its callers need but the check. The lists are sorted and have nothing twice.
type way struct {
	policy.Alternative
	schemes []held
	scopes  []string
	// groups are the roles of the alternative and of the operation: one of each is needed.
	groups [][]string
}

// held is a scheme by its definition. Of several names for it the first in the alphabet counts.
type held struct {
	definition, name string
	// twice says that the scheme also accepts a cookie given twice.
	twice bool
}

func (d *document) side(o *policy.Operation) side {
	s := side{Operation: o, document: d, anonymous: o.AdmitsAnonymous()}
	for _, a := range o.Alternatives {
		if !a.Anonymous() {
			s.ways = append(s.ways, d.way(o, a))
		}
	}
	return s
}

func (d *document) way(o *policy.Operation, a policy.Alternative) way {
	w := way{Alternative: a, groups: appendGroups(nil, o.Roles)}
	for _, r := range a.Requirements {
		w.hold(held{d.definition(r.Scheme), r.Scheme.Name, r.Scheme.TryDuplicates})
		w.scopes = append(w.scopes, r.Scopes...)
		w.groups = appendGroups(w.groups, r.Roles)
	}
	slices.Sort(w.scopes)
	w.scopes = slices.Compact(w.scopes)
	slices.SortFunc(w.schemes, func(a, b held) int { return compareStrings(a.definition, b.definition) })
	return w
}

// hold adds a scheme. A cookie under two names is accepted twice if both say so.
func (w *way) hold(h held) {
	for i := range w.schemes {
		if same := &w.schemes[i]; same.definition == h.definition {
			same.name, same.twice = min(same.name, h.name), same.twice && h.twice
			return
		}
	}
	w.schemes = append(w.schemes, h)
}

func appendGroups(groups [][]string, roles policy.Roles) [][]string {
	for _, g := range roles.Groups {
		anyOf := g.AnyOf
		if !slices.IsSorted(anyOf) {
			anyOf = slices.Sorted(slices.Values(anyOf))
		}
		groups = append(groups, anyOf)
	}
	return groups
}

// scheme is the way's scheme of a definition.
func (w *way) scheme(definition string) (held, bool) {
	i, found := slices.BinarySearchFunc(w.schemes, definition, func(h held, d string) int { return compareStrings(h.definition, d) })
	if !found {
		return held{}, false
	}
	return w.schemes[i], true
}

// requirement is the requirement of the way with a scheme of a definition.
func (s *side) requirement(w *way, definition string) (policy.Requirement, bool) {
	for _, r := range w.Requirements {
		if s.document.definition(r.Scheme) == definition {
			return r, true
		}
	}
	return policy.Requirement{}, false
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// within reports whether all of a sorted list is in another.
func within(few, many []string) bool {
	for _, s := range few {
		if _, found := slices.BinarySearch(many, s); !found {
			return false
		}
	}
	return true
}
