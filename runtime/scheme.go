package guard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Scheme is a security scheme of the document together with the application's authenticator for it. The
// name is the one below components.securitySchemes.
//
// An authenticator returns the caller, or an error that is classified: see [Invalid], [Expired], [StepUp],
// [Forbidden] and [Unavailable]. It must be safe for concurrent use.
type Scheme[P any] struct {
	name         string
	reader       reader
	authenticate func(Request, credential) (P, error)
	challenger   challenger
	bearer       bool   // its challenge has the errors of RFC 6750
	scoped       bool   // its credential is a bearer token, which can have scopes
	source       string // what it is called in reasons
	err          error  // what is wrong with the constructor's arguments
}

// BearerScheme is a scheme of type http with scheme bearer, oauth2 or openIdConnect: its credential is a
// bearer token (RFC 6750).
func BearerScheme[P any](name string, authenticate func(context.Context, BearerToken) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: bearerReader{}, scoped: true, challenger: challenger{kind: bearerChallenge, scheme: "Bearer"}}
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			return authenticate(r.Context(), BearerToken{c.text})
		}
	}
	return s
}

// BasicScheme is a scheme of type http with scheme basic (RFC 7617).
func BasicScheme[P any](name string, authenticate func(context.Context, BasicCredentials) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: basicReader{}, challenger: challenger{kind: basicChallenge}}
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			return authenticate(r.Context(), BasicCredentials{c.text, c.user})
		}
	}
	return s
}

// APIKeyScheme is a scheme of type apiKey; parameter is the name of the header field, query parameter or
// cookie.
func APIKeyScheme[P any](name string, in Location, parameter string, authenticate func(context.Context, APIKey) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, challenger: challenger{kind: apiKeyChallenge, in: in, parameter: parameter}}
	s.reader, s.err = apiKeyReader(in, parameter)
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			return authenticate(r.Context(), APIKey{c.text})
		}
	}
	return s
}

// MutualTLSScheme is a scheme of type mutualTLS. Only a certificate that the TLS handshake verified counts
// (tls.Config with ClientAuth VerifyClientCertIfGiven or RequireAndVerifyClientCert).
func MutualTLSScheme[P any](name string, authenticate func(context.Context, ClientCertificate) (P, error)) Scheme[P] {
	s := Scheme[P]{name: name, reader: certificateReader{}, challenger: challenger{kind: certificateChallenge}}
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			return authenticate(r.Context(), ClientCertificate{chains: c.connection.VerifiedChains})
		}
	}
	return s
}

// HTTPScheme is a scheme of type http other than basic and bearer: Digest, Negotiate and so on.
// challenge supplies what follows the scheme in WWW-Authenticate; it is called for every 400 and 401 that
// carries this scheme's challenge.
func HTTPScheme[P any](name, scheme string, authenticate func(context.Context, HTTPCredentials) (P, error), challenge func(context.Context) Challenge) Scheme[P] {
	s := Scheme[P]{name: name, challenger: challenger{kind: suppliedChallenge, scheme: scheme, supply: challenge}}
	s.reader, s.err = otherReader(scheme)
	if authenticate != nil {
		s.authenticate = func(r Request, c credential) (P, error) {
			return authenticate(r.Context(), HTTPCredentials{c.text, scheme, r.HTTPMethod(), conceal(r.Target())})
		}
	}
	return s
}

// check says what is wrong with a scheme.
func (s *Scheme[P]) check() error {
	switch {
	case s.reader == nil && s.err == nil:
		return errors.New("it was not made by one of the constructors, BearerScheme and so on")
	case s.name == "":
		return errors.New("it has no name")
	case s.authenticate == nil:
		return errors.Join(s.err, errors.New("its authenticator is nil"))
	case s.err == nil && s.challenger.kind == suppliedChallenge && s.challenger.supply == nil:
		return errors.New("its challenge function is nil: nothing else knows the parameters of " + s.challenger.scheme)
	case s.err == nil && s.challenger.kind == fixedChallenge:
		return s.challenger.checkFixed()
	}
	return s.err
}

func apiKeyReader(in Location, parameter string) (reader, error) {
	switch in {
	case InHeader:
		name := http.CanonicalHeaderKey(parameter)
		return headerKey{name}, checkHeaderName(name)
	case InCookie:
		return cookieKey{parameter}, checkToken("cookie", parameter)
	case InQuery:
		if parameter == "" || !quotable(parameter) {
			return nil, fmt.Errorf("the query parameter %q is empty or has characters that no challenge can carry", parameter)
		}
		return queryKey{parameter}, nil
	}
	return nil, fmt.Errorf("an API key is in header, query or cookie, not in %q", string(in))
}

// checkHeaderName refuses names that cannot occur among a request's header fields; net/http takes three of
// them out.
func checkHeaderName(name string) error {
	switch name {
	case "Host", "Transfer-Encoding", "Trailer":
		return fmt.Errorf("the header field %s cannot carry an API key", name)
	}
	return checkToken("header field", name)
}

func checkToken(what, name string) error {
	if !all(name, tokenOctet) {
		return fmt.Errorf("the %s %q is not a token (RFC 9110 section 5.6.2)", what, name)
	}
	return nil
}

func otherReader(scheme string) (reader, error) {
	switch {
	case equalFold(scheme, "Basic"):
		return httpReader{}, errors.New("http basic is made by BasicScheme")
	case equalFold(scheme, "Bearer"):
		return httpReader{}, errors.New("http bearer is made by BearerScheme")
	case equalFold(scheme, "DPoP"):
		return httpReader{}, errors.New("http dpop is made by DPoPScheme")
	case equalFold(scheme, "Digest"):
		return digestReader{httpReader{scheme}}, nil
	}
	return httpReader{scheme}, checkToken("http scheme", scheme)
}
