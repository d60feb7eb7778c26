package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

func TestDenied(t *testing.T) {
	date := "Date: Fri, 27 Nov 2026 10:00:00 GMT"
	age := 5 * time.Minute
	tests := []struct {
		name   string
		answer answer
		want   client.DenialError // without challenges
	}{
		{"insufficient_scope", says(403, challenge(`Bearer error="insufficient_scope", scope="a  b"`)), client.DenialError{Status: 403, Scopes: []string{"a", "b"}}},
		{"scope of another error", says(403, challenge(`Bearer error="invalid_token", scope="a"`)), client.DenialError{Status: 403}},
		{"step-up", says(401, challenge(`Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="300"`)),
			client.DenialError{Status: 401, StepUp: &client.StepUp{ACRValues: []string{"gold", "silver"}, MaxAge: &age}}},
		{"step-up with garbage", says(401, challenge(`Bearer error="insufficient_user_authentication", max_age="-1"`)),
			client.DenialError{Status: 401, StepUp: &client.StepUp{ACRValues: []string{}}}},
		{"metadata", says(403, challenge(`Bearer resource_metadata="https://a.example/.well-known/x"`)), client.DenialError{Status: 403, ResourceMetadata: "https://a.example/.well-known/x"}},
		{"relative metadata", says(403, challenge(`Bearer resource_metadata="/x"`)), client.DenialError{Status: 403}},
		{"metadata without a scheme", says(403, challenge(`Bearer resource_metadata="//a.example/x"`)), client.DenialError{Status: 403}},
		{"metadata in a file", says(403, challenge(`Bearer resource_metadata="file:///etc/passwd"`)), client.DenialError{Status: 403}},
		{"metadata of a script", says(403, challenge(`Bearer resource_metadata="javascript:alert(1)"`)), client.DenialError{Status: 403}},
		{"Retry-After", says(503, "Retry-After: 120"), client.DenialError{Status: 503, RetryAfter: 2 * time.Minute}},
		{"Retry-After as a date", says(429, "Retry-After: Fri, 27 Nov 2026 10:01:00 GMT", date), client.DenialError{Status: 429, RetryAfter: time.Minute}},
		{"Retry-After in the past", says(429, "Retry-After: Fri, 27 Nov 2026 09:00:00 GMT", date), client.DenialError{Status: 429}},
		{"Retry-After that is negative", says(503, "Retry-After: -5"), client.DenialError{Status: 503}},
		{"Retry-After with a fraction", says(503, "Retry-After: 1.5"), client.DenialError{Status: 503}},
		{"Retry-After of an age", says(503, "Retry-After: 99999999999999999999"), client.DenialError{Status: 503, RetryAfter: 100 * 365 * 24 * time.Hour}},
		{"a problem", wrote(403, `{"type":"urn:x","title":"No","detail":"Why","code":"c","status":9}`, "Content-Type: application/problem+json; charset=utf-8"),
			client.DenialError{Status: 403, Problem: client.Problem{Type: "urn:x", Title: "No", Detail: "Why", Code: "c"}}},
		{"a problem with other types", wrote(403, `{"title":1,"detail":["x"],"code":"c"}`, "Content-Type: application/problem+json"),
			client.DenialError{Status: 403, Problem: client.Problem{Code: "c"}}},
		{"a problem as text", wrote(403, `{"title":"No"}`, "Content-Type: text/plain"), client.DenialError{Status: 403}},
		{"a problem that breaks off", wrote(403, `{"title":"No"`, "Content-Type: application/problem+json"), client.DenialError{Status: 403}},
		{"a long problem", wrote(403, `{"title":"`+strings.Repeat("x", 5000)+`"}`, "Content-Type: application/problem+json"),
			client.DenialError{Status: 403, Problem: client.Problem{Title: strings.Repeat("x", 1024)}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := serve(t, test.answer)
			resp, err := bearer(t, server.url, &counter{}).Get(server.url)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			got := *client.Denied(resp)
			got.Challenges, got.Reason = nil, ""
			if asJSON(got) != asJSON(test.want) {
				t.Errorf("%s", asJSON(got))
			}
			_, sent, _ := strings.Cut(test.answer.raw, "\r\n\r\n")
			if body, err := io.ReadAll(resp.Body); err != nil || string(body) != sent {
				t.Errorf("the body is %q, %v", body, err)
			}
		})
	}
}

func asJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

func TestDeniedIsNil(t *testing.T) {
	for _, status := range []int{200, 204, 302, 400, 404, 407, 500, 502} {
		if client.Denied(response(status)) != nil {
			t.Error(status)
		}
	}
	if client.Denied(nil) != nil {
		t.Error("nil")
	}
	if client.Denied(&http.Response{StatusCode: 403}).Status != 403 {
		t.Error("a response without a body and a request")
	}
}

// Generated clients hand out responses whose body they have read and closed. The problem is known even so, and no more than is
// kept of every problem.
func TestDeniedAfterTheBodyWasRead(t *testing.T) {
	long := `{"title":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, test := range []struct {
		status                 int
		body, mediaType, title string
		timeout                time.Duration
	}{
		{403, `{"title":"No"}`, "application/problem+json", "No", 0},
		{403, `{"title":"No"}`, "application/problem+json", "No", time.Minute}, // http.Client wraps the body
		{401, `{"title":"No"}`, "application/problem+json", "No", 0},
		{503, `{"title":"No"}`, "application/json", "No", 0},
		{403, `{"title":"No"}`, "text/plain", "", 0},
		{403, long, "application/problem+json", "", 0},
	} {
		server := serve(t, wrote(test.status, test.body, "Content-Type: "+test.mediaType))
		c := bearer(t, server.url, client.StaticToken("t"))
		c.Timeout = test.timeout
		resp, err := c.Get(server.url)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(resp.Body); string(body) != test.body || err != nil {
			t.Errorf("%d bytes, %v", len(body), err)
		}
		resp.Body.Close()
		for range 2 {
			if denial := client.Denied(resp); denial.Problem.Title != test.title {
				t.Errorf("%d %s: %q", test.status, test.mediaType, denial.Problem.Title)
			}
		}
	}
}

// A problem that comes slowly does not keep the caller for more than half a second, and can be read all the same.
func TestDeniedWithASlowBody(t *testing.T) {
	proceed := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(403)
		io.WriteString(w, `{"title":`)
		w.(http.Flusher).Flush()
		<-proceed
		io.WriteString(w, `"No"}`)
	}))
	defer server.Close()
	resp, err := bearer(t, server.URL, &counter{}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	begun := time.Now()
	denial := client.Denied(resp)
	if denial == nil || denial.Problem.Title != "" || time.Since(begun) > 2*time.Second {
		t.Errorf("%+v after %s", denial, time.Since(begun))
	}
	close(proceed)
	if body, err := io.ReadAll(resp.Body); string(body) != `{"title":"No"}` || err != nil {
		t.Errorf("%q %v", body, err)
	}
}

// A long body is handed on whole.
func TestDeniedWithALongBody(t *testing.T) {
	long := `{"title":"` + strings.Repeat("x", 1<<20) + `"}`
	server := serve(t, wrote(401, long, "Content-Type: application/problem+json"))
	resp, err := bearer(t, server.url, client.StaticToken("t")).Get(server.url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	client.Denied(resp)
	if body, err := io.ReadAll(resp.Body); string(body) != long || err != nil {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

func TestDenialErrors(t *testing.T) {
	tests := []struct {
		answer answer
		want   string // empty: a response
	}{
		{says(403, challenge(`Bearer error="insufficient_scope", scope="a"`)), "client: 403 Forbidden (Bearer insufficient_scope)"},
		{says(401, challenge("Basic")), "client: 401 Unauthorized (Basic): the server asks for other schemes"},
		{says(401), "client: 401 Unauthorized: the server refused the new token too"},
		{says(429), "client: 429 Too Many Requests"},
		{says(503), "client: 503 Service Unavailable"},
		{says(404), ""},
		{says(500), ""},
		{says(200), ""},
	}
	for _, test := range tests {
		server := serve(t, test.answer)
		transport := newTransport(t, client.Options{Origin: server.url, DenialErrors: true, Credentials: []client.Credential{client.Bearer(&counter{})}})
		resp, err := (&http.Client{Transport: transport}).Get(server.url)
		var denial *client.DenialError
		switch {
		case test.want == "" && err == nil:
			resp.Body.Close()
		case !errors.As(err, &denial) || denial.Error() != test.want:
			t.Errorf("%v", err)
		}
	}
	foreign := serve(t, says(403))
	transport := newTransport(t, client.Options{Origin: "https://api.example.com", DenialErrors: true, Credentials: []client.Credential{client.Bearer(&counter{})}})
	resp, err := (&http.Client{Transport: transport}).Get(foreign.url)
	if err != nil || resp.StatusCode != 403 {
		t.Errorf("another origin: %v", err)
	}
}

// Nothing that this package hands out shows a credential.
func TestRedaction(t *testing.T) {
	const token, key, password = "sekret-token", "sekret key", "sekret"
	credentials := []client.Credential{client.Bearer(client.StaticToken(token)), client.QueryKey("key", key), client.HeaderKey("X-Key", "sekret-h"), client.CookieKey("c", "sekret-c")}
	basic := client.Basic("user", password)
	proofs := client.DPoP(client.StaticToken(token), signer{})
	reflecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer error="`+strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+`", error_description="bad token `+r.Header.Get("Authorization")+`"`)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(401)
		fmt.Fprintf(w, `{"title":"bad","detail":"%s and %s and %s"}`, r.Header.Get("Authorization"), r.URL.RawQuery, r.Header.Get("X-Key"))
	}))
	defer reflecting.Close()
	options := client.Options{Origin: reflecting.URL, Credentials: credentials, Operations: nil}
	transport := newTransport(t, options)
	c := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	resp, err := c.Get(reflecting.URL + "/a?q=1")
	if err != nil {
		t.Fatal(err)
	}
	denial := client.Denied(resp)
	resp.Body.Close()
	_, refused := c.Get(reflecting.URL)
	others := append([]client.Credential{client.Bearer(client.StaticToken(token))}, credentials[1:]...)
	broken := newTransport(t, client.Options{Origin: "https://api.example.com", Credentials: others, Base: roundTripper(func(req *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: fmt.Errorf("with %s: %w", req.Header, errSource)}
	})})
	_, baseError := (&http.Client{Transport: broken}).Get("https://api.example.com")
	if !errors.Is(baseError, errSource) {
		t.Errorf("the cause is lost: %v", baseError)
	}
	values := []any{
		credentials, credentials[0], basic, proofs, options, transport, *transport, client.NewKey("sekret"), client.NewLogin("user", "sekret"), struct{ l client.Login }{client.NewLogin("user", "sekret")}, client.Bound{Source: client.StaticToken("sekret")}, client.NewToken(token, time.Now()), client.Operation{Security: [][]client.Credential{credentials}},
		denial, *denial, refused, errors.Unwrap(refused), baseError, errors.Unwrap(baseError), resp.Request.Clone(t.Context()), resp.Request.URL, resp.Request.Header,
	}
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			shows(t, fmt.Sprintf(verb, value))
		}
		shows(t, asJSON(value))
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "value", value)
		shows(t, log.String())
	}
	if !strings.Contains(denial.Problem.Detail, "[redacted]") {
		t.Errorf("detail %q", denial.Problem.Detail)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func shows(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{"sekret", "73656b726574", "c2VrcmV0", "dXNlcjpzZWtyZXQ"} {
		if strings.Contains(text, secret) {
			t.Errorf("shows the credential: %.300s", text)
		}
	}
}

func ExampleDenied() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer realm="orders", error="insufficient_scope", scope="orders:write"`)
		w.WriteHeader(http.StatusForbidden)
	}))
	defer api.Close()
	transport, _ := client.New(client.Options{Origin: api.URL, Credentials: []client.Credential{client.Bearer(client.StaticToken("t"))}})
	resp, err := (&http.Client{Transport: transport}).Get(api.URL + "/orders")
	if err != nil {
		panic(err)
	}
	defer resp.Body.Close()
	if denial := client.Denied(resp); denial != nil {
		fmt.Println(denial)
		fmt.Println(denial.Scopes)
	}
	// Output:
	// client: 403 Forbidden (Bearer insufficient_scope)
	// [orders:write]
}

// A credential of a letter or two is no reason to garble what the server says; in a URL it is hidden all the same.
func TestShortCredentials(t *testing.T) {
	server := serve(t, says(403, challenge(`Bearer error="insufficient_scope", scope="orders:write"`)))
	resp, err := bearer(t, server.url, client.StaticToken("e")).Get(server.url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if denial := client.Denied(resp); asJSON(denial.Scopes) != `["orders:write"]` {
		t.Errorf("%+v", denial)
	}
	broken := newTransport(t, client.Options{Origin: "https://api.example.com", Credentials: []client.Credential{client.QueryKey("apikey", "e")}, Base: roundTripper(func(req *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Get", URL: req.URL.String(), Err: errSource}
	})})
	if _, err := (&http.Client{Transport: broken}).Get("https://api.example.com"); !errors.Is(err, errSource) || strings.Contains(err.Error(), "apikey=e") {
		t.Error(err)
	}
}
