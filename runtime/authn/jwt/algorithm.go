package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"slices"

	josejwt "github.com/golang-jwt/jwt/v5"
)

// allAlgorithms are the asymmetric algorithms of RFC 7518 section 3.1, RFC 8037 and RFC 9864 that package crypto has.
func allAlgorithms() []string {
	return []string{
		"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519",
	}
}

// signatureOf is the method of an algorithm, nil for one that is not ours: none, HMAC, and names that nobody knows. The
// table is fixed, for golang-jwt's own is open to registrations.
func signatureOf(algorithm string) josejwt.SigningMethod {
	switch algorithm {
	case "RS256":
		return josejwt.SigningMethodRS256
	case "RS384":
		return josejwt.SigningMethodRS384
	case "RS512":
		return josejwt.SigningMethodRS512
	case "PS256":
		return pss(josejwt.SigningMethodPS256)
	case "PS384":
		return pss(josejwt.SigningMethodPS384)
	case "PS512":
		return pss(josejwt.SigningMethodPS512)
	case "ES256":
		return josejwt.SigningMethodES256
	case "ES384":
		return josejwt.SigningMethodES384
	case "ES512":
		return josejwt.SigningMethodES512
	case "EdDSA", "Ed25519":
		return josejwt.SigningMethodEdDSA
	}
	return nil
}

// pss wants a salt as long as the hash (RFC 7518 section 3.5). golang-jwt takes any.
func pss(m *josejwt.SigningMethodRSAPSS) josejwt.SigningMethod {
	return &josejwt.SigningMethodRSAPSS{SigningMethodRSA: m.SigningMethodRSA, Options: m.Options}
}

func checkAlgorithms(names []string) error {
	for _, name := range names {
		if signatureOf(name) == nil {
			return fmt.Errorf("jwt: Algorithms has %q, which is not one of %v", name, allAlgorithms())
		}
	}
	return nil
}

// fitsKey reports whether a public key is of the kind that an algorithm signs with, the curve included.
func fitsKey(algorithm string, public crypto.PublicKey) bool {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return algorithm[0] == 'R' || algorithm[0] == 'P'
	case *ecdsa.PublicKey:
		return curveOf(algorithm) == key.Curve
	case ed25519.PublicKey:
		return isEd25519(algorithm)
	}
	return false
}

func curveOf(algorithm string) elliptic.Curve {
	switch algorithm {
	case "ES256":
		return elliptic.P256()
	case "ES384":
		return elliptic.P384()
	case "ES512":
		return elliptic.P521()
	}
	return nil
}

// sameAlgorithm compares the algorithm of a token with that of its key. EdDSA with Ed25519 has two names.
func sameAlgorithm(a, b string) bool { return a == b || isEd25519(a) && isEd25519(b) }

func isEd25519(algorithm string) bool {
	return slices.Contains([]string{"EdDSA", "Ed25519"}, algorithm)
}
