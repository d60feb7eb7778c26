package guard

// digestReader reads the credentials of Digest, which are parameters and no token68. What they say is for the
// authenticator to verify; what it finds is of the form that RFC 7616 section 3.4 gives it.
type digestReader struct{ httpReader }

func (d digestReader) read(r Request, limit int) (credential, Verdict, error) {
	c, verdict, reason := d.httpReader.read(r, limit)
	if verdict == presented && !validDigest(c.text.reveal()) {
		return malformed(errDigest)
	}
	return c, verdict, reason
}

// digestForms are the parameters that have to be a quoted-string, and those that have to be a token. Both lists
// are the RFC's, but for username*, which by its own grammar is a token (RFC 8187 section 3.2).
var (
	digestQuoted = []string{"username", "realm", "nonce", "uri", "response", "cnonce", "opaque"}
	digestTokens = []string{"algorithm", "qop", "nc", "username*"}
	digestNeeded = []string{"realm", "nonce", "uri", "response"}
)

// validDigest reports whether s is what follows Digest in Authorization (RFC 7616 section 3.4).
func validDigest(s string) bool {
	if !validParams(s) {
		return false
	}
	for text := s; text != ""; {
		p, rest, _ := cutParam(text)
		if text = rest; !validDigestForm(p) {
			return false
		}
	}
	for _, name := range digestNeeded {
		if _, ok := digestParam(s, name); !ok {
			return false
		}
	}
	return validDigestUser(s) && validDigestCount(s)
}

func validDigestForm(p param) bool {
	quoted := p.name != "" && p.written[0] == '"'
	switch {
	case containsFold(digestQuoted, p.name):
		return quoted
	case containsFold(digestTokens, p.name):
		return !quoted
	}
	return true
}

// validDigestUser: there is one user, and one that is hashed has no need of another character set.
func validDigestUser(s string) bool {
	_, plain := digestParam(s, "username")
	_, extended := digestParam(s, "username*")
	hashed, given := digestParam(s, "userhash")
	hash := equalFold(hashed, "true")
	if plain == extended || hash && extended {
		return false
	}
	return !given || hash || equalFold(hashed, "false")
}

// validDigestCount: with qop the client counts its requests and has a nonce of its own, and without it neither.
func validDigestCount(s string) bool {
	_, qop := digestParam(s, "qop")
	_, cnonce := digestParam(s, "cnonce")
	nc, counted := digestParam(s, "nc")
	if !qop {
		return !cnonce && !counted
	}
	return cnonce && counted && len(nc) == 8 && all(nc, hexOctet)
}

// digestParam is the value of one parameter of a list that is valid.
func digestParam(s, name string) (string, bool) {
	return HTTPCredentials{secret: conceal(s)}.Param(name)
}
