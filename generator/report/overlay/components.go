package overlay

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// The names of the components, after their prefix. Those of responses are status codes, or never.
const (
	challengeName = "Challenge"
	retryName     = "RetryAfter"
	problemName   = "Problem"
	never         = "401Never"
)

const mark = "added by oapi-guard overlay"

// guardResponse is a response of a guard: its status, and the words of the documentation.
type guardResponse struct {
	code        string
	status      int
	description string
	headers     []string
}

// guardResponses are the responses of guards.
func guardResponses() []guardResponse {
	return []guardResponse{
		{"401", 401, "The request needs valid credentials.", []string{challengeField}},
		{never, 401, "Never sent: the operation is public and reads no credentials.", nil},
		{"403", 403, "The caller is known, and may not do this.", nil},
		{"404", 404, "There is no such resource, or the caller may not know of it.", nil},
		{"413", 413, "The body is larger than one whose signature can be verified.", nil},
		{"429", 429, "There are too many requests with these credentials.", []string{"Retry-After"}},
		{"503", 503, "The request cannot be authorized at the moment.", []string{"Retry-After"}},
	}
}

func componentCodes() []string {
	var codes []string
	for _, r := range guardResponses() {
		codes = append(codes, r.code)
	}
	return codes
}

// freePrefix is a prefix of names under which the document has no components of its own: Guard, Guard2_ and so on.
func freePrefix(components *spec.Node) string {
	prefix := "Guard"
	for i := 2; !free(components, prefix); i++ {
		prefix = fmt.Sprintf("Guard%d_", i)
	}
	return prefix
}

func free(components *spec.Node, prefix string) bool {
	names := map[string][]string{
		"headers": {challengeName, retryName}, "schemas": {problemName}, "responses": componentCodes(),
	}
	for kind, all := range names {
		for _, name := range all {
			if c := components.Get(kind).Get(prefix + name); c != nil && c.StringAt(Access) != mark {
				return false
			}
		}
	}
	return true
}

// componentActions add the components that are referred to.
func (m *maker) componentActions() []any {
	var responses object
	for _, r := range guardResponses() {
		if m.uses(r.code) {
			responses = append(responses, entry{m.prefix + r.code, m.component(r)})
		}
	}
	var added object
	if responses != nil || m.problems {
		added = append(added, entry{"schemas", object{{m.prefix + problemName, problemSchema()}}})
	}
	if responses != nil {
		added = append(added, entry{"responses", responses})
	}
	if responses != nil || m.challenges {
		added = append(added, entry{"headers", m.headerComponents()})
	}
	if added == nil {
		return nil
	}
	m.checkComponents()
	return []any{update("$", object{{"components", added}})}
}

func (m *maker) uses(code string) bool { return slices.Contains(m.used, code) }

// checkComponents refuses a document whose components an overlay would replace.
func (m *maker) checkComponents() {
	components := m.document.Root.Get("components")
	for _, n := range []*spec.Node{components, components.Get("schemas"), components.Get("responses"), components.Get("headers")} {
		if n != nil && n.Borrowed() {
			m.diags.Report(n.Position(), ruleUnreachable, "these components are behind a YAML alias, so an overlay cannot add to them: write them out")
			m.diags[len(m.diags)-1].Severity = diag.Error
			return
		}
	}
}

// component is the Response Object of a status code (OpenAPI 3.1.1 section 4.8.17).
func (m *maker) component(r guardResponse) object {
	response := object{{"description", r.description}, {Access, mark}}
	if len(r.headers) > 0 {
		var headers object
		for _, h := range r.headers {
			headers = append(headers, entry{h, object{{"$ref", "#/components/headers/" + m.prefix + headerNames[h]}}})
		}
		response = append(response, entry{"headers", headers})
	}
	return append(response, entry{"content", m.content(r)})
}

// content is the body of a response.
func (m *maker) content(r guardResponse) object {
	media := object{{"schema", object{{"$ref", m.problemReference()}}}}
	if r.code != never {
		media = append(media, entry{"example", object{
			{"type", "about:blank"}, {"title", http.StatusText(r.status)}, {"status", r.status}, {"detail", generated.DenialDetail(r.status)},
		}})
	}
	return object{{problemMedia, media}}
}

var headerNames = map[string]string{challengeField: challengeName, "Retry-After": retryName}

func (m *maker) headerComponents() object {
	headers := object{{m.prefix + challengeName, object{
		{"description", "How to authenticate: a challenge for each security scheme that the operation accepts (RFC 9110 section 11.6.1)."},
		{Access, mark},
		{"schema", word(4096)},
	}}}
	if m.uses("429") {
		headers = append(headers, entry{m.prefix + retryName, object{
			{"description", "The seconds until another request makes sense, when they are known (RFC 9110 section 10.2.3)."},
			{Access, mark},
			{"schema", object{{"type", "integer"}, {"format", "int32"}, {"minimum", 0}, {"maximum", 2147483647}}},
		}})
	}
	return headers
}

// problemSchema is the schema of a guard's body (RFC 9457 section 3). It has no list, which an overlay would append to.
func problemSchema() object {
	return object{
		{"type", "object"},
		{"description", "The answer of a guard (RFC 9457)."},
		{Access, mark},
		{"properties", object{
			{"type", describedWord("The kind of the problem: about:blank, as the status says it all.")},
			{"title", describedWord("The status code in words.")},
			{"status", object{{"type", "integer"}, {"format", "int32"}, {"description", "The status code."}, {"minimum", 400}, {"maximum", 599}}},
			{"detail", describedWord("The reason, as far as the client may know it.")},
			{"code", describedWord("The reason in a word for programs, if the API has one.")},
		}},
	}
}

func describedWord(description string) object {
	return append(object{{"description", description}}, word(1024)...)
}

// word is the schema of one line of text.
func word(longest int) object {
	return object{{"type", "string"}, {"maxLength", longest}, {"pattern", "^.*$"}}
}
