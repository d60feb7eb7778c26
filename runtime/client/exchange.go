package client

import (
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// exchange is one request of a caller, with all attempts that it takes: three at most, the first, one with a nonce, one
// with renewed credentials.
type exchange struct {
	t    *Transport
	req  *http.Request
	keys []*apiKey
	auth authorizer // nil: none, or the caller's own wins

	out     *http.Request // the last attempt
	current *issued       // its token
	sent    secret.Text   // what the function of a scheme has said
	answer  string        // and says for the next attempt
	fresh   *issued       // the renewed token, for the next attempt
	renewed bool
	nonced  bool
}

// newExchange chooses the credentials of a request.
func (t *Transport) newExchange(req *http.Request) (*exchange, error) {
	asking := askingOf(req.Context())
	x := &exchange{t: t, req: req}
	chosen := t.all
	if t.operations != nil {
		var err error
		if chosen, err = t.operations.credentials(methodOf(req), req.URL); err != nil {
			return nil, err
		}
	}
	if asking != nil && t.isAsked(asking) {
		return nil, errOwnClient
	}
	own := len(req.Header["Authorization"]) > 0 || req.URL.User != nil
	for _, c := range chosen {
		switch c := c.(type) {
		case *apiKey:
			x.keys = append(x.keys, c)
		case authorizer:
			if !own {
				x.auth = c
			}
		}
	}
	return x, nil
}

func (t *Transport) isAsked(asking *asking) bool {
	for _, c := range t.all {
		if s := tokensOf(c); s != nil && asking.includes(s) {
			return true
		}
	}
	return false
}

// run sends the request until there is an answer for the caller.
func (x *exchange) run() (*http.Response, error) {
	body := x.req.Body
	for {
		if err := x.prepare(); err != nil {
			if body != nil {
				_ = body.Close()
			}
			return nil, err
		}
		x.out.Body = body
		resp, err := x.t.base.RoundTrip(x.out)
		switch {
		case err != nil:
			return nil, x.note("").redactError(err)
		case resp == nil:
			return nil, nil // http.Client says what is wrong with the base
		}
		x.receive(resp)
		again, reason, err := x.react(resp)
		if err != nil {
			_ = resp.Body.Close()
			return nil, err
		}
		if !again {
			return x.finish(resp, reason)
		}
		if body, err = replay(x.req); err != nil {
			return x.finish(resp, "the body cannot be sent again: "+err.Error())
		}
		_ = resp.Body.Close()
	}
}

// prepare makes the request of an attempt.
func (x *exchange) prepare() error {
	out := x.req.WithContext(x.req.Context())
	out.Header = x.req.Header.Clone()
	for _, k := range x.keys {
		k.attach(out)
	}
	x.out = out
	if x.auth == nil {
		return nil
	}
	return x.auth.authorize(x, out)
}

// receive makes a response the answer to the caller's request, and learns from its fields.
func (x *exchange) receive(resp *http.Response) {
	resp.Request = x.req
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if d, ok := x.auth.(*dpop); ok {
		x.t.memories[d].learnNonce(resp.Header)
	}
	for _, k := range x.keys {
		k.scrubLocation(resp.Header)
	}
}

// react decides about a 401. Every other response is the caller's.
func (x *exchange) react(resp *http.Response) (again bool, reason string, err error) {
	switch {
	case resp.StatusCode != http.StatusUnauthorized:
		return false, "", nil
	case x.auth == nil:
		return false, x.whyNone(), nil
	}
	return x.auth.react(x, resp)
}

func (x *exchange) whyNone() string {
	switch {
	case len(x.req.Header["Authorization"]) > 0 || x.req.URL.User != nil:
		return "the caller's own credentials were refused"
	case len(x.keys) > 0:
		return "there is no other API key"
	}
	return "the request has no credentials"
}

// finish gives a response to the caller.
func (x *exchange) finish(resp *http.Response, reason string) (*http.Response, error) {
	if !isDenial(resp.StatusCode) {
		return resp, nil
	}
	if x.t.errors {
		denial := x.denial(resp, reason)
		_ = resp.Body.Close()
		return nil, denial
	}
	n := x.note(reason)
	if isProblem(resp.Header) {
		n.body = record(resp)
	}
	n.attach(resp, x.req)
	return resp, nil
}

func (x *exchange) denial(resp *http.Response, reason string) *DenialError {
	return newDenial(resp, problemOf(resp), x.note(reason))
}

// note has the credentials of the last attempt.
func (x *exchange) note(reason string) *note {
	n := &note{reason: reason, secrets: []secret.Text{x.sent}}
	for _, k := range x.keys {
		n.secrets = append(n.secrets, k.Text, secret.Hide(k.pair()))
	}
	if x.current != nil {
		n.secrets = append(n.secrets, x.current.text)
	}
	if b, ok := x.auth.(*basic); ok {
		n.secrets = append(n.secrets, b.Text)
	}
	return n
}
