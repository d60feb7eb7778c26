package client

import (
	"errors"
	"net/http"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// function is an http scheme whose credentials a function of the application makes.
type function struct {
	hidden
	scheme string
	ask    AuthorizeFunc
}

func (f *function) secrets() []secret.Text { return nil }

func (f *function) check() error {
	if !grammar.IsToken(f.scheme) {
		return errors.New("the name of an http scheme is not a token (RFC 9110 section 11.1)")
	}
	return nil
}

func (f *function) authorize(x *exchange, out *http.Request) error {
	text := x.answer
	if x.answer = ""; text == "" {
		made, err := f.call(out, x.t.memories[f].challenge.Load())
		if err != nil {
			return err
		}
		text = made
	}
	if x.sent = secret.Hide(text); text != "" {
		out.Header["Authorization"] = []string{f.scheme + " " + text}
	}
	return nil
}

// call asks the function. It gets a copy of the request: whatever it does to it is not sent.
func (f *function) call(out *http.Request, challenge *Challenge) (text string, err error) {
	err = errors.New("client: the function of an http scheme ended its goroutine")
	defer func() {
		if p := recover(); p != nil {
			err = panicked("function of an http scheme", p)
		}
	}()
	probe := out.Clone(out.Context())
	probe.Body = nil
	text, err = f.ask(probe, challenge)
	if err == nil && !grammar.IsPrintable(text) {
		err = errors.New("client: the function of an http scheme returned credentials that no header field can carry")
	}
	return text, err
}

func (f *function) react(x *exchange, resp *http.Response) (bool, string, error) {
	challenges := ParseChallenges(resp.Header)
	if reason := notOurs(challenges, f.scheme); reason != "" {
		return false, reason, nil
	}
	x.t.memories[f].learnChallenge(challenges, f.scheme)
	switch {
	case x.renewed:
		return false, "the server refused the new credentials too", nil
	case !canReplay(x.req):
		return false, "the body cannot be sent again", nil
	}
	x.renewed = true
	return f.again(x, resp)
}

// again asks the function for other credentials, as the challenge says.
func (f *function) again(x *exchange, resp *http.Response) (bool, string, error) {
	readAhead(resp, waitingFor(x.req))
	text, err := f.call(x.out, x.t.memories[f].challenge.Load())
	if err != nil {
		return false, "", &RefreshError{Err: err, Denial: x.denial(resp, "")}
	}
	if text == secret.Reveal(x.sent) {
		return false, "there are no other credentials", nil
	}
	x.answer = text
	return true, "", nil
}
