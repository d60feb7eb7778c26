package gen

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/challenge"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// Scheme is a security scheme of the document together with the application's authenticator for it. The name is the
// one under components.securitySchemes.
//
// An authenticator returns the caller, or a classified error: see [guard.Invalid], [guard.Expired], [guard.StepUp],
// [guard.Forbidden] and [guard.Unavailable]. It must be safe for concurrent use.
type Scheme[P any] struct {
	name         string
	reader       credential.Reader
	authenticate func(context.Context, reach.Origin, credential.Credential) (P, error)
	challenge    challenge.Scheme
	scoped       bool  // its credential is a bearer token, which can have scopes
	signedBody   int64 // the largest body that the authenticator gets, 0 when it gets none
	each         func(credential.Request, int) []credential.Value
	err          error // a mistake in the arguments

	invalidIsAnonymous bool
}

// Bearer is a scheme of type http with scheme bearer, oauth2 or openIdConnect: its credential is a bearer token
// (RFC 6750).
func Bearer[P any](name string, authenticate func(context.Context, guard.BearerToken) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: &credential.Bearer{}, scoped: true, challenge: challenge.Bearer()}
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.BearerToken{Text: c.Text, Origin: o})
		}
	}
	return s
}

// Basic is a scheme of type http with scheme basic (RFC 7617).
func Basic[P any](name string, authenticate func(context.Context, guard.BasicCredentials) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: &credential.Basic{}, challenge: challenge.Basic()}
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.BasicCredentials{UserPass: c.UserPass(), Origin: o})
		}
	}
	return s
}

// Location is the place of an API key in a request.
type Location string

// The locations of API keys (OpenAPI 3.1.1 section 4.8.27).
const (
	InHeader Location = "header"
	InQuery  Location = "query"
	InCookie Location = "cookie"
)

// APIKey is a scheme of type apiKey; parameter is the name of the header field, query parameter or cookie.
func APIKey[P any](name string, in Location, parameter string, authenticate func(context.Context, guard.APIKey) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, challenge: challenge.APIKey(string(in), parameter)}
	s.reader, s.err = keyReader(in, parameter)
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.APIKey{Text: c.Text, Origin: o})
		}
	}
	return s
}

// MutualTLS is a scheme of type mutualTLS (RFC 8705). Only a certificate that the TLS handshake verified counts
// (tls.Config with ClientAuth VerifyClientCertIfGiven or RequireAndVerifyClientCert).
func MutualTLS[P any](name string, authenticate func(context.Context, guard.ClientCertificate) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: &credential.Certificate{}, challenge: challenge.Certificate()}
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.ClientCertificate{Verified: c.Verified(), Origin: o})
		}
	}
	return s
}

// HTTP is a scheme of type http other than basic, bearer and dpop: Digest, Negotiate and so on. challenge supplies the
// part of WWW-Authenticate after the scheme; it is called for every 400 and 401 that carries this scheme's challenge.
func HTTP[P any](name, scheme string, authenticate func(context.Context, guard.HTTPCredentials) (P, error), challenge func(context.Context) guard.Challenge) Scheme[P] {
	s := Scheme[P]{name: name, challenge: suppliedBy(challenge, scheme)}
	s.reader, s.err = otherReader(scheme)
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.HTTPCredentials{Params: c.Params(scheme, reach.Source(o)), Origin: o})
		}
	}
	return s
}

// DPoP is a scheme of type http with scheme DPoP: an access token in Authorization, and in a DPoP field the proof that
// its sender holds the key that it is bound to (RFC 9449). The authenticator verifies both; challenge supplies the
// parameters of the challenge, algs for one.
//
// A token that is bound to a key is not a bearer token. The authenticator of a [Bearer] scheme refuses one that has
// cnf with [guard.Invalid]; otherwise a thief needs no key (RFC 9449 section 7.2).
func DPoP[P any](name string, authenticate func(context.Context, guard.DPoPToken) (P, error), challenge func(context.Context) guard.Challenge) Scheme[P] {
	s := Scheme[P]{name: name, reader: &credential.DPoP{}, challenge: suppliedBy(challenge, "DPoP")}
	if authenticate != nil {
		s.authenticate = func(ctx context.Context, o reach.Origin, c credential.Credential) (P, error) {
			return authenticate(ctx, guard.DPoPToken{Bound: c.Bound(reach.Source(o)), Origin: o})
		}
	}
	return s
}

// WithChallenge returns the scheme with another challenge, x-challenge: the authentication scheme, the realm and the
// parameters, always the same. The realm is that of the options, and first, unless params has one;
// Param{"realm", ""} leaves it out. A challenge of scheme Bearer or DPoP also says what was wrong. For [HTTP] and
// [DPoP] schemes the challenge replaces their challenge function, which can then be nil.
func (s Scheme[P]) WithChallenge(scheme string, params ...guard.Param) Scheme[P] {
	s.challenge = challenge.Fixed(scheme, converted(params))
	return s
}

func suppliedBy(supply func(context.Context) guard.Challenge, scheme string) challenge.Scheme {
	if supply == nil {
		return challenge.Supplied(scheme, nil)
	}
	return challenge.Supplied(scheme, func(ctx context.Context) (string, []challenge.Param) {
		c := supply(ctx)
		return c.Token68, converted(c.Params)
	})
}

func converted(params []guard.Param) []challenge.Param {
	out := make([]challenge.Param, len(params))
	for i, p := range params {
		out[i] = challenge.Param(p)
	}
	return out
}

// check says what is wrong with a scheme.
func (s *Scheme[P]) check() error {
	switch {
	case s.reader == nil && s.err == nil:
		return errors.New("it was not made by a constructor such as gen.Bearer")
	case s.name == "":
		return errors.New("it has no name")
	case s.authenticate == nil:
		return errors.Join(s.err, errors.New("its authenticator is nil"))
	case s.err == nil && s.challenge.LacksSupplier():
		return errors.New("its challenge function is nil: nothing else knows the parameters of " + s.challenge.Name())
	case s.err == nil:
		return s.challenge.Check()
	}
	return s.err
}

func keyReader(in Location, parameter string) (credential.Reader, error) {
	switch in {
	case InHeader:
		name := http.CanonicalHeaderKey(parameter)
		return &credential.HeaderKey{Name: name}, checkHeaderName(name)
	case InCookie:
		return &credential.CookieKey{Name: parameter}, challenge.CheckToken("cookie", parameter)
	case InQuery:
		if parameter == "" || !grammar.IsPrintable(parameter) {
			return nil, fmt.Errorf("the query parameter %q is empty or has characters that no challenge can carry", parameter)
		}
		return &credential.QueryKey{Name: parameter}, nil
	}
	return nil, fmt.Errorf("an API key is in header, query or cookie, not in %q", string(in))
}

// checkHeaderName refuses names that never occur among a request's header fields; net/http removes three.
func checkHeaderName(name string) error {
	switch name {
	case "Host", "Transfer-Encoding", "Trailer":
		return fmt.Errorf("the header field %s cannot carry an API key", name)
	}
	return challenge.CheckToken("header field", name)
}

func otherReader(scheme string) (credential.Reader, error) {
	other := credential.Other{Scheme: scheme}
	switch {
	case grammar.EqualFold(scheme, "Basic"):
		return &other, errors.New("http basic is made by gen.Basic")
	case grammar.EqualFold(scheme, "Bearer"):
		return &other, errors.New("http bearer is made by gen.Bearer")
	case grammar.EqualFold(scheme, "DPoP"):
		return &other, errors.New("http dpop is made by gen.DPoP")
	case grammar.EqualFold(scheme, "Digest"):
		return &credential.Digest{Other: other}, nil
	}
	return &other, challenge.CheckToken("http scheme", scheme)
}
