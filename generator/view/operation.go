package view

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Operation is one operation of the policy.
type Operation struct {
	// Name is the operation's Go name, the one of the method of oapi-codegen's interface; that of a path
	// item which refers to another path has a suffix.
	Name string

	policy    *policy.Operation
	constants map[string]string
}

// NewOperation makes the view of an operation; constants has the constant of every role.
func NewOperation(o *policy.Operation, name string, constants map[string]string) *Operation {
	return &Operation{Name: name, policy: o, constants: constants}
}

// Public reports whether the operation asks for no credential.
func (o *Operation) Public() bool { return o.policy.Public() }

// Optional reports whether the operation also serves anonymous callers.
func (o *Operation) Optional() bool { return o.policy.Optional() }

// Route is the operation's method and path, or the webhook or callback that it is, as comment text.
func (o *Operation) Route() string { return Comment(o.title()) }

// Heading is Route where a line of a comment begins with it.
func (o *Operation) Heading() string { return harmless(o.Route()) }

// title names the operation: by method and path, or as the webhook or callback that it is.
func (o *Operation) title() string {
	switch {
	case o.policy.Within != "":
		return o.policy.Method + " callback " + o.policy.Source + " of " + o.policy.Within
	case o.policy.Source != "":
		return o.policy.Method + " webhook " + o.policy.Source
	}
	return o.policy.Method + " " + o.policy.Path
}

// IDLiteral is the operationId, or what Route says where the document gives none.
func (o *Operation) IDLiteral() string {
	if o.policy.ID == "" {
		return Quote(o.title())
	}
	return Quote(o.policy.ID)
}

// MethodLiteral is the method's constant in net/http.
func (o *Operation) MethodLiteral() string { return methodLiteral(o.policy.Method) }

// HasPath reports whether there is a path: a webhook has none.
func (o *Operation) HasPath() bool { return o.policy.Path != "" }

// PathLiteral is the path template of the document.
func (o *Operation) PathLiteral() string { return Quote(o.policy.Path) }

func methodLiteral(method string) string {
	switch method {
	case "GET", "PUT", "POST", "HEAD", "PATCH", "TRACE", "DELETE", "OPTIONS", "CONNECT":
		return "http.Method" + method[:1] + strings.ToLower(method[1:])
	}
	return Quote(method)
}

// HasCheck reports whether a resource check comes before the handler.
func (o *Operation) HasCheck() bool { return o.policy.Check != "" }

// CheckLiteral is the name of the check.
func (o *Operation) CheckLiteral() string { return Quote(o.policy.Check) }

// Concealed reports whether a denial is to look like something else.
func (o *Operation) Concealed() bool { return o.policy.Conceal != policy.ConcealNothing }

// ConcealLiteral is the constant of the runtime that says as what.
func (o *Operation) ConcealLiteral() string {
	if o.policy.Conceal == policy.ConcealAsForbidden {
		return "guard.ConcealAsForbidden"
	}
	return "guard.ConcealAsNotFound"
}

// InvalidIsAnonymous reports whether an invalid or expired credential of any scheme counts as none.
func (o *Operation) InvalidIsAnonymous() bool { return o.policy.InvalidIsAnonymous }

// Words is the policy in words, line by line, as comment text.
func (o *Operation) Words() []string {
	if o.Public() {
		return []string{"security: none, it is public"}
	}
	lines := securityWords(o.policy.Alternatives)
	if groups := o.policy.Roles.Groups; len(groups) > 0 {
		lines = append(lines, "roles:    "+rolesWords(groups))
	}
	if o.HasCheck() {
		lines = append(lines, "resource: "+Comment(o.policy.Check))
	}
	switch o.policy.Conceal {
	case policy.ConcealAsNotFound:
		lines = append(lines, "conceal:  a denial looks like a resource that does not exist")
	case policy.ConcealAsForbidden:
		lines = append(lines, "conceal:  a resource that does not exist looks like a denial")
	}
	return append(lines, o.credentialWords()...)
}

// Callers says in words whom the operation serves.
func (o *Operation) Callers() string {
	if o.HasCheck() {
		return o.admitted() + ", checked by " + Comment(o.policy.Check)
	}
	return o.admitted()
}

// admitted says in words whom the operation's guard admits.
func (o *Operation) admitted() string {
	switch {
	case o.Public():
		return "everybody"
	case o.Optional():
		return "authenticated and anonymous callers"
	case o.conditional():
		return "the callers that its policy admits"
	case len(o.policy.Roles.Groups) == 0:
		return "every authenticated caller"
	}
	return "callers with the role " + rolesWords(o.policy.Roles.Groups)
}

// conditional reports whether an alternative asks for scopes or roles of its own: too much for one line.
func (o *Operation) conditional() bool {
	for _, a := range o.policy.Alternatives {
		for _, r := range a.Requirements {
			if len(r.Scopes) > 0 || !r.Roles.Empty() {
				return true
			}
		}
	}
	return len(o.policy.Roles.Groups) > 1
}

// securityWords has one line when the alternatives fit on it, and one for each otherwise.
func securityWords(alternatives []policy.Alternative) []string {
	const most = 90
	words := make([]string, len(alternatives))
	for i, a := range alternatives {
		words[i] = alternativeWords(a)
		if len(alternatives) > 1 && len(a.Requirements) > 1 {
			words[i] = "(" + words[i] + ")"
		}
	}
	if line := "security: " + strings.Join(words, " or "); len(line) <= most {
		return []string{line}
	}
	words[0] = "security: " + words[0]
	for i := range words[1:] {
		words[i+1] = "       or " + words[i+1]
	}
	return words
}

func alternativeWords(a policy.Alternative) string {
	if a.Anonymous() {
		return "anonymous"
	}
	words := make([]string, len(a.Requirements))
	for i, r := range a.Requirements {
		words[i] = Comment(r.Scheme.Name)
		if len(r.Scopes) > 0 {
			words[i] += " (" + Comment(strings.Join(r.Scopes, " ")) + ")"
		}
		if !r.Roles.Empty() {
			words[i] += " (role " + rolesWords(r.Roles.Groups) + ")"
		}
	}
	return strings.Join(words, " and ")
}

// rolesWords is "support or admin", or "(support or admin) and auditor" for several groups.
func rolesWords(groups []policy.RoleGroup) string {
	words := make([]string, len(groups))
	for i, g := range groups {
		words[i] = Comment(strings.Join(g.AnyOf, " or "))
		if len(groups) > 1 && len(g.AnyOf) > 1 {
			words[i] = "(" + words[i] + ")"
		}
	}
	return strings.Join(words, " and ")
}

// PolicyLiteral is the policy: the guard.Operation literal without its type, as an element of a table.
func (o *Operation) PolicyLiteral() string {
	const indent = 3
	fields := o.identity()
	if !o.Public() {
		fields = append(fields, "Security: "+o.SecurityLiteral())
	}
	if !o.policy.Roles.Empty() {
		fields = append(fields, "Roles: "+o.RolesLiteral())
	}
	if o.HasCheck() {
		fields = append(fields, "Resource: "+o.CheckLiteral())
	}
	if o.Concealed() {
		fields = append(fields, "Conceal: "+o.ConcealLiteral())
	}
	if o.InvalidIsAnonymous() {
		fields = append(fields, "InvalidIsAnonymous: true")
	}
	tabs := "\n" + strings.Repeat("\t", indent)
	return "{" + tabs + strings.Join(fields, ","+tabs) + "," + strings.TrimSuffix(tabs, "\t") + "}"
}

// identity is ID, method and path, and that the operation is public, on one line when they fit.
func (o *Operation) identity() []string {
	fields := []string{"ID: " + o.IDLiteral(), "Method: " + o.MethodLiteral()}
	if o.HasPath() {
		fields = append(fields, "Path: "+o.PathLiteral())
	}
	if o.Public() {
		fields = append(fields, "Public: true")
	}
	return fill(3, fields, ", ", ",")
}

// SecurityLiteral is the []guard.Alternative literal, with a line for each of several alternatives.
func (o *Operation) SecurityLiteral() string {
	const list, indent = "[]guard.Alternative{", 3
	alternatives := o.Alternatives()
	if line := list + strings.Join(alternatives, ", ") + "}"; len(alternatives) == 1 && columns(indent, "Security: "+line+",") <= width {
		return line
	}
	tabs := "\n" + strings.Repeat("\t", indent)
	return list + tabs + "\t" + strings.Join(alternatives, ","+tabs+"\t") + "," + tabs + "}"
}

// Alternatives are the elements of that literal.
func (o *Operation) Alternatives() []string {
	literals := make([]string, len(o.policy.Alternatives))
	for i, a := range o.policy.Alternatives {
		parts := make([]string, len(a.Requirements))
		for j, r := range a.Requirements {
			parts[j] = o.requirement(r)
		}
		literals[i] = "{" + strings.Join(parts, ", ") + "}"
	}
	return literals
}

func (o *Operation) requirement(r policy.Requirement) string {
	literal := "{Scheme: " + Quote(r.Scheme.Name)
	if len(r.Scopes) > 0 {
		literal += ", Scopes: []string{" + quotedList(r.Scopes) + "}"
	}
	if !r.Roles.Empty() {
		literal += ", Roles: " + o.roleGroups(r.Roles.Groups)
	}
	return literal + "}"
}

// RolesLiteral is the operation's []guard.AnyRole literal, empty when no role is required.
func (o *Operation) RolesLiteral() string {
	if o.policy.Roles.Empty() {
		return ""
	}
	return o.roleGroups(o.policy.Roles.Groups)
}

func (o *Operation) roleGroups(groups []policy.RoleGroup) string {
	literals := make([]string, len(groups))
	for i, g := range groups {
		names := make([]string, len(g.AnyOf))
		for j, role := range g.AnyOf {
			names[j] = o.constants[role]
		}
		literals[i] = "{" + strings.Join(names, ", ") + "}"
	}
	return "[]guard.AnyRole{" + strings.Join(literals, ", ") + "}"
}

func quotedList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Quote(v)
	}
	return strings.Join(quoted, ", ")
}
