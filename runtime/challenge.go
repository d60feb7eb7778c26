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
	useNonce                      // the DPoP proof is not made with the server's nonce
	variants
)

// tokenErrors are the error parameters of each variant (RFC 6750 section 3.1, RFC 9449 sections 7.1 and 9).
var tokenErrors = [variants]bearerParams{
	invalidToken:   {code: "invalid_token"},
	expiredToken:   {code: "invalid_token", description: "The access token expired"},
	invalidRequest: {code: "invalid_request"},
	useNonce:       {code: "use_dpop_nonce"},
}

// terms are what the options have to say about the challenges of one scheme.
type terms struct {
	realm    string
	metadata string // resource_metadata, RFC 9728 section 5.1
}

// bearerParams are the parameters of a bearer challenge that depend on what is asked for and what was wrong, each
// left out when empty (RFC 6750 section 3, RFC 9470 section 3).
type bearerParams struct {
	scopes                         []string
	code, description, acr, maxAge string
}

// appendTo appends the parameters to the application's own, which win, and which it never writes into: with an error
// of its own the application says itself what was wrong.
func (p bearerParams) appendTo(own []Param, t terms) []Param {
	if hasParam(own, "error") {
		p.code, p.description = "", ""
	}
	all := slices.Clip(own)
	for _, more := range []Param{
		{"scope", strings.Join(p.scopes, " ")},
		{"error", p.code},
		{"error_description", p.description},
		{"acr_values", p.acr},
		{"max_age", p.maxAge},
		{"resource_metadata", t.metadata},
	} {
		if more.Value != "" && !hasParam(own, more.Name) {
			all = append(all, more)
		}
	}
	return all
}

// bearerLine is the challenge of bearer tokens. A bare "Bearer" would be refused by clients that expect a
// parameter.
func bearerLine(t terms, p bearerParams) string {
	return (&challenger{kind: bearerChallenge, scheme: "Bearer"}).fixed(t, p)
}

// challengeKind is how a scheme's challenge is written.
type challengeKind uint8

const (
	bearerChallenge challengeKind = iota
	basicChallenge
	apiKeyChallenge
	certificateChallenge
	fixedChallenge // by Scheme.WithChallenge
	suppliedChallenge
)

// challenger writes the challenges of one scheme.
type challenger struct {
	kind      challengeKind
	in        Location
	parameter string
	scheme    string
	supply    supplier
	params    []Param // of a fixed challenge
}

// line writes the challenge in one of its variants; one that is supplied has to wait for the request.
func (c *challenger) line(t terms, scopes []string, v variant) string {
	switch c.kind {
	case bearerChallenge, fixedChallenge:
		p := tokenErrors[v]
		p.scopes = scopes
		return c.fixed(t, p)
	case basicChallenge:
		return "Basic realm=" + quote(t.realm) + `, charset="UTF-8"` // RFC 7617 section 2.1
	case apiKeyChallenge:
		return "ApiKey realm=" + quote(t.realm) + ", in=" + quote(string(c.in)) + ", name=" + quote(c.parameter)
	case certificateChallenge:
		return "ClientCertificate realm=" + quote(t.realm) // "Mutual" is RFC 8120, which is something else
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
	case basicChallenge:
		return true
	case bearerChallenge, fixedChallenge, suppliedChallenge:
		return containsFold(registeredSchemes, c.scheme)
	}
	return false
}

// bearer reports whether the challenge has the parameters of RFC 6750.
func (c *challenger) bearer() bool { return equalFold(c.scheme, "Bearer") }

// dpop reports whether the challenge shares them (RFC 9449 section 7.1). Which it has is for its own scheme to
// say, where all of Bearer's say the same.
func (c *challenger) dpop() bool { return equalFold(c.scheme, "DPoP") }

// challenge is one WWW-Authenticate line of an operation.
type challenge struct {
	*challenger
	terms terms
	lines [variants]string
	slot  int // the scheme's place among the operation's
}

// challenges are all that an operation has, each once, in the order in which they are sent.
type challenges struct {
	list []challenge
	// fixed are the lines of each variant when none waits for the request. Their length is their capacity:
	// a header field that is one of them and is added to is copied first.
	fixed [variants][]string
	wait  bool // one waits for the request
}

// add appends the challenge of one requirement unless it is there already.
func (c *challenges) add(ch *challenger, t terms, scopes []string, slot int) {
	one := challenge{challenger: ch, terms: t, slot: slot}
	for v := range variants {
		one.lines[v] = ch.line(t, scopes, v)
	}
	own := ch.kind == suppliedChallenge || ch.dpop()
	known := slices.ContainsFunc(c.list, func(other challenge) bool {
		return one.lines == other.lines && (!own || slot == other.slot)
	})
	if !known {
		c.list = append(c.list, one)
		c.wait = c.wait || own
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
