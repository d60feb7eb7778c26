package client_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// stream is a body that nobody can send again.
type stream struct{ io.Reader }

// The servers answer oddly. What counts: which tokens they saw, and what the caller gets.
func TestOddServers(t *testing.T) {
	ok := says(200)
	bare := says(401)
	invalid := says(401, challenge(`Bearer realm="x", error="invalid_token"`))
	garbage := strings.Repeat("x", 100<<10)
	tests := []struct {
		name    string
		request string // method, and how the body is sent
		answers []answer
		seen    string // tokens that the server saw
		status  int
		reason  string // of Denied, a part of it
	}{
		{"fine", "GET", []answer{ok}, "t1", 200, ""},
		{"404 is the caller's", "GET", []answer{says(404)}, "t1", 404, ""},
		{"500 is the caller's", "GET", []answer{says(500)}, "t1", 500, ""},
		{"500 with a challenge", "GET", []answer{says(500, challenge("Bearer"))}, "t1", 500, ""},
		{"200 with a challenge", "GET", []answer{says(200, challenge(`Bearer error="invalid_token"`))}, "t1", 200, ""},
		{"400 invalid_request", "GET", []answer{says(400, challenge(`Bearer error="invalid_request"`))}, "t1", 400, ""},
		{"304", "GET", []answer{{raw: "HTTP/1.1 304 Not Modified\r\n\r\n"}}, "t1", 304, ""},
		{"103 before 401", "GET", []answer{{raw: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + bare.raw}, ok}, "t1 t2", 200, ""},

		{"401 once", "GET", []answer{invalid, ok}, "t1 t2", 200, ""},
		{"401 without an error", "GET", []answer{says(401, challenge(`Bearer realm="x"`)), ok}, "t1 t2", 200, ""},
		{"401 with a bare scheme", "GET", []answer{says(401, challenge("Bearer")), ok}, "t1 t2", 200, ""},
		{"401 in capitals", "GET", []answer{says(401, challenge(`BEARER ERROR="invalid_token"`)), ok}, "t1 t2", 200, ""},
		{"401 without a challenge", "GET", []answer{bare, ok}, "t1 t2", 200, ""},
		{"401 with an empty challenge", "GET", []answer{says(401, challenge("")), ok}, "t1 t2", 200, ""},
		{"401 with commas only", "GET", []answer{says(401, challenge(", , ,")), ok}, "t1 t2", 200, ""},
		{"401 with garbage", "GET", []answer{says(401, challenge(`"?`)), ok}, "t1 t2", 200, ""},
		{"401 with garbage after ours", "GET", []answer{says(401, challenge(`Bearer realm="x`)), ok}, "t1 t2", 200, ""},
		{"401 with garbage after another", "GET", []answer{says(401, challenge(`Basic realm="x`)), ok}, "t1", 401, "other schemes"},
		{"401 with an unknown error", "GET", []answer{says(401, challenge(`Bearer error="odd"`)), ok}, "t1 t2", 200, ""},
		{"401 with an error as a token", "GET", []answer{says(401, challenge(`Bearer error=invalid_token`)), ok}, "t1 t2", 200, ""},
		{"401 with spaces for commas", "GET", []answer{says(401, challenge(`Bearer realm="x" error="invalid_request"`)), ok}, "t1 t2", 200, ""},
		{"401 with several schemes in a line", "GET", []answer{says(401, challenge(`Basic realm="a, Bearer", Bearer error="invalid_token"`)), ok}, "t1 t2", 200, ""},
		{"401 with several lines", "GET", []answer{says(401, challenge("Negotiate"), challenge("Bearer")), ok}, "t1 t2", 200, ""},
		{"401 with ours quoted in another's realm", "GET", []answer{says(401, challenge(`Basic realm="x, Bearer error=\"invalid_token\""`)), ok}, "t1", 401, "other schemes"},
		{"401 with another scheme", "GET", []answer{says(401, challenge(`Basic realm="x"`)), ok}, "t1", 401, "other schemes"},
		{"401 with Negotiate and a token68", "GET", []answer{says(401, challenge("Negotiate YII=")), ok}, "t1", 401, "other schemes"},
		{"401 with DPoP only", "GET", []answer{says(401, challenge(`DPoP algs="ES256", error="invalid_token"`)), ok}, "t1", 401, "other schemes"},
		{"401 with Bearerx", "GET", []answer{says(401, challenge(`Bearerx realm="x"`)), ok}, "t1", 401, "other schemes"},
		{"401 with a long s in the scheme", "GET", []answer{says(401, challenge("Baſic x")), ok}, "t1 t2", 200, ""},
		{"401 invalid_request", "GET", []answer{says(401, challenge(`Bearer error="invalid_request"`)), ok}, "t1", 401, "invalid_request"},
		{"401 insufficient_scope", "GET", []answer{says(401, challenge(`Bearer error="insufficient_scope", scope="a"`)), ok}, "t1", 401, "insufficient_scope"},
		{"401 step-up", "GET", []answer{says(401, challenge(`Bearer error="insufficient_user_authentication", acr_values="gold"`)), ok}, "t1", 401, "insufficient_user_authentication"},
		{"401 with the error twice", "GET", []answer{says(401, challenge(`Bearer error="invalid_request", error="invalid_token"`)), ok}, "t1", 401, "invalid_request"},
		{"401 with an error in another's challenge", "GET", []answer{says(401, challenge(`Bearer, Foo error="invalid_request"`)), ok}, "t1 t2", 200, ""},
		{"401 with two of ours", "GET", []answer{says(401, challenge(`Bearer realm="a"`), challenge(`Bearer error="insufficient_scope"`)), ok}, "t1", 401, "insufficient_scope"},
		{"401 with a quoted comma", "GET", []answer{says(401, challenge(`Bearer realm="a, b", error="invalid_token"`)), ok}, "t1 t2", 200, ""},
		{"401 with empty members", "GET", []answer{says(401, challenge(`,, Bearer ,, error="invalid_request",,`)), ok}, "t1", 401, "invalid_request"},
		{"401 with Proxy-Authenticate only", "GET", []answer{says(401, "Proxy-Authenticate: Basic"), ok}, "t1 t2", 200, ""},
		{"401 with a tab behind the scheme", "GET", []answer{says(401, challenge("Bearer\trealm=\"x\"")), ok}, "t1 t2", 200, ""},
		{"401 with a huge challenge", "GET", []answer{says(401, challenge(`Bearer realm="`+garbage+`"`)), ok}, "t1 t2", 200, ""},
		{"401 with a thousand challenges", "GET", []answer{says(401, challenge(strings.Repeat("Foo a=b, ", 1000)+"Bearer")), ok}, "t1 t2", 200, ""},

		{"401 again and again", "GET", []answer{invalid}, "t1 t2", 401, "new token too"},
		{"401 without a challenge again and again", "GET", []answer{bare}, "t1 t2", 401, "new token too"},
		{"401, then 403", "GET", []answer{bare, says(403)}, "t1 t2", 403, ""},
		{"401, then 503", "GET", []answer{bare, says(503)}, "t1 t2", 503, ""},
		{"401, then another scheme", "GET", []answer{bare, says(401, challenge("Basic"))}, "t1 t2", 401, "other schemes"},
		{"401, then invalid_request", "GET", []answer{bare, says(401, challenge(`Bearer error="invalid_request"`))}, "t1 t2", 401, "invalid_request"},
		{"401, then 302 home", "GET", []answer{bare, says(302, "Location: {self}/other"), ok}, "t1 t2 t2", 200, ""},

		{"403", "GET", []answer{says(403), ok}, "t1", 403, ""},
		{"403 insufficient_scope", "GET", []answer{says(403, challenge(`Bearer error="insufficient_scope", scope="a"`)), ok}, "t1", 403, ""},
		{"403 invalid_token", "GET", []answer{says(403, challenge(`Bearer error="invalid_token"`)), ok}, "t1", 403, ""},
		{"407", "GET", []answer{says(407, "Proxy-Authenticate: Basic", challenge("Bearer")), ok}, "t1", 407, ""},
		{"419", "GET", []answer{says(419, challenge(`Bearer error="invalid_token"`)), ok}, "t1", 419, ""},
		{"429", "GET", []answer{says(429, "Retry-After: 1"), ok}, "t1", 429, ""},
		{"503", "GET", []answer{says(503, "Retry-After: 1"), ok}, "t1", 503, ""},
		{"503 with a challenge", "GET", []answer{says(503, challenge(`Bearer error="invalid_token"`)), ok}, "t1", 503, ""},

		{"401 on HEAD", "HEAD", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 500\r\n\r\n"}, {raw: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"}}, "t1 t2", 200, ""},
		{"401 on OPTIONS", "OPTIONS", []answer{bare, ok}, "t1 t2", 200, ""},
		{"401 on DELETE", "DELETE", []answer{bare, says(204)}, "t1 t2", 204, ""},
		{"401 on a body that can be sent again", "POST bytes", []answer{invalid, ok}, "t1 t2", 200, ""},
		{"401 on a streamed body", "POST stream", []answer{invalid, ok}, "t1", 401, "cannot be sent again"},
		{"401 on an empty stream", "POST nothing", []answer{invalid, ok}, "t1 t2", 200, ""},
		{"401 again on a streamed body", "PUT stream", []answer{bare}, "t1", 401, "cannot be sent again"},
		{"401 on a body whose GetBody fails", "POST broken", []answer{invalid, ok}, "t1", 401, "cannot be sent again"},
		{"401 before the body is read", "POST long", []answer{{raw: strings.Replace(bare.raw, "\r\n", "\r\nConnection: close\r\n", 1), early: true}, ok}, "t1 t2", 200, ""},
		{"401 instead of 100", "POST expect", []answer{{raw: strings.Replace(bare.raw, "\r\n", "\r\nConnection: close\r\n", 1), early: true}, ok}, "t1 t2", 200, ""},
		{"401 after 100", "POST expect", []answer{bare, ok}, "t1 t2", 200, ""},

		{"401 with a body", "GET", []answer{wrote(401, "no"), ok}, "t1 t2", 200, ""},
		{"401 with a long body", "GET", []answer{wrote(401, garbage), ok}, "t1 t2", 200, ""},
		{"401 in chunks", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n"}, ok}, "t1 t2", 200, ""},
		{"401 with broken chunks", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", after: func(net.Conn) {}}, ok}, "t1 t2", 200, ""},
		{"401 with a body that is cut off", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 50\r\n\r\nno", after: func(net.Conn) {}}, ok}, "t1 t2", 200, ""},
		{"401 until the connection closes", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\n\r\nno", after: func(net.Conn) {}}, ok}, "t1 t2", 200, ""},
		{"401 in HTTP/1.0", "GET", []answer{{raw: "HTTP/1.0 401 Unauthorized\r\n\r\nno", after: func(net.Conn) {}}, ok}, "t1 t2", 200, ""},
		{"401 with an endless body", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\n\r\n", after: endless}, ok}, "t1 t2", 200, ""},
		{"401 with a body that never comes", "GET", []answer{{raw: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\n", after: silent}, ok}, "t1 t2", 200, ""},
		{"401 with a broken gzip body", "GET", []answer{wrote(401, "no", "Content-Encoding: gzip"), ok}, "t1 t2", 200, ""},
		{"401 with another status text", "GET", []answer{{raw: "HTTP/1.1 401 Fine\r\nContent-Length: 0\r\n\r\n"}, ok}, "t1 t2", 200, ""},
	}
	if len(tests) < 60 {
		t.Errorf("%d servers", len(tests))
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, source := serve(t, test.answers...), &counter{}
			begun := time.Now()
			resp, err := bearer(t, server.url, source).Do(request(t, test.request, server.url))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != test.status || server.seen() != test.seen {
				t.Errorf("status %d, tokens %s", resp.StatusCode, server.seen())
			}
			if reason := reasonOf(resp); test.reason == "" && reason != "" || !strings.Contains(reason, test.reason) {
				t.Errorf("reason %q", reason)
			}
			if resp.Request.Header.Get("Authorization") != "" {
				t.Error("the response shows the credential")
			}
			if took := time.Since(begun); took > 15*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func reasonOf(resp *http.Response) string {
	if denial := client.Denied(resp); denial != nil {
		return denial.Reason
	}
	return ""
}

// request makes "METHOD body": bytes, a stream, nothing in a stream, bytes that cannot be had again, a long body, or bytes
// with Expect.
func request(t *testing.T, what, url string) *http.Request {
	t.Helper()
	method, kind, _ := strings.Cut(what, " ")
	bodies := map[string]io.Reader{
		"bytes":   strings.NewReader("content"),
		"stream":  stream{strings.NewReader("content")},
		"nothing": http.NoBody,
		"broken":  strings.NewReader("content"),
		"long":    strings.NewReader(strings.Repeat("x", 4<<20)),
		"expect":  strings.NewReader("content"),
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bodies[kind])
	if err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "broken":
		req.GetBody = func() (io.ReadCloser, error) { return nil, io.ErrClosedPipe }
	case "expect":
		req.Header.Set("Expect", "100-continue")
	}
	return req
}
