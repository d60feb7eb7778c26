package oracle

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Request is a request as it is on the wire, as far as a guard may look at it.
type Request struct {
	Target string
	Fields []Field
	// Certificate is the name in a client certificate that the handshake verified.
	Certificate string
}

// Field is one field line. White space around the value is not part of it (RFC 9110 section 5.5).
type Field struct{ Name, Value string }

// State is what a request holds for a scheme.
type State uint8

// The states of a scheme.
const (
	NotThere State = iota
	Several
	Broken
	Presented
)

// Reading is the state of a scheme with the credentials that are presented.
type Reading struct {
	State State
	// Credentials is one, or the twins of a cookie.
	Credentials []Credential
	// Proof says that the proof of DPoP is broken, and the token is not.
	Proof bool
}

// Credential is what an authenticator gets. User is for Basic, Params for schemes with parameters, and Secret is the rest,
// or all of it where there is no grammar.
type Credential struct {
	User, Secret string
	Params       map[string]string
	// TooLong says that a twin is longer than a credential may be.
	TooLong bool
}

// values are those of the fields of this name, which is compared without regard to case.
func (r *Request) values(name string) (values []string) {
	for _, f := range r.Fields {
		if equalFold(f.Name, name) {
			values = append(values, strings.Trim(f.Value, " \t"))
		}
	}
	return values
}

// Read finds the scheme's credential. Longer ones than the limit are malformed.
func (s *Scheme) Read(r *Request, limit int) Reading {
	switch s.Kind {
	case Certificate:
		return sole(r.Certificate, limit)
	case Key:
		return s.readKey(r, limit)
	case DPoP:
		return s.readProved(r, limit)
	}
	return s.readAuthorization(r, limit)
}

func (s *Scheme) readKey(r *Request, limit int) Reading {
	switch s.In {
	case "header":
		return only(r.values(s.Parameter), limit)
	case "query":
		return readQuery(r.Target, s.Parameter, limit)
	}
	values := readCookie(r, s.Parameter)
	if s.Twins {
		return twins(values, limit)
	}
	return only(values, limit)
}

// only is the credential of a place that must not hold two.
func only(values []string, limit int) Reading {
	switch len(values) {
	case 0:
		return Reading{}
	case 1:
		return sole(values[0], limit)
	}
	return Reading{State: Several}
}

func sole(value string, limit int) Reading {
	switch {
	case value == "":
		return Reading{}
	case len(value) > limit:
		return Reading{State: Broken}
	}
	return Reading{State: Presented, Credentials: []Credential{{Secret: value}}}
}

// twins are the distinct credentials of a cookie that may come up to four times.
func twins(values []string, limit int) Reading {
	var found []Credential
	for i, value := range values {
		if value != "" && !slices.Contains(values[:i], value) {
			found = append(found, Credential{Secret: value, TooLong: len(value) > limit})
		}
	}
	switch {
	case len(found) == 0:
		return Reading{}
	case len(found) > 4:
		return Reading{State: Several}
	case !slices.ContainsFunc(found, func(c Credential) bool { return !c.TooLong }): // nobody needs to be asked
		return Reading{State: Broken}
	}
	return Reading{State: Presented, Credentials: found}
}

// readAuthorization reads credentials of the scheme (RFC 9110 section 11.4) from the only Authorization line.
func (s *Scheme) readAuthorization(r *Request, limit int) Reading {
	lines := r.values("Authorization")
	if len(lines) > 1 {
		return Reading{State: Several}
	}
	if len(lines) == 0 || len(lines[0]) < len(s.Token) || !equalFold(lines[0][:len(s.Token)], s.Token) {
		return Reading{}
	}
	rest := lines[0][len(s.Token):]
	switch text := strings.TrimLeft(rest, " "); {
	case rest != "" && isTokenOctet(rest[0]): // a longer scheme
		return Reading{}
	case text == rest: // the scheme alone, or something else behind it than a space
		return Reading{State: Broken}
	case len(text) > limit:
		return Reading{State: Broken}
	default:
		return s.parse(text)
	}
}

// parse reads what stands behind the scheme.
func (s *Scheme) parse(text string) Reading {
	c, ok := Credential{Secret: text}, false
	switch {
	case s.Opaque:
		ok = isPrintable(text)
	case s.Kind == Basic:
		c, ok = parseBasic(text)
	case s.Kind == Bearer || s.Kind == DPoP:
		ok = isToken68(text)
	case s.Kind == Other && isToken68(text):
		ok = true
	default:
		c.Params, ok = parseParams(text)
		ok = ok && (s.Kind != Digest || fitsDigest(c.Params))
		for name, value := range c.Params {
			c.Params[name] = unquote(value)
		}
	}
	if !ok {
		return Reading{State: Broken}
	}
	return Reading{State: Presented, Credentials: []Credential{c}}
}

// parseBasic reads user and password (RFC 7617 section 2): base64 with padding, in the one way to write it, of clean
// UTF-8 with a colon.
func parseBasic(text string) (c Credential, ok bool) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil || base64.StdEncoding.EncodeToString(decoded) != text {
		return c, false
	}
	plain := string(decoded)
	if !utf8.ValidString(plain) || strings.IndexFunc(plain, unicode.IsControl) >= 0 {
		return c, false
	}
	c.User, c.Secret, ok = strings.Cut(plain, ":")
	return c, ok
}

// readProved reads a token with the proof that goes with it (RFC 9449 sections 4.3 and 7.1). Where there is no token
// there is nothing to prove.
func (s *Scheme) readProved(r *Request, limit int) Reading {
	token := s.readAuthorization(r, limit)
	if token.State == NotThere || token.State == Several {
		return token
	}
	proofs := r.values("DPoP")
	switch {
	case len(proofs) > 1:
		return Reading{State: Several}
	case len(proofs) == 0 || len(proofs[0]) > limit || !isProof(proofs[0]):
		return Reading{State: Broken, Proof: token.State == Presented}
	}
	return token
}

// isProof is the compact serialisation of a signed JWS (RFC 7515 section 7.1), whatever it says.
func isProof(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		decoded, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || len(decoded) == 0 {
			return false
		}
	}
	return len(parts) == 3
}

// readQuery finds a key in the query, all of which has to decode. A number sign makes the target unclear.
func readQuery(target, name string, limit int) Reading {
	path, fragment, unclear := strings.Cut(target, "#")
	_, query, _ := strings.Cut(path, "?")
	if unclear {
		_, query, _ = strings.Cut(path+"#"+fragment, "?")
	}
	var values []string
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		key, value, _ := strings.Cut(pair, "=")
		key, keyErr := url.QueryUnescape(key)
		value, valueErr := url.QueryUnescape(value)
		if keyErr != nil || valueErr != nil || strings.Contains(pair, ";") {
			unclear = true
		}
		if key == name && keyErr == nil {
			values = append(values, value)
		}
	}
	if unclear && len(values) < 2 {
		return Reading{State: Broken}
	}
	return only(values, limit)
}

// readCookie are the values of a cookie in all lines, quotes included (RFC 6265 section 4.2).
func readCookie(r *Request, name string) (values []string) {
	for _, f := range r.Fields {
		if !equalFold(f.Name, "Cookie") {
			continue
		}
		for pair := range strings.SplitSeq(strings.Trim(f.Value, " \t"), ";") {
			key, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			if strings.Trim(key, " \t") == name {
				values = append(values, value)
			}
		}
	}
	return values
}
