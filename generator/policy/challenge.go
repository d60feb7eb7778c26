package policy

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

const challengeKey = "x-challenge"

// challenge reads the challenge that the document gives the scheme (RFC 9110 section 11.6.1).
func (c *schemeCheck) challenge() {
	m, ok := c.node.Member(challengeKey)
	if !ok {
		return
	}
	c.Challenge = &Challenge{Position: m.Position}
	switch n := m.Value; n.Kind() {
	case spec.String:
		c.challengeScheme(n)
	case spec.Mapping:
		c.challengeParts(m)
		c.realmLeftOut()
	default:
		c.diags.Report(n.Position(), ruleChallengeGrammar, "%s must be the scheme of a challenge, or {scheme: …, params: {…}}, but it is %s", challengeKey, n.Kind())
	}
}

func (c *schemeCheck) challengeParts(m spec.Member) {
	if _, ok := m.Value.Member("scheme"); !ok {
		c.diags.Report(m.Value.Position(), ruleChallengeGrammar, "the challenge lacks its scheme: write {scheme: …, params: {…}}")
	}
	for _, part := range m.Value.Members() {
		switch {
		case part.Key == "scheme":
			c.challengeScheme(part.Value)
		case part.Key != "params":
			c.diags.Report(part.Position, ruleChallengeGrammar, "a challenge has scheme and params, not %q%s", part.Key, diag.DidYouMean(part.Key, []string{"scheme", "params"}))
		case part.Value.Kind() != spec.Mapping:
			c.diags.Report(part.Value.Position(), ruleChallengeGrammar, "params must be a mapping of names to values, but it is %s", part.Value.Kind())
		default:
			c.challengeParams(part.Value.Members())
		}
	}
}

func (c *schemeCheck) challengeScheme(n *spec.Node) {
	switch {
	case n.Kind() != spec.String:
		c.diags.Report(n.Position(), ruleChallengeGrammar, "the scheme of a challenge must be a string, but it is %s%s", n.Kind(), inQuotes(n))
	case !isToken(n.Text()):
		c.diags.Report(n.Position(), ruleChallengeGrammar, "%q cannot be the scheme of a challenge: that is one word, such as ApiKey (RFC 9110 section 11.1); parameters belong in params", n.Text())
	}
	c.Challenge.Scheme = n.Text()
}

func (c *schemeCheck) challengeParams(members []spec.Member) {
	first := map[string]string{} // the spelling by the name in lower case
	for _, m := range members {
		name := strings.ToLower(m.Key)
		other, again := first[name]
		switch {
		case !isToken(m.Key):
			c.diags.Report(m.Position, ruleChallengeGrammar, "%q cannot be the name of a challenge's parameter: that is one word (RFC 9110 section 11.2)", m.Key)
		case again && other != m.Key: // the same spelling twice is a duplicate key, which spec refuses
			c.diags.Report(m.Position, ruleChallengeGrammar, "the parameters %s and %s are the same, because case does not count: write it once (RFC 9110 section 11.2)", other, m.Key)
		default:
			first[name] = m.Key
			c.challengeParam(m)
		}
	}
}

func (c *schemeCheck) challengeParam(m spec.Member) {
	n := m.Value
	p := ChallengeParam{Name: m.Key, Value: n.Text()}
	switch {
	case equalFoldASCII(m.Key, "realm"):
		c.challengeRealm(n)
		return
	case n.Kind() == spec.Bool:
		p.Value = strings.ToLower(p.Value) // YAML has True and TRUE for it, too
	case n.Kind() != spec.String && n.Kind() != spec.Number:
		c.diags.Report(n.Position(), ruleChallengeGrammar, "the parameter %s must be a string, a number or a boolean, but it is %s", m.Key, n.Kind())
	}
	c.quotable(m.Key, n)
	c.Challenge.Params = append(c.Challenge.Params, p)
}

// challengeRealm reads the parameter that every challenge has unless it is false. Its name is in lower case
// however it was written, because it replaces the default one.
func (c *schemeCheck) challengeRealm(n *spec.Node) {
	p := ChallengeParam{Name: "realm"}
	switch {
	case isFalse(n):
	case n.Kind() != spec.String && n.Kind() != spec.Number:
		c.diags.Report(n.Position(), ruleChallengeGrammar, "realm must be a string, or false for none, but it is %s", described(n))
	case n.Text() == "":
		c.diags.Report(n.Position(), ruleChallengeGrammar, "an empty realm names nothing: write false for no realm")
	default:
		c.quotable(p.Name, n)
		p.Value = n.Text()
	}
	c.Challenge.Params = append(c.Challenge.Params, p)
}

// quotable refuses characters that no quoted-string carries to every client (RFC 9110 section 5.6.4, without obs-text).
func (c *schemeCheck) quotable(name string, n *spec.Node) {
	if strings.ContainsFunc(n.Text(), func(r rune) bool { return r < ' ' || r > '~' }) {
		c.diags.Report(n.Position(), ruleChallengeGrammar, "the parameter %s cannot be %q: a challenge carries printable ASCII characters (RFC 9110 section 5.6.4)", name, n.Text())
	}
}

// realmLeftOut refuses a challenge without a realm if its scheme requires one.
func (c *schemeCheck) realmLeftOut() {
	challenge := c.Challenge
	if !slices.Contains(challenge.Params, ChallengeParam{Name: "realm"}) {
		return
	}
	switch scheme := challenge.Scheme; {
	case equalFoldASCII(scheme, "basic"), equalFoldASCII(scheme, "digest"):
		c.diags.Report(challenge.Position, ruleChallengeGrammar, "a challenge of scheme %s needs a realm (RFC 7617 section 2, RFC 7616 section 3.3)", scheme)
	case equalFoldASCII(scheme, "bearer") && len(challenge.Params) == 1:
		c.diags.Report(challenge.Position, ruleChallengeGrammar, "a challenge of scheme %s needs a parameter: keep the realm, or write another (RFC 6750 section 3)", scheme)
	}
}
