package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

func TestMistakes(t *testing.T) {
	token := client.StaticToken("t")
	tests := []struct {
		origin      string
		credentials []client.Credential
		want        string
	}{
		{"", nil, "not an absolute http or https URL"},
		{"api.example.com", nil, "not an absolute http or https URL"},
		{"//api.example.com", nil, "not an absolute http or https URL"},
		{"ftp://api.example.com", nil, "not an absolute http or https URL"},
		{"https://", nil, "not an absolute http or https URL"},
		{"https://user:sekret@api.example.com", nil, "has a user"},
		{"https://user:sekret@api.example.com:x", nil, "not an absolute"},
		{"https://a.example", []client.Credential{client.Bearer(nil)}, "credential 1 is nil"},
		{"https://a.example", []client.Credential{client.DPoP(token, nil)}, "credential 1 is nil"},
		{"https://a.example", []client.Credential{client.Bearer(token), client.DPoP(nil, signer{})}, "credential 2 is nil"},
		{"https://a.example", []client.Credential{client.HTTP("Digest", nil)}, "credential 1 is nil"},
		{"https://a.example", []client.Credential{client.HTTP("Di gest", func(*http.Request, *client.Challenge) (string, error) { return "", nil })}, "not a token"},
		{"https://a.example", []client.Credential{client.Basic("a:b", "sekret")}, "RFC 7617"},
		{"https://a.example", []client.Credential{client.Basic("a", "sekret\n")}, "RFC 7617"},
		{"https://a.example", []client.Credential{client.HeaderKey("X-Key", "")}, "credential 1 is nil"},
		{"https://a.example", []client.Credential{client.HeaderKey("X Key", "sekret")}, "no field and no cookie"},
		{"https://a.example", []client.Credential{client.HeaderKey("X-Key", "sekret\r\nX: y")}, "cannot be sent"},
		{"https://a.example", []client.Credential{client.HeaderKey("X-Key", " sekret")}, "cannot be sent"},
		{"https://a.example", []client.Credential{client.CookieKey("c", "sekret;x")}, "cannot be sent"},
		{"https://a.example", []client.Credential{client.CookieKey("", "sekret")}, "no field and no cookie"},
		{"https://a.example", []client.Credential{client.QueryKey("", "sekret")}, "no field and no cookie"},
		{"https://a.example", []client.Credential{client.Bearer(token), client.Basic("a", "b")}, "two credentials for Authorization"},
		{"https://a.example", []client.Credential{client.Bearer(token), client.HeaderKey("authorization", "b")}, "two credentials for Authorization"},
		{"https://a.example", []client.Credential{client.QueryKey("k", "a"), client.QueryKey("k", "b")}, "two credentials for the query parameter k"},
		{"https://a.example", []client.Credential{client.CookieKey("k", "a"), client.CookieKey("k", "b")}, "two credentials for the cookie k"},
		{"https://a.example", []client.Credential{client.HeaderKey("k", "a"), client.HeaderKey("K", "b")}, "two credentials for the field K"},
	}
	for _, test := range tests {
		_, err := client.New(client.Options{Origin: test.origin, Credentials: test.credentials})
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "sekret") {
			t.Errorf("%s: %v", test.origin, err)
		}
	}
	_, err := client.New(client.Options{Origin: "https://a.example", RefreshTimeout: -1})
	if err == nil {
		t.Error("a negative limit")
	}
	_, err = client.New(client.Options{Origin: "https://a.example", Operations: []client.Operation{
		{Method: "GET", Path: "/a", Security: [][]client.Credential{{client.Bearer(token), client.Basic("a", "b")}}},
	}})
	if err == nil || !strings.Contains(err.Error(), "GET /a: two credentials for Authorization") {
		t.Error(err)
	}
}

// Alternatives, combinations, optional and public operations.
func TestOperations(t *testing.T) {
	token, desk, key := client.Bearer(client.StaticToken("t")), client.Basic("u", "p"), client.HeaderKey("X-Key", "k")
	operations := []client.Operation{
		{Method: "GET", Path: "/public"},
		{Method: "GET", Path: "/optional", Security: [][]client.Credential{{}, {token}}},
		{Method: "GET", Path: "/unset/optional", Security: [][]client.Credential{{nil}, {}}},
		{Method: "GET", Path: "/unset", Security: [][]client.Credential{{nil}, {token, nil}}},
		{Method: "GET", Path: "/or", Security: [][]client.Credential{{nil}, {desk}, {token}}},
		{Method: "GET", Path: "/and", Security: [][]client.Credential{{key, desk}}},
		{Method: "GET", Path: "/{id}", Security: [][]client.Credential{{key}}},
		{Method: "GET", Path: "/{id}/sub", Security: [][]client.Credential{{token}}},
		{Method: "GET", Path: "/mine/sub", Security: [][]client.Credential{{key}}},
		{Method: "POST", Path: "/or", Security: [][]client.Credential{{token}}},
		{Method: "GET", Path: "/files/{name}.json", Security: [][]client.Credential{{token}}},
		{Method: "GET", Path: "/files/{name}:{verb}", Security: [][]client.Credential{{desk}}},
		{Method: "GET", Path: "/with space", Security: [][]client.Credential{{key}}},
		{Method: "GET", Path: "/", Security: [][]client.Credential{{desk}}},
	}
	const basicAuth = "Basic dTpw"
	tests := []struct{ method, path, want string }{
		{"GET", "/public", "|"},
		{"GET", "/optional", "Bearer t|"},
		{"GET", "/unset/optional", "|"},
		{"GET", "/unset", "error"},
		{"GET", "/or", basicAuth + "|"},
		{"", "/or", basicAuth + "|"},
		{"POST", "/or", "Bearer t|"},
		{"PUT", "/or", "|"},
		{"GET", "/and", basicAuth + "|k"},
		{"GET", "/other", "|k"},
		{"GET", "/a%2Fb", "|k"},
		{"GET", "/a/b", "|"},
		{"GET", "/a/sub", "Bearer t|"},
		{"GET", "/mine/sub", "|k"},
		{"GET", "/mine/sub/", "|"},
		{"GET", "//sub", "|"},
		{"GET", "/files/x.json", "Bearer t|"},
		{"GET", "/files/x.xml", "|"},
		{"GET", "/files/x:copy", basicAuth + "|"},
		{"GET", "/with%20space", "|k"},
		{"GET", "/", basicAuth + "|"},
	}
	for _, test := range tests {
		to := &record{}
		transport := newTransport(t, client.Options{Origin: "https://api.example.com/v1/", Base: to, Operations: operations})
		req, _ := http.NewRequestWithContext(t.Context(), test.method, "https://api.example.com/v1"+test.path+"?q=1", nil)
		req.Method = test.method
		_, err := transport.RoundTrip(req)
		got := "error"
		if err == nil {
			got = to.sent[0].Header.Get("Authorization") + "|" + to.sent[0].Header.Get("X-Key")
		}
		if got != test.want {
			t.Errorf("%s %s: %s, %v", test.method, test.path, got, err)
		}
	}
	to := &record{}
	transport := newTransport(t, client.Options{Origin: "https://api.example.com/v1", Base: to, Operations: operations})
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com/v10/or", nil)
	if transport.RoundTrip(req); len(to.sent[0].Header) != 0 {
		t.Errorf("another base path: %v", to.sent[0].Header)
	}
}

// The caller's request is the caller's: whatever happens it is as it was, and its body is closed.
func TestRequestsAreLeftAlone(t *testing.T) {
	for _, answers := range [][]answer{{says(200)}, {says(401), says(200)}, {says(401)}, {says(403)}} {
		server := serve(t, answers...)
		transport := newTransport(t, client.Options{Origin: server.url, Credentials: []client.Credential{
			client.Bearer(&counter{}), client.QueryKey("key", "k"), client.CookieKey("c", "k"), client.HeaderKey("X-Key", "k")}})
		body := &closing{Reader: strings.NewReader("content")}
		req, _ := http.NewRequestWithContext(t.Context(), "POST", server.url+"/a?q=1", body)
		req.ContentLength = 7
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("content")), nil }
		req.Header.Set("Cookie", "own=1")
		before := req.Clone(t.Context())
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if req.URL.String() != before.URL.String() || len(req.Header) != 1 || req.Header.Get("Cookie") != "own=1" || req.Body != io.ReadCloser(body) {
			t.Errorf("%v", req)
		}
		if resp.Request.URL != req.URL || !body.closed.Load() {
			t.Errorf("closed %t, %v", body.closed.Load(), resp.Request)
		}
		for _, sent := range server.bodies {
			if sent != "content" {
				t.Errorf("sent %q", server.bodies)
			}
		}
		for _, sent := range server.requests {
			if sent.ContentLength != 7 {
				t.Errorf("Content-Length %d", sent.ContentLength)
			}
		}
	}
}

// A base that fails, or answers with nothing.
func TestBadBases(t *testing.T) {
	for _, test := range []struct {
		base http.RoundTripper
		want string
	}{
		{roundTripper(func(*http.Request) (*http.Response, error) { return nil, errSource }), "the provider is down"},
		{roundTripper(func(*http.Request) (*http.Response, error) { return nil, nil }), "nil"},
	} {
		transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: test.base, Credentials: []client.Credential{client.Bearer(&counter{})}})
		if _, err := (&http.Client{Transport: transport}).Get("https://api.example.com"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Error(err)
		}
	}
	bodiless := roundTripper(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 401}, nil })
	transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: bodiless, Credentials: []client.Credential{client.Bearer(&counter{})}})
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
	if resp, err := transport.RoundTrip(req); err != nil || resp.StatusCode != 401 {
		t.Error(err)
	}
	if _, err := transport.RoundTrip(&http.Request{}); err != nil {
		t.Error("a request without a URL is the base's", err)
	}
}

// idle counts.
type idle struct {
	record
	closed int
}

func (i *idle) CloseIdleConnections() { i.closed++ }

func TestCloseIdleConnections(t *testing.T) {
	to := &idle{}
	c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to})}
	if c.CloseIdleConnections(); to.closed != 1 {
		t.Error("not passed on")
	}
	newTransport(t, client.Options{Origin: "https://api.example.com", Base: &record{}}).CloseIdleConnections()
}

// token has the methods that the adapters use of golang.org/x/oauth2's.
type token struct {
	text, kind string
	valid      bool
}

func (t *token) SetAuthHeader(r *http.Request) { r.Header.Set("Authorization", t.kind+" "+t.text) }
func (t *token) Valid() bool                   { return t != nil && t.valid }

type source struct{ tokens []*token }

func (s *source) Token() (*token, error) {
	if len(s.tokens) == 0 {
		return nil, errSource
	}
	next := s.tokens[0]
	s.tokens = s.tokens[1:]
	return next, nil
}

func TestOAuth2(t *testing.T) {
	expires := &token{"a b", "MAC", true}
	from := &source{tokens: []*token{expires, {"second", "Bearer", true}, nil}}
	to := &record{}
	transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(client.OAuth2(from))}})
	c := http.Client{Transport: transport}
	for range 2 {
		c.Get("https://api.example.com")
	}
	expires.valid = false
	c.Get("https://api.example.com")
	var got []string
	for _, sent := range to.sent {
		got = append(got, sent.Header.Get("Authorization"))
	}
	if want := "Bearer a b, Bearer a b, Bearer second"; strings.Join(got, ", ") != want {
		t.Error(got)
	}
	for _, want := range []string{"returned no token", "the provider is down"} {
		if _, err := client.OAuth2(from).Token(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v", err)
		}
	}
	func() {
		type key struct{}
		ctx := context.WithValue(t.Context(), key{}, true)
		_, err := client.OAuth2Func(func(ctx context.Context) (*token, error) {
			if ctx.Value(key{}) == nil {
				return nil, errors.New("no context")
			}
			return &token{"x", "Bearer", true}, nil
		}).Token(ctx)
		if err != nil {
			t.Error(err)
		}
	}()
}

// A large body is sent again whole.
func TestLargeBody(t *testing.T) {
	server := serve(t, says(401), says(200))
	large := bytes.Repeat([]byte("0123456789"), 300<<10)
	resp, err := bearer(t, server.url, &counter{}).Post(server.url, "text/plain", bytes.NewReader(large))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(server.bodies) != 2 || server.bodies[1] != string(large) {
		t.Errorf("%d bodies", len(server.bodies))
	}
}

func ExampleNew() {
	source := client.TokenFunc(func(context.Context) (client.Token, error) {
		return client.NewToken("from the provider", time.Now().Add(time.Hour)), nil
	})
	transport, err := client.New(client.Options{
		Origin:      "https://api.example.com",
		Credentials: []client.Credential{client.Bearer(source)},
	})
	if err != nil {
		panic(err)
	}
	_ = &http.Client{Transport: transport} // api.NewClient(server, api.WithHTTPClient(…))
}
