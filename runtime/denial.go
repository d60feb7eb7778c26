package guard

import (
	"context"
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
	serverError  = newResponse(http.StatusInternalServerError, "The request could not be authorized.")
	unavailable  = newResponse(http.StatusServiceUnavailable, "The request cannot be authorized at the moment.")
)

// newResponse writes the problem details (RFC 9457 section 3) of a status code.
func newResponse(status int, detail string) *response {
	body := fmt.Appendf(nil, `{"type":"about:blank","title":%q,"status":%d,"detail":%q}`+"\n",
		http.StatusText(status), status, detail)
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
	case http.StatusServiceUnavailable:
		return unavailable
	}
	return serverError
}

// deny writes a denial. What others left in the header that would belie it goes.
func (s *settings) deny(w http.ResponseWriter, r *http.Request, d Denial, challenges []string) {
	res := s.response(r.Context(), d)
	h := w.Header()
	if len(h) > 0 {
		for _, name := range stale {
			delete(h, name)
		}
	}
	if len(challenges) > 0 {
		h["Www-Authenticate"] = challenges
	}
	if retry := s.retry(d); retry != nil {
		h["Retry-After"] = retry
	}
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
	h["Content-Type"] = res.contentType
	h["Content-Length"] = res.length
	w.WriteHeader(d.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(res.body)
	}
}

// denyExchange is deny for a framework that is not built on net/http. Such a framework counts the body and
// leaves it out of the answer to HEAD itself.
func (s *settings) denyExchange(x Exchange, d Denial, challenges []string) {
	res := s.response(x.Context(), d)
	fields := make([]Field, 0, len(stale)+5)
	for _, name := range stale {
		fields = append(fields, Field{Name: name})
	}
	fields = append(fields,
		Field{"Www-Authenticate", challenges},
		Field{"Retry-After", s.retry(d)},
		Field{"Cache-Control", noStore},
		Field{"X-Content-Type-Options", noSniff},
		Field{"Content-Type", res.contentType},
	)
	x.Deny(d.Status, fields, res.body)
}

// stale are the fields that may be left over and would speak of another response than the denial.
var stale = [...]string{"Etag", "Last-Modified", "Content-Encoding", "Content-Range", "Retry-After", "Www-Authenticate"}

// retry is the value of Retry-After, nil where there is none.
func (s *settings) retry(d Denial) []string {
	if d.Verdict != VerdictUnavailable {
		return nil
	}
	return s.retryAfter
}

func (s *settings) response(ctx context.Context, d Denial) *response {
	if s.denialBody != nil {
		if custom := s.customResponse(ctx, d); custom != nil {
			return custom
		}
	}
	return responseTo(d.Status)
}

// customResponse is the application's, or nil when it panics or names no media type.
func (s *settings) customResponse(ctx context.Context, d Denial) (res *response) {
	defer func() {
		if value := recover(); value != nil {
			logFault(ctx, d.Operation, newPanicked("DenialBody", value))
		}
	}()
	contentType, body := s.denialBody(ctx, d)
	if !isMediaType(contentType) {
		logFault(ctx, d.Operation, errMediaType, slog.String("contentType", contentType))
		return nil
	}
	return &response{body, []string{strconv.Itoa(len(body))}, []string{contentType}}
}

var errMediaType = errors.New("the content type of DenialBody is not a media type (RFC 9110 section 8.3.1)")

func isMediaType(s string) bool {
	mediaType, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Contains(mediaType, "/") && quotable(s)
}
