package idp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strconv"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// keys are the signing keys: the last one signs, and the one before it is still published, so that tokens which it signed
// stay good.
type keys struct {
	mutex sync.Mutex
	made  int
	list  []key
}

type key struct {
	id      string
	private *ecdsa.PrivateKey
}

// rotate makes a new key, and forgets all but the one before it.
func (k *keys) rotate() error {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.made++
	k.list = append(k.list, key{"key-" + strconv.Itoa(k.made), private})
	k.list = k.list[max(0, len(k.list)-2):]
	return nil
}

// sign makes an access token (RFC 9068 section 2.1).
func (k *keys) sign(claims jwt.MapClaims) (string, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if len(k.list) == 0 {
		return "", errors.New("idp: no key")
	}
	current := k.list[len(k.list)-1]
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["typ"], token.Header["kid"] = "at+jwt", current.id
	return token.SignedString(current.private)
}

// jwk is a public key (RFC 7517).
type jwk struct {
	Type      string `json:"kty"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	Y         string `json:"y"`
}

// published are the public keys.
func (k *keys) published() ([]jwk, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	var all []jwk
	for _, key := range k.list {
		point, err := key.private.PublicKey.Bytes() // 4, x and y (SEC 1 section 2.3.3)
		if err != nil {
			return nil, err
		}
		all = append(all, jwk{"EC", key.id, "sig", "ES256", "P-256", coordinate(point[1:33]), coordinate(point[33:])})
	}
	return all, nil
}

func coordinate(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }
