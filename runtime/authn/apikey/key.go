package apikey

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"math/big"
	"strings"
)

// Lengths in characters of base62.
const (
	visibleLength  = 12 // 71 bits: two keys of a store do not meet
	secretLength   = 43 // 256 bits
	checksumLength = 6  // 32 bits

	maxPrefix = 32
	// tail is what follows the prefix, underscores included.
	tail = 1 + visibleLength + 1 + secretLength + checksumLength
)

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Format is the form of keys with one prefix.
type Format struct{ prefix string }

// NewFormat makes the form of keys with this prefix: letters, digits and single underscores, at most 32, a letter first.
// Say whose keys these are, and for which environment: "acme_live".
func NewFormat(prefix string) (Format, error) {
	bare := strings.ReplaceAll(prefix, "_", "")
	switch {
	case len(prefix) < 2 || len(prefix) > maxPrefix:
		return Format{}, fmt.Errorf("apikey: a prefix has 2 to %d characters", maxPrefix)
	case !isBase62(bare) || prefix[0] <= '9' || prefix[0] == '_':
		return Format{}, errors.New("apikey: a prefix consists of letters, digits and underscores, and begins with a letter")
	case strings.HasSuffix(prefix, "_") || strings.Contains(prefix, "__"):
		return Format{}, errors.New("apikey: underscores stand alone, between other characters")
	}
	return Format{prefix}, nil
}

// Pattern is a regular expression (RE2) for keys of the format, for scanners that look for leaked secrets.
func (f Format) Pattern() string {
	return fmt.Sprintf(`\b%s_[0-9A-Za-z]{%d}_[0-9A-Za-z]{%d}\b`, f.prefix, visibleLength, secretLength+checksumLength)
}

// Generate makes a new key.
func (f Format) Generate() (Key, error) {
	if f.prefix == "" {
		return Key{}, errors.New("apikey: the zero Format has no prefix")
	}
	visible, err := random(visibleLength)
	if err != nil {
		return Key{}, err
	}
	secret, err := randomBits(256, secretLength)
	if err != nil {
		return Key{}, err
	}
	text := f.prefix + "_" + visible + "_" + secret
	return Key{id: f.prefix + "_" + visible, text: text + checksum(text)}, nil
}

// Parse checks the form and the checksum of a key. It says nothing about whether the key exists.
func (f Format) Parse(text string) (Key, error) {
	if len(text) != len(f.prefix)+tail || !strings.HasPrefix(text, f.prefix) || f.prefix == "" {
		return Key{}, errForm
	}
	split := len(f.prefix) + 1 + visibleLength
	if text[len(f.prefix)] != '_' || text[split] != '_' || !isBase62(text[len(f.prefix)+1:split]) || !isBase62(text[split+1:]) {
		return Key{}, errForm
	}
	end := len(text) - checksumLength
	if checksum(text[:end]) != text[end:] {
		return Key{}, errChecksum
	}
	return Key{id: text[:split], text: text}, nil
}

var (
	errForm     = errors.New("apikey: not a key of this form")
	errChecksum = errors.New("apikey: the checksum is wrong, as after a typo")
)

// Key is a whole key. It prints as its ID; only Reveal shows it.
type Key struct{ id, text string }

// Reveal is the key itself. Show it to its owner once, and keep it nowhere.
func (k Key) Reveal() string { return k.text }

// ID is the prefix with the visible part: the name of the key, for people and for the store.
func (k Key) ID() string { return k.id }

// Digest is what the store keeps of the key: the SHA-256 of all of it.
func (k Key) Digest() []byte {
	sum := sha256.Sum256([]byte(k.text))
	return sum[:]
}

// String is the ID, followed by dots.
func (k Key) String() string { return k.id + "…" }

// Format prints String under every verb.
func (k Key) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, k.String()) }

// MarshalText is String, in JSON too.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// LogValue is String.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// checksum is the CRC-32 (IEEE) in base62.
func checksum(text string) string {
	sum, n := [checksumLength]byte{}, crc32.ChecksumIEEE([]byte(text))
	for i := checksumLength - 1; i >= 0; i-- {
		sum[i] = digits[n%62]
		n /= 62
	}
	return string(sum[:])
}

// base62 is a number with this many digits.
func base62(n *big.Int, length int) string {
	text := make([]byte, length)
	base, digit := big.NewInt(int64(len(digits))), new(big.Int)
	for i := length - 1; i >= 0; i-- {
		n.DivMod(n, base, digit)
		text[i] = digits[digit.Int64()]
	}
	return string(text)
}

// randomBits is a number of so many random bits.
func randomBits(bits uint, length int) (string, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), bits))
	if err != nil {
		return "", fmt.Errorf("apikey: %w", err)
	}
	return base62(n, length), nil
}

// random is any number of so many digits.
func random(length int) (string, error) {
	limit := new(big.Int).Exp(big.NewInt(int64(len(digits))), big.NewInt(int64(length)), nil)
	n, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return "", fmt.Errorf("apikey: %w", err)
	}
	return base62(n, length), nil
}

func isBase62(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
