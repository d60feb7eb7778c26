package lint

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// missingResponses reports answers of the guard that the operation does not document. A response for 4XX, or the default
// one, documents both.
func (l *linter) missingResponses(o operation) {
	if o.Public() {
		return
	}
	responses := l.document.Responses(o.from)
	if !documents(responses, "401") {
		l.report(o.Position, ruleMissing401, o.nodes(), "the operation asks for credentials, so it answers 401 without them: document the response")
	}
	if refuses(o.Operation) && !documents(responses, "403") {
		l.report(o.Position, ruleMissing403, o.nodes(), "the operation asks for roles, scopes or a resource check, so it answers 403 to some callers: document the response")
	}
}

func documents(responses []spec.Response, code string) bool {
	return slices.ContainsFunc(responses, func(r spec.Response) bool {
		return r.Code == code || strings.EqualFold(r.Code, "4XX") || r.Code == "default"
	})
}

// refuses reports whether a caller may be known and refused, and learns that it is so. A concealed refusal is a 404.
func refuses(o *policy.Operation) bool {
	if o.Conceal == policy.ConcealAsNotFound {
		return false
	}
	demands := !o.Roles.Empty() || o.Check != ""
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			demands = demands || len(r.Scopes) > 0 || !r.Roles.Empty()
		}
	}
	return demands
}

// wording reports responses that take 401 for 403 or the other way round, and those that lack the challenge.
func (l *linter) wording(o operation) {
	for _, r := range l.document.Responses(o.from) {
		text := r.Node.StringAt("description")
		switch r.Code {
		case "401":
			l.challenge(o, r)
			if lacksPermission(text) {
				l.report(r.Node.Get("description").Position(), rule401AsForbidden, o.nodes(), "401 means that the caller is not authenticated; %q sounds like 403", excerpt(text))
			}
		case "403":
			if lacksAuthentication(text) {
				l.report(r.Node.Get("description").Position(), rule403AsUnauthenticated, o.nodes(), "403 means that a known caller may not do this; %q sounds like 401", excerpt(text))
			}
			l.refusesNobody(o, r, text)
		}
	}
}

// challenge reports a 401 without WWW-Authenticate. Of a public operation it is an answer of the handler's, to a login
// for example.
func (l *linter) challenge(o operation, r spec.Response) {
	if o.Public() || r.Node == nil || r.Node.Kind() != spec.Mapping {
		return
	}
	has := slices.ContainsFunc(r.Node.Get("headers").Members(), func(m spec.Member) bool { return strings.EqualFold(m.Key, "WWW-Authenticate") })
	if !has {
		l.report(r.Node.Position(), ruleNoChallenge, o.nodes(), "every 401 has the header WWW-Authenticate (RFC 9110 section 15.5.2): document it under headers")
	}
}

// refusesNobody reports a 403 where the guard knows no caller. Doors refuse people whom they know by what the request
// says, and other reasons for 403 have nothing to do with permissions.
func (l *linter) refusesNobody(o operation, r spec.Response, text string) {
	if !o.Public() || !l.guarded() || o.isDoor() || otherReason(text) {
		return
	}
	l.report(r.Position, rule403OnPublic, o.nodes(), "the operation is public, so nobody is refused for lack of permission: give it security, or remove the response")
}

// excerpt is the beginning of a text in one line.
func excerpt(text string) string {
	const length = 60
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) > length {
		return string(line[:length]) + "…"
	}
	return string(line)
}
