package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// denials is one request for every verdict, with the body that each is answered with: constant per status.
var denials = []struct {
	policy string
	has    []string
	status int
	body   string
}{
	{"bearer", has("Authorization: Bearer a", "Authorization: Bearer b"), 400, body400},
	{"bearer", has(), 401, body401},
	{"bearer", has("Authorization: Bearer ="), 401, body401},
	{"bearer", has("Authorization: Bearer invalid"), 401, body401},
	{"bearer", has("Authorization: Bearer expired"), 401, body401},
	{"bearer", has("Authorization: Bearer stepup"), 401, body401},
	{"bearer;admin", has("Authorization: Bearer user"), 403, body403},
	{"bearer", has("Authorization: Bearer forbidden"), 403, body403},
	{"oauth(read)", has("Authorization: Bearer user"), 403, body403},
	{"bearer", has("Authorization: Bearer error"), 500, body500},
	{"bearer", has("Authorization: Bearer throttled0"), 429, body429},
	{"bearer", has("Authorization: Bearer unavailable"), 503, body503},
}

const (
	body400 = `{"type":"about:blank","title":"Bad Request","status":400,"detail":"The request must carry one credential where it carries several."}` + "\n"
	body401 = `{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The request needs valid credentials."}` + "\n"
	body403 = `{"type":"about:blank","title":"Forbidden","status":403,"detail":"The caller may not do this."}` + "\n"
	body429 = `{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"There are too many requests."}` + "\n"
	body500 = `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"The request could not be authorized."}` + "\n"
	body503 = `{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The request cannot be authorized at the moment."}` + "\n"
)

func TestDenialOnTheWire(t *testing.T) {
	for _, d := range denials {
		got := (&world{}).serve(t, d.policy, request(d.has...))
		if got.status != d.status || got.body != d.body {
			t.Errorf("%s, %s: %d %q", d.has, d.policy, got.status, got.body)
		}
		want := http.Header{
			"Content-Type":           {"application/problem+json"},
			"Cache-Control":          {"no-store"},
			"X-Content-Type-Options": {"nosniff"},
		}
		if got.challenges != nil {
			want["Www-Authenticate"] = got.challenges
		}
		if !reflect.DeepEqual(got.header, want) {
			t.Errorf("%s, %s: header %v; want %v", d.has, d.policy, got.header, want)
		}
	}
}

// A denial does not depend on other parts of the request.
func TestDenialDependsOnNothingElse(t *testing.T) {
	for _, d := range denials {
		plain := (&world{}).serve(t, d.policy, request(d.has...))
		for _, more := range []string{"HEAD", "?a=%zz", "If-None-Match: *", "Range: bytes=0-1", "Host: evil", "X-Forwarded-Host: evil", "Accept: text/html", "Forwarded: host=evil"} {
			got := (&world{}).serve(t, d.policy, request(append(d.has, more)...))
			if more == "HEAD" && got.body == "" && got.header.Get("Content-Length") == strconv.Itoa(len(plain.body)) {
				got.body = plain.body
				got.header.Del("Content-Length") // which net/http adds to the others: see TestLengthOnTheWire
			}
			got.event, got.ran = plain.event, plain.ran
			if !reflect.DeepEqual(got, plain) {
				t.Errorf("%s with %s: %+v; want %+v", d.has, more, got, plain)
			}
		}
	}
}

func TestHeadIsDeniedWithoutContent(t *testing.T) {
	got := (&world{}).serve(t, "bearer", request("HEAD"))
	if got.status != 401 || got.body != "" || got.header.Get("Content-Length") != strconv.Itoa(len(body401)) {
		t.Errorf("%d %q %v", got.status, got.body, got.header)
	}
}

func TestStaleHeadersGo(t *testing.T) {
	l := (&world{}).linker()
	h := l.Guard(operation("bearer;admin")).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})
	rec := httptest.NewRecorder()
	for _, name := range []string{"Etag", "Last-Modified", "Content-Range", "Retry-After", "WWW-Authenticate", "Cache-Control", "Content-Length", "Content-Type", "X-Content-Type-Options"} {
		rec.Header().Set(name, "stale")
	}
	rec.Header().Set("X-Request-Id", "kept")
	h(rec, request("Authorization: Bearer user"))
	for name, values := range rec.Header() {
		if len(values) != 1 || values[0] == "stale" {
			t.Errorf("%s: %v", name, values)
		}
	}
	if rec.Code != 403 || rec.Header().Get("X-Request-Id") != "kept" || len(rec.Header()) != 4 {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

// A writer that compresses sets Content-Encoding in advance and encodes the body: its length is then not that of the
// problem document, and the field stays.
func TestDenialBehindAnEncoding(t *testing.T) {
	for _, method := range []string{"GET", "HEAD"} {
		for _, conceal := range []guard.Concealment{0, guard.ConcealAsNotFound} {
			for _, long := range []bool{false, true} {
				w := &world{}
				if long {
					w.options.DenialBody = func(context.Context, guard.Denial) (string, []byte) {
						return "text/plain", []byte(strings.Repeat("long ", 1000))
					}
				}
				op := operation("bearer;admin")
				op.Conceal = conceal
				h := w.linker().Guard(op).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})
				for _, credential := range []string{"user", "invalid", "unavailable"} {
					rec := httptest.NewRecorder()
					rec.Header().Set("Content-Encoding", "gzip")
					rec.Header().Set("Content-Length", "7")
					r := request("Authorization: Bearer " + credential)
					r.Method = method
					h(rec, r)
					if got := rec.Header(); got.Get("Content-Encoding") != "gzip" || got["Content-Length"] != nil || got.Get("Cache-Control") != "no-store" || rec.Code < 400 {
						t.Errorf("%s %q long=%t %s: %d %v", method, conceal, long, credential, rec.Code, got)
					}
				}
			}
		}
	}
}

// What a guard puts into a header must not be changed for the next request by adding to it.
func TestHeadersAreNotShared(t *testing.T) {
	w := &world{options: guard.Options{RetryAfter: time.Second}}
	l := w.linker()
	for _, row := range []row{{policy: "bearer"}, {policy: "bearer | basic | key"}, {policy: "oauth(read)", has: has("Authorization: Bearer user")}, {policy: "key", has: has("X-API-Key: unavailable")}} {
		h := l.Guard(operation(row.policy)).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})
		var first http.Header
		for range 3 {
			rec := httptest.NewRecorder()
			h(rec, request(row.has...))
			if first == nil {
				first = rec.Header().Clone()
			}
			if !reflect.DeepEqual(rec.Header(), first) {
				t.Fatalf("%s: %v; want %v", row.policy, rec.Header(), first)
			}
			for name, values := range rec.Header() {
				if len(values) != cap(values) {
					t.Errorf("%s: appending to the field would write into a shared slice", name)
				}
				rec.Header().Add(name, "added")
				_ = append(rec.Header()[name][:1], "overwritten")
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for _, test := range []struct {
		has   string
		after time.Duration
		want  []string
	}{
		{"Authorization: Bearer unavailable", 0, nil},
		{"Authorization: Bearer unavailable", 1, []string{"1"}},
		{"Authorization: Bearer unavailable", time.Second, []string{"1"}},
		{"Authorization: Bearer unavailable", 1500 * time.Millisecond, []string{"2"}},
		{"Authorization: Bearer deadline", 3 * time.Minute, []string{"180"}},
		{"Authorization: Bearer unavailable", 1<<63 - 1, []string{"9223372037"}},
		{"Authorization: Bearer error", time.Second, nil},
		{"Authorization: Bearer invalid", time.Second, nil},
	} {
		w := &world{options: guard.Options{RetryAfter: test.after}}
		if got := w.serve(t, "bearer", request(test.has)).header["Retry-After"]; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s after %s: %v; want %v", test.has, test.after, got, test.want)
		}
	}
}

func TestClientGone(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for _, test := range []struct {
		has     string
		ctx     context.Context
		verdict verdict.Verdict
		status  int
	}{
		{"Authorization: Bearer canceled", gone, verdict.Canceled, 503},
		{"Authorization: Bearer canceled", context.Background(), fault, 500},
		{"Authorization: Bearer error", gone, fault, 500},
		{"Authorization: Bearer invalid", gone, invalid, 401},
	} {
		w := &world{options: guard.Options{RetryAfter: time.Second}}
		got := w.serve(t, "bearer", request(test.has).WithContext(test.ctx))
		if got.verdict != test.verdict || got.status != test.status || got.ran != 0 || got.header["Retry-After"] != nil {
			t.Errorf("%s: %s, %d, %v", test.has, got.verdict, got.status, got.header)
		}
	}
	if got := (&world{}).serve(t, "bearer", request("Authorization: Bearer user").WithContext(gone)); got.ran != 1 {
		t.Errorf("%+v", got)
	}
}

func TestDenialBody(t *testing.T) {
	custom := func(contentType, body string) func(context.Context, guard.Denial) (string, []byte) {
		return func(_ context.Context, d guard.Denial) (string, []byte) {
			return contentType, []byte(body + d.Operation + " " + d.Verdict.String() + " " + strconv.Itoa(d.Status))
		}
	}
	const own = "no: op missing-role 403"
	for _, test := range []struct {
		title       string
		body        func(context.Context, guard.Denial) (string, []byte)
		contentType string
		want        string
	}{
		{"own", custom("text/plain; charset=utf-8", "no: "), "text/plain; charset=utf-8", own},
		{"no type", custom("", "no: "), "application/problem+json", body403},
		{"no media type", custom("text", "no: "), "application/problem+json", body403},
		{"bad parameter", custom("text/plain; x", "no: "), "application/problem+json", body403},
		{"line break", custom("text/plain\r\nX-Evil: 1", "no: "), "application/problem+json", body403},
		{"control character", custom("text/plain; a=\"\x01\"", "no: "), "application/problem+json", body403},
		{"line break in a parameter", custom("text/plain; a=\"b\r\nX-Evil: 1\"", "no: "), "application/problem+json", body403},
		{"panic", func(context.Context, guard.Denial) (string, []byte) { panic("DenialBody") }, "application/problem+json", body403},
		{"left to the default", func(context.Context, guard.Denial) (string, []byte) { return "", nil }, "application/problem+json", body403},
		{"empty", func(context.Context, guard.Denial) (string, []byte) { return "text/plain", nil }, "text/plain", ""},
	} {
		logs := captureLog(t)
		w := &world{options: guard.Options{DenialBody: test.body}}
		got := w.serve(t, "bearer;admin", request("Authorization: Bearer user"))
		if got.status != 403 || got.body != test.want || got.header.Get("Content-Type") != test.contentType || got.header["Content-Length"] != nil {
			t.Errorf("%s: %d %q %v", test.title, got.status, got.body, got.header)
		}
		if contained := test.want == body403 && test.title != "left to the default"; contained != strings.Contains(logs.String(), "level=ERROR") {
			t.Errorf("%s: logged %q", test.title, logs)
		}
		if strings.Contains(logs.String(), "panic") && !strings.Contains(logs.String(), "goroutine") {
			t.Errorf("%s: a panic without its stack: %q", test.title, logs)
		}
	}
	w := &world{options: guard.Options{DenialBody: custom("text/plain", "")}}
	if got := w.serve(t, "bearer", request()); got.challenges[0] != bearerPlain || got.body != "op absent 401" {
		t.Errorf("%q %q", got.challenges, got.body)
	}
}
