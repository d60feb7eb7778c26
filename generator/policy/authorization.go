package policy

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// authorization is the authentication scheme with which a credential stands in the Authorization field, in lower case;
// "*" for an API key, which is the whole value there, and nothing for a credential of another place.
func (s *Scheme) authorization() string {
	switch {
	case s.Bearer():
		return "bearer"
	case s.Type == HTTP:
		return strings.ToLower(s.HTTPScheme)
	case s.Type == APIKey && s.In == "header" && equalFoldASCII(s.Parameter, "Authorization"):
		return "*"
	}
	return ""
}

// oneAuthorization warns of an alternative whose schemes need different credentials in Authorization, of which a request
// has one line (RFC 9110 section 11.6.2). Several schemes can share a bearer token.
func (b *builder) oneAuthorization(item *spec.Node, requirements []Requirement) {
	var first *Scheme
	for _, r := range requirements {
		form := r.Scheme.authorization()
		switch {
		case form == "":
		case first == nil:
			first = r.Scheme
		case form != first.authorization():
			b.diags.Warn(item.Position(), ruleOneAuthorization, "%s and %s both need Authorization, of which a request has one line: to accept either, write two alternatives, [{%s: []}, {%s: []}]; to demand both, send one in another field",
				first.Name, r.Scheme.Name, first.Name, r.Scheme.Name)
			return
		}
	}
}
