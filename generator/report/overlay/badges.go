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

// The colours of badges. White text on them has a contrast of 4.5 at least (WCAG 2.2 section 1.4.3).
const (
	colorPublic    = "#0f766e"
	colorCaller    = "#475569"
	colorRole      = "#4338ca"
	colorScope     = "#0369a1"
	colorOwnership = "#a16207"
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
		all = append(all, object{{"name", b.name}, {"color", b.color}, {Access, mark}})
	}
	return object{{badgesKey, all}}
}

type badge struct{ name, color string }

// policyBadges are the badges of an operation: public or not, roles, scopes, ownership.
func policyBadges(o *policy.Operation) []badge {
	if o.Public() {
		return []badge{{"public", colorPublic}}
	}
	var all []badge
	add := func(color, kind string, names ...string) {
		b := badge{diag.Printable(kind + strings.Join(names, " or ")), color}
		if !slices.Contains(all, b) {
			all = append(all, b)
		}
	}
	if o.Optional() {
		add(colorPublic, "credentials optional")
	}
	groups := o.Roles.Groups
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			groups = slices.Concat(groups, r.Roles.Groups)
		}
	}
	for _, g := range groups {
		add(colorRole, "role: ", g.Written...)
	}
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			for _, scope := range r.Scopes {
				add(colorScope, "scope: ", scope)
			}
		}
	}
	if o.Check != "" {
		add(colorOwnership, "ownership: ", o.Check)
	}
	if len(all) == 0 {
		add(colorCaller, "authenticated")
	}
	return all
}
