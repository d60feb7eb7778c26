package main

import (
	"net/http"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/session/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestWritesNeedTheToken reads the policy: every operation that changes something with the cookie needs the token as
// well, and none takes the token alone.
func TestWritesNeedTheToken(t *testing.T) {
	for _, o := range apiguard.Policy() {
		for _, alternative := range o.Security {
			cookie, token := names(alternative, "sessionCookie"), names(alternative, "csrfToken")
			if write := o.Method != http.MethodGet; cookie && write && !token {
				t.Errorf("%s is a write, and does not need the token", o.ID)
			}
			if token && !cookie {
				t.Errorf("%s takes the token without the cookie", o.ID)
			}
		}
	}
}

func names(alternative guard.Alternative, scheme string) bool {
	return slices.ContainsFunc(alternative, func(r guard.Requirement) bool { return r.Scheme == scheme })
}

// TestCrossSite tries what pages of other sites can make a browser send.
func TestCrossSite(t *testing.T) {
	w := newWorld(t)
	b, other := w.member(t, "ada"), w.member(t, "bob")
	own, foreign := "X-CSRF-Token: "+b.token(), "X-CSRF-Token: "+other.token()
	tests := []struct {
		name   string
		fields []string
		status int
		code   string
	}{
		{"no token", nil, 401, ""},
		{"an empty one", []string{"X-CSRF-Token: "}, 401, ""},
		{"made up", []string{"X-CSRF-Token: made-up"}, 403, `"code":"csrf_mismatch"`},
		{"another member's", []string{foreign}, 403, `"code":"csrf_mismatch"`},
		{"own and another", []string{own, foreign}, 400, ""},
		{"twice the same", []string{own, own}, 400, ""},
		{"from another site, says the browser", []string{own, "Sec-Fetch-Site: cross-site"}, 403, ""},
		{"from another origin, says an older browser", []string{own, "Origin: https://evil.example"}, 403, ""},
		{"from a sister domain", []string{own, "Sec-Fetch-Site: same-site"}, 403, ""},
		{"ours", []string{own, "Sec-Fetch-Site: same-origin", "Origin: " + w.server.URL}, 201, ""},
		{"ours, by a browser that does not say", []string{own}, 201, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := b.do("POST /entries", `{"text":"x"}`, append(test.fields, "Accept: "+acceptJSON)...)
			b.check(a, test.status, test.code)
			if len(b.jar("/")) != 1 {
				t.Fatal("the member was signed out")
			}
		})
	}
	nobody := w.browser(t)
	nobody.check(nobody.do("POST /entries", `{"text":"x"}`, own), 401) // worth nothing without the cookie
	entries, err := w.Entries()
	if err != nil || len(entries) != 3 {
		t.Errorf("%v, %v: there should be the first one and two more", entries, err)
	}
}

// TestCrossSiteLogin is another site that signs its visitors in as somebody else: there is no token yet.
func TestCrossSiteLogin(t *testing.T) {
	b := newWorld(t).browser(t)
	const form = "user=bob&password=bob-password"
	b.check(b.do("POST /login", form, "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: cross-site"), 403)
	b.check(b.do("POST /login", form, "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: same-origin"), 303)
}
