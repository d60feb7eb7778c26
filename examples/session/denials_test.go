package main

import (
	"testing"
)

// TestDenials makes sure that status and challenges are the same for people and programs, and the body is for each.
func TestDenials(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	const challenge = `ApiKey realm="guestbook", in="cookie", name="session"`
	for accept, contentType := range map[string]string{
		acceptPage: "text/html; charset=utf-8",
		acceptJSON: "application/problem+json",
		"*/*":      "application/problem+json",
	} {
		a := b.do("GET /account", "", "Accept: "+accept)
		b.check(a, 401)
		if got := a.Header.Get("Content-Type"); got != contentType || a.Header.Get("WWW-Authenticate") != challenge {
			t.Errorf("Accept: %s: %q", accept, a.Header)
		}
	}
	b.check(b.do("GET /account", ""), 401, `"status":401`)
	b.check(b.visit("/account"), 401, "You are not signed in, or not any more.")
}

func TestWantsPage(t *testing.T) {
	for accept, want := range map[string]bool{
		acceptPage:                 true,
		acceptJSON:                 false,
		"":                         false,
		"*/*":                      false,
		"text/html":                true,
		"text/html;q=0":            false,
		"TEXT/HTML; charset=utf-8": true,
		"application/problem+json, text/html;q=0.9":    false,
		"application/json;q=0.5, text/html;q=0.9":      true,
		"text/html;q=nonsense":                         false,
		";;;, text/html":                               true,
		"text/plain":                                   false,
		"application/json, text/html":                  false,
		"text/html, application/json;q=0.9, */*;q=0.1": true,
	} {
		if got := wantsPage([]string{accept}); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
	if !wantsPage([]string{"application/json;q=0.1", "text/html"}) {
		t.Error("the second line was not read")
	}
}
