package client

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

const (
	maxSkew = 10 * time.Second // a token is renewed that long before it expires, and a tenth of its life at most
	maxKept = 1024             // refused tokens that are remembered
)

var noExpiry time.Time

var (
	errNoToken   = errors.New("client: the source returned no token")
	errBadToken  = errors.New("client: the source returned a token that no header field can carry")
	errOwnClient = errors.New("client: a token source asked through the client that waits for it")
)

// ErrTokenRefused is the cause when a source returns a token that the server refused before.
var ErrTokenRefused = errors.New("client: the source returned a token that the server has refused")

// tokens are the tokens of one source: the current one, and the refused ones.
type tokens struct {
	source  TokenSource
	scheme  string
	current atomic.Pointer[issued]

	mu      sync.Mutex
	flight  *flight
	refused map[[sha256.Size]byte]bool
	order   [][sha256.Size]byte
	denial  *DenialError // the last 401 that refused a token
}

// issued is a token in use.
type issued struct {
	text          secret.Text
	authorization secret.Text // the field's value
	expiry        time.Time   // zero: nobody knows
	renewAt       time.Time   // a little before expiry
	expired       func() bool // nil: never
	refused       atomic.Bool
}

func (t *issued) usable() bool {
	switch {
	case t == nil || t.refused.Load():
		return false
	case !t.renewAt.IsZero() && !time.Now().Before(t.renewAt):
		return false
	}
	return t.expired == nil || !t.expired()
}

// lasts reports whether the token, which was to be renewed, is still valid.
func (t *issued) lasts() bool {
	return t != nil && !t.refused.Load() && !t.expiry.IsZero() && time.Now().Before(t.expiry)
}

// get is the current token. Without one that can be used it waits for the source, or for whoever asks it already. A token
// that was to be renewed early serves until it expires when there is no other one.
func (s *tokens) get(wait waiting, limit time.Duration) (*issued, error) {
	if t := s.current.Load(); t.usable() {
		return t, nil
	}
	t, err := s.join(wait.ctx, limit).result(wait)
	switch old := s.current.Load(); {
	case err == nil || wait.err() != nil:
		return t, err
	case old.lasts():
		return old, nil
	}
	return nil, &RefreshError{Err: err, Denial: s.lastDenial()}
}

// refuse remembers that the server refused the token: it is never sent again.
func (s *tokens) refuse(t *issued, denial *DenialError) {
	if t.refused.Swap(true) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denial = denial
	sum := sha256.Sum256([]byte(secret.Reveal(t.text)))
	if s.refused[sum] {
		return
	}
	if s.refused == nil {
		s.refused = map[[sha256.Size]byte]bool{}
	}
	if len(s.order) == maxKept {
		delete(s.refused, s.order[0])
		s.order = s.order[1:]
	}
	s.refused[sum], s.order = true, append(s.order, sum)
}

func (s *tokens) lastDenial() *DenialError {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denial
}

// join starts asking the source, unless somebody has.
func (s *tokens) join(ctx context.Context, limit time.Duration) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.current.Load(); t.usable() {
		return landed(t)
	}
	if s.flight == nil {
		s.flight = takeOff(limit)
		go s.fly(s.flight, askingOf(ctx).with(s))
	}
	return s.flight
}

// fly asks the source once. Its context is not that of a request: whoever started it may give up without harm to others.
func (s *tokens) fly(f *flight, asking *asking) {
	ctx, cancel := context.WithDeadline(asking.context(context.Background()), f.until)
	defer cancel()
	var t *issued
	err := errors.New("client: the token source ended its goroutine")
	defer func() {
		if p := recover(); p != nil {
			err = panicked("token source", p)
		}
		s.land(f, t, err)
	}()
	var token Token
	if token, err = s.source.Token(ctx); err == nil {
		t, err = s.issue(token)
	}
}

// land makes the result known.
func (s *tokens) land(f *flight, t *issued, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && s.refused[sha256.Sum256([]byte(secret.Reveal(t.text)))] {
		err = ErrTokenRefused
	}
	if err == nil {
		s.denial = nil
		s.current.Store(t)
	}
	s.flight = nil
	f.land(t, err)
}

func (s *tokens) issue(token Token) (*issued, error) {
	text := secret.Reveal(token.Text)
	switch {
	case text == "":
		return nil, errNoToken
	case !grammar.IsPrintable(text) || grammar.TrimSpace(text) != text:
		return nil, errBadToken
	}
	t := &issued{text: token.Text, authorization: secret.Hide(s.scheme + " " + text), expired: token.expired}
	if !token.expiry.IsZero() {
		skew := min(maxSkew, max(0, time.Until(token.expiry)/10))
		t.expiry, t.renewAt = token.expiry, token.expiry.Add(-skew)
	}
	return t, nil
}

// panicked makes an error of a panic in a function of the application.
func panicked(who string, p any) error {
	if err, ok := p.(error); ok {
		return fmt.Errorf("client: the %s panicked: %w", who, err)
	}
	return fmt.Errorf("client: the %s panicked: %v", who, p)
}
