package matrix

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// credentials are the schemes and scopes of an operation in words: "oauth (orders:read) and apiKey, or session". They are
// empty where none is read.
func (o Operation) credentials() string {
	if o.Public() {
		return ""
	}
	var alternatives []string
	for _, a := range o.Alternatives {
		alternatives = append(alternatives, alternative(a))
	}
	return strings.Join(alternatives, ", or ")
}

func alternative(a policy.Alternative) string {
	if a.Anonymous() {
		return "no credentials"
	}
	var parts []string
	for _, r := range a.Requirements {
		part := r.Scheme.Name
		if len(r.Scopes) > 0 {
			part += " (" + strings.Join(r.Scopes, ", ") + ")"
		}
		if !r.Roles.Empty() {
			part += " as " + roles(r.Roles)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " and ")
}

// roles are a requirement in words: "support or admin", "(support or admin) and auditor".
func roles(r policy.Roles) string {
	var words []string
	for _, g := range r.Groups {
		word := strings.Join(g.AnyOf, " or ")
		if len(g.AnyOf) > 1 && len(r.Groups) > 1 {
			word = "(" + word + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, " and ")
}

// requirement is the whole access rule in words: "bearerAuth; role support or admin; check ownsOrder".
func (o Operation) requirement() string {
	if o.Public() {
		return "public"
	}
	parts := []string{o.credentials()}
	if !o.Roles.Empty() {
		parts = append(parts, "role "+roles(o.Roles))
	}
	if o.Check != "" {
		parts = append(parts, "check "+o.Check)
	}
	return strings.Join(parts, "; ")
}

// visible is text of the document in one line, with every character that a reader cannot see escaped: line breaks, control
// characters, and those that turn the direction of text.
func visible(text string) string { return view.Comment(text) }
