package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/session/store"
)

// The lines that take the cookie away: of a logout, and of a 401.
const (
	cleared = "session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
	expired = "session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
)

// TestDay is a member's day: sign in, write, read, remove, sign out.
func TestDay(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.check(b.visit("/"), 200, "Sign in", "I was here first.")
	b.check(b.visit("/login"), 200, "<form")
	a := b.login("ada")
	id := b.jar("/")[0]
	want := "session=" + id + "; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax"
	if !slices.Equal(a.cookies(), []string{want}) || a.Header.Get("Location") != "/" {
		t.Errorf("%q, want %q", a.Header, want)
	}
	b.check(b.visit("/"), 200, "You are ada.")
	b.check(b.visit("/account"), 200, "Sign out")
	b.check(b.script("POST /entries", `{"text":"<b>Hello</b>"}`), 201, `"author":"ada","id":2`)
	b.check(b.visit("/"), 200, "&lt;b&gt;Hello&lt;/b&gt; (ada)")
	b.check(b.script("DELETE /entries/2", ""), 204)
	b.check(b.script("DELETE /entries/1", ""), 403)
	b.check(b.script("DELETE /entries/7", ""), 404)
	a = b.script("POST /logout", "")
	b.check(a, 204)
	if !slices.Equal(a.cookies(), []string{cleared}) || len(b.jar("/")) != 0 {
		t.Errorf("%q and %q are left", a.cookies(), b.jar("/"))
	}
	b.plant(id, "/")
	b.check(b.visit("/account"), 401) // whoever kept the cookie cannot use it
}

// TestPrivacy makes sure that no cache keeps what only a member may see, nor the cookie.
func TestPrivacy(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	if a := b.login("ada"); a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%q", a.Header)
	}
	for path, want := range map[string]string{"/": "no-store", "/account": "no-store", "/session": "private"} {
		if a := b.visit(path); a.Header.Get("Cache-Control") != want {
			t.Errorf("%s: %q", path, a.Header)
		}
	}
}

func TestWrongPassword(t *testing.T) {
	b := newWorld(t).browser(t)
	for _, form := range []string{"user=ada&password=wrong", "user=nobody&password=nobody", "user=ada", "", "%"} {
		a := b.do("POST /login", form, "Content-Type: application/x-www-form-urlencoded")
		b.check(a, 403, "There is no such name and password.")
		if len(a.cookies()) != 0 {
			t.Errorf("%q: %q", form, a.cookies())
		}
	}
}

// TestFixation is somebody who has put their own session into a browser before its user signs in.
func TestFixation(t *testing.T) {
	w := newWorld(t)
	attacker, victim := w.member(t, "bob"), w.browser(t)
	planted := attacker.jar("/")[0]
	victim.plant(planted, "/")
	victim.login("ada")
	if ids := victim.jar("/"); len(ids) != 1 || ids[0] == planted {
		t.Errorf("%q, and %q was planted", ids, planted)
	}
	victim.check(victim.visit("/account"), 200, "You are ada")
	attacker.check(attacker.visit("/account"), 401) // the planted one has ended
}

// TestRotation makes sure that a second login ends the first session.
func TestRotation(t *testing.T) {
	w := newWorld(t)
	b, thief := w.member(t, "ada"), w.browser(t)
	thief.plant(b.jar("/")[0], "/")
	thief.check(thief.visit("/account"), 200)
	b.login("ada")
	thief.check(thief.visit("/account"), 401)
	b.check(b.visit("/account"), 200)
}

// TestRenewal moves the clock. A session lives as long as it is used, and not longer than its lifetime.
func TestRenewal(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	id := b.jar("/")[0]
	renewed := []string{"session=" + id + "; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Lax"}
	w.wait(store.Idle/2 - time.Minute)
	if a := b.visit("/account"); a.StatusCode != 200 || len(a.cookies()) != 0 {
		t.Errorf("it is too early: %d, %q", a.StatusCode, a.cookies())
	}
	w.wait(2 * time.Minute)
	if a := b.visit("/account"); a.StatusCode != 200 || !slices.Equal(a.cookies(), renewed) {
		t.Errorf("%d, %q, want %q", a.StatusCode, a.cookies(), renewed)
	}
	if a := b.visit("/account"); len(a.cookies()) != 0 {
		t.Errorf("it was renewed a moment ago: %q", a.cookies())
	}
	w.wait(store.Idle - time.Minute)
	if a := b.visit("/"); a.StatusCode != 200 || !slices.Equal(a.cookies(), renewed) {
		t.Errorf("the page for everybody does not renew: %q", a.cookies())
	}
	w.wait(store.Idle)
	b.check(b.visit("/account"), 401)
}

// TestRenewalOnDenial makes sure that a member who may not do something is still a member who is there.
func TestRenewalOnDenial(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	token := b.token()
	w.wait(store.Idle - time.Minute)
	a := b.do("DELETE /moderation/entries/1", "", "X-CSRF-Token: "+token)
	b.check(a, 403)
	if len(a.cookies()) != 1 || !strings.HasPrefix(a.cookies()[0], "session="+b.jar("/")[0]) {
		t.Errorf("%q", a.cookies())
	}
}

// TestLifetime uses a session all the time, until it ends all the same.
func TestLifetime(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	var last answer
	for range int(store.Lifetime/(20*time.Minute)) - 1 {
		w.wait(20 * time.Minute)
		last = b.visit("/account")
		b.check(last, 200)
	}
	if !strings.Contains(last.cookies()[0], "Max-Age=1200;") {
		t.Errorf("the cookie outlives its session: %q", last.cookies())
	}
	w.wait(20 * time.Minute)
	b.check(b.visit("/account"), 401)
}

// TestDeadCookie is a browser whose session has ended. It is told where to sign in, its cookie is cleared, and the page
// for everybody is not closed to it.
func TestDeadCookie(t *testing.T) {
	w := newWorld(t)
	b := w.browser(t)
	b.plant("ended-long-ago", "/")
	b.check(b.visit("/"), 200, "Sign in")
	a := b.visit("/account")
	b.check(a, 401, `<a href="/login">`)
	if !slices.Equal(a.cookies(), []string{expired}) || len(b.jar("/")) != 0 {
		t.Errorf("%q, and %q is left", a.cookies(), b.jar("/"))
	}
	if a := b.visit("/account"); a.StatusCode != 401 || len(a.cookies()) != 0 {
		t.Errorf("there is nothing to clear any more: %d, %q", a.StatusCode, a.cookies())
	}
}

// TestTwinCookies is a browser with a cookie of an older release, set for another Path. It sends both.
func TestTwinCookies(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	b.plant("of-an-older-release", "/account")
	if ids := b.jar("/account"); len(ids) != 2 || ids[0] != "of-an-older-release" {
		t.Fatalf("%q", ids)
	}
	a := b.visit("/account")
	b.check(a, 200, "You are ada")
	if len(a.cookies()) != 0 {
		t.Errorf("the cookie that is alive was touched: %q", a.cookies())
	}
	w.wait(store.Idle - time.Minute)
	if a := b.visit("/account"); len(a.cookies()) != 1 || !strings.Contains(a.cookies()[0], b.jar("/")[0]) {
		t.Errorf("the one that is alive was not renewed: %q", a.cookies())
	}
	other := w.member(t, "bob")
	other.plant(b.jar("/")[0], "/account")
	other.check(other.visit("/account"), 400) // two that are alive: whose request is it?
}

// TestManyTwins is more than anybody has by accident.
func TestManyTwins(t *testing.T) {
	w := newWorld(t)
	alive := w.member(t, "ada").jar("/")[0]
	b := w.browser(t)
	b.check(b.do("GET /account", "", "Cookie: session=a; session=b; session=c; session="+alive), 200)
	b.check(b.do("GET /account", "", "Cookie: session=a; session=b; session=a; session=b; session=c; session="+alive), 200)
	b.check(b.do("GET /account", "", "Cookie: session=a; session=b; session=c; session=d; session="+alive), 400)
}

// TestSuspended is a member who is known and refused, on the page for everybody too.
func TestSuspended(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	if err := w.Suspend("ada", true); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/account", "/session"} {
		a := b.visit(path)
		b.check(a, 403, "Your account is suspended.")
		if len(a.cookies()) != 0 {
			t.Errorf("%s: a new login would not help: %q", path, a.cookies())
		}
	}
	b.check(b.do("GET /session", "", "Accept: "+acceptJSON), 403, `"code":"account_suspended"`)
}

// TestPace is a member who writes too much. They can still read, and write again after a while.
func TestPace(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	token := "X-CSRF-Token: " + b.token()
	for range writes {
		b.check(b.do("POST /entries", `{"text":"x"}`, token), 201)
	}
	w.wait(window - time.Second)
	a := b.do("POST /entries", `{"text":"x"}`, token)
	b.check(a, 429)
	if a.Header.Get("Retry-After") != "1" || len(b.jar("/")) != 1 {
		t.Errorf("%q", a.Header)
	}
	b.check(b.visit("/account"), 200)
	other := w.member(t, "bob")
	other.check(other.script("POST /entries", `{"text":"y"}`), 201)
	w.wait(time.Second)
	b.check(b.do("POST /entries", `{"text":"x"}`, token), 201)
}

// TestLogoutOfAnOldSession is a logout whose own request renews the session. The browser gets both lines, and the last
// one counts.
func TestLogoutOfAnOldSession(t *testing.T) {
	w := newWorld(t)
	b := w.member(t, "ada")
	token, id := b.token(), b.jar("/")[0]
	w.wait(store.Idle - time.Minute)
	a := b.do("POST /logout", "", "X-CSRF-Token: "+token)
	b.check(a, 204)
	if len(b.jar("/")) != 0 {
		t.Errorf("%q", a.cookies())
	}
	b.plant(id, "/")
	b.check(b.visit("/account"), 401)
}
