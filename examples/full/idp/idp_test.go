package idp

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const (
	api      = "https://api.example.com"
	back     = "http://127.0.0.1/back"
	verifier = "a-verifier-of-a-client"
)

func newProvider(t *testing.T) *Provider {
	t.Helper()
	p, err := New(Config{
		Issuer: "http://127.0.0.1", Audience: api,
		Clients: map[string]Client{"app": {Redirect: back, Scopes: []string{"read"}}, "till": {Secret: "s", Scopes: []string{"read", "write"}}},
		Users:   map[string]User{"alice": {Password: "right"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// form is a form with changes: "name=value", and "name" for one that is left out.
func form(all url.Values, changes ...string) url.Values {
	for _, c := range changes {
		name, value, set := strings.Cut(c, "=")
		all.Del(name)
		if set {
			all.Set(name, value)
		}
	}
	return all
}

func authorization(changes ...string) url.Values {
	return form(url.Values{
		"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {back}, "state": {"x"}, "scope": {"read"}, "resource": {api},
		"code_challenge_method": {"S256"}, "code_challenge": {challengeOf(verifier)}, "user": {"alice"}, "password": {"right"},
	}, changes...)
}

func post(p *Provider, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

// A wrong authorization request is never sent to a redirect_uri, and nothing that it has is markup on the page.
func TestAuthorization(t *testing.T) {
	for change, want := range map[string]int{
		"": 303, "resource": 303, "scope": 303,
		"client_id=nobody": 400, "client_id=till": 400, "redirect_uri=https://evil.example": 400, "redirect_uri=" + back + "/x": 400,
		"response_type=token": 400, "code_challenge": 400, "code_challenge_method=plain": 400, "scope=write": 400, "resource=https://x.example": 400,
		"password=wrong": 401, "user=nobody": 401, "password": 401,
	} {
		w := post(newProvider(t), "/authorize", authorization(change))
		if w.Code != want || (w.Header().Get("Location") != "") != (want == 303) {
			t.Errorf("%q: %d, %v", change, w.Code, w.Header())
		}
	}
	w := httptest.NewRecorder()
	newProvider(t).ServeHTTP(w, httptest.NewRequest("GET", "/authorize?"+authorization(`state="><script>`, "password").Encode(), nil))
	if body := w.Body.String(); w.Code != 200 || strings.Contains(body, "<script") || !strings.Contains(body, challengeOf(verifier)) {
		t.Errorf("%d\n%s", w.Code, body)
	}
}

// A code is good once, for its client, with the verifier; so is a refresh token, without one. A code is not a refresh token.
func TestCodes(t *testing.T) {
	p := newProvider(t)
	code := func() string {
		location, err := url.Parse(post(p, "/authorize", authorization()).Header().Get("Location"))
		if err != nil || location.Query().Get("state") != "x" {
			t.Fatal(location, err)
		}
		return location.Query().Get("code")
	}
	redeem := func(changes ...string) *httptest.ResponseRecorder {
		return post(p, "/token", form(url.Values{"grant_type": {"authorization_code"}, "client_id": {"app"}, "code_verifier": {verifier}}, changes...))
	}
	good := code()
	first := redeem("code=" + good)
	if first.Code != 200 || redeem("code="+good).Code != 400 {
		t.Errorf("%d, and once more", first.Code)
	}
	_, rest, _ := strings.Cut(first.Body.String(), `"refresh_token":"`)
	refresh, _, _ := strings.Cut(rest, `"`)
	for _, changes := range [][]string{
		{"code=" + code(), "code_verifier=other"}, {"code=" + code(), "code_verifier"}, {"code="}, {"code=" + refresh},
		{"grant_type=refresh_token", "refresh_token=" + code()}, {"grant_type=client_credentials"},
	} {
		if w := redeem(changes...); w.Code != 400 {
			t.Errorf("%q: %d, %s", changes, w.Code, w.Body)
		}
	}
}

// The memory is bounded: the oldest code is forgotten.
func TestManyCodes(t *testing.T) {
	var g grants
	oldest := g.put(grant{client: "oldest"})
	for range 2 * maxGrants {
		g.put(grant{})
	}
	if _, found := g.take(oldest); found || len(g.all) != maxGrants || len(g.order) != maxGrants {
		t.Errorf("%d, %d", len(g.all), len(g.order))
	}
}

// Two keys are published at most, and a provider that is down says nothing.
func TestKeys(t *testing.T) {
	p := newProvider(t)
	server := httptest.NewServer(p)
	defer server.Close()
	for range 3 {
		if err := p.Rotate(); err != nil {
			t.Fatal(err)
		}
	}
	response, err := http.Get(server.URL + "/jwks")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if text := string(body); strings.Count(text, `"kid"`) != 2 || !strings.Contains(text, "key-3") || !strings.Contains(text, "key-4") || strings.Contains(text, `"d"`) {
		t.Error(text)
	}
	p.SetDown(true)
	if response, err := http.Get(server.URL + "/jwks"); err == nil {
		t.Error(response.Status)
	}
}
