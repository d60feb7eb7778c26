package client

import (
	"context"
	"net/http"
	"strings"
)

// OAuth2Token is what the adapters need of *oauth2.Token (golang.org/x/oauth2), which has these methods.
type OAuth2Token interface {
	comparable
	SetAuthHeader(*http.Request)
	Valid() bool
}

// OAuth2 makes a [TokenSource] of an oauth2.TokenSource (golang.org/x/oauth2). The type of the token is inferred:
//
//	client.OAuth2(source)
//
// A source that keeps its token, as those of oauth2.Config do, returns the refused one after a 401: [ErrTokenRefused]. Use
// [OAuth2Func] where a refused token is to be replaced.
func OAuth2[T OAuth2Token](source interface{ Token() (T, error) }) TokenSource {
	return OAuth2Func(func(context.Context) (T, error) { return source.Token() })
}

// OAuth2Func makes a [TokenSource] of a function that fetches a token each time it is called. For the client credentials
// grant that is a method of x/oauth2's clientcredentials.Config:
//
//	client.OAuth2Func(config.Token)
//
// and for a refresh token a source that has no access token yet:
//
//	client.OAuth2Func(func(ctx context.Context) (*oauth2.Token, error) {
//		return config.TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
//	})
func OAuth2Func[T OAuth2Token](fetch func(context.Context) (T, error)) TokenSource {
	return TokenFunc(func(ctx context.Context) (Token, error) {
		token, err := fetch(ctx)
		if err != nil {
			return Token{}, err
		}
		var none T
		if token == none {
			return Token{}, errNoToken
		}
		return fromOAuth2(token), nil
	})
}

// fromOAuth2 reads the token from the field that it would set, since its own fields cannot be reached without an import.
func fromOAuth2[T OAuth2Token](token T) Token {
	scratch := http.Request{Header: http.Header{}}
	token.SetAuthHeader(&scratch)
	_, text, _ := strings.Cut(scratch.Header.Get("Authorization"), " ")
	made := NewToken(text, noExpiry)
	made.expired = func() bool { return !token.Valid() }
	return made
}
