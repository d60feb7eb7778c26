package guard

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// Request is what a credential came with: the request, the operation, and the fields of the response. Authenticators
// get it from their credential (token.Request()), combinations and resource checks with [RequestFrom]. It prints as
// [redacted].
//
// A Request is for the function that gets it, and for one goroutine. Everything that it returns can be kept, but it must
// not be used itself when the function has returned: some frameworks put the next request in its place.
type Request struct {
	reach.Origin
	// core is the guard's when the decision was made, nil before: nothing can become of a field then but that it is set,
	// or that it is not.
	core *core
}

// Request is the request that the token came with.
func (t BearerToken) Request() Request { return Request{Origin: t.Origin} }

// Request is the request that the key came with.
func (k APIKey) Request() Request { return Request{Origin: k.Origin} }

// Request is the request that the credentials came with.
func (c BasicCredentials) Request() Request { return Request{Origin: c.Origin} }

// Request is the request whose connection has the certificate.
func (c ClientCertificate) Request() Request { return Request{Origin: c.Origin} }

// Request is the request that the token came with.
func (t DPoPToken) Request() Request { return Request{Origin: t.Origin} }

// Request is the request that the credentials came with.
func (c HTTPCredentials) Request() Request { return Request{Origin: c.Origin} }

// Method is the request's method (RFC 9110 section 9).
func (r Request) Method() string { return reach.Source(r.Origin).HTTPMethod() }

// Target is the request target as the client sent it, with the query (RFC 9112 section 3.2).
func (r Request) Target() string { return reach.Source(r.Origin).Target() }

// Header is the values of a header field, one for each of its lines in the order received. The name is compared without
// regard to case. Host is whatever the client wrote, so it is for signatures and not for decisions. Transfer-Encoding and
// Trailer, which frame the message, have no values.
func (r Request) Header(name string) []string { return reach.Header(r.Origin, name) }

// Query is the decoded values of a query parameter, in the order received. A query with a pair that does not decode, or
// behind which there is a #, has no values at all: servers read such queries differently.
func (r Request) Query(name string) []string { return credential.Query(reach.Source(r.Origin), name) }

// Cookies is the values of the cookies of this name, across all Cookie lines. They are taken as they stand, quotes
// included (RFC 6265 section 4.2).
func (r Request) Cookies(name string) []string {
	return credential.Cookies(reach.Source(r.Origin), name)
}

// RemoteAddr is the address and port of the other end of the connection ("192.0.2.1:1234"). No forwarding header is
// looked at; some middlewares replace the address with one from there before the guard runs.
func (r Request) RemoteAddr() string { return reach.Source(r.Origin).Peer() }

// TLS is the state of the connection, nil without TLS. It belongs to the connection: do not change it.
func (r Request) TLS() *tls.ConnectionState { return reach.TLS(r.Origin) }

// Operation is the operation that is asked for, with all that it requires. It is a copy.
func (r Request) Operation() Operation {
	if op, ok := reach.Operation(r.Origin).(*Operation); ok {
		return op.clone()
	}
	return Operation{}
}

// SignedBody is a copy of the request's body, for an authenticator whose scheme has x-signed-body. It is not nil then,
// even when there is no body. Other authenticators, combinations and resource checks get nil.
func (r Request) SignedBody() []byte { return reach.SignedBody(r.Origin) }

// SetHeader sets a field of the response to one value, whatever it was before. The field is sent whether the request is
// admitted or denied, unless the handler replaces it.
//
// The name is a token and the value printable ASCII. Fields of authentication, caching, framing, validation and
// redirection are the guard's or the handler's: Www-Authenticate, Proxy-Authenticate, Dpop-Nonce, Retry-After,
// Cache-Control, X-Content-Type-Options, ETag, Last-Modified, Allow, Location, Date, Connection, Proxy-Connection,
// Keep-Alive, Transfer-Encoding, Trailer, Upgrade, and all that begin with Content-. A field that breaks these rules makes
// the decision a fault, and takes back every field of the function that set it.
//
// For a [Guard.Check], which has no response, fields are checked and dropped. A handler that found the request with
// [RequestFrom] sets fields as an authenticator does; one that breaks the rules is dropped then, and logged as a fault.
func (r Request) SetHeader(name, value string) { r.write(false, name, value) }

// AddHeader is [Request.SetHeader] for a field of several lines, Set-Cookie for one: it keeps the values that are there.
func (r Request) AddHeader(name, value string) { r.write(true, name, value) }

func (r Request) write(add bool, name, value string) {
	if r.core == nil {
		reach.Write(r.Origin, add, name, value)
		return
	}
	if bad := reach.WriteNow(r.Origin, add, name, value); bad != nil {
		r.core.logFault(reach.CallOf(r.Origin).Context, bad)
	}
}

// Format prints [redacted] under every verb.
func (Request) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// RequestFrom returns the request in the context of a combination or a resource check. Handlers of operations with a
// resource check or a concealment find it in theirs too. It returns false in other contexts.
func RequestFrom(ctx context.Context) (Request, bool) {
	found := ctx.Value(reach.Key{})
	if found == nil { // the context may know only strings as keys
		if inner, ok := ctx.Value(plan.CallerKey).(context.Context); ok {
			found = inner.Value(reach.Key{})
		}
	}
	switch c := found.(type) {
	case *reach.Context:
		return Request{Origin: c.Origin}, true
	case *admission:
		if c.checking.Load() {
			return Request{Origin: c.origin}, true
		}
		return Request{c.origin, c.core}, true
	}
	return Request{}, false
}

// clone copies the operation, so that nobody who gets it can change the guard.
func (o *Operation) clone() Operation {
	c := *o
	c.Roles = cloneGroups(o.Roles)
	c.Security = slices.Clone(o.Security)
	for i, a := range c.Security {
		a = slices.Clone(a)
		for j := range a {
			a[j].Scopes, a[j].Roles = slices.Clone(a[j].Scopes), cloneGroups(a[j].Roles)
		}
		c.Security[i] = a
	}
	return c
}

func cloneGroups(groups []AnyRole) []AnyRole {
	groups = slices.Clone(groups)
	for i, g := range groups {
		groups[i] = slices.Clone(g)
	}
	return groups
}
