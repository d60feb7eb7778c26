// Package credential reads the credentials of security schemes from requests, without judging them. Header fields
// are read as lists, never by a getter that returns the first value.
package credential

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/internal/secret"
)

// Request is the part of a request that a guard reads. Strings must survive the request: a framework that reuses
// its buffers copies them.
type Request interface {
	// Context is the context that authenticators get.
	Context() context.Context
	// FieldLines are the values of a header field, one for each line of that name in the order received. The
	// name is in canonical form (http.CanonicalHeaderKey). The slice is good until the next call.
	FieldLines(name string) []string
	// HTTPMethod is the request's method.
	HTTPMethod() string
	// Target is the request target as the client sent it (RFC 9112 section 3.2).
	Target() string
	// RawQuery is the part of the request target after its first question mark, as the client sent it.
	RawQuery() string
	// ConnectionState is that of the TLS connection, nil without TLS.
	ConnectionState() *tls.ConnectionState
	// Peer is the address and port of the other end of the connection.
	Peer() string
}

// HTTP is net/http's request as a [Request]. The conversion of a pointer costs nothing, and neither do calls of
// its methods through the interface; a struct around the pointer would cost a quarter of a decision.
type HTTP http.Request

// Context implements [Request].
func (h *HTTP) Context() context.Context { return (*http.Request)(h).Context() }

// FieldLines implements [Request].
func (h *HTTP) FieldLines(name string) []string { return h.Header[name] }

// HTTPMethod implements [Request].
func (h *HTTP) HTTPMethod() string { return h.Method }

// ConnectionState implements [Request].
func (h *HTTP) ConnectionState() *tls.ConnectionState { return h.TLS }

// Peer implements [Request].
func (h *HTTP) Peer() string { return h.RemoteAddr }

// RawQuery implements [Request].
func (h *HTTP) RawQuery() string {
	if h.URL == nil {
		return ""
	}
	return h.URL.RawQuery
}

// Target falls back on the URL for requests that no server received.
func (h *HTTP) Target() string {
	if h.RequestURI == "" && h.URL != nil {
		return h.URL.RequestURI()
	}
	return h.RequestURI
}

// Outcome is the result of reading one scheme.
type Outcome uint8

const (
	// Absent is a request without a credential of the scheme.
	Absent Outcome = iota
	// Ambiguous is a request with more than one.
	Ambiguous
	// Malformed is a credential that breaks the grammar of its scheme, or is too long.
	Malformed
	// Presented is a credential to authenticate.
	Presented
	// Several are credentials to authenticate one by one: see [CookieKey.Each].
	Several
)

// Reader finds the credential of one scheme in a request. Unless it is presented the error says why. A credential
// of more than limit bytes is malformed.
type Reader interface {
	Read(r Request, limit int) (Credential, Outcome, error)
}

// Credential is a credential of any scheme as it was read. It is small enough to travel in registers.
type Credential struct {
	// Text is the credential without its scheme, decoded for Basic.
	Text       secret.Text
	user       int                  // length of the user part of Basic credentials
	connection *tls.ConnectionState // of a client certificate
}

// ErrAbsent is the reason of every [Absent].
var ErrAbsent = errors.New("no credential")

var (
	errTwice     = errors.New("the credential is given more than once")
	errTooLong   = errors.New("the credential is longer than allowed")
	errSeparator = errors.New("no space and credential after the scheme")
	errToken68   = errors.New("the credential is not a token68")
	errParams    = errors.New("the credential is neither a token68 nor a list of distinct parameters")
	errBase64    = errors.New("the credential is not canonical base64")
	errPrintable = errors.New("the credential is not printable ASCII")
	errUserPass  = errors.New("the credential is not a user, a colon and a password in clean UTF-8")
)

// Bearer reads a token (RFC 6750 section 2.1; the other two ways of that RFC are not read).
type Bearer struct{}

// Read implements [Reader].
func (b *Bearer) Read(r Request, limit int) (Credential, Outcome, error) {
	return b.ReadLines(r.FieldLines("Authorization"), limit)
}

// ReadLines reads the lines of the Authorization field. It takes the token from a field as nearly every client writes it
// without looking at anything twice; all others are read by the rules.
func (*Bearer) ReadLines(lines []string, limit int) (Credential, Outcome, error) {
	if len(lines) == 1 && len(lines[0]) <= limit {
		if token, ok := strings.CutPrefix(lines[0], "Bearer "); ok && grammar.IsToken68(token) {
			return Credential{Text: secret.Hide(token)}, Presented, nil
		}
	}
	return token68(authorization(lines, "Bearer", limit))
}

// token68 refuses a credential that is not a token68.
func token68(text string, outcome Outcome, reason error) (Credential, Outcome, error) {
	if outcome == Presented && !grammar.IsToken68(text) {
		return malformed(errToken68)
	}
	return Credential{Text: secret.Hide(text)}, outcome, reason
}

// Basic reads a user and a password (RFC 7617 section 2).
type Basic struct{}

// Read implements [Reader].
func (*Basic) Read(r Request, limit int) (Credential, Outcome, error) {
	text, outcome, reason := authorization(r.FieldLines("Authorization"), "Basic", limit)
	if outcome != Presented {
		return Credential{}, outcome, reason
	}
	// Go's decoder skips CR and LF, which no token68 contains.
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || !grammar.IsToken68(text) {
		return malformed(errBase64)
	}
	return splitBasic(string(decoded))
}

// splitBasic splits decoded Basic credentials at their first colon. Either part may be empty: RFC 7617 section 2
// forbids neither.
func splitBasic(text string) (Credential, Outcome, error) {
	colon := strings.IndexByte(text, ':')
	if colon < 0 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return malformed(errUserPass)
	}
	return Credential{Text: secret.Hide(text), user: colon}, Presented, nil
}

// Other reads the credentials of another scheme (RFC 9110 section 11.4).
type Other struct{ Scheme string }

// Read implements [Reader].
func (o *Other) Read(r Request, limit int) (Credential, Outcome, error) {
	text, outcome, reason := authorization(r.FieldLines("Authorization"), o.Scheme, limit)
	if outcome == Presented && !grammar.IsToken68(text) && !grammar.IsParams(text) {
		return malformed(errParams)
	}
	return Credential{Text: secret.Hide(text)}, outcome, reason
}

// Opaque reads credentials of a scheme that has no grammar: all that follows the scheme and its spaces, printable
// ASCII.
type Opaque struct{ Scheme string }

// Read implements [Reader].
func (o *Opaque) Read(r Request, limit int) (Credential, Outcome, error) {
	text, outcome, reason := authorization(r.FieldLines("Authorization"), o.Scheme, limit)
	if outcome == Presented && !grammar.IsPrintable(text) {
		return malformed(errPrintable)
	}
	return Credential{Text: secret.Hide(text)}, outcome, reason
}

// authorization reads the text after the scheme in the only Authorization line (RFC 9110 section 11.6.2). The
// credential of another scheme is absent for this one.
func authorization(lines []string, scheme string, limit int) (string, Outcome, error) {
	value, outcome, reason := onlyLine(lines)
	if outcome != Presented {
		return "", outcome, reason
	}
	rest, ours := cutScheme(value, scheme)
	if !ours {
		return "", Absent, ErrAbsent
	}
	text := strings.TrimLeft(rest, " ")
	if len(text) == len(rest) {
		return "", Malformed, errSeparator
	}
	return bounded(text, limit)
}

// onlyLine is the only line of a header field, without the white space around it.
func onlyLine(lines []string) (string, Outcome, error) {
	switch len(lines) {
	case 0:
		return "", Absent, ErrAbsent
	case 1:
		return grammar.TrimSpace(lines[0]), Presented, nil
	}
	return "", Ambiguous, errTwice
}

// cutScheme takes the scheme off a field value; ours reports whether the value starts with that scheme.
func cutScheme(value, scheme string) (rest string, ours bool) {
	n := len(scheme)
	if len(value) < n || value[:n] != scheme && !grammar.EqualFold(value[:n], scheme) {
		return "", false
	}
	if len(value) > n && grammar.InToken(value[n]) {
		return "", false
	}
	return value[n:], true
}

// bounded is the outcome for a credential that is one string: an empty one is absent.
func bounded(text string, limit int) (string, Outcome, error) {
	switch {
	case text == "":
		return "", Absent, ErrAbsent
	case len(text) > limit:
		return "", Malformed, errTooLong
	}
	return text, Presented, nil
}

func malformed(reason error) (Credential, Outcome, error) { return Credential{}, Malformed, reason }
