package overlay

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// badgesKey is the extension whose badges Redoc and Scalar show.
const badgesKey = "x-badges"

// The kinds of badges. They stand in x-guard-access, and [SwaggerUIPlugin] has a colour for each. The badges have no colour
// of their own: Redoc writes in white on it and Scalar in a darker shade of it, so no colour is readable in both. Without one
// each viewer has a readable default.
const (
	kindPublic    = "public"
	kindCaller    = "caller"
	kindRole      = "role"
	kindScope     = "scope"
	kindOwnership = "ownership"
)

// removeBadges removes the badges of earlier overlays from all operations of a kind, because updates append to lists. The
// first operation gets its badges before, so that there is something to remove: strict programs want it.
func (m *maker) removeBadges(at place, badges object) {
	if badges == nil || slices.Contains(m.cleared, at.kind) {
		return
	}
	m.cleared = append(m.cleared, at.kind)
	m.removals = append(m.removals, update(at.target, badges), remove(at.kind+step(badgesKey)+"[?@"+step(Access)+"]"))
}

// foreignBadges reports whether x-badges is not a list that an overlay reaches, and so is left alone.
func foreignBadges(operation *spec.Node) bool {
	existing := operation.Get(badgesKey)
	return existing != nil && (existing.Kind() != spec.Sequence || existing.Borrowed())
}

// badges is the update of an operation's badges. Those of others stay before them.
func badges(operation *spec.Node, o *policy.Operation) object {
	if foreignBadges(operation) {
		return nil
	}
	var all []any
	for _, b := range policyBadges(o) {
		all = append(all, object{{"name", b.name}, {Access, b.kind}})
	}
	return object{{badgesKey, all}}
}

type badge struct{ name, kind string }

// policyBadges are the badges of an operation: public or not, roles, scopes, ownership.
func policyBadges(o *policy.Operation) []badge {
	if o.Public() {
		return []badge{{"public", kindPublic}}
	}
	var all []badge
	add := func(kind, text string, names ...string) {
		b := badge{diag.Printable(text + strings.Join(names, " or ")), kind}
		if !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	if o.Optional() {
		add(kindPublic, "credentials optional")
	}
	groups := o.Roles.Groups
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			groups = slices.Concat(groups, r.Roles.Groups)
		}
	}
	for _, g := range groups {
		add(kindRole, "role: ", g.Written...)
	}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			for _, scope := range r.Scopes {
				add(kindScope, "scope: ", scope)
			}
		}
	}
	if o.Check != "" {
		add(kindOwnership, "ownership: ", o.Check)
	}
	if len(all) == 0 {
		add(kindCaller, "authenticated")
	}
	return all
}
