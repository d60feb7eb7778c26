package guard

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// bearerReader reads a token (RFC 6750 section 2.1; the other two ways of that RFC are not read).
type bearerReader struct{}

func (bearerReader) read(r Request, limit int) (credential, Verdict, error) {
	if token, ok := plainBearer(r.FieldLines("Authorization"), limit); ok {
		return credential{text: conceal(token)}, presented, nil
	}
	text, verdict, reason := authorization(r, "Bearer", limit)
	if verdict == presented && !isToken68(text) {
		return malformed(errToken68)
	}
	return credential{text: conceal(text)}, verdict, reason
}

// plainBearer takes the token from a field as nearly every client writes it, without a second look at
// anything. What it does not take is not refused: it is read by the rules.
func plainBearer(lines []string, limit int) (token string, ok bool) {
	if len(lines) != 1 || len(lines[0]) > limit {
		return "", false
	}
	token, ok = strings.CutPrefix(lines[0], "Bearer ")
	return token, ok && isToken68(token)
}

// basicReader reads a user and a password (RFC 7617 section 2).
type basicReader struct{}

func (basicReader) read(r Request, limit int) (credential, Verdict, error) {
	text, verdict, reason := authorization(r, "Basic", limit)
	if verdict != presented {
		return credential{}, verdict, reason
	}
	// Go's decoder skips CR and LF, which a token68 has not.
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || !isToken68(text) {
		return malformed(errBase64)
	}
	return userPass(string(decoded))
}

// userPass splits decoded Basic credentials at their first colon.
func userPass(text string) (credential, Verdict, error) {
	colon := strings.IndexByte(text, ':')
	if colon <= 0 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return malformed(errUserPass)
	}
	return credential{text: conceal(text), user: colon}, presented, nil
}

// httpReader reads the credentials of another scheme (RFC 9110 section 11.4).
type httpReader struct{ scheme string }

func (h httpReader) read(r Request, limit int) (credential, Verdict, error) {
	text, verdict, reason := authorization(r, h.scheme, limit)
	switch {
	case verdict != presented || isToken68(text):
		return credential{text: conceal(text)}, verdict, reason
	case !validParams(text):
		return malformed(errParams)
	}
	return credential{text: conceal(text)}, presented, nil
}

// authorization reads what follows the scheme in the request's only Authorization field (RFC 9110 section
// 11.6.2). The credential of another scheme is none of this one.
func authorization(r Request, scheme string, limit int) (string, Verdict, error) {
	value, verdict, reason := single(r.FieldLines("Authorization"))
	if verdict != presented {
		return "", verdict, reason
	}
	rest, ours := cutScheme(value, scheme)
	if !ours {
		return "", VerdictAbsent, errAbsent
	}
	text := strings.TrimLeft(rest, " ")
	if len(text) == len(rest) {
		return "", VerdictMalformed, errSeparator
	}
	return found(text, limit)
}

// single is the only line of a header field, without the white space around it.
func single(lines []string) (string, Verdict, error) {
	switch len(lines) {
	case 0:
		return "", VerdictAbsent, errAbsent
	case 1:
		return trimSpace(lines[0]), presented, nil
	}
	return "", VerdictAmbiguous, errTwice
}

// cutScheme takes the scheme off a field value; ours reports whether that was the scheme.
func cutScheme(value, scheme string) (rest string, ours bool) {
	n := len(scheme)
	if len(value) < n || value[:n] != scheme && !equalFold(value[:n], scheme) {
		return "", false
	}
	if len(value) > n && octets[value[n]]&tokenOctet != 0 {
		return "", false
	}
	return value[n:], true
}
