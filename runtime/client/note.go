package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

const redacted = "[redacted]"

// note is what the transport knows about a denial that it gives back. It is in the context of the response's request:
// http.Client wraps bodies, and a field of the header would be taken for the server's.
type note struct {
	reason  string
	secrets []secret.Text
	body    *recorded // nil when it is no problem document
}

type noteKey struct{}

func noteOf(resp *http.Response) *note {
	if resp.Request == nil {
		return nil
	}
	n, _ := resp.Request.Context().Value(noteKey{}).(*note)
	return n
}

// attach puts the note on a response.
func (n *note) attach(resp *http.Response, req *http.Request) {
	resp.Request = req.WithContext(context.WithValue(req.Context(), noteKey{}, n))
}

// redact takes the credentials out of a server's text: some servers repeat them.
func (n *note) redact(text string) string {
	if n == nil {
		return text
	}
	for _, s := range n.secrets {
		for _, form := range forms(s) {
			text = strings.ReplaceAll(text, form, redacted)
		}
	}
	return text
}

// shortest is the length from which a credential is recognised in a text. A shorter one is in every other word.
const shortest = 6

// forms are the spellings of a credential: as it is, and as a URL has it.
func forms(s secret.Text) []string {
	plain := secret.Reveal(s)
	all := []string{plain, url.QueryEscape(plain), url.PathEscape(plain)}
	return slices.DeleteFunc(slices.Compact(all), func(form string) bool { return len(form) < shortest })
}

func (n *note) redactAll(challenges []Challenge) []Challenge {
	for i := range challenges {
		c := &challenges[i]
		c.Token68 = n.redact(c.Token68)
		for j := range c.Params {
			c.Params[j].Value = n.redact(c.Params[j].Value)
		}
	}
	return challenges
}

func (n *note) redactProblem(p Problem) Problem {
	return Problem{n.redact(p.Type), n.redact(p.Title), n.redact(p.Detail), n.redact(p.Code)}
}

// redactError hides credentials in an error's text. errors.Is still sees the error.
func (n *note) redactError(err error) error {
	if text := err.Error(); n.redact(text) != text {
		return &redactedError{text: n.redact(text), err: err}
	}
	return err
}

type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string        { return e.text }
func (e *redactedError) GoString() string     { return e.text }
func (e *redactedError) Is(target error) bool { return errors.Is(e.err, target) }

// Timeout reports whether the error is one, as http.Client asks.
func (e *redactedError) Timeout() bool {
	var timeout interface{ Timeout() bool }
	return errors.As(e.err, &timeout) && timeout.Timeout()
}
