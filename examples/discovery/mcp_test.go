package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// client is a client of the Model Context Protocol as far as authorization goes: it knows the address of the API, and what
// docs/METADATA.md lists.
type client struct {
	*testing.T
	resource string
}

// served starts the program. Its identifier is its own address, and path.
func served(t *testing.T, path string) client {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	t.Cleanup(s.Close)
	handler, err := newHandler("http://" + s.Listener.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = handler
	s.Start()
	return client{t, s.URL + path}
}

func (c client) do(method, address, token string) *http.Response {
	c.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(`{"text":"x"}`))
	if err != nil {
		c.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { response.Body.Close() })
	return response
}

// at is an operation of the API, wherever the identifier's path leads.
func (c client) at(operation string) string {
	u, err := url.Parse(c.resource)
	if err != nil {
		c.Fatal(err)
	}
	return u.Scheme + "://" + u.Host + operation
}

var parameter = regexp.MustCompile(`([a-z_]+)="([^"]*)"`)

// challenge are the parameters of a response's only challenge, which is Bearer's.
func (c client) challenge(r *http.Response) map[string]string {
	c.Helper()
	lines := r.Header.Values("WWW-Authenticate")
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "Bearer ") {
		c.Fatalf("%d with %q", r.StatusCode, lines)
	}
	found := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(lines[0], -1) {
		found[m[1]] = m[2]
	}
	return found
}

func (c client) same(what, got, want string) {
	c.Helper()
	if got != want {
		c.Errorf("%s: %q; want %q", what, got, want)
	}
}

// TestUnauthorized: a request without a token is told where the metadata are, and which scopes it needs (list: 1, 2).
func TestUnauthorized(t *testing.T) {
	c := served(t, "")
	for operation, scope := range map[string]string{"GET /notes": "notes:read", "POST /notes": "notes:read notes:write"} {
		method, path, _ := strings.Cut(operation, " ")
		r := c.do(method, c.at(path), "")
		challenge := c.challenge(r)
		c.same("status", r.Status, "401 Unauthorized")
		c.same("resource_metadata", challenge["resource_metadata"], c.resource+"/.well-known/oauth-protected-resource")
		c.same("scope", challenge["scope"], scope)
		if _, blamed := challenge["error"]; blamed {
			t.Errorf("%s: %v blames a request without a token", operation, challenge)
		}
	}
}

// document is what a client reads of the document.
type document struct {
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers"`
	Scopes               []string `json:"scopes_supported"`
	Methods              []string `json:"bearer_methods_supported"`
}

func (c client) metadata(address string) document {
	c.Helper()
	r := c.do(http.MethodGet, address, "")
	c.same(address, r.Status+", "+r.Header.Get("Content-Type"), "200 OK, application/json")
	var d document
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &d) != nil {
		c.Fatalf("%s: %s %v", address, body, err)
	}
	return d
}

// TestMetadata: the document is at the URL of the challenge and where clients look without one, is about the resource that the
// client asked for, and names an authorization server (list: 3 to 6).
func TestMetadata(t *testing.T) {
	for path, wellKnown := range map[string]string{"": "", "/": "", "/notes": "/notes", "/public/mcp": "/public/mcp"} {
		c := served(t, path)
		address := c.challenge(c.do(http.MethodGet, c.at("/notes"), ""))["resource_metadata"]
		c.same("well-known", address, c.at("/.well-known/oauth-protected-resource"+wellKnown))
		d := c.metadata(address)
		c.same("resource", d.Resource, c.resource)
		c.same("authorization_servers", strings.Join(d.AuthorizationServers, " "), "https://login.example.com/notes")
		c.same("scopes_supported", strings.Join(d.Scopes, " "), "notes:read notes:write")
		c.same("bearer_methods_supported", strings.Join(d.Methods, " "), "header")
	}
}

// TestMetadataIsForEverybody: no token is needed, and a browser lets scripts of other origins read it, with the field that
// clients of the protocol add (list: 7).
func TestMetadataIsForEverybody(t *testing.T) {
	c := served(t, "")
	for method, status := range map[string]string{http.MethodGet: "200 OK", http.MethodOptions: "204 No Content"} {
		r := c.do(method, c.at("/.well-known/oauth-protected-resource"), "")
		c.same(method, r.Status+", "+r.Header.Get("Access-Control-Allow-Origin"), status+", *")
	}
}

// TestInvalidToken: a token that is not accepted is 401 again, with invalid_token and all that the first one had (list: 8).
func TestInvalidToken(t *testing.T) {
	c := served(t, "")
	r := c.do(http.MethodGet, c.at("/notes"), "nobody")
	challenge := c.challenge(r)
	c.same("status", r.Status, "401 Unauthorized")
	c.same("error", challenge["error"], "invalid_token")
	c.same("scope", challenge["scope"], "notes:read")
	c.same("resource_metadata", challenge["resource_metadata"], c.resource+"/.well-known/oauth-protected-resource")
}

// TestInsufficientScope: a token with fewer scopes is 403 with all that the operation needs, those that it has included, so
// that the next token does not lose them (list: 9).
func TestInsufficientScope(t *testing.T) {
	c := served(t, "")
	r := c.do(http.MethodPost, c.at("/notes"), "reader")
	challenge := c.challenge(r)
	c.same("status", r.Status, "403 Forbidden")
	c.same("error", challenge["error"], "insufficient_scope")
	c.same("scope", challenge["scope"], "notes:read notes:write")
	c.same("resource_metadata", challenge["resource_metadata"], c.resource+"/.well-known/oauth-protected-resource")
	for operation, token := range map[string]string{"GET /notes": "reader", "POST /notes": "writer"} {
		method, path, _ := strings.Cut(operation, " ")
		c.same(operation, c.do(method, c.at(path), token).Status, "200 OK")
	}
}

// TestTokensInTheQuery: an access token in the URL is none (list: 10).
func TestTokensInTheQuery(t *testing.T) {
	c := served(t, "")
	c.same("status", c.do(http.MethodGet, c.at("/notes?access_token=reader"), "").Status, "401 Unauthorized")
}

// TestIdentifiers: an identifier is an https URL without a fragment; http is for the own machine (list: 11).
func TestIdentifiers(t *testing.T) {
	for identifier, good := range map[string]bool{
		"https://api.example.com": true, "https://api.example.com/mcp": true, "http://localhost:8080": true,
		"http://api.example.com": false, "https://api.example.com#mcp": false, "api.example.com": false, "mcp.example.com:443": false, "": false,
	} {
		if _, err := newHandler(identifier); (err == nil) != good {
			t.Errorf("%q: %v", identifier, err)
		}
	}
}

// TestNothingOfTheRequest: neither the challenge nor the metadata follow Host.
func TestNothingOfTheRequest(t *testing.T) {
	h, err := newHandler("https://api.example.com/notes")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/notes", "/.well-known/oauth-protected-resource/notes"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://evil.example.net"+path, nil)
		r.Header.Set("X-Forwarded-Host", "evil.example.net")
		h.ServeHTTP(w, r)
		answer := w.Header().Get("WWW-Authenticate") + w.Body.String()
		if !strings.Contains(answer, "https://api.example.com") || strings.Contains(answer, "evil") {
			t.Errorf("%s: %s", path, answer)
		}
	}
}
