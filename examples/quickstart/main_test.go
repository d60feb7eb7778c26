package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/quickstart/api"
	"github.com/oapi-guard/oapi-guard/examples/quickstart/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// The challenges of the quickstart, to the byte.
const (
	plain   = `Bearer realm="quickstart"`
	invalid = `Bearer realm="quickstart", error="invalid_token"`
	expired = `Bearer realm="quickstart", error="invalid_token", error_description="The access token expired"`
	twice   = `Bearer realm="quickstart", error="invalid_request"`
)

// authFunc is an authenticator that does what a test wants.
type authFunc func(guard.BearerToken) (*user, error)

func (f authFunc) BearerAuth(_ context.Context, token guard.BearerToken) (*user, error) {
	return f(token)
}

// TestDecisions is the README's table: what a request has, then status and challenge. The quickstart
// has no scopes; that row is in the tests of the golden cases.
func TestDecisions(t *testing.T) {
	server := serve(t, auth{"tokens.json"})
	const admin, anyone, public = "/accounts/1", "/me", "/health"
	tests := []struct {
		name          string
		path          string
		authorization []string
		status        int
		challenge     string
	}{
		{"public, no credentials", public, nil, 204, ""},
		{"public, credentials are not read", public, []string{"rubbish", "more"}, 204, ""},

		{"no credentials", anyone, nil, 401, plain},
		{"an empty field is no credential", anyone, []string{""}, 401, plain},
		{"the credential of another scheme", anyone, []string{"Basic YTpi"}, 401, plain},
		{"unknown token", anyone, []string{"Bearer wrong-token"}, 401, invalid},
		{"malformed token", anyone, []string{"Bearer not a token"}, 401, invalid},
		{"expired token", anyone, []string{"Bearer old-token"}, 401, expired},
		{"two lines", anyone, []string{"Bearer alice-token", "Bearer alice-token"}, 400, twice},
		{"any valid token", anyone, []string{"Bearer alice-token"}, 200, ""},
		{"the scheme in any case", anyone, []string{"bEARER  alice-token"}, 200, ""},
		{"an admin is a caller, too", anyone, []string{"Bearer root-token"}, 200, ""},

		{"admin only, no credentials", admin, nil, 401, plain},
		{"admin only, unknown token", admin, []string{"Bearer wrong-token"}, 401, invalid},
		{"admin only, expired token", admin, []string{"Bearer old-token"}, 401, expired},
		{"admin only, two lines", admin, []string{"Bearer root-token", "Bearer root-token"}, 400, twice},
		{"admin only, role missing", admin, []string{"Bearer alice-token"}, 403, ""},
		{"admin only, admin", admin, []string{"Bearer root-token"}, 200, ""},

		{"401 before the parameters are bound", "/accounts/x", nil, 401, plain},
		{"403 before the parameters are bound", "/accounts/x", []string{"Bearer alice-token"}, 403, ""},
		{"only an admin learns that they are malformed", "/accounts/x", []string{"Bearer root-token"}, 400, ""},
		{"... or that there is no such account", "/accounts/7", []string{"Bearer root-token"}, 404, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response := get(t, server, test.path, test.authorization...)
			checkAnswer(t, response, test.status, test.challenge)
		})
	}
}

// TestAuthenticator is the rest of the table: what the authenticator makes of a token that is well formed.
func TestAuthenticator(t *testing.T) {
	tests := []struct {
		name      string
		auth      apiguard.Authenticator[*user]
		status    int
		challenge string
	}{
		{"identity provider down", auth{"no-such-file.json"}, 503, ""},
		{"deadline", authFunc(func(guard.BearerToken) (*user, error) { return nil, context.DeadlineExceeded }), 503, ""},
		{"account refused", authFunc(func(guard.BearerToken) (*user, error) { return nil, guard.Forbidden(nil) }), 403, ""},
		{"unclassified error", authFunc(func(guard.BearerToken) (*user, error) { return nil, errors.New("secret detail") }), 500, ""},
		{"a caller beside an error", authFunc(func(guard.BearerToken) (*user, error) { return new(user), guard.Invalid(nil) }), 401, invalid},
		{"neither caller nor error", authFunc(func(guard.BearerToken) (*user, error) { return nil, nil }), 500, ""},
		{"panic", authFunc(func(guard.BearerToken) (*user, error) { panic("secret detail") }), 500, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response := get(t, serve(t, test.auth), "/me", "Bearer alice-token")
			checkAnswer(t, response, test.status, test.challenge)
		})
	}
}

// TestCaller makes sure that the handler's caller is the one whose token it was.
func TestCaller(t *testing.T) {
	server := serve(t, auth{"tokens.json"})
	for token, want := range map[string]string{
		"alice-token": `{"id":1,"name":"Alice"}` + "\n",
		"root-token":  `{"id":2,"name":"Root"}` + "\n",
	} {
		if got := get(t, server, "/me", "Bearer "+token).body; got != want {
			t.Errorf("%s: %q, want %q", token, got, want)
		}
	}
}

// TestDenialsAreConstant compares whole answers: nothing tells apart who was denied, nor what does not exist.
func TestDenialsAreConstant(t *testing.T) {
	server := serve(t, auth{"tokens.json"})
	tests := []struct {
		name          string
		authorization []string
		paths         []string
	}{
		{"no credentials", nil, []string{"/me", "/accounts/1", "/accounts/7", "/accounts/x", "/accounts/1?a=b"}},
		{"role missing", []string{"Bearer alice-token"}, []string{"/accounts/1", "/accounts/7", "/accounts/x"}},
	}
	for _, test := range tests {
		want := get(t, server, test.paths[0], test.authorization...)
		for _, path := range test.paths[1:] {
			if got := get(t, server, path, test.authorization...); !got.equal(want) {
				t.Errorf("%s: %s is answered differently from %s:\n%v\n%v", test.name, path, test.paths[0], got, want)
			}
		}
	}
	unknown, malformed := get(t, server, "/me", "Bearer x"), get(t, server, "/me", "Bearer (")
	if !unknown.equal(malformed) {
		t.Errorf("an unknown and a malformed token are told apart:\n%v\n%v", unknown, malformed)
	}
}

// TestTokensFile keeps the demo's last step true: without the file nobody is told to throw a token away.
func TestTokensFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tokens.json")
	data, err := os.ReadFile("tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	server := serve(t, auth{file})
	checkAnswer(t, get(t, server, "/me", "Bearer alice-token"), 200, "")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	checkAnswer(t, get(t, server, "/me", "Bearer alice-token"), 503, "")
	checkAnswer(t, get(t, server, "/me"), 401, plain)
}

func serve(t *testing.T, authenticator apiguard.Authenticator[*user]) *httptest.Server {
	t.Helper()
	accounts := []api.Account{{Id: 1, Name: "Alice"}, {Id: 2, Name: "Root"}}
	quiet := guard.Options{Realm: "quickstart", OnDecision: func(context.Context, guard.Event) {}}
	handler, err := apiguard.Handler(server{accounts}, authenticator, quiet)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// answer is what a client sees, but for the date.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) equal(b answer) bool { return reflect.DeepEqual(a, b) }

func get(t *testing.T, server *httptest.Server, path string, authorization ...string) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header["Authorization"] = authorization
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	response.Header.Del("Date")
	return answer{response.StatusCode, response.Header, string(body)}
}

func checkAnswer(t *testing.T, got answer, status int, challenge string) {
	t.Helper()
	var want []string
	if challenge != "" {
		want = []string{challenge}
	}
	if challenges := got.header.Values("WWW-Authenticate"); got.status != status || !slices.Equal(challenges, want) {
		t.Errorf("status %d, challenges %q; want %d, %q", got.status, challenges, status, want)
	}
}
