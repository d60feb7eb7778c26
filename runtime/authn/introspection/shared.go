package introspection

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Cache is shared by processes. Its names and values are opaque. It need not be reliable: it may forget and fail.
type Cache interface {
	// Get returns the value of a name, or nil when there is none.
	Get(ctx context.Context, name string) ([]byte, error)
	// Set keeps a value for ttl at most.
	Set(ctx context.Context, name string, value []byte, ttl time.Duration) error
}

// pause is how long a cache that failed is left alone.
const pause = time.Second

// shared is a Cache with its names and values sealed.
type shared struct {
	cache   Cache
	nameKey []byte
	seal    cipher.AEAD
	context string // whose answers these are: another client may get others (RFC 7662 section 4)
	timeout time.Duration
	onError func(error)
	maxAge  time.Duration
	retry   atomic.Int64 // when a cache that failed is asked again
}

func newShared(c Config) (*shared, error) {
	block, err := aes.NewCipher(derived(c.SharedKey, "introspection: values"))
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &shared{
		cache: c.Shared, nameKey: derived(c.SharedKey, "introspection: names"), seal: seal,
		context: fmt.Sprintf("%q %q ", c.Endpoint, c.ClientID),
		timeout: c.SharedTimeout, onError: c.OnSharedError, maxAge: c.MaxAge,
	}, nil
}

func derived(key []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

func (s *shared) name(token string) string {
	return hex.EncodeToString(derived(s.nameKey, s.context+token))
}

// get returns an answer and the time until which it may be used. An entry that is not ours, or lives longer than ours do, is
// none.
func (s *shared) get(ctx context.Context, token string, now time.Time) (raw []byte, until time.Time) {
	name := s.name(token)
	value, ok := s.try(ctx, now, func(ctx context.Context) ([]byte, error) { return s.cache.Get(ctx, name) })
	if !ok || len(value) == 0 {
		return nil, time.Time{}
	}
	plain, err := s.seal.Open(nil, nil, value, []byte(name))
	if err != nil || len(plain) < 8 {
		s.failed(errors.New("introspection: an entry of the shared cache was not written with our SharedKey"))
		return nil, time.Time{}
	}
	until = time.UnixMilli(int64(binary.BigEndian.Uint64(plain)))
	if !now.Before(until) || until.After(now.Add(s.maxAge)) {
		return nil, time.Time{}
	}
	return plain[8:], until
}

func (s *shared) set(ctx context.Context, token string, raw []byte, now, until time.Time) {
	name, ttl := s.name(token), until.Sub(now)
	if ttl < time.Millisecond {
		return
	}
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(until.UnixMilli())), raw...)
	value := s.seal.Seal(nil, nil, plain, []byte(name))
	s.try(ctx, now, func(ctx context.Context) ([]byte, error) { return nil, s.cache.Set(ctx, name, value, ttl) })
}

// try does one operation in its time, whether the cache honours its context or not. After a failure it does none for a pause.
func (s *shared) try(ctx context.Context, now time.Time, operation func(context.Context) ([]byte, error)) ([]byte, bool) {
	if now.UnixNano() < s.retry.Load() {
		return nil, false
	}
	value, err := within(ctx, s.timeout, operation)
	if err != nil {
		if s.retry.Swap(now.Add(pause).UnixNano()) <= now.UnixNano() {
			s.failed(fmt.Errorf("introspection: shared cache: %w", err))
		}
		return nil, false
	}
	return value, true
}

func (s *shared) failed(err error) {
	if s.onError != nil {
		s.onError(err)
	}
}

// within ends with the time limit, even when the operation does not.
func within(ctx context.Context, limit time.Duration, operation func(context.Context) ([]byte, error)) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	type result struct {
		value []byte
		err   error
	}
	ended := make(chan result, 1)
	go func() {
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				ended <- result{nil, fmt.Errorf("panic: %v", p)}
			}
		}()
		value, err := operation(ctx)
		ended <- result{value, err}
	}()
	select {
	case r := <-ended:
		return r.value, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
