package basic

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// Params are those of argon2id (RFC 9106 section 3.1).
type Params struct {
	Memory      uint32 // KiB
	Time        uint32 // passes
	Parallelism uint8
}

// defaultParams are the smallest that the OWASP Password Storage Cheat Sheet recommends.
var defaultParams = Params{Memory: 19 << 10, Time: 2, Parallelism: 1}

const (
	newSaltLength = 16
	newTagLength  = 32
	maxPassword   = 1024
	bcryptLimit   = 72
)

// hash is a stored hash that was read.
type hash interface {
	matches(password string) bool
	isLike(Params) bool
}

type argonHash struct {
	Params
	salt, tag []byte
}

func newArgonHash(p Params, password string) (argonHash, error) {
	salt := make([]byte, newSaltLength)
	if _, err := rand.Read(salt); err != nil {
		return argonHash{}, fmt.Errorf("basic: %w", err)
	}
	return argonHash{p, salt, argon2.IDKey([]byte(password), salt, p.Time, p.Memory, p.Parallelism, newTagLength)}, nil
}

func (h argonHash) matches(password string) bool {
	tag := argon2.IDKey([]byte(password), h.salt, h.Time, h.Memory, h.Parallelism, uint32(len(h.tag)))
	return subtle.ConstantTimeCompare(tag, h.tag) == 1
}

func (h argonHash) isLike(p Params) bool {
	return h.Params == p && len(h.salt) >= newSaltLength && len(h.tag) >= newTagLength
}

// String is the PHC string of the hash.
func (h argonHash) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.Memory, h.Time, h.Parallelism,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.tag))
}

type bcryptHash string

// matches does the work for a password that is too long as well. bcrypt would cut it.
func (h bcryptHash) matches(password string) bool {
	fits := len(password) <= bcryptLimit
	return bcrypt.CompareHashAndPassword([]byte(h), []byte(password[:min(len(password), bcryptLimit)])) == nil && fits
}

func (h bcryptHash) isLike(Params) bool { return false }

// limits are those of stored hashes: whoever writes to the store cannot exhaust the process.
type limits struct {
	memory, time uint32
	cost         int
}

var errHash = errors.New("basic: a stored hash is neither a PHC string of argon2id nor one of bcrypt")

// parse reads a stored hash strictly. Errors do not show it.
func (l limits) parse(stored string) (hash, error) {
	if rest, ok := strings.CutPrefix(stored, "$argon2id$v=19$"); ok {
		return l.parseArgon(rest)
	}
	return l.parseBcrypt(stored)
}

// parseArgon reads m=…,t=…,p=…$salt$tag.
func (l limits) parseArgon(text string) (hash, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 3 {
		return nil, errHash
	}
	h, err := l.parseParams(strings.Split(parts[0], ","))
	if err != nil {
		return nil, err
	}
	var saltErr, tagErr error
	h.salt, saltErr = octets(parts[1])
	h.tag, tagErr = octets(parts[2])
	if saltErr != nil || tagErr != nil || len(h.salt) < 8 || len(h.tag) < 16 {
		return nil, errHash
	}
	return h, nil
}

func (l limits) parseParams(params []string) (h argonHash, err error) {
	if len(params) != 3 {
		return h, errHash
	}
	m, mErr := number(params[0], "m=")
	t, tErr := number(params[1], "t=")
	p, pErr := number(params[2], "p=")
	switch {
	case mErr != nil || tErr != nil || pErr != nil || t < 1 || p < 1 || p > 255 || m < 8*p:
		return h, errHash
	case m > l.memory || t > l.time:
		return h, fmt.Errorf("basic: a stored hash wants m=%d and t=%d, and %d and %d are allowed", m, t, l.memory, l.time)
	}
	h.Params = Params{Memory: m, Time: t, Parallelism: uint8(p)}
	return h, nil
}

// number is a decimal number in its only spelling.
func number(text, name string) (uint32, error) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || strconv.FormatUint(n, 10) != digits {
		return 0, errHash
	}
	return uint32(n), nil
}

// octets are at most 64 in base64 without padding.
func octets(text string) ([]byte, error) {
	if len(text) > 86 || strings.ContainsAny(text, "\r\n") {
		return nil, errHash
	}
	return base64.RawStdEncoding.Strict().DecodeString(text)
}

// parseBcrypt reads $2a$ or $2b$ or $2y$, two digits, and 53 characters of bcrypt's base64.
func (l limits) parseBcrypt(text string) (hash, error) {
	if len(text) != 60 || text[:2] != "$2" || !strings.ContainsRune("aby", rune(text[2])) || text[3] != '$' || text[6] != '$' || !isBcrypt64(text[7:]) {
		return nil, errHash
	}
	cost, err := strconv.Atoi(text[4:6])
	switch {
	case err != nil || cost < bcrypt.MinCost || cost > bcrypt.MaxCost || text[4] == '+' || text[4] == '-':
		return nil, errHash
	case cost > l.cost:
		return nil, fmt.Errorf("basic: a stored hash has cost %d, and %d is allowed", cost, l.cost)
	}
	return bcryptHash(text), nil
}

func isBcrypt64(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '.' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
