package policy

import (
	"fmt"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// requiredRoles are the roles that the caller of an operation needs. The nearest declaration
// wins whole: the operation's, the path item's, or the document's. The document's does not apply to an
// operation that makes itself public; one that is public by silence contradicts it. A webhook or callback may be
// silent: the document's declaration is about those who call the API, and these the API calls itself.
func (b *builder) requiredRoles(from *spec.Operation, o *Operation) Roles {
	own, isOwn := from.Node.Member(b.document.RequiredRoles)
	near, isNear := own, isOwn
	if !isOwn {
		near, isNear = from.PathItem.Member(b.document.RequiredRoles)
	}
	m, isRequired := near, isNear
	if !isNear {
		m, isRequired = b.document.Root.Member(b.document.RequiredRoles)
	}
	if !isRequired {
		return Roles{}
	}
	roles := b.parseRequired(m)
	_, meant := from.Node.Member("security")
	switch {
	case o.Public() && (isOwn || isNear && (!roles.Empty() || !meant)):
		b.diags.Report(m.Position, ruleRolesOnPublic, "%s is public, so its callers have no roles: give it security, or remove %s", from, b.document.RequiredRoles)
	case o.Public():
		if !meant && !from.Received() {
			b.implicitlyPublic = append(b.implicitlyPublic, from)
		}
		return Roles{}
	case o.Optional() && !roles.Empty():
		b.rolesWithOptional(from, o, m, isNear)
	}
	return roles
}

// rolesOfNobody reports, once, the operations that the document's required roles applies to and that ask
// nobody for a credential.
func (b *builder) rolesOfNobody() {
	if len(b.implicitlyPublic) == 0 {
		return
	}
	subject := b.implicitlyPublic[0].String() + " is"
	if more := len(b.implicitlyPublic) - 1; more > 0 {
		subject = fmt.Sprintf("%s and %d more operations are", b.implicitlyPublic[0], more)
	}
	m, _ := b.document.Root.Member(b.document.RequiredRoles)
	b.diags.Report(m.Position, ruleRolesOnPublic, "%s public without saying so, although the document requires roles: give the document security, and write security: [] on operations that are meant to be public", subject)
}

func (b *builder) rolesWithOptional(from *spec.Operation, o *Operation, m spec.Member, near bool) {
	if near {
		b.diags.Report(m.Position, ruleRolesWithOptional, "%s also serves anonymous callers ({} is an alternative of its security), who have no roles: remove {} or %s", from, b.document.RequiredRoles)
		return
	}
	b.diags.Report(o.Position, ruleRolesWithOptional, "%s also serves anonymous callers ({} is an alternative of its security), who have no roles, but it inherits %s from the document: write %s: [] here, or remove {}", from, b.document.RequiredRoles, b.document.RequiredRoles)
}

func (b *builder) parseRequired(m spec.Member) Roles {
	roles := Roles{Position: m.Position}
	switch n := m.Value; n.Kind() {
	case spec.String:
		roles.add(b.roles([]*spec.Node{n}))
	case spec.Sequence:
		if b.options.ExplicitRoles && len(n.Items()) > 1 {
			b.diags.Report(n.Position(), ruleExplicitRoles, "this list could mean any of its roles, or all: write {anyOf: […]} or {allOf: […]}")
		}
		roles.add(b.roles(n.Items()))
	case spec.Mapping:
		b.explicit(n, &roles)
	default:
		b.diags.Report(n.Position(), ruleRoleShape, "%s must be a role, a list of roles, or {anyOf: […], allOf: […]}, but it is %s", b.document.RequiredRoles, n.Kind())
	}
	return roles
}

func (b *builder) explicit(n *spec.Node, roles *Roles) {
	if len(n.Members()) == 0 {
		b.diags.Report(n.Position(), ruleRoleShape, "{} requires nothing: write {anyOf: […]}, {allOf: […]}, or [] for any authenticated caller")
	}
	for _, m := range n.Members() {
		if m.Key != "anyOf" && m.Key != "allOf" {
			b.diags.Report(m.Position, ruleRoleShape, "%q is neither anyOf nor allOf%s", m.Key, diag.DidYouMean(m.Key, []string{"anyOf", "allOf"}))
			continue
		}
		if m.Value.Kind() != spec.Sequence || len(m.Value.Items()) == 0 {
			b.diags.Report(m.Value.Position(), ruleRoleShape, "%s must be a list of at least one role", m.Key)
			continue
		}
		names := b.roles(m.Value.Items())
		if m.Key == "anyOf" {
			roles.add(names)
			continue
		}
		for _, name := range names {
			roles.add([]string{name})
		}
	}
}

func (r *Roles) add(written []string) {
	if len(written) > 0 {
		r.Groups = append(r.Groups, RoleGroup{Written: written})
	}
}

func (b *builder) roles(items []*spec.Node) []string {
	var names []string
	for _, item := range items {
		if name, ok := b.role(item); ok {
			names = append(names, name)
		}
	}
	return names
}

// role reads the name of a role that something requires.
func (b *builder) role(n *spec.Node) (string, bool) {
	name, ok := b.roleName(n)
	return name, ok && b.require(name, n.Position())
}
