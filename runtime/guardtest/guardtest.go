// Package guardtest is for tests of guarded servers.
//
// # A whole server
//
// [Run] asks a server every question that its policy answers, and fails where one guard is forgotten. [Routes] names the
// routes that no operation of the document covers, and [Coverage] the decisions that a program's tests leave out.
//
//	guardtest.Run(t, handler, apiguard.Policy(), guardtest.Options{Schemes: apiguard.Schemes(), Credentials: credentials})
//
// # The application's functions
//
// The package also makes what guards hand to authenticators, combinations and resource checks.
//
//	token := guardtest.BearerToken("t-1", guardtest.WithRequest(httptest.NewRequest("GET", "/orders", nil), operation))
//	caller, err := auth.BearerAuth(ctx, token)
//	fields, err := guardtest.Fields(token.Request()) // Set-Cookie, say
//
// A credential that is made without [WithRequest] comes with an empty request.
package guardtest

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// BearerToken makes the token of a bearer scheme.
func BearerToken(token string, options ...Option) guard.BearerToken {
	return guard.BearerToken{Text: secret.Hide(token), Origin: origin(options)}
}

// APIKey makes the key of an apiKey scheme.
func APIKey(key string, options ...Option) guard.APIKey {
	return guard.APIKey{Text: secret.Hide(key), Origin: origin(options)}
}

// BasicCredentials makes the credentials of a basic scheme.
func BasicCredentials(username, password string, options ...Option) guard.BasicCredentials {
	return guard.BasicCredentials{UserPass: credential.NewUserPass(username, password), Origin: origin(options)}
}

// ClientCertificate makes the certificate of a mutualTLS scheme from verified chains, each from the leaf to a root.
func ClientCertificate(chains ...[]*x509.Certificate) guard.ClientCertificate {
	return ClientCertificateWith(chains)
}

// ClientCertificateWith is [ClientCertificate] with options.
func ClientCertificateWith(chains [][]*x509.Certificate, options ...Option) guard.ClientCertificate {
	return guard.ClientCertificate{Verified: credential.NewVerified(chains), Origin: origin(options)}
}

// DPoPToken makes the token of a DPoP scheme. The method and the path are those that the proof has to name, whatever the
// request in the options has.
func DPoPToken(token, proof, method, path string, options ...Option) guard.DPoPToken {
	return guard.DPoPToken{Bound: credential.NewBound(token, proof, method, path), Origin: origin(options)}
}

// HTTPCredentials parses the text after the scheme in an Authorization field. The method and the target are those that
// Digest and its kin look at, whatever the request in the options has.
func HTTPCredentials(scheme, credentials, method, target string, options ...Option) (guard.HTTPCredentials, error) {
	parsed, err := credential.NewParams(scheme, credentials, method, target)
	return httpCredentials(scheme, parsed, err, options)
}

// OpaqueCredentials is [HTTPCredentials] for a scheme with x-credentials: opaque, whose credentials are any text.
func OpaqueCredentials(scheme, credentials, method, target string, options ...Option) (guard.HTTPCredentials, error) {
	opaque, err := credential.NewOpaque(scheme, credentials, method, target)
	return httpCredentials(scheme, opaque, err, options)
}

func httpCredentials(scheme string, params credential.Params, err error, options []Option) (guard.HTTPCredentials, error) {
	if err != nil {
		return guard.HTTPCredentials{}, fmt.Errorf("guardtest: %s credentials: %w", scheme, err)
	}
	return guard.HTTPCredentials{Params: params, Origin: origin(options)}, nil
}

// Option says what a credential came with.
type Option func(*given)

// given are the request of a credential and the function that is given it.
type given struct {
	request *http.Request
	body    *reach.Body
	asker   *reach.Asker
}

// WithRequest makes the credential one of this request, for this operation.
func WithRequest(r *http.Request, op guard.Operation) Option {
	return func(g *given) { g.request, g.asker.Operation = r, &op }
}

// WithSignedBody makes the credential one of a scheme with x-signed-body, and body that of its request.
func WithSignedBody(body []byte) Option {
	return func(g *given) { g.body, g.asker.SignedBody = reach.NewBody(body), max(1, int64(len(body))) }
}

func origin(options []Option) reach.Origin {
	g := given{request: &http.Request{Method: http.MethodGet, Header: http.Header{}}, asker: new(reach.Asker)}
	for _, option := range options {
		option(&g)
	}
	if g.body != nil {
		g.request = g.request.WithContext(g.request.Context()) // a copy
		g.request.Body = g.body
	}
	return reach.New((*credential.HTTP)(g.request), response{}, g.asker)
}

// Context makes a context for a combination or a resource check, which finds the request with [guard.RequestFrom].
func Context(ctx context.Context, r *http.Request, op guard.Operation) context.Context {
	return &reach.Context{Context: ctx, Origin: origin([]Option{WithRequest(r, op)})}
}

// Fields returns the fields of the response that were set through a request which this package made. When one of them is
// not an authenticator's to set, it returns the reason of the fault that a guard would make of it, and none of the fields.
func Fields(r guard.Request) (http.Header, error) {
	if err := reach.CallOf(r.Origin).Settle(); err != nil {
		return nil, err
	}
	return reach.Fields(r.Origin), nil
}

// response is a response that consists of fields.
type response http.Header

func (r response) Header() http.Header         { return http.Header(r) }
func (r response) WriteHeader(int)             {}
func (r response) Write(b []byte) (int, error) { return len(b), nil }
