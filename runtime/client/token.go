package client

import (
	"context"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// TokenSource gets tokens. The transport keeps a token until it expires or is refused, and asks for one at a time, for all
// requests: a source needs no cache, and must not have one, for after a 401 it has to give another token.
//
// The context is not that of a request: it ends with [Options.RefreshTimeout], and has none of a request's values.
type TokenSource interface {
	Token(ctx context.Context) (Token, error)
}

// TokenFunc is a function as a [TokenSource].
type TokenFunc func(ctx context.Context) (Token, error)

// Token calls f.
func (f TokenFunc) Token(ctx context.Context) (Token, error) { return f(ctx) }

// Token is an access token. It prints as [redacted].
type Token struct {
	secret.Text
	expiry  time.Time
	expired func() bool
}

// NewToken makes a token that is valid until expiry. The zero time says that nobody knows: the token is used until the
// server refuses it.
func NewToken(accessToken string, expiry time.Time) Token {
	return Token{Text: secret.Hide(accessToken), expiry: expiry}
}

// StaticToken is a source that has one token. When the server has refused it the transport sends nothing more:
// [ErrTokenRefused].
func StaticToken(accessToken string) TokenSource {
	return TokenFunc(func(context.Context) (Token, error) { return NewToken(accessToken, time.Time{}), nil })
}
