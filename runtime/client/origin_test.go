package client_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// record is a RoundTripper that keeps what would have been sent, and answers as it is told.
type record struct {
	mu     sync.Mutex
	sent   []*http.Request
	answer func(req *http.Request) *http.Response
}

func (r *record) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		req.Body.Close()
	}
	r.mu.Lock()
	r.sent = append(r.sent, req)
	r.mu.Unlock()
	if r.answer != nil {
		if resp := r.answer(req); resp != nil {
			return resp, nil
		}
	}
	return response(200), nil
}

func response(status int, fields ...string) *http.Response {
	header := http.Header{}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		header.Add(name, value)
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(""))}
}

func TestOrigins(t *testing.T) {
	tests := []struct {
		origin, url string
		home        bool
	}{
		{"https://api.example.com", "https://api.example.com/x", true},
		{"https://api.example.com", "https://api.example.com:443/x", true},
		{"https://api.example.com:443", "https://api.example.com", true},
		{"https://api.example.com", "https://API.Example.COM/x", true},
		{"https://API.example.com/v1", "https://api.example.com/elsewhere", true},
		{"http://api.example.com", "http://api.example.com:80/", true},
		{"http://[::1]:8080", "http://[::1]:8080/x", true},
		{"https://api.example.com", "http://api.example.com/x", false},
		{"https://api.example.com", "http://api.example.com:443/x", false},
		{"https://api.example.com", "https://api.example.com:8443/x", false},
		{"https://api.example.com", "https://api.example.com./x", false},
		{"https://api.example.com", "https://example.com/x", false},
		{"https://api.example.com", "https://x.api.example.com/x", false},
		{"https://api.example.com", "https://api.example.com.evil.example/", false},
		{"https://api.example.com", "https://evil.example/api.example.com", false},
		{"https://api.example.com", "https://api.example.com@evil.example/", false},
		{"https://api.example.com", "https://api.example.com:0443/", false},
	}
	for _, test := range tests {
		to := &record{}
		c := http.Client{Transport: newTransport(t, client.Options{Origin: test.origin, Base: to,
			Credentials: []client.Credential{client.Bearer(&counter{}), client.HeaderKey("X-Key", "k")}})}
		req, err := http.NewRequestWithContext(t.Context(), "GET", test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = "api.example.com" // never counts
		if _, err := c.Do(req); err != nil {
			t.Fatal(err)
		}
		h := to.sent[0].Header
		if got := h.Get("Authorization") == "Bearer t1" && h.Get("X-Key") == "k"; got != test.home {
			t.Errorf("%s, %s: %v", test.origin, test.url, h)
		}
	}
}

// The URLs that a chain of redirects visits, and what each request carries.
func TestRedirects(t *testing.T) {
	const home, foreign = "https://api.example.com", "https://evil.example"
	tests := []struct {
		name  string
		own   string // the caller's own Authorization
		chain []string
		want  []string
	}{
		{"at home", "", []string{home, home + "/b", home + "/c"}, []string{"Bearer t1", "Bearer t1", "Bearer t1"}},
		{"away", "", []string{home, foreign}, []string{"Bearer t1", ""}},
		{"away and back", "", []string{home, foreign, home + "/back"}, []string{"Bearer t1", "", ""}},
		{"away, back and on", "", []string{home, foreign, home, home + "/on"}, []string{"Bearer t1", "", "", ""}},
		{"from a foreign origin", "", []string{foreign, home}, []string{"", ""}},
		{"to plain http and back", "", []string{home, "http://api.example.com", home}, []string{"Bearer t1", "", ""}},
		{"to another port", "", []string{home, home + ":8443"}, []string{"Bearer t1", ""}},
		{"to a subdomain and back", "", []string{home, "https://x.api.example.com", home}, []string{"Bearer t1", "", ""}},
		{"to the host with a point", "", []string{home, "https://api.example.com./"}, []string{"Bearer t1", ""}},
		{"own, at home", "Own x", []string{home, home + "/b"}, []string{"Own x", "Own x"}},
		{"own, to a subdomain", "Own x", []string{home, "https://x.api.example.com"}, []string{"Own x", ""}},
		{"own, to another port", "Own x", []string{home, home + ":8443"}, []string{"Own x", ""}},
		{"own, to plain http", "Own x", []string{home, "http://api.example.com"}, []string{"Own x", ""}},
		{"own, to a subdomain and back", "Own x", []string{home, "https://x.api.example.com", home}, []string{"Own x", "", ""}},
		{"own, for a foreign origin", "Own x", []string{foreign}, []string{"Own x"}},
		{"own, from a foreign origin", "Own x", []string{foreign, "https://x.evil.example"}, []string{"Own x", ""}},
		{"with a user in the location", "", []string{home, "https://u:p@evil.example"}, []string{"Bearer t1", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			step := 0
			to := &record{answer: func(*http.Request) *http.Response {
				if step++; step < len(test.chain) {
					return response(307, "Location: "+test.chain[step])
				}
				return nil
			}}
			c := http.Client{Transport: newTransport(t, client.Options{Origin: home, Base: to,
				Credentials: []client.Credential{client.Bearer(&counter{}), client.HeaderKey("X-Key", "secret"), client.CookieKey("session", "secret")}})}
			req, _ := http.NewRequestWithContext(t.Context(), "GET", test.chain[0], nil)
			if test.own != "" {
				req.Header.Set("Authorization", test.own)
			}
			if _, err := c.Do(req); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, sent := range to.sent {
				auth := sent.Header.Get("Authorization")
				got = append(got, auth)
				if key := sent.Header.Get("X-Key") + sent.Header.Get("Cookie"); auth == "" && key != "" {
					t.Errorf("%s got %s", sent.URL, key)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q", got)
			}
		})
	}
}

// The caller's own API keys would follow every redirect of http.Client.
func TestOwnKeysStayAtHome(t *testing.T) {
	to := &record{answer: func(req *http.Request) *http.Response {
		if req.URL.Host == "api.example.com" {
			return response(302, "Location: https://x.api.example.com/")
		}
		return nil
	}}
	c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to,
		Credentials: []client.Credential{client.HeaderKey("X-Key", "a"), client.CookieKey("session", "a")}})}
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
	req.Header.Set("X-Key", "own")
	req.Header.Set("Cookie", "session=own")
	if _, err := c.Do(req); err != nil {
		t.Fatal(err)
	}
	if h := to.sent[0].Header; h.Get("X-Key") != "own" || h.Get("Cookie") != "session=own" {
		t.Errorf("at home: %v", h)
	}
	if h := to.sent[1].Header; h.Get("X-Key") != "" || h.Get("Cookie") != "" {
		t.Errorf("abroad: %v", h)
	}
}

// A chain that nobody can follow to its start counts as foreign; a circle ends.
func TestBrokenChains(t *testing.T) {
	circle, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
	circle.Response = &http.Response{Request: circle}
	torn := circle.Clone(t.Context())
	torn.Response = &http.Response{}
	for _, req := range []*http.Request{circle, torn} {
		to := &record{}
		transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(&counter{})}})
		if _, err := transport.RoundTrip(req); err != nil || to.sent[0].Header.Get("Authorization") != "" {
			t.Errorf("%v, %v", err, to.sent[0].Header)
		}
	}
}

// Two real servers that send a request to and fro.
func TestRedirectLoop(t *testing.T) {
	var mu sync.Mutex
	leaked := 0
	var home, foreign *httptest.Server
	home = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, foreign.URL, http.StatusTemporaryRedirect)
	}))
	foreign = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.Header.Get("Authorization") != "" {
			leaked++
		}
		http.Redirect(w, r, home.URL, http.StatusTemporaryRedirect)
	}))
	defer home.Close()
	defer foreign.Close()
	_, err := bearer(t, home.URL, &counter{}).Post(home.URL, "text/plain", strings.NewReader("x"))
	if err == nil || !strings.Contains(err.Error(), "10 redirects") {
		t.Error(err)
	}
	if leaked != 0 {
		t.Errorf("%d tokens went to another origin", leaked)
	}
}

// Denials of other origins, and of a request with the caller's own credentials, are the caller's.
func TestPassedThrough(t *testing.T) {
	source := &counter{}
	to := &record{answer: func(*http.Request) *http.Response {
		return response(401, `WWW-Authenticate: Bearer error="invalid_token"`)
	}}
	c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{client.Bearer(source)}})}
	for _, test := range []struct{ url, own, want string }{
		{"https://evil.example", "", ""},
		{"https://api.example.com", "Bearer own", "Bearer own"},
		{"https://api.example.com", "Basic own", "Basic own"},
		{"https://u:p@api.example.com", "", "Basic dTpw"},
	} {
		to.sent = nil
		req, _ := http.NewRequestWithContext(t.Context(), "GET", test.url, nil)
		if test.own != "" {
			req.Header.Set("Authorization", test.own)
		}
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != 401 || len(to.sent) != 1 || to.sent[0].Header.Get("Authorization") != test.want || source.calls() != 0 {
			t.Errorf("%s: %d, %d requests, %v", test.url, resp.StatusCode, len(to.sent), to.sent[0].Header)
		}
	}
}

// A key in the query is the origin's alone, though the server repeats the query in its redirect.
func TestQueryKeyInLocation(t *testing.T) {
	for _, test := range []struct{ location, next, shown string }{
		{"https://other.example/b?q=1&key=a%26b%20c#f", "https://other.example/b?q=1#f", ""},
		{"https://other.example/b?key=a%26b+c", "https://other.example/b", ""},
		{"https://other.example/b?k%65y=a%26b+c&x=%zz", "https://other.example/b?x=%zz", ""},
		{"/b?key=a%26b+c", "https://api.example.com/b?key=a%26b+c", ""},
		{"/b?key=another", "https://api.example.com/b?key=another", ""},
		{"/b", "https://api.example.com/b?key=a%26b+c", ""},
	} {
		first := true
		to := &record{answer: func(*http.Request) *http.Response {
			if first {
				first = false
				return response(302, "Location: "+test.location)
			}
			return nil
		}}
		c := http.Client{Transport: newTransport(t, client.Options{Origin: "https://api.example.com", Base: to,
			Credentials: []client.Credential{client.QueryKey("key", "a&b c")}})}
		resp, err := c.Get("https://api.example.com/a?q=1")
		if err != nil {
			t.Fatal(err)
		}
		if got := to.sent[0].URL.RawQuery; got != "q=1&key=a%26b+c" {
			t.Errorf("first %s", got)
		}
		if got := to.sent[1].URL.String(); got != test.next {
			t.Errorf("%s: %s", test.location, got)
		}
		if shown := resp.Request.URL.String(); strings.Contains(shown, "a%26b") || strings.Contains(to.sent[1].Header.Get("Referer"), "a%26b") {
			t.Errorf("shown: %s, %s", shown, to.sent[1].Header)
		}
	}
}

// Fields of a 401 that nobody sees set no cookie.
func TestSwallowedFields(t *testing.T) {
	server := serve(t, says(401, "Set-Cookie: from=401"), says(200, "Set-Cookie: from=200"))
	c := bearer(t, server.url, &counter{})
	c.Jar, _ = cookiejar.New(nil)
	if _, err := c.Get(server.url); err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(server.url)
	if got := fmt.Sprint(c.Jar.Cookies(u)); got != "[from=200]" {
		t.Error(got)
	}
}

func TestPlacesOfKeys(t *testing.T) {
	tests := []struct {
		credential client.Credential
		url        string
		field      string
		query      string
		want       string // of the field
	}{
		{client.HeaderKey("x-key", "a b"), "/", "X-Key", "", "a b"},
		{client.QueryKey("k y", "a/b"), "/", "", "k+y=a%2Fb", ""},
		{client.QueryKey("key", "a"), "/?key=own", "", "key=own", ""},
		{client.QueryKey("key", "a"), "/?k%65y=own", "", "k%65y=own", ""},
		{client.QueryKey("key", "a"), "/?x=%zz&keys=1", "", "x=%zz&keys=1&key=a", ""},
		{client.CookieKey("session", "a=b"), "/", "Cookie", "", "session=a=b"},
		{client.Basic("user", "pässword:x"), "/", "Authorization", "", "Basic dXNlcjpww6Rzc3dvcmQ6eA=="},
		{client.Basic("", ""), "/", "Authorization", "", "Basic Og=="},
	}
	for _, test := range tests {
		to := &record{}
		transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to, Credentials: []client.Credential{test.credential}})
		req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com"+test.url, nil)
		if _, err := transport.RoundTrip(req); err != nil {
			t.Fatal(err)
		}
		sent := to.sent[0]
		if sent.URL.RawQuery != test.query || sent.Header.Get(test.field) != test.want {
			t.Errorf("%s: %s, %v", test.url, sent.URL.RawQuery, sent.Header)
		}
		if len(req.Header) != 0 || strings.Contains(req.URL.String(), "a%2Fb") {
			t.Error("the caller's request was changed")
		}
	}
	to := &record{}
	transport := newTransport(t, client.Options{Origin: "https://api.example.com", Base: to,
		Credentials: []client.Credential{client.CookieKey("session", "a"), client.CookieKey("device", "b")}})
	req, _ := http.NewRequestWithContext(t.Context(), "GET", "https://api.example.com", nil)
	req.Header.Set("Cookie", "device=own")
	if transport.RoundTrip(req); to.sent[0].Header.Get("Cookie") != "device=own; session=a" {
		t.Error(to.sent[0].Header)
	}
}
