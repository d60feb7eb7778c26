package credential

import (
	"errors"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

var (
	errProof     = errors.New("the request has no DPoP field with a proof: three parts of base64url")
	errLongProof = errors.New("the DPoP proof is longer than allowed")
)

// BlamesProof reports whether the reason of a malformed credential is its proof, and not its token.
func BlamesProof(reason error) bool { return reason == errProof || reason == errLongProof }

// DPoP reads an access token, and checks that a DPoP field with a proof came with it (RFC 9449 section 7.1).
type DPoP struct{}

// Read implements [Reader].
func (*DPoP) Read(r Request, limit int) (Credential, Outcome, error) {
	token, outcome, reason := authorization(r.FieldLines("Authorization"), "DPoP", limit)
	if outcome == Absent {
		return Credential{}, outcome, reason
	}
	proof, proofOutcome, proofReason := readProof(r)
	switch {
	case proofOutcome == Ambiguous:
		return Credential{}, proofOutcome, proofReason
	case outcome != Presented:
		return Credential{}, outcome, reason
	case !grammar.IsToken68(token):
		return malformed(errToken68)
	case len(proof) > limit:
		return malformed(errLongProof)
	case !isCompactJWS(proof):
		return malformed(errProof)
	}
	return Credential{Text: secret.Hide(token)}, Presented, nil
}

// readProof is the request's only DPoP field.
func readProof(r Request) (string, Outcome, error) { return onlyLine(r.FieldLines("Dpop")) }

// isCompactJWS reports whether s has the shape of a signed JWS in compact serialisation (RFC 7515 section 7.1).
func isCompactJWS(s string) bool {
	parts := 0
	for part := range strings.SplitSeq(s, ".") {
		if !grammar.IsBase64URL(part) || len(part)%4 == 1 {
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
