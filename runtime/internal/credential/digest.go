package credential

import (
	"errors"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

var errDigest = errors.New("the credential does not have the parameters of Digest (RFC 7616 section 3.4)")

// Digest reads the credentials of Digest, which are parameters and never a token68. It checks their form (RFC 7616
// section 3.4); the authenticator verifies their content.
type Digest struct{ Other }

// Read implements [Reader].
func (d *Digest) Read(r Request, authorization []string, limit int) (Credential, Outcome, error) {
	c, outcome, reason := d.Other.Read(r, authorization, limit)
	if outcome == Presented && !isDigest(secret.Reveal(c.Text)) {
		return malformed(errDigest)
	}
	return c, outcome, reason
}

// The parameters that have to be a quoted-string, those that have to be a token, and those that have to be there.
// The lists are the RFC's, except for username*, which by its own grammar is a token (RFC 8187 section 3.2).
var (
	digestQuoted = []string{"username", "realm", "nonce", "uri", "response", "cnonce", "opaque"}
	digestTokens = []string{"algorithm", "qop", "nc", "username*"}
	digestNeeded = []string{"realm", "nonce", "uri", "response"}
)

// isDigest reports whether s can follow Digest in Authorization (RFC 7616 section 3.4).
func isDigest(s string) bool {
	if !grammar.IsParams(s) {
		return false
	}
	for text := s; text != ""; {
		p, rest, _ := grammar.CutParam(text)
		if text = rest; p.Name != "" && !hasDigestForm(p) {
			return false
		}
	}
	for _, name := range digestNeeded {
		if _, ok := grammar.FindParam(s, name); !ok {
			return false
		}
	}
	return hasDigestUser(s) && hasDigestCount(s)
}

func hasDigestForm(p grammar.Param) bool {
	switch {
	case grammar.ContainsFold(digestQuoted, p.Name):
		return p.Quoted()
	case grammar.ContainsFold(digestTokens, p.Name):
		return !p.Quoted()
	}
	return true
}

// hasDigestUser: there is one user, and a hashed one needs no other character set.
func hasDigestUser(s string) bool {
	_, plain := grammar.FindParam(s, "username")
	_, extended := grammar.FindParam(s, "username*")
	hashed, given := grammar.FindParam(s, "userhash")
	hash := grammar.EqualFold(hashed, "true")
	if plain == extended || hash && extended {
		return false
	}
	return !given || hash || grammar.EqualFold(hashed, "false")
}

// hasDigestCount: with qop the client counts its requests and has a nonce of its own, and without it neither.
func hasDigestCount(s string) bool {
	_, qop := grammar.FindParam(s, "qop")
	_, cnonce := grammar.FindParam(s, "cnonce")
	nc, counted := grammar.FindParam(s, "nc")
	if !qop {
		return !cnonce && !counted
	}
	return cnonce && counted && len(nc) == 8 && grammar.IsHex(nc)
}
