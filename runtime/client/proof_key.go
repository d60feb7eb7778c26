package client

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

// ProofKey signs proofs with a P-256 key and ES256, the algorithm that every server of DPoP takes. It prints as its public
// half.
type ProofKey struct {
	private *ecdsa.PrivateKey
	header  string
}

// NewProofKey makes a signer of a private key on the curve P-256.
func NewProofKey(key *ecdsa.PrivateKey) (*ProofKey, error) {
	if key == nil || key.Curve != elliptic.P256() {
		return nil, errors.New("client: a DPoP key is on the curve P-256")
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, errors.New("client: the DPoP key is not a point of P-256")
	}
	header := struct {
		Type      string `json:"typ"`
		Algorithm string `json:"alg"`
		Key       any    `json:"jwk"`
	}{"dpop+jwt", "ES256", publicKey{"EC", "P-256", encode(point[1:33]), encode(point[33:])}}
	return &ProofKey{private: key, header: encodeJSON(header)}, nil
}

// publicKey is a JWK (RFC 7518 section 6.2.1).
type publicKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// SignProof makes a proof (RFC 9449 section 4.2).
func (k *ProofKey) SignProof(_ context.Context, claims ProofClaims) (string, error) {
	payload := struct {
		ID     string `json:"jti"`
		Method string `json:"htm"`
		URL    string `json:"htu"`
		Issued int64  `json:"iat"`
		Hash   string `json:"ath,omitempty"`
		Nonce  string `json:"nonce,omitempty"`
	}{rand.Text(), claims.Method, claims.URL, time.Now().Unix(), claims.TokenHash, claims.Nonce}
	signed := k.header + "." + encodeJSON(payload)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, k.private, sum[:])
	if err != nil {
		return "", err
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + encode(signature[:]), nil
}

// String is the name of the type: the key itself is never printed.
func (k *ProofKey) String() string { return "client.ProofKey" }

// GoString is String.
func (k *ProofKey) GoString() string { return k.String() }

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// encodeJSON cannot fail for structs of strings and numbers.
func encodeJSON(v any) string {
	b, _ := json.Marshal(v)
	return encode(b)
}
