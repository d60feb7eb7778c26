package golden

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestOneAnswerHTTP2 sends those of the requests over HTTP/2 that can be written in it, to the servers that
// stand on net/http.
func TestOneAnswerHTTP2(t *testing.T) {
	n := *count / 2
	if testing.Short() {
		n /= 8
	}
	requests := slices.DeleteFunc(newCorpus(*seed+1, n), func(r *request) bool { return !r.fitsHTTP2() })
	if len(requests) < n/2 {
		t.Fatalf("only %d of %d requests fit HTTP/2", len(requests), n)
	}
	onHTTP := slices.DeleteFunc(slices.Clone(servers), server.fasthttp)
	eachSubject(t, onHTTP, func(t *testing.T, x *subject) {
		transport := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
		transport.Protocols.SetUnencryptedHTTP2(true)
		defer transport.CloseIdleConnections()
		wrong := problems{}
		for _, r := range requests {
			answer := r.sendHTTP2(t, transport, x.address)
			x.check(&wrong, r, answer, x.happened())
		}
		wrong.report(t)
	})
}

var (
	// ofTheConnection are fields that HTTP/2 has not, that net/http's client writes itself, or (Expect) that its server
	// only looks at in HTTP/1.
	ofTheConnection = regexp.MustCompile(`(?i)^(connection|expect|upgrade|te|transfer-encoding|trailer|host) *:`)
	fieldLine       = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$")
)

// fitsHTTP2 reports whether HTTP/2 can carry the request.
func (r *request) fitsHTTP2() bool {
	for _, line := range r.lines {
		if ofTheConnection.MatchString(line) || !fieldLine.MatchString(line) {
			return false
		}
	}
	if _, err := url.ParseRequestURI(r.target); err != nil || len(r.values("Content-Length")) > 1 {
		return false // the client would try it again and again
	}
	return r.protocol == "HTTP/1.1" && !r.cutOff() && r.end == "\r\n" && r.before == "" && r.host == "Host: golden.test" && r.method != "CONNECT" &&
		strings.HasPrefix(r.target, "/") && !strings.HasPrefix(r.target, "//") && !strings.Contains(r.target, "#")
}

// sendHTTP2 sends the request as it is written, but for the white space around values, which HTTP/2 has not.
func (r *request) sendHTTP2(t *testing.T, transport *http.Transport, address string) *response {
	q := &http.Request{
		Method: r.method, URL: &url.URL{Scheme: "http", Host: address, Opaque: r.target}, Host: "golden.test", Header: http.Header{},
	}
	for _, line := range r.lines {
		name, value, _ := strings.Cut(line, ":")
		if !strings.EqualFold(name, "Content-Length") {
			q.Header.Add(name, strings.Trim(value, " \t"))
		}
	}
	if r.body != "" {
		q.Body, q.ContentLength = io.NopCloser(strings.NewReader(r.body)), int64(len(r.body))
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	a, err := transport.RoundTrip(q.WithContext(ctx))
	if err != nil {
		return nil
	}
	defer func() { _ = a.Body.Close() }()
	body, err := io.ReadAll(a.Body)
	if err != nil || a.ProtoMajor != 2 {
		t.Errorf("%s: %v", a.Proto, err)
	}
	answer := &response{status: a.StatusCode, body: string(body)}
	for name, values := range a.Header {
		for _, value := range values {
			answer.header = append(answer.header, name+": "+value)
		}
	}
	return answer
}
