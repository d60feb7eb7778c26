package guard

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// response is the constant part of a denial. The slices go into header maps as they are; their length is
// their capacity, so that adding to a field copies it.
type response struct {
	body        []byte
	length      []string
	contentType []string
}

var (
	problem      = []string{"application/problem+json"}
	noStore      = []string{"no-store"}
	noSniff      = []string{"nosniff"}
	badRequest   = newResponse(http.StatusBadRequest, "The request must carry one credential where it carries several.")
	unauthorized = newResponse(http.StatusUnauthorized, "The request needs valid credentials.")
	forbidden    = newResponse(http.StatusForbidden, "The caller may not do this.")
	notFound     = newResponse(http.StatusNotFound, "There is no such resource.")
	serverError  = newResponse(http.StatusInternalServerError, "The request could not be authorized.")
	unavailable  = newResponse(http.StatusServiceUnavailable, "The request cannot be authorized at the moment.")
)

// newResponse writes the problem details (RFC 9457 section 3) of a status code.
func newResponse(status int, detail string) *response {
	text, _ := json.Marshal(detail) // which is valid UTF-8
	body := fmt.Appendf(nil, `{"type":"about:blank","title":%q,"status":%d,"detail":%s}`+"\n",
		http.StatusText(status), status, text)
	return &response{body, []string{strconv.Itoa(len(body))}, problem}
}

// responseTo is the default response of a status code. It depends on nothing else: who is told apart from
// whom must not depend on why.
func responseTo(status int) *response {
	switch status {
	case http.StatusBadRequest:
		return badRequest
	case http.StatusUnauthorized:
		return unauthorized
	case http.StatusForbidden:
		return forbidden
	case http.StatusNotFound:
		return notFound
	case http.StatusServiceUnavailable:
		return unavailable
	}
	return serverError
}

// denied is a denial on its way out.
type denied struct {
	operation  string
	verdict    Verdict // the one that is answered, not the true one where that is concealed
	detail     Detail
	challenges []string
	nonce      *nonceReason
}

// deny writes a denial. What others left in the header that would belie it goes. ctx is for DenialBody.
func (s *settings) deny(ctx context.Context, w http.ResponseWriter, r *http.Request, d denied) {
	res := s.response(ctx, &d)
	h := w.Header()
	if len(h) > 0 {
		for _, name := range stale {
			delete(h, name)
		}
	}
	if len(d.challenges) > 0 {
		h["Www-Authenticate"] = d.challenges
	}
	if d.nonce != nil {
		h["Dpop-Nonce"] = []string{d.nonce.nonce}
	}
	if retry := s.retry(d.verdict); retry != nil {
		h["Retry-After"] = retry
	}
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
	h["Content-Type"] = res.contentType
	if _, encoded := h["Content-Encoding"]; encoded { // by a writer that encodes what is written, to another length
		delete(h, "Content-Length")
	} else {
		h["Content-Length"] = res.length
	}
	w.WriteHeader(d.verdict.Status())
	if r.Method != http.MethodHead {
		_, _ = w.Write(res.body)
	}
}

// denyExchange is deny for a framework that is not built on net/http. Such a framework counts the body and
// leaves it out of the answer to HEAD itself.
func (s *settings) denyExchange(ctx context.Context, x Exchange, d denied) {
	res := s.response(ctx, &d)
	fields := make([]Field, 0, len(stale)+7)
	for _, name := range stale {
		fields = append(fields, Field{Name: name})
	}
	fields = append(fields,
		Field{Name: "Content-Encoding"}, // here whoever compresses does it when all is written
		Field{"Www-Authenticate", d.challenges},
		Field{"Retry-After", s.retry(d.verdict)},
		Field{"Cache-Control", noStore},
		Field{"X-Content-Type-Options", noSniff},
		Field{"Content-Type", res.contentType},
	)
	if d.nonce != nil {
		fields = append(fields, Field{"Dpop-Nonce", []string{d.nonce.nonce}})
	}
	x.Deny(d.verdict.Status(), fields, res.body)
}

// stale are the fields that may be left over and would speak of another response than the denial. Content-Encoding is
// none of them: those who compress on the fly set it in advance (https://go.dev/issue/66343).
var stale = [...]string{"Etag", "Last-Modified", "Content-Range", "Retry-After", "Www-Authenticate"}

// retry is the value of Retry-After, nil where there is none.
func (s *settings) retry(v Verdict) []string {
	if v != VerdictUnavailable {
		return nil
	}
	return s.retryAfter
}

func (s *settings) response(ctx context.Context, d *denied) *response {
	if s.denialBody != nil {
		if custom := s.customResponse(ctx, d); custom != nil {
			return custom
		}
	}
	if d.detail != "" {
		return newResponse(d.verdict.Status(), string(d.detail))
	}
	return responseTo(d.verdict.Status())
}

// customResponse is the application's, or nil when it panics or names no media type.
func (s *settings) customResponse(ctx context.Context, d *denied) (res *response) {
	operation := d.operation
	defer func() {
		if value := recover(); value != nil {
			logFault(ctx, operation, newPanicked("DenialBody", value))
		}
	}()
	contentType, body := s.denialBody(ctx, Denial{operation, d.verdict.Status(), d.verdict, string(d.detail)})
	if !isMediaType(contentType) {
		logFault(ctx, operation, errMediaType, slog.String("contentType", contentType))
		return nil
	}
	return &response{body, []string{strconv.Itoa(len(body))}, []string{contentType}}
}

var errMediaType = errors.New("the content type of DenialBody is not a media type (RFC 9110 section 8.3.1)")

func isMediaType(s string) bool {
	mediaType, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(mediaType, "/") && quotable(s)
}
