package client

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DenialError is a response that denies: 401, 403, 429 or 503. Its text names the status and the errors of the
// challenges; all that the server wrote in prose is in the fields only.
type DenialError struct {
	Status     int
	Challenges []Challenge
	// Problem is the start of the problem document (RFC 9457), if there is one.
	Problem Problem
	// Scopes are those that a challenge with insufficient_scope asks for (RFC 6750 section 3.1).
	Scopes []string
	// StepUp is what a challenge with insufficient_user_authentication asks for (RFC 9470 section 3).
	StepUp *StepUp
	// ResourceMetadata is the absolute URL of the protected resource's metadata (RFC 9728 section 5.1). It is never
	// fetched: whether the host may be trusted is the application's to say.
	ResourceMetadata string
	// RetryAfter is the time until the server wants to be asked again (RFC 9110 section 10.2.3); 0 when it does not say.
	RetryAfter time.Duration
	// Reason says why the transport gave the denial back, and did not retry. It is empty where nothing was to be decided.
	Reason string
}

// Problem is a problem document (RFC 9457 section 3.1). The members are cut off at 1 KiB.
type Problem struct {
	Type, Title, Detail string
	// Code is an extension member: a word for programs, as guards write it.
	Code string
}

// StepUp is the authentication that would do (RFC 9470 section 3).
type StepUp struct {
	ACRValues []string
	// MaxAge is nil when the challenge has none; zero asks the user to log in now.
	MaxAge *time.Duration
}

// Error is one line without anything that the server wrote in prose.
func (e *DenialError) Error() string {
	text := "client: " + e.summary()
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

// summary is the status and, for each challenge, scheme and error code.
func (e *DenialError) summary() string {
	var challenges []string
	for _, c := range e.Challenges {
		text := c.Scheme
		if code, ok := c.Param("error"); ok && isCode(code) {
			text += " " + code
		}
		challenges = append(challenges, text)
	}
	text := strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)
	if len(challenges) == 0 {
		return text
	}
	return text + " (" + strings.Join(challenges[:min(len(challenges), 8)], ", ") + ")"
}

// isCode reports whether s looks like the code of an error (RFC 6749 section 5.2), and not like prose or a token.
func isCode(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") == ""
}

// Denied is the typed error of a response that denies, and nil for every other response. The body stays readable: 64 KiB
// of it are read at most, for half a second, if it is a problem document. A body that was read before, as generated clients
// do, is known if the response came through a [Transport].
//
//	resp, err := httpClient.Do(req)
//	...
//	if denial := client.Denied(resp); denial != nil && denial.StepUp != nil {
//		return login(denial.StepUp.ACRValues)
//	}
func Denied(resp *http.Response) *DenialError {
	if resp == nil || !isDenial(resp.StatusCode) {
		return nil
	}
	return newDenial(resp, problemOf(resp), noteOf(resp))
}

// AsDenial is the denial in an error: one that [Options.DenialErrors] made, or the 401 of a [RefreshError].
func AsDenial(err error) (*DenialError, bool) {
	var denial *DenialError
	ok := errors.As(err, &denial)
	return denial, ok
}

func isDenial(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	}
	return false
}

func newDenial(resp *http.Response, body []byte, note *note) *DenialError {
	e := &DenialError{
		Status:     resp.StatusCode,
		Challenges: note.redactAll(ParseChallenges(resp.Header)),
		Problem:    note.redactProblem(parseProblem(body)),
		RetryAfter: retryAfter(resp.Header, time.Now()),
	}
	if note != nil {
		e.Reason = note.reason
	}
	for _, c := range e.Challenges {
		e.read(c)
	}
	return e
}

// read takes the parameters of a challenge that programs act on. Of several challenges the first one that says something
// counts.
func (e *DenialError) read(c Challenge) {
	scope, _ := c.Param("scope")
	switch code, _ := c.Param("error"); {
	case code == "insufficient_scope" && e.Scopes == nil:
		e.Scopes = strings.Fields(scope)
	case code == "insufficient_user_authentication" && e.StepUp == nil:
		e.StepUp = stepUpOf(c)
	}
	if metadata, _ := c.Param("resource_metadata"); e.ResourceMetadata == "" && isAbsolute(metadata) {
		e.ResourceMetadata = metadata
	}
}

func stepUpOf(c Challenge) *StepUp {
	values, _ := c.Param("acr_values")
	s := &StepUp{ACRValues: strings.Fields(values)}
	if age, ok := c.Param("max_age"); ok {
		if seconds, isNumber := parseSeconds(age); isNumber {
			s.MaxAge = &seconds
		}
	}
	return s
}

func isAbsolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}

// maxSeconds is a century: a longer time is as good as that, and does not overflow.
const maxSeconds = 100 * 365 * 24 * 60 * 60

// parseSeconds reads delta-seconds: digits only (RFC 9110 section 10.2.3).
func parseSeconds(s string) (time.Duration, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > maxSeconds {
		n = maxSeconds
	}
	return time.Duration(n) * time.Second, true
}

// retryAfter is the time that a Retry-After field asks for. A date is compared with the server's own clock where it says
// what that shows.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if wait, ok := parseSeconds(value); ok {
		return wait
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, at.Sub(now)), maxSeconds*time.Second)
}

// problemOf reads the start of a problem document, and leaves the body as it was.
func problemOf(resp *http.Response) []byte {
	if resp.Body == nil || resp.Body == http.NoBody || !isProblem(resp.Header) {
		return nil
	}
	if n := noteOf(resp); n != nil && n.body.content() != nil {
		return n.body.content()
	}
	if d, ok := resp.Body.(*drained); ok {
		return d.content()
	}
	return readAhead(resp, waitingFor(requestOf(resp))).content()
}

func isProblem(header http.Header) bool {
	media, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (media == "application/problem+json" || media == "application/json")
}

func requestOf(resp *http.Response) *http.Request {
	if resp.Request != nil {
		return resp.Request
	}
	return &http.Request{}
}

func parseProblem(body []byte) Problem {
	var members map[string]any
	if json.Unmarshal(body, &members) != nil {
		return Problem{}
	}
	text := func(name string) string {
		s, _ := members[name].(string)
		return strings.ToValidUTF8(s[:min(len(s), 1<<10)], "")
	}
	return Problem{Type: text("type"), Title: text("title"), Detail: text("detail"), Code: text("code")}
}
