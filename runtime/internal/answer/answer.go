// Package answer writes denials. A denial is made in one place and written in two ways: to net/http's
// ResponseWriter, and to the responses of frameworks that are not built on it.
package answer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
)

// Answer is a denial on its way to the client.
type Answer struct {
	Status     int
	Challenges []string // the WWW-Authenticate lines
	Nonce      string   // DPoP-Nonce, RFC 9449 section 9
	RetryAfter []string
	Cookies    []string // Set-Cookie lines, beside those of the application
	Content    *Content
	Close      bool // the rest of the body is not read: the connection ends, unless others share it
}

// Content is the body of a denial. The slices go into header maps as they are; their length is their capacity, so
// that adding to a field copies it.
type Content struct {
	Body   []byte
	length []string
	media  []string
}

// NewContent is a body of a media type.
func NewContent(mediaType string, body []byte) *Content {
	return &Content{body, []string{strconv.Itoa(len(body))}, []string{mediaType}}
}

// details are the texts of the problem documents, by status code.
var details = map[int]string{
	http.StatusBadRequest:            "The request must carry one credential where it carries several.",
	http.StatusRequestEntityTooLarge: "The body is larger than one whose signature can be verified.",
	http.StatusUnauthorized:          "The request needs valid credentials.",
	http.StatusForbidden:             "The caller may not do this.",
	http.StatusNotFound:              "There is no such resource.",
	http.StatusTooManyRequests:       "There are too many requests.",
	http.StatusInternalServerError:   "The request could not be authorized.",
	http.StatusServiceUnavailable:    "The request cannot be authorized at the moment.",
}

// Problem is the problem document (RFC 9457 section 3) of a status code. Without a detail it has the status code's own,
// and the code, a word for programs, is a member of its own unless it is empty.
func Problem(status int, detail, code string) *Content {
	if detail == "" {
		detail = details[status]
	}
	text, _ := json.Marshal(detail) // which is valid UTF-8
	body := fmt.Appendf(nil, `{"type":"about:blank","title":%q,"status":%d,"detail":%s`, http.StatusText(status), status, text)
	if code != "" {
		body = fmt.Appendf(body, `,"code":%q`, code) // which has nothing to escape
	}
	return NewContent("application/problem+json", append(body, "}\n"...))
}

var (
	badRequest   = Problem(http.StatusBadRequest, "", "")
	tooLarge     = Problem(http.StatusRequestEntityTooLarge, "", "")
	unauthorized = Problem(http.StatusUnauthorized, "", "")
	forbidden    = Problem(http.StatusForbidden, "", "")
	notFound     = Problem(http.StatusNotFound, "", "")
	throttled    = Problem(http.StatusTooManyRequests, "", "")
	serverError  = Problem(http.StatusInternalServerError, "", "")
	unavailable  = Problem(http.StatusServiceUnavailable, "", "")
)

// Default is the body of a status code. It depends on nothing else: the reason of a denial must not show.
func Default(status int) *Content {
	switch status {
	case http.StatusBadRequest:
		return badRequest
	case http.StatusUnauthorized:
		return unauthorized
	case http.StatusForbidden:
		return forbidden
	case http.StatusNotFound:
		return notFound
	case http.StatusTooManyRequests:
		return throttled
	case http.StatusServiceUnavailable:
		return unavailable
	case http.StatusRequestEntityTooLarge:
		return tooLarge
	}
	return serverError
}

// BadBody is the body of the other 400: the request's body could not be read.
var BadBody = Problem(http.StatusBadRequest, "The body of the request is not complete.", "")

var (
	noStore = []string{"no-store"}
	noSniff = []string{"nosniff"}
	private = []string{"private"}
	closing = []string{"close"}
)

// stale are the fields that may be left over and would describe another response than the denial. Content-Encoding is
// not among them: writers that compress on the fly set it in advance (https://go.dev/issue/66343).
var stale = [...]string{"Etag", "Last-Modified", "Content-Range", "Retry-After", "Www-Authenticate"}

// Write answers a request of net/http.
func (a *Answer) Write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	encoded := false
	if len(h) > 0 {
		for _, name := range stale {
			delete(h, name)
		}
		_, encoded = h["Content-Encoding"]
	}
	if len(a.Challenges) > 0 {
		h["Www-Authenticate"] = a.Challenges
	}
	if a.Nonce != "" {
		h["Dpop-Nonce"] = []string{a.Nonce}
	}
	if a.RetryAfter != nil {
		h["Retry-After"] = a.RetryAfter
	}
	if a.Cookies != nil {
		h["Set-Cookie"] = append(h["Set-Cookie"], a.Cookies...)
	}
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
	if a.Close && r.ProtoMajor == 1 {
		h["Connection"] = closing
	}
	h["Content-Type"] = a.Content.media
	if encoded { // the writer encodes the body, and so changes its length
		delete(h, "Content-Length")
	} else {
		h["Content-Length"] = a.Content.length
	}
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.Content.Body)
	}
}

// Fields calls set with every field that a denial sets, and with every one that it removes: those have no values.
// It is for frameworks that count the body themselves, and compress it only when all is written.
func (a *Answer) Fields(set func(name string, values ...string)) {
	for _, name := range stale {
		set(name)
	}
	set("Content-Encoding")
	set("Www-Authenticate", a.Challenges...)
	set("Retry-After", a.RetryAfter...)
	set("Cache-Control", noStore...)
	set("X-Content-Type-Options", noSniff...)
	set("Content-Type", a.Content.media...)
	if a.Nonce != "" {
		set("Dpop-Nonce", a.Nonce)
	}
}

// Exchange is a request of a framework that is not built on net/http, and the way to answer it.
type Exchange interface {
	credential.Request
	reach.Response
	reach.Carrier
	// Deny answers the request.
	Deny(*Answer)
	// SetField sets a field of the response unless it is set already.
	SetField(name, value string)
}

// SetPrivate keeps shared caches from storing the response unless the application has said something about caching.
func SetPrivate(h http.Header) {
	if _, said := h["Cache-Control"]; !said {
		h["Cache-Control"] = private
	}
}

// AdmissionKey is the key of an admission in the context of the request that a guard admitted.
type AdmissionKey struct{}

// NotFound is the answer for a resource that does not exist: that of the guard which admitted the request, or the
// default.
func NotFound(r credential.Request) Answer {
	if a, ok := r.Context().Value(AdmissionKey{}).(interface {
		NotFound(credential.Request) Answer
	}); ok {
		return a.NotFound(r)
	}
	return Answer{Status: http.StatusNotFound, Content: notFound}
}

// Seconds rounds a duration up to whole seconds, as fields and challenges carry it.
func Seconds(d time.Duration) string {
	n := int64(d / time.Second)
	if d%time.Second > 0 {
		n++
	}
	return strconv.FormatInt(n, 10)
}
