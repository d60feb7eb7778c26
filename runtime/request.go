package guard

import (
	"context"
	"crypto/tls"
	"net/http"
)

// request is all that a guard ever asks of a request. There is no body in it, no host and no trailer.
type request interface {
	context() context.Context
	// values are the field lines of a header field, named in its canonical form.
	values(name string) []string
	query() string
	connection() *tls.ConnectionState
}

// httpRequest is a request of net/http. A pointer to it is a pointer to the request itself.
type httpRequest http.Request

func (r *httpRequest) context() context.Context { return (*http.Request)(r).Context() }

func (r *httpRequest) values(name string) []string { return r.Header[name] }

func (r *httpRequest) query() string {
	if r.URL == nil {
		return ""
	}
	return r.URL.RawQuery
}

func (r *httpRequest) connection() *tls.ConnectionState { return r.TLS }
