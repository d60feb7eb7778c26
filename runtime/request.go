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
}

// Field is a field of a response's header.
type Field struct {
	Name   string
	Values []string
}

// httpRequest is net/http's request as a [Request]. Converting a pointer to it allocates nothing.
type httpRequest http.Request

func (r *httpRequest) Context() context.Context              { return (*http.Request)(r).Context() }
func (r *httpRequest) FieldLines(name string) []string       { return r.Header[name] }
func (r *httpRequest) ConnectionState() *tls.ConnectionState { return r.TLS }

func (r *httpRequest) RawQuery() string {
	if r.URL == nil {
		return ""
	}
	return r.URL.RawQuery
}
