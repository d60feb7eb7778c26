package overlay

import (
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// challengeField is the header that every 401 has (RFC 9110 section 15.5.2).
const challengeField = "WWW-Authenticate"

// answers are the status codes with which the guard of an operation answers.
func (m *maker) answers(o *policy.Operation) []string {
	if o.Public() {
		if m.options.Public401 {
			return []string{"401"}
		}
		return nil
	}
	codes := []string{"401", "403"}
	if o.Conceal == policy.ConcealAsNotFound {
		codes[1] = "404"
	}
	if slices.ContainsFunc(o.Schemes(), func(s *policy.Scheme) bool { return s.SignedBody > 0 }) {
		codes = append(codes, "413")
	}
	return append(codes, "429", "503")
}

// responses is the operation's update of its responses, which has those that are missing.
func (m *maker) responses(from *spec.Operation, o *policy.Operation) object {
	responses := from.Node.Get("responses")
	if responses.Kind() != spec.Null && responses.Borrowed() {
		if len(m.answers(o)) > 0 {
			m.unreachable(responses.Position(), "the responses are behind a YAML alias, so an overlay cannot add to them: write them out")
		}
		return nil
	}
	var added object
	for _, code := range m.answers(o) {
		existing := responses.Get(code)
		switch {
		case existing == nil, m.refersToOurs(existing):
			added = append(added, entry{code, m.reference(o, code)})
		case code == "401" && !o.Public():
			added = append(added, m.addChallenge(existing)...)
		}
	}
	if added == nil {
		return nil
	}
	return object{{"responses", added}}
}

// refersToOurs reports whether a response is one that an earlier overlay added.
func (m *maker) refersToOurs(response *spec.Node) bool {
	name, ok := strings.CutPrefix(response.StringAt("$ref"), "#/components/responses/"+m.prefix)
	return ok && slices.Contains(componentCodes(), name)
}

// reference refers to the component of a status code.
func (m *maker) reference(o *policy.Operation, code string) object {
	if o.Public() {
		code = never
	}
	if !m.uses(code) {
		m.used = append(m.used, code)
	}
	return object{{"$ref", "#/components/responses/" + m.prefix + code}}
}

// addChallenge gives a documented 401 its header: in the operation, or in the component to which it refers.
func (m *maker) addChallenge(response *spec.Node) object {
	if reference := response.StringAt("$ref"); reference != "" {
		m.addSharedChallenge(response, reference)
		return nil
	}
	switch {
	case response.Borrowed() || response.Get("headers").Kind() != spec.Null && response.Get("headers").Borrowed():
		m.unreachable(response.Position(), "the response is behind a YAML alias, so an overlay cannot add its header "+challengeField+": write it out")
		return nil
	case !m.lacksChallenge(response):
		return nil
	}
	return object{{"401", m.challenge()}}
}

// addSharedChallenge gives a component its header, once.
func (m *maker) addSharedChallenge(response *spec.Node, reference string) {
	seen := map[string]bool{}
	target, n := pointed(m.document.Root, reference)
	for n.StringAt("$ref") != "" && !seen[target] {
		seen[target] = true
		target, n = pointed(m.document.Root, n.StringAt("$ref"))
	}
	switch {
	case target == "" || seen[target]:
		m.unreachable(response.Position(), "the response is in another file or behind a YAML alias, so an overlay of this document cannot add its header "+challengeField)
	case m.lacksChallenge(n) && m.done[target] == "":
		m.done[target] = target
		m.shared = append(m.shared, update(target, m.challenge()))
	}
}

// lacksChallenge reports whether a response has no header WWW-Authenticate, or the one of an earlier overlay.
func (m *maker) lacksChallenge(response *spec.Node) bool {
	for _, h := range response.Get("headers").Members() {
		if strings.EqualFold(h.Key, challengeField) {
			return h.Value.StringAt("$ref") == m.challengeReference()
		}
	}
	return true
}

func (m *maker) challenge() object {
	m.challenges = true
	return object{{"headers", object{{challengeField, object{{"$ref", m.challengeReference()}}}}}}
}

func (m *maker) challengeReference() string {
	return "#/components/headers/" + m.prefix + challengeName
}

// unescape is a token of a JSON pointer in a URI fragment (RFC 6901 section 6).
func unescape(token string) string {
	if plain, err := url.PathUnescape(token); err == nil {
		token = plain
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}
