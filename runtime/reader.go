package guard

import (
	"crypto/tls"
	"errors"
)

// reader finds the credential of one scheme in a request, without judging it. The verdict is presented,
// absent, malformed or ambiguous; the reason says why it is not presented. A credential of more than limit
// bytes is malformed.
type reader interface {
	read(r Request, limit int) (credential, Verdict, error)
}

// credential is a credential of any scheme as it was read. It is small enough to travel in registers.
type credential struct {
	text       secret
	user       int                  // length of the user part of Basic credentials
	connection *tls.ConnectionState // of a client certificate
}

var (
	errAbsent    = errors.New("no credential")
	errTwice     = errors.New("the credential is given more than once")
	errTooLong   = errors.New("the credential is longer than allowed")
	errSeparator = errors.New("no space and credential after the scheme")
	errToken68   = errors.New("the credential is not a token68")
	errProof     = errors.New("there is no DPoP field with a proof in it, three parts of base64url")
	errDigest    = errors.New("the credential does not have the parameters of Digest as RFC 7616 section 3.4 wants them")
	errParams    = errors.New("the credential is neither a token68 nor a list of distinct parameters")
	errBase64    = errors.New("the credential is not canonical base64")
	errUserPass  = errors.New("the credential is not a user, a colon and a password in clean UTF-8")
	errQuery     = errors.New("the query does not decode")
)

// found is the outcome for a credential that is one string: absent when that is empty.
func found(text string, limit int) (string, Verdict, error) {
	switch {
	case text == "":
		return "", VerdictAbsent, errAbsent
	case len(text) > limit:
		return "", VerdictMalformed, errTooLong
	}
	return text, presented, nil
}

// opaque is found for a credential that has no grammar.
func opaque(text string, limit int) (credential, Verdict, error) {
	text, verdict, reason := found(text, limit)
	return credential{text: conceal(text)}, verdict, reason
}

func malformed(reason error) (credential, Verdict, error) {
	return credential{}, VerdictMalformed, reason
}
