package overlay

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// describe is the description with the paragraph at its end, and without the paragraph of an earlier overlay.
func describe(operation *spec.Node, paragraph string) string {
	description := operation.Get("description").Text()
	if earlier := operation.StringAt(Access); earlier != "" {
		description = strings.Replace(description, earlier, "", 1)
	}
	if description = strings.TrimRight(description, " \t\r\n"); description == "" {
		return paragraph
	}
	return description + "\n\n" + paragraph
}

// accessParagraph is the access rule in words, as Markdown.
func accessParagraph(o *policy.Operation) string {
	if o.Public() {
		return "**Access:** public, without credentials."
	}
	sentences := []string{"**Access:** " + credentials(o) + "."}
	switch {
	case !o.Roles.Empty():
		sentences = append(sentences, "The caller needs "+roles(o.Roles.Groups)+".")
	case !narrowed(o) && o.Check == "":
		sentences = append(sentences, "No role or scope is needed.")
	}
	if o.Check != "" {
		sentences = append(sentences, "The check "+code(o.Check)+" decides whether this caller may use this resource.")
	}
	return strings.Join(append(sentences, concealment(o)...), " ")
}

// credentials says which credentials admit a caller.
func credentials(o *policy.Operation) string {
	var ways []string
	for _, a := range o.Alternatives {
		if !a.Anonymous() {
			ways = append(ways, alternative(a))
		}
	}
	text := strings.Join(ways, ", or ")
	if !o.Optional() {
		return text
	}
	text += ", or no credentials at all"
	if o.InvalidIsAnonymous {
		text += "; invalid and expired ones count as none"
	}
	return text
}

// alternative is a Security Requirement Object in words.
func alternative(a policy.Alternative) string {
	words := make([]string, len(a.Requirements))
	for i, r := range a.Requirements {
		words[i] = code(r.Scheme.Name)
		switch len(r.Scopes) {
		case 0:
		case 1:
			words[i] += " with the scope " + code(r.Scopes[0])
		default:
			words[i] += " with the scopes " + list(r.Scopes, "and")
		}
		if !r.Roles.Empty() {
			words[i] += " with " + roles(r.Roles.Groups)
		}
	}
	return strings.Join(words, " together with ")
}

// narrowed reports whether an alternative asks for scopes or roles.
func narrowed(o *policy.Operation) bool {
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			if len(r.Scopes) > 0 || !r.Roles.Empty() {
				return true
			}
		}
	}
	return false
}

// roles is "the role `support` or `admin`", and for several groups "…, and also the role `auditor`".
func roles(groups []policy.RoleGroup) string {
	words := make([]string, len(groups))
	for i, g := range groups {
		words[i] = "the role " + list(g.AnyOf, "or")
	}
	return strings.Join(words, ", and also ")
}

func concealment(o *policy.Operation) []string {
	switch o.Conceal {
	case policy.ConcealAsNotFound:
		return []string{"Callers who may not use the resource get the 404 of one that does not exist."}
	case policy.ConcealAsForbidden:
		return []string{"A resource that does not exist is answered with 403, like one that the caller may not use."}
	}
	return nil
}

// list is "`a`, `b` or `c`".
func list(names []string, last string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = code(name)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + last + " " + words[len(words)-1]
}

// code is text of the document as a code span (CommonMark 0.31 section 6.1), in which nothing has a meaning.
func code(text string) string {
	text = diag.Printable(text)
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if text == "" || strings.ContainsAny(text[:1]+text[len(text)-1:], "` ") {
		text = " " + text + " "
	}
	return fence + text + fence
}
