package oracle

import (
	"slices"
	"strings"
)

// registered are the schemes of IANA's "HTTP Authentication Schemes", in lower case.
var registered = []string{
	"basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth", "privatetoken",
	"scram-sha-1", "scram-sha-256", "vapid",
}

// deny is the answer to a request that no alternative admits.
func (j judgment) deny(v verdict) Answer {
	a := Answer{Finding: v.finding, Status: findings[v.finding].status}
	if j.concealed(v.finding) {
		a.Status = 404
		return a
	}
	switch v.finding {
	case StepUp:
		a.Challenges = []string{j.stepUp(v)}
	case MissingScope:
		if !j.terms.OmitScopeChallenge && v.decided.asks("Bearer") {
			a.Challenges = []string{j.insufficientScope(v)}
		}
	case Ambiguous, Invalid, Expired, Malformed, Absent:
		a.Challenges = j.challenges(v.finding)
	}
	return a
}

// concealed reports whether a missing resource stands in place of the denial.
func (j judgment) concealed(f Finding) bool {
	if j.Conceal != "not-found" {
		return false
	}
	switch f {
	case MissingScope, MissingRole:
		return true
	case Ambiguous, Invalid, Expired, Malformed, Absent:
		return j.terms.ConcealFromAnonymous
	}
	return false
}

// challenges are those of all alternatives, each once, in the document's order, registered schemes first.
func (j judgment) challenges(f Finding) []string {
	var first, then []string
	for _, a := range j.Alternatives {
		for _, n := range a {
			line := j.challenge(n, f)
			token, _, _ := strings.Cut(line, " ")
			list := &then
			if slices.ContainsFunc(registered, func(name string) bool { return equalFold(name, token) }) {
				list = &first
			}
			if !slices.Contains(*list, line) {
				*list = append(*list, line)
			}
		}
	}
	return append(first, then...)
}

// challenge is that of one need (RFC 9110 section 11.6.1).
func (j judgment) challenge(n Need, f Finding) string {
	s := n.Scheme
	switch {
	case s.fixed != nil:
		return j.fixedChallenge(n, f)
	case s.Kind == Basic:
		return "Basic " + j.realm(s) + `, charset="UTF-8"`
	case s.Kind == Bearer:
		return "Bearer " + strings.Join(j.explained([]string{j.realm(s)}, nil, n, f), ", ")
	case s.Kind == Key:
		return "ApiKey " + j.realm(s) + ", in=" + quoted(s.In) + ", name=" + quoted(s.Parameter)
	case s.Kind == Certificate:
		return "ClientCertificate " + j.realm(s)
	}
	params := j.supplied(s)
	if s.Kind == DPoP {
		params = j.explained(params, nil, n, f)
	}
	return challengeOf(s.title(), params)
}

// title is the scheme in a challenge that the application supplies: DPoP as RFC 9449 writes it, others as the document does.
func (s *Scheme) title() string {
	if s.Kind == DPoP {
		return "DPoP"
	}
	return s.Token
}

// supplied are the parameters that the application gives.
func (j judgment) supplied(s *Scheme) []string {
	if own := j.app.Challenge(s); own != "" {
		return []string{own}
	}
	return nil
}

func (j judgment) fixedChallenge(n Need, f Finding) string {
	params, own := j.fixedParams(n.Scheme)
	if n.Scheme.asks("Bearer") || n.Scheme.asks("DPoP") {
		params = j.explained(params, own, n, f)
	}
	return challengeOf(n.Scheme.fixed.scheme, params)
}

// fixedParams are those of an x-challenge, and their names in lower case.
func (j judgment) fixedParams(s *Scheme) (params, own []string) {
	x := s.fixed
	if !x.realmless && !slices.ContainsFunc(x.params, func(p [2]string) bool { return equalFold(p[0], "realm") }) {
		params = append(params, j.realm(s))
	}
	for _, p := range x.params {
		value := quoted(p[1])
		if equalFold(x.scheme, "Digest") && (equalFold(p[0], "algorithm") || equalFold(p[0], "stale")) {
			value = p[1] // RFC 7616 section 3.3
		}
		params, own = append(params, p[0]+"="+value), append(own, lower(p[0]))
	}
	return params, own
}

// challengeOf is a challenge with parameters, if there are any (RFC 9110 section 11.3).
func challengeOf(token string, params []string) string {
	if len(params) == 0 {
		return token
	}
	return token + " " + strings.Join(params, ", ")
}

// explained adds scope and error (RFC 6750 section 3). Whose error is the document's own is not described either.
func (j judgment) explained(params, own []string, n Need, f Finding) []string {
	code, description := j.code(n.Scheme, f), ""
	if code == "expired" {
		code, description = "invalid_token", "The access token expired"
	}
	if slices.Contains(own, "error") {
		description = ""
	}
	return j.with(params, own, [][2]string{
		{"scope", quotedOrNothing(strings.Join(n.Scopes, " "))}, {"error", quotedOrNothing(code)}, {"error_description", quotedOrNothing(description)},
	})
}

// code is the error that a challenge reports: on Bearer what was wrong with a bearer token of the operation, on DPoP what
// was wrong with its own credential.
func (j judgment) code(s *Scheme, f Finding) string {
	if s.asks("DPoP") {
		return j.worstOf(f, func(other *Scheme) bool { return other == s })
	}
	return j.worstOf(f, func(other *Scheme) bool { return other.asks("Bearer") })
}

func (j judgment) worstOf(f Finding, concerned func(*Scheme) bool) string {
	code := ""
	for _, a := range j.Alternatives {
		for _, n := range a {
			e := &j.all[n.Scheme.Index]
			if !concerned(n.Scheme) || !e.settled || (e.Finding == Ambiguous) != (f == Ambiguous) {
				continue
			}
			switch {
			case e.Finding == Ambiguous:
				return "invalid_request"
			case e.Finding == Expired:
				return "expired"
			case n.Scheme.asks("DPoP") && e.Nonce:
				code = "use_dpop_nonce"
			case n.Scheme.asks("DPoP") && e.Proof:
				code = "invalid_dpop_proof"
			case e.Finding == Invalid || e.Finding == Malformed:
				code = "invalid_token"
			}
		}
	}
	return code
}

// insufficientScope names what is missing, on the challenge of the first scheme with scopes (RFC 6750 section 3.1).
func (j judgment) insufficientScope(v verdict) string {
	token, params, own := "Bearer", []string{j.realm(v.decided)}, []string(nil)
	if v.decided.fixed != nil {
		token = v.decided.fixed.scheme
		params, own = j.fixedParams(v.decided)
	}
	return challengeOf(token, j.with(params, own, [][2]string{
		{"scope", quoted(strings.Join(v.scopes, " "))}, {"error", `"insufficient_scope"`},
	}))
}

// stepUp is the one challenge that helps (RFC 9470 section 3): Bearer, or that of a scheme with DPoP that decided.
func (j judgment) stepUp(v verdict) string {
	s, token := v.decided, "Bearer"
	params, own := []string{j.realm(s)}, []string(nil)
	switch {
	case s.asks("DPoP") && s.fixed != nil:
		token = s.fixed.scheme
		params, own = j.fixedParams(s)
	case s.asks("DPoP"):
		token, params = "DPoP", j.supplied(s)
	}
	o := v.outcome
	return challengeOf(token, j.with(params, own, [][2]string{
		{"scope", quotedOrNothing(o.Scope)}, {"error", `"insufficient_user_authentication"`},
		{"acr_values", quotedOrNothing(o.ACRValues)}, {"max_age", quotedOrNothing(o.MaxAge)},
	}))
}

// with adds parameters, and resource_metadata (RFC 9728 section 5.1), unless the document has them itself.
func (j judgment) with(params, own []string, more [][2]string) []string {
	for _, p := range append(more, [2]string{"resource_metadata", quotedOrNothing(j.terms.Metadata)}) {
		if p[1] != "" && !slices.Contains(own, p[0]) {
			params = append(params, p[0]+"="+p[1])
		}
	}
	return params
}

func quotedOrNothing(text string) string {
	if text == "" {
		return ""
	}
	return quoted(text)
}

// asks reports whether the scheme's challenge is of this authentication scheme.
func (s *Scheme) asks(token string) bool {
	if s.fixed != nil {
		return equalFold(s.fixed.scheme, token)
	}
	return s.Kind != Key && s.Kind != Certificate && equalFold(s.Token, token)
}

func (j judgment) realm(s *Scheme) string {
	realm, ok := j.terms.Realms[s.Name]
	if !ok {
		realm = j.terms.Realm
	}
	return "realm=" + quoted(realm)
}
