package basic

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Account is what a store has of a user. O is your type of user.
type Account[O any] struct {
	// Hash is what Authenticator.Hash returned, or a hash of bcrypt. An account without one has no password, and is as good
	// as unknown.
	Hash  string
	Owner O
}

// Store finds accounts. It is safe for concurrent use.
type Store[O any] interface {
	// Find returns the account of a user, and false when there is none. The name is as it was sent. An error is an outage of
	// the store: an unknown user is none.
	Find(ctx context.Context, username string) (Account[O], bool, error)
}

// Authenticator authenticates users by their passwords. P is your type of caller.
type Authenticator[P any] struct {
	*verifier
	authenticate func(context.Context, guard.BasicCredentials) (P, error)
}

// New makes an authenticator. The function makes your caller of the account of a user whose password is right, for every
// request; its errors are passed on as they are.
func New[O, P any](config Config, store Store[O], caller func(context.Context, Account[O]) (P, error)) (*Authenticator[P], error) {
	switch {
	case store == nil:
		return nil, errors.New("basic: the store is nil")
	case caller == nil:
		return nil, errors.New("basic: the function that makes the caller is nil")
	}
	v, err := newVerifier(config)
	if err != nil {
		return nil, err
	}
	return &Authenticator[P]{v, func(ctx context.Context, c guard.BasicCredentials) (P, error) {
		account, found, err := store.Find(ctx, c.Username())
		if err != nil {
			return *new(P), guard.Unavailable(fmt.Errorf("basic: the store: %w", err))
		}
		if !found {
			account.Hash = ""
		}
		if err := v.verify(ctx, c.Username(), c.Password(), account.Hash); err != nil {
			return *new(P), err
		}
		return caller(ctx, account)
	}}, nil
}

// Authenticate accepts or refuses a user with a password.
func (a *Authenticator[P]) Authenticate(ctx context.Context, c guard.BasicCredentials) (P, error) {
	return a.authenticate(ctx, c)
}

// verifier is what does not depend on types of the application.
type verifier struct {
	config  Config
	limits  limits
	turns   *turns
	secret  []byte // of this process
	dummies []hash // for unknown users
	right   *remembered
}

func newVerifier(config Config) (*verifier, error) {
	config, err := config.validated()
	if err != nil {
		return nil, err
	}
	v := &verifier{
		config: config, limits: limits{config.MaxMemory, config.MaxTime, config.MaxCost},
		turns: newTurns(config.Concurrent, config.Queue), secret: make([]byte, sha256.Size), right: newRemembered(config.Remember),
	}
	if _, err := rand.Read(v.secret); err != nil {
		return nil, fmt.Errorf("basic: %w", err)
	}
	v.dummies = []hash{argonHash{config.New, v.secret[:newSaltLength], make([]byte, newTagLength)}}
	for i, stored := range config.Legacy {
		dummy, err := v.limits.parse(stored)
		if err != nil {
			return nil, fmt.Errorf("basic: Legacy[%d]: %w", i, err)
		}
		v.dummies = append(v.dummies, dummy)
	}
	return v, nil
}

var (
	errWrong    = errors.New("basic: the user is unknown, or the password is wrong")
	errPassword = errors.New("basic: a password has 1 to 1,024 bytes of UTF-8, without control characters")
)

// Hash makes the hash of a new password, as a PHC string. It waits for its turn as logins do.
func (v *verifier) Hash(ctx context.Context, password string) (string, error) {
	password, err := v.normalized(password)
	if err != nil || password == "" {
		return "", errors.Join(errPassword, err)
	}
	if err := v.turns.take(ctx); err != nil {
		return "", err
	}
	defer v.turns.give()
	h, err := newArgonHash(v.config.New, password)
	if err != nil {
		return "", err
	}
	return h.String(), nil
}

func (v *verifier) normalized(password string) (string, error) {
	if v.config.Normalize != nil {
		var err error
		if password, err = v.config.Normalize(password); err != nil {
			return "", err
		}
	}
	if len(password) > maxPassword || !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return "", errPassword
	}
	return password, nil
}

// verify compares a password with a stored hash, which is empty when there is none. A password that nobody can have is
// refused alike for all users, so that costs no hash.
func (v *verifier) verify(ctx context.Context, username, password, stored string) error {
	password, err := v.normalized(password)
	if err != nil {
		return guard.Invalid(errWrong)
	}
	h, err := v.read(username, stored)
	if err != nil {
		return err // a fault
	}
	mark := v.mark(username, password, stored)
	if stored != "" && v.right.has(mark) {
		return nil
	}
	ok, renewed, err := v.compare(ctx, h, password, stored)
	switch {
	case err != nil:
		return err
	case !ok:
		return guard.Invalid(errWrong)
	}
	v.right.put(mark)
	if renewed != "" {
		v.config.Rehash(ctx, username, stored, renewed)
	}
	return nil
}

// compare does the work, when it is our turn. It returns a new hash too when the password is right and the stored hash is
// out of date.
func (v *verifier) compare(ctx context.Context, h hash, password, stored string) (ok bool, renewed string, err error) {
	if err := v.turns.take(ctx); err != nil {
		return false, "", err
	}
	defer v.turns.give()
	ok = h.matches(password) && stored != ""
	if !ok || v.config.Rehash == nil || h.isLike(v.config.New) {
		return ok, "", nil
	}
	if fresh, err := newArgonHash(v.config.New, password); err == nil {
		renewed = fresh.String()
	}
	return ok, renewed, nil
}

// read is the stored hash, or the one that stands for an unknown user. Which one that is depends on the name alone.
func (v *verifier) read(username, stored string) (hash, error) {
	if stored != "" {
		return v.limits.parse(stored)
	}
	mark := v.mark("dummy", username, "")
	return v.dummies[binary.BigEndian.Uint64(mark[:])%uint64(len(v.dummies))], nil
}

// mark is an HMAC of texts, each with its length.
func (v *verifier) mark(texts ...string) (m mark) {
	mac := hmac.New(sha256.New, v.secret)
	for _, text := range texts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
		mac.Write([]byte(text))
	}
	mac.Sum(m[:0])
	return m
}
