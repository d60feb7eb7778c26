package answer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

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

// Problem is the problem document (RFC 9457 section 3) of a status code. The code, a word for programs, is a member of
// its own unless it is empty.
func Problem(status int, detail, code string) *Content {
	text, _ := json.Marshal(detail) // which is valid UTF-8
	body := fmt.Appendf(nil, `{"type":"about:blank","title":%q,"status":%d,"detail":%s`, http.StatusText(status), status, text)
	if code != "" {
		body = fmt.Appendf(body, `,"code":%q`, code) // which has nothing to escape
	}
	return NewContent("application/problem+json", append(body, "}\n"...))
}

// The bodies of the status codes.
const (
	unauthorized = "The request needs valid credentials."
	forbidden    = "The caller may not do this."
	unavailable  = "The request cannot be authorized at the moment."
)

// details are the texts of the bodies. Those of one status code are the same, but for 400, where what is wrong is no
// secret.
var details = [...]string{
	verdict.Fault: "The request could not be authorized.", verdict.Canceled: unavailable, verdict.Unavailable: unavailable,
	verdict.Throttled: "There are too many requests.", verdict.StepUpRequired: unauthorized,
	verdict.MissingScope: forbidden, verdict.Refused: forbidden, verdict.MissingRole: forbidden, verdict.Forbidden: forbidden,
	verdict.NotFound: "There is no such resource.", verdict.TooLarge: "The body is larger than one whose signature can be verified.",
	verdict.BadBody: "The body of the request is not complete.", verdict.Ambiguous: "The request must carry one credential where it carries several.",
	verdict.Invalid: unauthorized, verdict.Expired: unauthorized, verdict.Malformed: unauthorized, verdict.Absent: unauthorized,
}

var contents = makeContents()

func makeContents() (all [len(details)]*Content) {
	for v, detail := range details {
		all[v] = Problem(verdict.Verdict(v).Status(), detail, "")
	}
	return all
}

// Default is the body of a denial. It depends on nothing but the verdict that is shown.
func Default(v verdict.Verdict) *Content { return contents[v] }

// DefaultDetail is the text in it.
func DefaultDetail(v verdict.Verdict) string { return details[v] }
