package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
)

// A session that has got another token keeps the new one, so that a logout with the old cookie ends both. It is encrypted with
// the old token, which a store of hashes does not have.

func seal(old, next string) (string, error) {
	box, err := sealer(old)
	if err != nil {
		return "", err
	}
	return base64.RawStdEncoding.EncodeToString(box.Seal(nil, nil, []byte(next), nil)), nil
}

// open is the new token, or nothing when there is none.
func open(old, sealed string) string {
	bytes, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(bytes) == 0 {
		return ""
	}
	box, err := sealer(old)
	if err != nil {
		return ""
	}
	next, err := box.Open(nil, nil, bytes, nil)
	if err != nil {
		return ""
	}
	return string(next)
}

func sealer(old string) (cipher.AEAD, error) {
	key := sha256.Sum256([]byte("successor " + old))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
