package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// alternatives reads a list of Security Requirement Objects (OpenAPI 3.1.1 section 4.8.30). What is refused
// leaves an alternative that nobody can satisfy, so that no mistake here looks like a public operation.
func (b *builder) alternatives(security spec.Member) []Alternative {
	if security.Value.Kind() != spec.Sequence {
		b.diags.Report(security.Value.Position(), ruleSecurityShape, "security must be a list, as in [{%s: []}], but it is %s; for a public operation write []",
			b.exampleFor(security.Value), security.Value.Kind())
		return []Alternative{refused(security.Value)}
	}
	var all []Alternative
	anonymous := true
	for _, item := range security.Value.Items() {
		a := b.alternative(item)
		anonymous = anonymous && a.Anonymous()
		all = append(all, a)
	}
	if anonymous && len(all) > 0 {
		b.empty[security.Position] = true
	}
	return all
}

func (b *builder) alternative(item *spec.Node) Alternative {
	if item.Kind() != spec.Mapping {
		b.diags.Report(item.Position(), ruleSecurityShape, "an alternative must be a mapping of schemes to scopes, as in {%s: []}, but it is %s", b.exampleFor(item), item.Kind())
		return refused(item)
	}
	a := Alternative{Position: item.Position()}
	for _, m := range item.Members() {
		a.Requirements = append(a.Requirements, b.requirement(m))
	}
	b.oneAuthorization(item, a.Requirements)
	return a
}

func refused(n *spec.Node) Alternative {
	r := Requirement{Scheme: &Scheme{Position: n.Position()}, Position: n.Position()}
	return Alternative{Requirements: []Requirement{r}, Position: n.Position()}
}

// emptySecurity warns, once, of security that consists of {} only.
func (b *builder) emptySecurity() {
	places := slices.SortedFunc(maps.Keys(b.empty), diag.Position.Compare)
	if len(places) == 0 {
		return
	}
	more := ""
	if len(places) > 1 {
		more = fmt.Sprintf(" (%d lists of this document have only it)", len(places))
	}
	b.diags.Warn(places[0], ruleEmptySecurity, "this security has no scheme, only the empty alternative {}, so anybody may call: write [] if that is intended%s", more)
}

func (b *builder) requirement(m spec.Member) Requirement {
	scheme, ok := b.schemes[m.Key]
	if !ok {
		b.undefined(m)
		return Requirement{Scheme: &Scheme{Name: m.Key, Position: m.Position}, Position: m.Position}
	}
	scheme.used = true
	r := Requirement{Scheme: scheme.Scheme, Position: m.Position}
	if m.Value.Kind() != spec.Sequence {
		b.diags.Report(m.Value.Position(), ruleSecurityShape, "%s needs a list of scopes or roles ([] for none), but it has %s", m.Key, m.Value.Kind())
		return r
	}
	if scheme.scoped() {
		r.Scopes = b.scopes(scheme, m.Value.Items())
		return r
	}
	r.Roles = b.requirementRoles(m)
	return r
}

func (b *builder) undefined(m spec.Member) {
	if m.Key == "$ref" {
		return // spec refuses it
	}
	names := make([]string, 0, len(b.document.Schemes))
	for _, s := range b.document.Schemes {
		names = append(names, s.Name)
	}
	hint := diag.DidYouMean(m.Key, names)
	switch {
	case strings.ContainsAny(m.Key, "#/"):
		hint = ": write its name; a scheme of another file is declared there with a $ref"
	case len(names) == 0:
		hint = ", which is empty: declare the scheme there"
	case hint == "":
		hint = ", which declares " + strings.Join(names, ", ")
	}
	b.diags.Report(m.Position, ruleUndefinedScheme, "the security scheme %q is not in components.securitySchemes%s", m.Key, hint)
}

// requirementRoles reads the role names that OpenAPI 3.1 allows on schemes that have no scopes.
func (b *builder) requirementRoles(m spec.Member) Roles {
	roles := Roles{Position: m.Value.Position()}
	for _, item := range m.Value.Items() {
		if name, ok := b.role(item); ok {
			roles.Groups = append(roles.Groups, RoleGroup{Written: []string{name}})
		}
	}
	if len(m.Value.Items()) > 0 && !b.document.AtLeast(1) {
		b.diags.Warn(m.Value.Position(), ruleRoleNames30,
			"OpenAPI %s wants an empty list for %s, which is not an OAuth scheme; the names are read as roles, all of them required, as in OpenAPI 3.1",
			b.document.Version, m.Key)
	}
	return roles
}

// exampleFor is a scheme for an example in a message: the one that n names, or any.
func (b *builder) exampleFor(n *spec.Node) string {
	switch {
	case n.Kind() == spec.String && b.schemes[n.Text()] != nil:
		return n.Text()
	case len(b.document.Schemes) > 0:
		return b.document.Schemes[0].Name
	}
	return "bearerAuth"
}
