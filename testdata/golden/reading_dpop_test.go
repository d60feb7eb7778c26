package golden

import (
	"encoding/base64"
	"strings"
)

// readDPoP reads a token and the proof that goes with it (RFC 9449 sections 4.3 and 7.1): there is one field with
// one proof, and that is a signed JWS in compact serialisation (RFC 7515 section 7.1). Where there is no token
// there is nothing to prove.
func readDPoP(r *request) outcome {
	token := readAuthorization(r, "dpop", func(text string) (string, bool) { return text, isToken68(text) })
	proofs := r.values("DPoP")
	switch {
	case token.finding == "absent" || token.finding == "ambiguous":
		return token
	case len(proofs) > 1:
		return outcome{finding: "ambiguous"}
	case len(proofs) == 0 || len(proofs[0]) > maxCredential || !isProof(proofs[0]):
		return outcome{finding: "malformed", proof: token.finding == "presented"}
	}
	return token
}

// isProof reports whether the text is a header, a payload and a signature, each of them something in base64url.
func isProof(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		decoded, err := base64.RawURLEncoding.DecodeString(part) // which skips CR and LF; no field has them
		if err != nil || len(decoded) == 0 {
			return false
		}
	}
	return len(parts) == 3
}
