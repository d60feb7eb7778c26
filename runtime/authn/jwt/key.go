package jwt

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// The sizes of RSA keys that are used. A smaller one is too weak (RFC 7518 section 3.3), and a larger one makes each
// signature check a denial of service.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// key is a public key that verifies signatures.
type key struct {
	id        string
	hasID     bool
	algorithm string // of the key, empty when the key does not say
	public    crypto.PublicKey
}

// fits reports whether the key can have made a signature with the algorithm.
func (k *key) fits(algorithm string) bool {
	return fitsKey(algorithm, k.public) && (k.algorithm == "" || sameAlgorithm(k.algorithm, algorithm))
}

// parseKey reads a JWK (RFC 7517 section 4). A key that must not verify is refused like one that is broken.
func parseKey(members claimset.Object) (*key, error) {
	if err := checkUse(members); err != nil {
		return nil, err
	}
	k := new(key)
	var err error
	if k.id, k.hasID, err = optionalText(members, "kid"); err != nil {
		return nil, err
	}
	var hasAlgorithm bool
	if k.algorithm, hasAlgorithm, err = optionalText(members, "alg"); err != nil {
		return nil, err
	}
	if k.public, err = parsePublic(members); err != nil {
		return nil, err
	}
	if hasAlgorithm && (signatureOf(k.algorithm) == nil || !fitsKey(k.algorithm, k.public)) {
		return nil, errors.New("the key is for another algorithm")
	}
	return k, nil
}

// checkUse refuses keys that are not for verifying signatures (RFC 7517 sections 4.2 and 4.3), and those whose private
// half everybody can read.
func checkUse(members claimset.Object) error {
	use, hasUse, err := optionalText(members, "use")
	if err != nil {
		return err
	}
	ops, hasOps := members["key_ops"]
	list, _ := ops.([]any)
	switch {
	case hasUse && use != "sig":
		return errors.New("the key is not for signatures")
	case hasOps && !slices.Contains(list, any("verify")):
		return errors.New("the key is not for verifying")
	}
	if _, private := members["d"]; private {
		return errors.New("the key has its private part")
	}
	return nil
}

func parsePublic(members claimset.Object) (crypto.PublicKey, error) {
	switch members["kty"] {
	case "RSA":
		return parseRSA(members)
	case "EC":
		return parseEC(members)
	case "OKP":
		return parseEd25519(members)
	}
	return nil, errors.New("the type of the key is not RSA, EC or OKP")
}

// parseRSA looks at the size of the modulus before anything is computed with it.
func parseRSA(members claimset.Object) (crypto.PublicKey, error) {
	n, err1 := octets(members, "n", maxRSABits/8+1)
	e, err2 := octets(members, "e", 4)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	return checkRSA(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())})
}

func checkRSA(k *rsa.PublicKey) (*rsa.PublicKey, error) {
	switch {
	case k.N == nil || k.N.BitLen() < minRSABits || k.N.BitLen() > maxRSABits:
		return nil, fmt.Errorf("the RSA key has fewer than %d bits, or more than %d", minRSABits, maxRSABits)
	case k.N.Bit(0) == 0 || k.E < 3 || k.E > 1<<31-1 || k.E%2 == 0:
		return nil, errors.New("the modulus or the exponent is not that of an RSA key")
	}
	return k, nil
}

func parseEC(members claimset.Object) (crypto.PublicKey, error) {
	name, _ := members["crv"].(string)
	curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[name]
	if curve == nil {
		return nil, errors.New("the curve of the key is not P-256, P-384 or P-521")
	}
	size := (curve.Params().BitSize + 7) / 8
	x, err1 := octets(members, "x", size)
	y, err2 := octets(members, "y", size)
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if len(x) != size || len(y) != size {
		return nil, errors.New("the coordinates of the key are too short")
	}
	return ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
}

func parseEd25519(members claimset.Object) (crypto.PublicKey, error) {
	x, err := octets(members, "x", ed25519.PublicKeySize)
	if err != nil {
		return nil, err
	}
	if members["crv"] != "Ed25519" || len(x) != ed25519.PublicKeySize {
		return nil, errors.New("the key is not one of Ed25519")
	}
	return ed25519.PublicKey(x), nil
}

// octets decodes a member of at most limit bytes.
func octets(members claimset.Object, name string, limit int) ([]byte, error) {
	text, isText := members[name].(string)
	if !isText || len(text) > (limit*8+5)/6 {
		return nil, fmt.Errorf("%s is missing, or too long", name)
	}
	bytes, err := decode(text)
	if err != nil || len(bytes) == 0 {
		return nil, fmt.Errorf("%s is not base64url", name)
	}
	return bytes, nil
}

func optionalText(members claimset.Object, name string) (text string, given bool, err error) {
	value, given := members[name]
	text, isText := value.(string)
	if given && !isText {
		return "", true, fmt.Errorf("%s is not a string", name)
	}
	return text, given, nil
}

// checkPublic refuses keys of Go programs that no token may be verified with.
func checkPublic(public crypto.PublicKey) error {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if k == nil {
			return errors.New("the key is nil")
		}
		_, err := checkRSA(k)
		return err
	case *ecdsa.PublicKey:
		if k == nil {
			return errors.New("the key is nil")
		}
		_, err := k.ECDH() // checks the point
		return err
	case ed25519.PublicKey:
		if len(k) == ed25519.PublicKeySize {
			return nil
		}
	}
	return fmt.Errorf("%T is not a public key of RSA, ECDSA or Ed25519", public)
}

// thumbprint is the SHA-256 thumbprint of a public key (RFC 7638 section 3, RFC 8037 section 2), in base64url.
func thumbprint(public crypto.PublicKey) string {
	var canonical string
	switch k := public.(type) {
	case *rsa.PublicKey:
		canonical = fmt.Sprintf(`{"e":"%s","kty":"RSA","n":"%s"}`, encode(big.NewInt(int64(k.E)).Bytes()), encode(k.N.Bytes()))
	case *ecdsa.PublicKey:
		point, _ := k.Bytes()
		half := len(point) / 2
		canonical = fmt.Sprintf(`{"crv":"%s","kty":"EC","x":"%s","y":"%s"}`, k.Curve.Params().Name, encode(point[1:half+1]), encode(point[half+1:]))
	case ed25519.PublicKey:
		canonical = fmt.Sprintf(`{"crv":"Ed25519","kty":"OKP","x":"%s"}`, encode(k))
	}
	sum := sha256.Sum256([]byte(canonical))
	return encode(sum[:])
}
