package guard

import (
	"slices"
	"strings"
)

// variant selects among the challenges that an operation has ready.
type variant uint8

const (
	plain          variant = iota // nothing was presented, or nothing of this scheme
	invalidToken                  // the bearer token is at fault
	expiredToken                  // the bearer token is at fault, and authentic
	invalidRequest                // more than one credential
	variants
)

// tokenErrors are the error parameters of each variant (RFC 6750 section 3.1, RFC 9449 section 7.1).
var tokenErrors = [variants]bearerParams{
	invalidToken:   {code: "invalid_token"},
	expiredToken:   {code: "invalid_token", description: "The access token expired"},
	invalidRequest: {code: "invalid_request"},
}

// bearerParams are the parameters of a bearer challenge but for its realm, each left out when empty
// (RFC 6750 section 3, RFC 9470 section 3).
type bearerParams struct {
	scopes                         []string
	code, description, acr, maxAge string
}

// line writes the challenge. A bare "Bearer" would be refused by clients that expect a parameter.
func (p bearerParams) line(realm string) string {
	var b strings.Builder
	b.WriteString("Bearer realm=")
	b.WriteString(quote(realm))
	writeParam(&b, "scope", strings.Join(p.scopes, " "))
	writeParam(&b, "error", p.code)
	writeParam(&b, "error_description", p.description)
	writeParam(&b, "acr_values", p.acr)
	writeParam(&b, "max_age", p.maxAge)
	return b.String()
}

func writeParam(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString(", " + name + "=" + quote(value))
	}
}

// challengeKind is how a scheme's challenge is written.
type challengeKind uint8

const (
	bearerChallenge challengeKind = iota
	basicChallenge
	apiKeyChallenge
	certificateChallenge
	suppliedChallenge
)

// challenger writes the challenges of one scheme.
type challenger struct {
	kind      challengeKind
	in        Location
	parameter string
	scheme    string
	supply    supplier
}

// line writes the challenge in one of its variants; one that is supplied has to wait for the request.
func (c *challenger) line(realm string, scopes []string, v variant) string {
	switch c.kind {
	case bearerChallenge:
		p := tokenErrors[v]
		p.scopes = scopes
		return p.line(realm)
	case basicChallenge:
		return "Basic realm=" + quote(realm) + `, charset="UTF-8"` // RFC 7617 section 2.1
	case apiKeyChallenge:
		return "ApiKey realm=" + quote(realm) + ", in=" + quote(string(c.in)) + ", name=" + quote(c.parameter)
	case certificateChallenge:
		return "ClientCertificate realm=" + quote(realm) // "Mutual" is RFC 8120, which is something else
	}
	return ""
}

// registeredSchemes are IANA's HTTP Authentication Schemes. A client that stops at a scheme it does not
// know has then seen the ones it can know.
var registeredSchemes = []string{
	"Basic", "Bearer", "Concealed", "Digest", "DPoP", "GNAP", "HOBA", "Mutual", "Negotiate", "OAuth",
	"PrivateToken", "SCRAM-SHA-1", "SCRAM-SHA-256", "vapid",
}

func (c *challenger) registered() bool {
	switch c.kind {
	case bearerChallenge, basicChallenge:
		return true
	case suppliedChallenge:
		return containsFold(registeredSchemes, c.scheme)
	}
	return false
}

// dpop reports whether the scheme shares Bearer's error parameters (RFC 9449 section 7.1).
func (c *challenger) dpop() bool { return c.kind == suppliedChallenge && equalFold(c.scheme, "DPoP") }

// challenge is one WWW-Authenticate line of an operation.
type challenge struct {
	*challenger
	lines [variants]string
	slot  int // the scheme's place among the operation's
}

// challenges are all that an operation has, each once, in the order in which they are sent.
type challenges struct {
	list []challenge
	// fixed are the lines of each variant when none waits for the request. Their length is their capacity:
	// a header field that is one of them and is added to is copied first.
	fixed [variants][]string
	wait  bool
}

// add appends the challenge of one requirement unless it is there already.
func (c *challenges) add(ch *challenger, realm string, scopes []string, slot int) {
	one := challenge{challenger: ch, slot: slot}
	for v := range variants {
		one.lines[v] = ch.line(realm, scopes, v)
	}
	supplied := ch.kind == suppliedChallenge
	known := slices.ContainsFunc(c.list, func(other challenge) bool {
		return one.lines == other.lines && (!supplied || slot == other.slot)
	})
	if !known {
		c.list = append(c.list, one)
		c.wait = c.wait || supplied
	}
}

// finish puts the challenges in order and prepares the fixed ones.
func (c *challenges) finish() {
	slices.SortStableFunc(c.list, func(a, b challenge) int { return rank(a) - rank(b) })
	for v := range variants {
		for _, one := range c.list {
			c.fixed[v] = append(c.fixed[v], one.lines[v])
		}
		c.fixed[v] = slices.Clip(c.fixed[v])
	}
}

func rank(c challenge) int {
	if c.registered() {
		return 0
	}
	return 1
}
