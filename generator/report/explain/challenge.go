package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// supplied stands for the parameters that an authenticator supplies.
const supplied = "…"

// challengeLines are the challenges of the denial: those of all alternatives, each once, registered schemes first. A
// missing scope has the one of its own alternative, a missing role none.
func (d *decision) challengeLines() []string {
	switch d.verdict {
	case "missing-role":
		return nil
	case "missing-scope":
		return d.scopeChallenge()
	}
	var registered, others []string
	for _, a := range d.operation.Alternatives {
		for _, r := range a.Requirements {
			line := d.challenge(r)
			switch {
			case slices.Contains(registered, line) || slices.Contains(others, line):
			case isRegistered(challengeScheme(r.Scheme)):
				registered = append(registered, line)
			default:
				others = append(others, line)
			}
		}
	}
	return append(registered, others...)
}

// scopeChallenge is that of RFC 6750 section 3.1, for all scopes of the alternative, when the first scheme with scopes can
// say it.
func (d *decision) scopeChallenge() []string {
	var scopes []string
	var first *policy.Scheme
	for _, r := range d.alternative.Requirements {
		if first == nil && len(r.Scopes) > 0 {
			first = r.Scheme
		}
		for _, scope := range r.Scopes {
			if !slices.Contains(scopes, scope) {
				scopes = append(scopes, scope)
			}
		}
	}
	if first == nil || !strings.EqualFold(challengeScheme(first), "Bearer") {
		return nil
	}
	return []string{d.write(first, parameters{scopes: scopes, code: "insufficient_scope"})}
}

// parameters are those of RFC 6750 section 3.
type parameters struct {
	scopes            []string
	code, description string
}

// challengeScheme is the authentication scheme of a challenge.
func challengeScheme(s *policy.Scheme) string {
	switch {
	case s.Challenge != nil:
		return s.Challenge.Scheme
	case s.Bearer():
		return "Bearer"
	case s.Basic():
		return "Basic"
	case s.DPoP():
		return "DPoP"
	case s.Type == policy.APIKey:
		return "ApiKey"
	case s.Type == policy.MutualTLS:
		return "ClientCertificate"
	}
	return s.HTTPScheme
}

// registered are IANA's HTTP Authentication Schemes, in lower case.
var registered = [...]string{
	"basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth", "privatetoken", "scram-sha-1", "scram-sha-256", "vapid",
}

func isRegistered(scheme string) bool { return slices.Contains(registered[:], strings.ToLower(scheme)) }

// challenge is the line of one requirement.
func (d *decision) challenge(r policy.Requirement) string {
	s := r.Scheme
	switch scheme := challengeScheme(s); {
	case strings.EqualFold(scheme, "Bearer"):
		p := d.problem(func(other *policy.Scheme) bool { return strings.EqualFold(challengeScheme(other), "Bearer") })
		p.scopes = r.Scopes
		return d.write(s, p)
	case strings.EqualFold(scheme, "DPoP"):
		p := d.problem(func(other *policy.Scheme) bool { return other == s })
		p.scopes = r.Scopes
		return d.write(s, p)
	}
	return d.write(s, parameters{})
}

// problem is what is wrong with the tokens of some schemes (RFC 6750 section 3.1). A request with several credentials is
// told nothing of those that are merely bad.
func (d *decision) problem(of func(*policy.Scheme) bool) parameters {
	found := map[string]bool{}
	for s, state := range d.states {
		found[state] = found[state] || of(s)
	}
	switch {
	case d.verdict == "absent":
	case d.verdict == "ambiguous" && found["ambiguous"]:
		return parameters{code: "invalid_request"}
	case d.verdict == "ambiguous":
	case found["expired"]:
		return parameters{code: "invalid_token", description: "The access token expired"}
	case found["invalid"], found["malformed"]:
		return parameters{code: "invalid_token"}
	}
	return parameters{}
}

// write is a challenge as it stands in the field (RFC 9110 section 11.6.1).
func (d *decision) write(s *policy.Scheme, p parameters) string {
	scheme, realm := challengeScheme(s), cmp.Or(d.options.Realm, "api")
	var list fieldList
	switch {
	case s.Challenge != nil:
		list.own(s.Challenge.Params, realm)
		if strings.EqualFold(scheme, "Bearer") || strings.EqualFold(scheme, "DPoP") {
			list.bearer(p)
		}
	case s.Bearer():
		list.add("realm", realm)
		list.bearer(p)
	case s.Basic():
		list.add("realm", realm)
		list.add("charset", "UTF-8")
	case s.DPoP():
		list.texts = append(list.texts, supplied)
		list.bearer(parameters{code: p.code, description: p.description})
	case s.Type == policy.APIKey:
		list.add("realm", realm)
		list.add("in", s.In)
		list.add("name", s.Parameter)
	case s.Type == policy.MutualTLS:
		list.add("realm", realm)
	default:
		list.texts = append(list.texts, supplied)
	}
	return strings.TrimSuffix(scheme+" "+strings.Join(list.texts, ", "), " ")
}

// fieldList are the parameters of a challenge.
type fieldList struct{ names, texts []string }

// add adds a parameter with a value, unless there is one of that name.
func (l *fieldList) add(name, value string) {
	if value == "" || slices.ContainsFunc(l.names, func(known string) bool { return strings.EqualFold(known, name) }) {
		return
	}
	l.names = append(l.names, name)
	l.texts = append(l.texts, name+`="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)+`"`)
}

// own adds the parameters of x-challenge. A realm among them replaces the default one, and an empty one leaves it out.
func (l *fieldList) own(params []policy.ChallengeParam, realm string) {
	if !slices.ContainsFunc(params, func(p policy.ChallengeParam) bool { return p.Name == "realm" }) {
		l.add("realm", realm)
	}
	for _, p := range params {
		if p.Value == "" && p.Name != "realm" {
			l.names, l.texts = append(l.names, p.Name), append(l.texts, p.Name+`=""`)
		}
		l.add(p.Name, p.Value)
	}
}

// bearer adds the parameters of RFC 6750. An x-challenge that has an error describes it too.
func (l *fieldList) bearer(p parameters) {
	if slices.ContainsFunc(l.names, func(known string) bool { return strings.EqualFold(known, "error") }) {
		p.code, p.description = "", ""
	}
	l.add("scope", strings.Join(p.scopes, " "))
	l.add("error", p.code)
	l.add("error_description", p.description)
}
