package probe

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// value reads a credential. No message quotes it.
func (r *reader) value(n *yaml.Node, s *policy.Scheme) (string, bool) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		r.report(n, "the credential of %s must be a string", s.Name)
		return "", false
	}
	text, ok := r.expand(n)
	if !ok {
		return "", false
	}
	if problem := unfit(s, text); problem != "" {
		r.report(n, "the credential of %s %s", s.Name, problem)
		return "", false
	}
	return text, true
}

// unfit says why no request can carry a value.
func unfit(s *policy.Scheme, text string) string {
	scheme, _, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		return "is empty"
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return "holds a control character, a line break for example"
	case strings.TrimSpace(text) != text:
		return "begins or ends with white space"
	case s.Basic() && !strings.Contains(text, ":"):
		return "must be user:password"
	case s.Type != policy.APIKey && strings.EqualFold(scheme, authScheme(s)) && scheme != text:
		return "begins with the word " + authScheme(s) + ", which probe writes itself: give what stands after it"
	case s.In == "cookie" && s.Type == policy.APIKey && strings.ContainsAny(text, "; "):
		return "holds a character that a cookie cannot have"
	}
	return ""
}

// expand replaces ${NAME} by the environment's value; $${ stands for ${ itself.
func (r *reader) expand(n *yaml.Node) (string, bool) {
	var out strings.Builder
	rest := n.Value
	for {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		if strings.HasSuffix(before, "$") {
			out.WriteString("{")
			rest = after
			continue
		}
		name, more, closed := strings.Cut(after, "}")
		if !closed || !isVariable(name) {
			r.report(n, "after ${ comes the name of an environment variable and }; write $${ for ${ itself")
			return "", false
		}
		value, set := r.environment(name)
		if !set || value == "" {
			r.report(n, "the environment variable %s is not set", name)
			return "", false
		}
		out.WriteString(value)
		rest = more
	}
}

func isVariable(name string) bool {
	for i, c := range name {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}
