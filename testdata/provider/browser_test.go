package provider

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

const callback = "http://127.0.0.1/callback"

// login goes through the pages of a provider as a browser does, for the client app, and returns the token request that the
// code is good for (RFC 6749 section 4.1, RFC 7636).
func login(t *testing.T, authorize, user string) url.Values {
	t.Helper()
	verifier, state := rand.Text()+rand.Text(), rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	back := browse(t, authorize+"?"+url.Values{
		"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {callback}, "state": {state}, "scope": {"orders:read"},
		"resource": {resource}, "code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}.Encode(), user).Query()
	if back.Get("state") != state || back.Get("code") == "" {
		t.Fatalf("the provider sent the browser back with %v", back)
	}
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"app"}, "redirect_uri": {callback}, "code": {back.Get("code")},
		"code_verifier": {verifier}, "resource": {resource},
	}
}

// browse sends every form that comes, until the provider leads to the callback.
func browse(t *testing.T, page, user string) *url.URL {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	response, err := browser.Get(page)
	for range 5 {
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if back != nil {
			return back
		}
		action, form := fill(t, string(body), user)
		target, parseErr := response.Request.URL.Parse(action)
		if parseErr != nil {
			t.Fatal(parseErr)
		}
		response, err = browser.PostForm(target.String(), form)
	}
	t.Fatal("the provider asks for ever")
	return nil
}

var (
	forms      = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	inputs     = regexp.MustCompile(`<input[^>]*>`)
	attributes = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
)

// fill fills the first form of a page.
func fill(t *testing.T, page, user string) (action string, form url.Values) {
	t.Helper()
	found := forms.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("a page without a form:\n%s", page)
	}
	form = url.Values{}
	for _, input := range inputs.FindAllString(found[2], -1) {
		field := attributesOf(input)
		switch field["type"] {
		case "hidden":
			form.Set(field["name"], field["value"])
		case "password":
			form.Set(field["name"], user+"-password")
		default:
			form.Set(field["name"], user)
		}
	}
	return attributesOf(found[1])["action"], form
}

func attributesOf(tag string) map[string]string {
	all := map[string]string{}
	for _, a := range attributes.FindAllStringSubmatch(tag, -1) {
		all[a[1]] = html.UnescapeString(a[2])
	}
	return all
}
