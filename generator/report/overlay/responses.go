package overlay

import (
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// problemMedia is the media type of the guards' answers (RFC 9457 section 6.1).
const problemMedia = "application/problem+json"

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
			added = append(added, m.complete(existing)...)
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

// complete gives a documented 401 what it lacks: in the operation, or in the component to which it refers.
func (m *maker) complete(response *spec.Node) object {
	if reference := response.StringAt("$ref"); reference != "" {
		m.completeShared(response, reference)
		return nil
	}
	missing, ok := m.missing(response)
	if !ok {
		m.unreachable(response.Position(), "the response is behind a YAML alias, so an overlay cannot add its header "+challengeField+": write it out")
	}
	if missing == nil {
		return nil
	}
	return object{{"401", missing}}
}

// completeShared completes a component, once.
func (m *maker) completeShared(response *spec.Node, reference string) {
	seen := map[string]bool{}
	target, n := pointed(m.document.Root, reference)
	for n.StringAt("$ref") != "" && !seen[target] {
		seen[target] = true
		target, n = pointed(m.document.Root, n.StringAt("$ref"))
	}
	if m.done[target] != "" {
		return
	}
	var missing object
	ok := target != "" && !seen[target]
	if ok {
		missing, ok = m.missing(n)
	}
	switch {
	case !ok:
		m.unreachable(response.Position(), "the response is in another file or behind a YAML alias, so an overlay of this document cannot add its header "+challengeField)
	case missing != nil:
		m.done[target] = target
		m.shared = append(m.shared, update(target, missing))
	}
}

// missing is what a 401 of a guard has, and a documented one has not, or has from an earlier overlay. It is not ok where an
// overlay does not reach the response.
func (m *maker) missing(response *spec.Node) (missing object, ok bool) {
	headers, content := response.Get("headers"), response.Get("content")
	lacksHeader, lacksContent := m.lacksChallenge(headers), m.lacksContent(content)
	if lacksHeader && (response.Borrowed() || headers != nil && headers.Borrowed()) {
		return nil, false
	}
	if lacksHeader {
		m.challenges = true
		missing = append(missing, entry{"headers", object{{challengeField, object{{"$ref", m.challengeReference()}}}}})
	}
	if lacksContent && !response.Borrowed() && (content == nil || !content.Borrowed()) {
		m.problems = true
		missing = append(missing, entry{"content", m.content(guardResponses()[0])})
	}
	return missing, true
}

// lacksChallenge reports whether there is no header WWW-Authenticate, or the one of an earlier overlay.
func (m *maker) lacksChallenge(headers *spec.Node) bool {
	for _, h := range headers.Members() {
		if strings.EqualFold(h.Key, challengeField) {
			return h.Value.StringAt("$ref") == m.challengeReference()
		}
	}
	return true
}

// lacksContent reports whether there is no content, or that of an earlier overlay.
func (m *maker) lacksContent(content *spec.Node) bool {
	return len(content.Members()) == 0 || content.Get(problemMedia).Get("schema").StringAt("$ref") == m.problemReference()
}

func (m *maker) problemReference() string { return "#/components/schemas/" + m.prefix + problemName }

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
