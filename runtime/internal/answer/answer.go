// Package answer writes denials. A denial is made in one place and written in two ways: to net/http's
// ResponseWriter, and to the responses of frameworks that are not built on it.
package answer

import (
	"net/http"
	"strconv"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/credential"
	"github.com/oapi-guard/oapi-guard/runtime/internal/reach"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Answer is a denial on its way to the client.
type Answer struct {
	Status     int
	Challenges []string // the WWW-Authenticate lines
	Content    *Content
	Rare       *Rare // nil in most denials
	// Exact says that the length is always set here. net/http's server then drops what a handler writes behind the answer,
	// and answers that must not be told apart have it in the same place.
	Exact bool
}

// Rare are the fields that few denials have.
type Rare struct {
	Nonce      string // DPoP-Nonce, RFC 9449 section 9
	RetryAfter []string
	Cookies    []string // Set-Cookie lines, beside those of the application
	Close      bool     // the rest of the body is not read: the connection ends, unless others share it
}

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
		encoded = cleanse(h)
	}
	if len(a.Challenges) > 0 {
		h["Www-Authenticate"] = a.Challenges
	}
	if a.Rare != nil {
		a.Rare.write(h, r)
	}
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
	h["Content-Type"] = a.Content.media
	head := r.Method == http.MethodHead
	if !encoded && (head || a.Exact || len(a.Content.Body) > counted) {
		h["Content-Length"] = a.Content.length
	}
	w.WriteHeader(a.Status)
	if !head {
		_, _ = w.Write(a.Content.Body)
	}
}

// counted is the size of a body up to which net/http's server counts it when the handler has returned, and writes the
// Content-Length itself. That saves 130 instructions of a refusal, and the server some more.
const counted = 2048

// cleanse removes the fields of another response, and reports whether the writer encodes the body, and so changes its
// length.
func cleanse(h http.Header) (encoded bool) {
	for _, name := range stale {
		delete(h, name)
	}
	delete(h, "Content-Length")
	_, encoded = h["Content-Encoding"]
	return encoded
}

func (a *Rare) write(h http.Header, r *http.Request) {
	if a.Nonce != "" {
		h["Dpop-Nonce"] = []string{a.Nonce}
	}
	if a.RetryAfter != nil {
		h["Retry-After"] = a.RetryAfter
	}
	if a.Cookies != nil {
		h["Set-Cookie"] = append(h["Set-Cookie"], a.Cookies...)
	}
	if a.Close && r.ProtoMajor == 1 {
		h["Connection"] = closing
	}
}

// Fields calls set with every field that a denial sets but Set-Cookie, and with every one that it removes: those have no
// values. It is for frameworks that count the body themselves, and compress it only when all is written.
func (a *Answer) Fields(set func(name string, values ...string)) {
	for _, name := range stale {
		set(name)
	}
	set("Content-Encoding")
	set("Www-Authenticate", a.Challenges...)
	set("Cache-Control", noStore...)
	set("X-Content-Type-Options", noSniff...)
	set("Content-Type", a.Content.media...)
	if a.Rare == nil {
		return
	}
	set("Retry-After", a.Rare.RetryAfter...)
	if a.Rare.Nonce != "" {
		set("Dpop-Nonce", a.Rare.Nonce)
	}
}

// Cookies are the lines of Set-Cookie.
func (a *Answer) Cookies() []string {
	if a.Rare == nil {
		return nil
	}
	return a.Rare.Cookies
}

// Closes reports whether the connection ends, because the rest of the body is not read.
func (a *Answer) Closes() bool { return a.Rare != nil && a.Rare.Close }

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
	return Answer{Status: http.StatusNotFound, Content: Default(verdict.NotFound), Exact: true}
}

// Seconds rounds a duration up to whole seconds, as fields and challenges carry it.
func Seconds(d time.Duration) string {
	n := int64(d / time.Second)
	if d%time.Second > 0 {
		n++
	}
	return strconv.FormatInt(n, 10)
}
