package guard

import (
	"context"
	"fmt"
	"strings"
)

// DPoPScheme is a scheme of type http with scheme DPoP: an access token in Authorization, and in a DPoP field the
// proof that its sender holds the key that it is bound to (RFC 9449). The authenticator verifies both; challenge
// supplies the parameters of the challenge, algs say.
//
// A token that is bound to a key is no bearer token: the authenticator of a [BearerScheme] refuses one that has
// cnf with [Invalid], or else who steals it needs no key (RFC 9449 section 7.2).
func DPoPScheme[P any](name string, authenticate func(context.Context, DPoPToken) (P, error), challenge func(context.Context) Challenge) Scheme[P] {
	s := Scheme[P]{name: name, reader: dpopReader{}, challenger: challenger{kind: suppliedChallenge, scheme: "DPoP", supply: challenge}}
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			proof, _, _ := readProof(r) // which has been found good
			return authenticate(r.Context(), NewDPoPToken(c.text.reveal(), proof, r.HTTPMethod(), pathOf(r.Target())))
		}
	}
	return s
}

// DPoPToken is an access token and the proof that came with it, and of the request what the proof has to speak of.
// It prints as [redacted].
type DPoPToken struct {
	secret
	proof  secret
	method string
	target secret
}

// NewDPoPToken makes a token, for tests of authenticators.
func NewDPoPToken(token, proof, method, target string) DPoPToken {
	return DPoPToken{conceal(token), conceal(proof), method, conceal(target)}
}

// Secret is the token as the client sent it, a token68.
func (t DPoPToken) Secret() string { return t.reveal() }

// Proof is the proof as the client sent it. It looks like a JWS in compact serialisation, and nothing in it has
// been verified.
func (t DPoPToken) Proof() string { return t.proof.reveal() }

// Method is the request's method, which the proof has as htm.
func (t DPoPToken) Method() string { return t.method }

// Target is the path of the request as the client sent it, without the query. The proof has it in htu, behind a
// scheme and a host that only the application can know.
func (t DPoPToken) Target() string { return t.target.reveal() }

// dpopReader reads a token, and finds out whether there is a proof.
type dpopReader struct{}

func (dpopReader) read(r Request, limit int) (credential, Verdict, error) {
	token, verdict, reason := authorization(r, "DPoP", limit)
	if verdict == VerdictAbsent {
		return credential{}, verdict, reason
	}
	proof, proofVerdict, proofReason := readProof(r)
	switch {
	case proofVerdict == VerdictAmbiguous:
		return credential{}, proofVerdict, proofReason
	case verdict != presented:
		return credential{}, verdict, reason
	case !isToken68(token):
		return malformed(errToken68)
	case len(proof) > limit:
		return malformed(errTooLong)
	case !isCompactJWS(proof):
		return malformed(errProof)
	}
	return credential{text: conceal(token)}, presented, nil
}

// readProof is the request's only DPoP field.
func readProof(r Request) (string, Verdict, error) { return single(r.FieldLines("Dpop")) }

// isCompactJWS reports whether s has the shape of a signed JWS in compact serialisation (RFC 7515 section 7.1).
func isCompactJWS(s string) bool {
	parts := 0
	for part := range strings.SplitSeq(s, ".") {
		if !all(part, base64URLOctet) || len(part)%4 == 1 {
			return false
		}
		parts++
	}
	return parts == 3
}

// pathOf is the path of a request target. A target in absolute form, which clients send to proxies, has a scheme
// and a host before it.
func pathOf(target string) string {
	target, _, _ = strings.Cut(target, "?")
	if strings.HasPrefix(target, "/") {
		return target
	}
	_, rest, absolute := strings.Cut(target, "://")
	if !absolute {
		return target
	}
	if slash := strings.IndexByte(rest, '/'); slash >= 0 {
		return rest[slash:]
	}
	return "/"
}

// UseDPoPNonce is the error of a [DPoPScheme]'s authenticator that wants a proof with this nonce in it. It is
// answered with 401, a DPoP challenge with error="use_dpop_nonce", and the nonce in a DPoP-Nonce field (RFC 9449
// section 9). It is of the class of [Invalid], and from the authenticator of another scheme nothing else.
func UseDPoPNonce(nonce string) error { return &useDPoPNonce{nonce} }

type useDPoPNonce struct{ nonce string }

func (*useDPoPNonce) Error() string { return "the DPoP proof needs the nonce of the server" }

// nonceReason is the reason of a denial that hands out a nonce.
type nonceReason struct {
	error
	nonce string
}

func (r *nonceReason) Unwrap() error { return r.error }

// judge checks that the field can carry the nonce (RFC 9449 section 8.1, whose NQCHAR are those of a scope).
func (n *useDPoPNonce) judge(err error, source string) (Verdict, error) {
	if !all(n.nonce, scopeOctet) {
		return VerdictFault, fmt.Errorf("guard.UseDPoPNonce from %s: %q is not a nonce (RFC 9449 section 8.1)", source, n.nonce)
	}
	return VerdictInvalid, &nonceReason{err, n.nonce}
}
