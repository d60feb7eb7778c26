package client

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const defaultRefreshTimeout = 30 * time.Second

// Options say where credentials go, and which.
type Options struct {
	// Origin is the URL of the server. Credentials go to its scheme, host and port, and nowhere else. A path is where
	// Operations begin.
	Origin string
	// Credentials are sent with every request, unless there are Operations. One of them at most is sent in Authorization.
	Credentials []Credential
	// Operations, if there are any, say which credentials each operation gets. Other requests get none.
	Operations []Operation
	// Base sends the requests. Nil: http.DefaultTransport.
	Base http.RoundTripper
	// DenialErrors makes a *[DenialError] of a response of the origin with 401, 403, 429 or 503.
	DenialErrors bool
	// RefreshTimeout is the time that a token source has. Zero: 30 seconds.
	RefreshTimeout time.Duration
}

// Transport attaches credentials to requests and reacts to denials. It is safe for use by many goroutines. It prints as its
// origin.
type Transport struct {
	base       http.RoundTripper
	origin     origin
	all        []Credential
	operations *operations
	errors     bool
	limit      time.Duration
	memories   map[Credential]*memory
}

// New makes a transport. All mistakes in the options are reported at once.
func New(options Options) (*Transport, error) {
	u, err := serverURL(options.Origin)
	if err != nil {
		return nil, err
	}
	t := &Transport{
		base:       options.Base,
		origin:     originOf(u),
		all:        options.Credentials,
		operations: newOperations(u.EscapedPath(), options.Operations),
		errors:     options.DenialErrors,
		limit:      cmp.Or(options.RefreshTimeout, defaultRefreshTimeout),
		memories:   map[Credential]*memory{},
	}
	if t.base == nil {
		t.base = http.DefaultTransport
	}
	if err := t.check(options); err != nil {
		return nil, err
	}
	return t, nil
}

// serverURL reads the URL of a server. The text is not in the errors: it may hold a password.
func serverURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, errors.New("client: the origin is not an absolute http or https URL")
	case u.User != nil:
		return nil, errors.New("client: the origin has a user: use a credential")
	}
	return u, nil
}

// String names the origin.
func (t Transport) String() string { return "client.Transport(" + t.origin.String() + ")" }

// Format writes String under every verb.
func (t Transport) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// CloseIdleConnections closes those of the base.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// RoundTrip sends a request with its credentials. After a 401 that is about them it gets others and sends the request once
// more, if the body can be sent again. It never changes the request.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case req.URL == nil || req.Header == nil:
		return t.base.RoundTrip(req)
	case !stayed(req):
		return t.passStrayed(req)
	case originOf(req.URL) != t.origin:
		return t.pass(req, req)
	}
	x, err := t.newExchange(req)
	if err != nil {
		discard(req)
		return nil, err
	}
	return x.run()
}

// pass sends a request that is none of the transport's business.
func (t *Transport) pass(req, out *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(out)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

// passStrayed sends a request that a redirect took to another origin, or back from one. The caller's own credentials were
// for the origin where the chain began.
func (t *Transport) passStrayed(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.User = nil
	delete(out.Header, "Authorization")
	delete(out.Header, "Dpop")
	for _, c := range t.all {
		if k, ok := c.(*apiKey); ok {
			k.remove(out)
		}
	}
	return t.pass(req, out)
}
