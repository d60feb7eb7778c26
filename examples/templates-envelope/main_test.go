package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/api"
	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/templates-envelope/envelope"
	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// failing authenticates like users, but for the tokens "broken" and "down".
type failing struct{ users }

func (f failing) BearerAuth(ctx context.Context, token guard.BearerToken) (*user, error) {
	switch token.Secret() {
	case "broken":
		return nil, errors.New("a secret detail")
	case "down":
		return nil, guard.Unavailable(errors.New("a secret detail"))
	case "refused":
		return nil, guard.Forbidden(guard.Detail("Your account is suspended."))
	}
	return f.users.BearerAuth(ctx, token)
}

func serve(t *testing.T, options guard.Options) *httptest.Server {
	t.Helper()
	known := users{"alice": {name: "alice"}, "carol": {"carol", []guard.Role{apiguard.RoleAccountant}}}
	options.Realm = "invoices"
	options.OnDecision = func(context.Context, guard.Event) {}
	handler, err := newHandler(failing{known}, options)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// ask sends a request; every token is an Authorization field.
func ask(t *testing.T, s *httptest.Server, method, path string, tokens ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest(method, s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		request.Header.Add("Authorization", "Bearer "+token)
	}
	response, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

const (
	plain   = `Bearer realm="invoices"`
	invalid = plain + `, error="invalid_token"`
	twice   = plain + `, error="invalid_request"`
)

// TestEnvelope: whoever says no says it in the company's words, and nothing else of the answer is theirs to say.
func TestEnvelope(t *testing.T) {
	s := serve(t, guard.Options{})
	tests := []struct {
		name, method, path string
		tokens             []string
		status             int
		challenge          string
		denied             bool // by a guard, which has the answer kept by no cache
		code, message      string
	}{
		{"no credentials", "GET", "/invoices?limit=1", nil, 401, plain, true, "UNAUTHENTICATED", "Please sign in."},
		{"unknown token", "GET", "/invoices?limit=1", []string{"x"}, 401, invalid, true, "UNAUTHENTICATED", "Please sign in."},
		{"two credentials", "GET", "/invoices?limit=1", []string{"alice", "carol"}, 400, twice, true, "BAD_REQUEST", "The request cannot be understood."},
		{"role missing", "DELETE", "/invoices/1", []string{"alice"}, 403, "", true, "FORBIDDEN", "You may not do this."},
		{"refused, with a word for the client", "GET", "/invoices?limit=1", []string{"refused"}, 403, "", true, "FORBIDDEN", "Your account is suspended."},
		{"another's invoice", "GET", "/invoices/2", []string{"alice"}, 404, "", true, "NOT_FOUND", "There is nothing here."},
		{"no such invoice", "GET", "/invoices/3", []string{"alice"}, 404, "", true, "NOT_FOUND", "There is nothing here."},
		{"a fault", "GET", "/invoices?limit=1", []string{"broken"}, 500, "", true, "INTERNAL", "Something went wrong on our side."},
		{"identity provider down", "GET", "/invoices?limit=1", []string{"down"}, 503, "", true, "UNAVAILABLE", "Please try again later."},

		{"malformed in the path", "GET", "/invoices/x", []string{"alice"}, 400, "", false, "BAD_REQUEST", "The parameter invoiceId is malformed."},
		{"malformed in the query", "GET", "/invoices?limit=x", []string{"alice"}, 400, "", false, "BAD_REQUEST", "The parameter limit is malformed."},
		{"missing in the query", "GET", "/invoices", []string{"alice"}, 400, "", false, "BAD_REQUEST", "The parameter limit is missing."},
		{"401 before 400", "GET", "/invoices/x", nil, 401, plain, true, "UNAUTHENTICATED", "Please sign in."},
		{"403 before 400", "DELETE", "/invoices/x", []string{"alice"}, 403, "", true, "FORBIDDEN", "You may not do this."},

		{"the handler's own", "DELETE", "/invoices/1", []string{"carol"}, 409, "", false, "ERROR", "Paid invoices are kept for ten years."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, body := ask(t, s, test.method, test.path, test.tokens...)
			checkEnvelope(t, response.Header, body, test.code, test.message)
			h := response.Header
			if response.StatusCode != test.status || strings.Join(h.Values("WWW-Authenticate"), "|") != test.challenge {
				t.Errorf("status %d, challenge %q", response.StatusCode, h.Values("WWW-Authenticate"))
			}
			if test.denied && (h.Get("Cache-Control") != "no-store" || h.Get("Content-Length") != strconv.Itoa(len(body))) {
				t.Errorf("header %v of %d bytes", h, len(body))
			}
		})
	}
}

// checkEnvelope checks every byte of a body; the identifier is the header's.
func checkEnvelope(t *testing.T, h http.Header, body []byte, code, message string) {
	t.Helper()
	id := h.Get("X-Request-Id")
	want := `{"error":{"code":"` + code + `","message":"` + message + `","requestId":"` + id + `"}}` + "\n"
	if string(body) != want || len(id) < 20 {
		t.Errorf("body %s want %s", body, want)
	}
	if got := h.Get("Content-Type"); got != "application/json" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("type %q, header %v", got, h)
	}
}

// TestConcealed: but for its identifier, the answer for another's invoice is the answer for none at all.
func TestConcealed(t *testing.T) {
	s := serve(t, guard.Options{})
	answer := func(path string) string {
		response, body := ask(t, s, "GET", path, "alice")
		id := response.Header.Get("X-Request-Id")
		response.Header.Del("Date")
		text, _ := json.Marshal(response.Header)
		return strings.ReplaceAll(response.Status+string(text)+string(body), id, "ID")
	}
	if another, none := answer("/invoices/2"), answer("/invoices/3"); another != none {
		t.Errorf("told apart:\n%s\n%s", another, none)
	}
}

// TestAdmitted: who is admitted is served as ever.
func TestAdmitted(t *testing.T) {
	s := serve(t, guard.Options{})
	for path, want := range map[string]string{
		"/invoices/1":       `{"amount":120,"id":1,"owner":"alice"}`,
		"/invoices?limit=9": `[{"amount":120,"id":1,"owner":"alice"}]`,
	} {
		if response, body := ask(t, s, "GET", path, "alice"); response.StatusCode != 200 || strings.TrimSpace(string(body)) != want {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	if response, _ := ask(t, s, "GET", "/health"); response.StatusCode != 204 {
		t.Errorf("health: %d", response.StatusCode)
	}
}

// TestApplicationWins: the override is a default. What a program says itself counts.
func TestApplicationWins(t *testing.T) {
	own := func(context.Context, guard.Denial) (string, []byte) { return "text/plain", []byte("no") }
	if _, body := ask(t, serve(t, guard.Options{DenialBody: own}), "GET", "/invoices?limit=1"); string(body) != "no" {
		t.Errorf("DenialBody: %s", body)
	}
	known := users{"alice": {name: "alice"}}
	handler, err := apiguard.HandlerWithOptions(invoices{}, known, invoices{}, guard.Options{}, api.StdHTTPServerOptions{
		ErrorHandlerFunc: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusTeapot) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(envelope.Identify(handler))
	defer s.Close()
	if response, _ := ask(t, s, "GET", "/invoices/x", "alice"); response.StatusCode != http.StatusTeapot {
		t.Errorf("ErrorHandlerFunc: %d", response.StatusCode)
	}
}

// TestOverrideCannotForgetAGuard tries hooks that serve an operation, weaken the options that a program gave, or leave their
// place. None of them generates anything.
func TestOverrideCannotForgetAGuard(t *testing.T) {
	for what, test := range map[string]struct{ hook, want string }{
		"served":       {`{{define "declarations"}}func serve[P Principal](s Server[P]) any { return s.DeleteInvoice }{{end}}`, "DeleteInvoice is a method of the server"},
		"by the table": {`{{define "options"}}operations()[0].policy.Public = true{{end}}`, "operations is a part of the guards"},
		"a linker":     {`{{define "options"}}gen.NewLinker[Principal](*options, gen.Entitlements[Principal]{}, nil, nil){{end}}`, "gen.NewLinker could register or admit"},
		"elsewhere":    {"{{define \"options\"}}}\nfunc init() { {{end}}", "the hook options leaves its place"},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(dir+"/hooks.tmpl", []byte(test.hook), 0o644); err != nil {
				t.Fatal(err)
			}
			result := generator.GenerateWith("oapi-guard.yaml", generator.Options{Templates: dir})
			found := slices.ContainsFunc(result.Diagnostics, func(d diag.Diagnostic) bool {
				return d.Rule.ID == "template-unguarded" && strings.HasPrefix(d.Message, test.want)
			})
			if !found || len(result.Files) > 0 {
				t.Errorf("%d files, %v", len(result.Files), result.Diagnostics)
			}
		})
	}
}

// TestReadme: the templates that README.md shows are those that are used.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"hooks.tmpl", "nethttp/hooks.tmpl"} {
		content, err := os.ReadFile("templates/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(readme), "```\n"+string(content)+"```\n") {
			t.Errorf("README.md does not show templates/%s", name)
		}
	}
}
