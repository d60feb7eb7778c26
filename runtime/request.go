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
	HTTPMethod() string
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

// httpRequest is net/http's request as a [Request]. Converting a pointer to it costs nothing, and neither does calling
// its methods through the interface; a struct around the pointer would cost a quarter of a decision.
type httpRequest http.Request

func (h *httpRequest) Context() context.Context              { return (*http.Request)(h).Context() }
func (h *httpRequest) FieldLines(name string) []string       { return h.Header[name] }
func (h *httpRequest) HTTPMethod() string                    { return h.Method }
func (h *httpRequest) ConnectionState() *tls.ConnectionState { return h.TLS }

func (h *httpRequest) RawQuery() string {
	if h.URL == nil {
		return ""
	}
	return h.URL.RawQuery
}

// Target falls back on the URL for requests that no server received.
func (h *httpRequest) Target() string {
	if h.RequestURI == "" && h.URL != nil {
		return h.URL.RequestURI()
	}
	return h.RequestURI
}
