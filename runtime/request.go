package guard

import (
	"context"
	"crypto/tls"
	"net/http"
)

// Request is what a guard reads of a request. Those of net/http need no implementation of it: see
// [Guard.Wrap] and [Guard.Admit]. Strings must survive the request; a framework that reuses its buffers
// copies them.
type Request interface {
	// Context is the context that authenticators get.
	Context() context.Context
	// FieldLines are the values of a header field, one for each line of that name in the order received. The
	// name is in canonical form (http.CanonicalHeaderKey).
	FieldLines(name string) []string
	// Method is the request's method.
	Method() string
	// Target is the request target as the client sent it (RFC 9112 section 3.2).
	Target() string
	// RawQuery is what follows the first question mark of the request target, as the client sent it.
	RawQuery() string
	// ConnectionState is that of the TLS connection, nil without TLS.
	ConnectionState() *tls.ConnectionState
}

// Exchange is a request of a framework that is not built on net/http, and the way to answer it.
type Exchange interface {
	Request
	// Deny answers the request. Of each field the lines set before go, and its values become lines of their
	// own; a field without values is removed only. All values are printable ASCII.
	Deny(status int, fields []Field, body []byte)
	// SetField sets a field of the response unless it is set already.
	SetField(name, value string)
}

// Field is a field of a response's header.
type Field struct {
	Name   string
	Values []string
}

// httpRequest is net/http's request as a [Request]. It is one pointer, so that converting it allocates nothing.
type httpRequest struct{ r *http.Request }

func (h httpRequest) Context() context.Context              { return h.r.Context() }
func (h httpRequest) FieldLines(name string) []string       { return h.r.Header[name] }
func (h httpRequest) Method() string                        { return h.r.Method }
func (h httpRequest) ConnectionState() *tls.ConnectionState { return h.r.TLS }

func (h httpRequest) RawQuery() string {
	if h.r.URL == nil {
		return ""
	}
	return h.r.URL.RawQuery
}

// Target falls back on the URL for requests that no server received.
func (h httpRequest) Target() string {
	if h.r.RequestURI == "" && h.r.URL != nil {
		return h.r.URL.RequestURI()
	}
	return h.r.RequestURI
}
