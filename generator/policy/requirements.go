package policy

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/spec"
)

// alternatives reads a list of Security Requirement Objects (OpenAPI 3.1.1 section 4.8.30).
func (b *builder) alternatives(security spec.Member) []Alternative {
	if security.Value.Kind() != spec.Sequence {
		b.diags.Errorf(security.Value.Position(), "security-shape", "security has to be a list, as in [{%s: []}], but it is %s; for a public operation write []",
			b.anyScheme(), security.Value.Kind())
		return nil
	}
	var all []Alternative
	anonymous := 0
	for _, item := range security.Value.Items() {
		a := b.alternative(item)
		if a.Anonymous() {
			anonymous++
		}
		all = append(all, a)
	}
	if len(all) > 0 && anonymous == len(all) && !b.diags.HasErrors() {
		b.diags.Warnf(security.Position, "empty-security", "this security names no scheme, only the empty alternative {}: anybody may call; write [] if that is meant")
	}
	return all
}

func (b *builder) alternative(item *spec.Node) Alternative {
	a := Alternative{Position: item.Position()}
	if item.Kind() != spec.Mapping {
		b.diags.Errorf(item.Position(), "security-shape", "an alternative has to be a mapping of schemes to scopes, as in {%s: []}, but it is %s", b.exampleFor(item), item.Kind())
		return a
	}
	for _, m := range item.Members() {
		if r, ok := b.requirement(m); ok {
			a.Requirements = append(a.Requirements, r)
		}
	}
	return a
}

func (b *builder) requirement(m spec.Member) (Requirement, bool) {
	scheme, ok := b.schemes[m.Key]
	if !ok {
		b.undefined(m)
		return Requirement{}, false
	}
	scheme.used = true
	r := Requirement{Scheme: scheme.Scheme, Position: m.Position}
	if m.Value.Kind() != spec.Sequence {
		b.diags.Errorf(m.Value.Position(), "security-shape", "%s needs a list of scopes or roles, [] for none, but it has %s", m.Key, m.Value.Kind())
		return r, true
	}
	if scheme.scoped() {
		r.Scopes = b.scopes(scheme, m.Value.Items())
		return r, true
	}
	r.Roles = b.requirementRoles(scheme, m)
	return r, true
}

func (b *builder) undefined(m spec.Member) {
	names := make([]string, 0, len(b.document.Schemes))
	for _, s := range b.document.Schemes {
		names = append(names, s.Name)
	}
	hint := diag.DidYouMean(m.Key, names)
	switch {
	case len(names) == 0:
		hint = ", which is empty: declare the scheme there"
	case hint == "":
		hint = ", which declares " + strings.Join(names, ", ")
	}
	b.diags.Errorf(m.Position, "undefined-scheme", "the security scheme %q is not in components.securitySchemes%s", m.Key, hint)
}

// requirementRoles reads the role names that OpenAPI 3.1 allows on schemes that have no scopes.
func (b *builder) requirementRoles(scheme *declared, m spec.Member) Roles {
	roles := Roles{Position: m.Value.Position()}
	for _, item := range m.Value.Items() {
		if name, ok := b.role(item); ok {
			roles.Groups = append(roles.Groups, RoleGroup{Written: []string{name}})
		}
	}
	if len(m.Value.Items()) > 0 && !b.document.AtLeast(1) {
		b.diags.Warnf(m.Value.Position(), "role-names-3.0",
			"OpenAPI %s wants an empty list for %s, which is no OAuth scheme; the names are taken as roles, all of them required, as OpenAPI 3.1 does",
			b.document.Version, m.Key)
	}
	return roles
}

func (b *builder) anyScheme() string {
	if len(b.document.Schemes) > 0 {
		return b.document.Schemes[0].Name
	}
	return "bearerAuth"
}

func (b *builder) exampleFor(item *spec.Node) string {
	if _, ok := b.schemes[item.Text()]; ok && item.Kind() == spec.String {
		return item.Text()
	}
	return b.anyScheme()
}
