package session_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/session"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// store is scs's own, with faults and a count of writes.
type store struct {
	*memstore.MemStore
	mu                   sync.Mutex
	find, commit, remove error
	finds, commits       int
}

func (s *store) Find(token string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finds++
	if s.find != nil {
		return nil, false, s.find
	}
	return s.MemStore.Find(token)
}

func (s *store) Commit(token string, b []byte, expiry time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commits++
	if s.commit != nil {
		return s.commit
	}
	return s.MemStore.Commit(token, b, expiry)
}

func (s *store) Delete(token string) error {
	if s.remove != nil {
		return s.remove
	}
	return s.MemStore.Delete(token)
}

// sessions is the number of sessions in the store.
func (s *store) sessions() int {
	all, _ := s.All()
	return len(all)
}

type user struct{ name, token string }

type world struct {
	*store
	manager *scs.SessionManager
	auth    *session.Authenticator[user]
	handler http.Handler

	mu  sync.Mutex
	now time.Time
}

func newWorld(t *testing.T, change func(*session.Config)) *world {
	t.Helper()
	w := &world{store: &store{MemStore: memstore.NewWithCleanupInterval(0)}, manager: scs.New(), now: time.Now()}
	w.manager.Store, w.manager.HashTokenInStore, w.manager.Cookie.Secure = w.store, true, true
	config := session.Config{Manager: w.manager}
	change(&config)
	auth, err := session.New(config, w.caller)
	if err != nil {
		t.Fatal(err)
	}
	auth.SetClock(func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now })
	w.auth = auth
	options := guard.Options{ClearCookies: []http.Cookie{auth.Cookie()}, PrivateResponses: true}
	linker := gen.NewLinker(options, gen.Entitlements[user]{}, []gen.Scheme[user]{
		gen.APIKey("session", gen.InCookie, "session", auth.Authenticate).TryDuplicates(),
	}, nil)
	g := linker.Guard(guard.Operation{ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "session"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	w.handler = g.Wrap(w.serve)
	return w
}

func plain(*session.Config) {}

func (w *world) caller(ctx context.Context) (user, error) {
	name := w.manager.GetString(ctx, "user")
	w.manager.Put(ctx, "scratch", "not kept")
	switch name {
	case "":
		return user{}, guard.Invalid(nil)
	case "suspended":
		return user{}, guard.Forbidden(nil)
	}
	return user{name, w.manager.Token(ctx)}, nil
}

// serve says who the caller is, and changes the session when the query asks for it.
func (w *world) serve(rw http.ResponseWriter, r *http.Request, caller guard.Optional[user]) {
	who, _ := caller.Get()
	switch r.URL.RawQuery {
	case "logout":
		if err := w.auth.Logout(rw, r); err != nil {
			rw.WriteHeader(500)
		}
	case "rename":
		err := w.auth.Update(r.Context(), who.token, func(ctx context.Context) error {
			w.manager.Put(ctx, "user", "renamed")
			return nil
		})
		if err != nil {
			rw.WriteHeader(500)
		}
	}
	fmt.Fprint(rw, who.name)
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// login is the token of a new session of a user.
func (w *world) login(t testing.TB, name string, previous ...string) string {
	t.Helper()
	cookie, err := w.auth.Begin(context.Background(), func(ctx context.Context) error {
		w.manager.Put(ctx, "user", name)
		return nil
	}, previous...)
	if err != nil {
		t.Fatal(err)
	}
	return cookie.Value
}

func (w *world) get(query string, tokens ...string) *http.Response {
	r := httptest.NewRequest("GET", "/"+query, nil)
	for _, token := range tokens {
		r.AddCookie(&http.Cookie{Name: "session", Value: token})
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, r)
	return recorder.Result()
}

// check makes sure of the status, and returns the cookies of the response.
func (w *world) check(t *testing.T, want int, query string, tokens ...string) []*http.Cookie {
	t.Helper()
	response := w.get(query, tokens...)
	if response.StatusCode != want {
		t.Fatalf("%d, want %d", response.StatusCode, want)
	}
	return response.Cookies()
}

func (w *world) verdict(t *testing.T, token string) verdict.Verdict {
	t.Helper()
	return verdictOf(w.auth.Authenticate, token)
}

// classOf is the verdict that a guard makes of an error.
func classOf(err error) verdict.Verdict {
	return verdictOf(func(context.Context, guard.APIKey) (user, error) { return user{}, err }, "x")
}

func verdictOf(authenticate func(context.Context, guard.APIKey) (user, error), token string) verdict.Verdict {
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[user]{}, []gen.Scheme[user]{
		gen.APIKey("session", gen.InCookie, "session", authenticate),
	}, nil)
	g := linker.Guard(guard.Operation{ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "session"}}}})
	r := httptest.NewRequest("GET", "/", nil)
	r.AddCookie(&http.Cookie{Name: "session", Value: token})
	return g.Check(r).Verdict()
}

func TestClasses(t *testing.T) {
	w := newWorld(t, plain)
	good := w.login(t, "ada")
	for name, test := range map[string]struct {
		token string
		want  verdict.Verdict
	}{
		"good":      {good, verdict.Allow},
		"unknown":   {strings.Repeat("x", 43), verdict.Invalid},
		"the hash":  {hashOf(w), verdict.Invalid},
		"nobody":    {w.login(t, ""), verdict.Invalid},
		"suspended": {w.login(t, "suspended"), verdict.Refused},
	} {
		if got := w.verdict(t, test.token); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	w.pass(w.manager.Lifetime + time.Minute)
	if got := w.verdict(t, good); got != verdict.Expired {
		t.Errorf("a store that still has it: %v", got)
	}
}

// hashOf is a name in the store: whoever reads the store has no session.
func hashOf(w *world) string {
	all, _ := w.All()
	for hash := range all {
		return hash
	}
	return ""
}

// TestStoreFails makes sure that an outage is 503, and leaves the browser its cookie.
func TestStoreFails(t *testing.T) {
	w := newWorld(t, func(c *session.Config) { c.Manager.IdleTimeout = time.Hour })
	good := w.login(t, "ada")
	for _, err := range []error{errors.New("down"), context.DeadlineExceeded, guard.Invalid(nil)} {
		w.find = err
		if cookies := w.check(t, 503, "", good); len(cookies) != 0 {
			t.Errorf("%v", cookies)
		}
		if _, err := w.auth.End(context.Background(), good); classOf(err) != verdict.Unavailable {
			t.Errorf("a logout that did not happen: %v", err)
		}
		w.find = nil
	}
	w.commit = errors.New("read only")
	w.check(t, 200, "", good)
	w.pass(30 * time.Minute)
	w.check(t, 503, "", good) // cannot be renewed
	if _, err := w.auth.Begin(context.Background(), func(context.Context) error { return nil }); classOf(err) != verdict.Unavailable {
		t.Errorf("a login that was not stored: %v", err)
	}
	if _, err := w.auth.Begin(context.Background(), func(context.Context) error { return guard.Forbidden(nil) }); classOf(err) != verdict.Refused {
		t.Errorf("the error of fill: %v", err)
	}
	w.commit = nil
	w.check(t, 200, "", good)
	w.remove = errors.New("read only")
	w.check(t, 500, "?logout", good)
	if _, err := w.auth.Begin(context.Background(), func(context.Context) error { return nil }, good); classOf(err) != verdict.Unavailable {
		t.Errorf("the old session has not ended: %v", err)
	}
	w.MemStore.Commit(hashOf(w), []byte("garbage"), time.Now().Add(time.Hour))
	w.check(t, 503, "", good)
}

// TestRenewal writes once in half of the idle timeout.
func TestRenewal(t *testing.T) {
	w := newWorld(t, func(c *session.Config) { c.Manager.IdleTimeout = time.Hour })
	token := w.login(t, "ada")
	w.commits, w.finds = 0, 0
	for range 3 {
		if cookies := w.check(t, 200, "", token); len(cookies) != 0 || w.commits != 0 {
			t.Fatalf("%v, %d writes", cookies, w.commits)
		}
	}
	if w.finds != 3 {
		t.Errorf("%d reads", w.finds)
	}
	w.pass(30 * time.Minute)
	cookies := w.check(t, 200, "", token)
	if len(cookies) != 1 || w.commits != 1 {
		t.Fatalf("%v, %d writes", cookies, w.commits)
	}
	c := cookies[0]
	if c.Name != "session" || c.Value != token || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" ||
		c.MaxAge < 3590 || c.MaxAge > 3601 {
		t.Errorf("%+v", c)
	}
	if cookies := w.check(t, 200, "", token); len(cookies) != 0 {
		t.Errorf("renewed twice: %v", cookies)
	}
	ctx, _ := w.manager.Load(context.Background(), token)
	if w.manager.Exists(ctx, "scratch") {
		t.Error("what the function put there was kept")
	}
}

// TestIdleTimeout is real time: a session that is used lives, and one that is not ends.
func TestIdleTimeout(t *testing.T) {
	w := newWorld(t, func(c *session.Config) { c.Manager.IdleTimeout = 2 * time.Second })
	used, idle := w.login(t, "ada"), w.login(t, "ada")
	for range 5 {
		time.Sleep(500 * time.Millisecond)
		w.pass(time.Hour) // due every time
		w.check(t, 200, "", used)
	}
	w.check(t, 401, "", idle)
}

func TestUnknownIsCleared(t *testing.T) {
	w := newWorld(t, plain)
	cookies := w.check(t, 401, "", "unknown")
	if len(cookies) != 1 || cookies[0].Name != "session" || cookies[0].Value != "" || cookies[0].MaxAge >= 0 {
		t.Errorf("%v", cookies)
	}
}

// TestFixation makes sure that a token from before the login is worth nothing after it.
func TestFixation(t *testing.T) {
	w := newWorld(t, plain)
	planted := w.login(t, "mallory")
	recorder, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/login", nil)
	for _, token := range []string{planted, "made-up"} {
		r.AddCookie(&http.Cookie{Name: "session", Value: token})
	}
	err := w.auth.Login(recorder, r, func(ctx context.Context) error {
		if w.manager.GetString(ctx, "user") != "" {
			t.Error("the session has somebody in it")
		}
		w.manager.Put(ctx, "user", "ada")
		return nil
	})
	cookies := recorder.Result().Cookies()
	if err != nil || len(cookies) != 1 || cookies[0].Value == planted || cookies[0].Value == "made-up" || recorder.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%v %v", err, cookies)
	}
	w.check(t, 200, "", cookies[0].Value)
	w.check(t, 401, "", planted)
	w.check(t, 401, "", "made-up")

	recorder = httptest.NewRecorder()
	if err := w.auth.Login(recorder, r, func(context.Context) error { return errors.New("no") }); err == nil || len(recorder.Header()) != 0 {
		t.Errorf("%v, %v", err, recorder.Header())
	}
}

func TestLogout(t *testing.T) {
	w := newWorld(t, plain)
	token := w.login(t, "ada")
	cookies := w.check(t, 200, "?logout", token)
	if len(cookies) != 1 || cookies[0].MaxAge >= 0 || cookies[0].Value != "" || !cookies[0].Secure || w.sessions() != 0 {
		t.Errorf("%v, %d sessions", cookies, w.sessions())
	}
	w.check(t, 401, "", token)
	var many []string
	for range 10 {
		many = append(many, w.login(t, "ada"))
	}
	if _, err := w.auth.End(context.Background(), many...); err != nil || w.sessions() != 6 {
		t.Errorf("%v, %d sessions", err, w.sessions())
	}
}

func rotating(c *session.Config) { c.RotateEvery = time.Hour }

// TestRotation gives the session another token; requests on their way come in with the old one.
func TestRotation(t *testing.T) {
	w := newWorld(t, rotating)
	old := w.login(t, "ada")
	w.check(t, 200, "", old)
	w.pass(time.Hour)
	cookies := w.check(t, 200, "", old)
	if len(cookies) != 1 || cookies[0].Value == old {
		t.Fatalf("%v", cookies)
	}
	next := cookies[0].Value
	if cookies := w.check(t, 200, "", old); len(cookies) != 0 {
		t.Errorf("rotated twice: %v", cookies)
	}
	w.check(t, 200, "", next)
	w.pass(10 * time.Second)
	w.check(t, 401, "", old)
	w.check(t, 200, "", next)
	w.pass(w.manager.Lifetime - time.Hour) // rotation does not make the session live longer
	w.check(t, 401, "", next)
}

// TestRotationAndLogout makes sure that a logout with the old token ends the session under the new one.
func TestRotationAndLogout(t *testing.T) {
	w := newWorld(t, rotating)
	old := w.login(t, "ada")
	w.pass(time.Hour)
	cookies := w.check(t, 200, "?logout", old) // the very request that rotates
	if len(cookies) != 2 || cookies[1].MaxAge >= 0 || w.sessions() != 0 {
		t.Errorf("%v, %d sessions", cookies, w.sessions())
	}
	w.check(t, 401, "", cookies[0].Value)
}

// TestRotationAndUpdate makes sure that a change by the old token is in the session under the new one.
func TestRotationAndUpdate(t *testing.T) {
	w := newWorld(t, rotating)
	old := w.login(t, "ada")
	w.pass(time.Hour)
	next := w.check(t, 200, "?rename", old)[0].Value
	if got := w.get("", next); body(got) != "renamed" {
		t.Errorf("%q", body(got))
	}
}

func body(r *http.Response) string {
	text := make([]byte, 100)
	n, _ := r.Body.Read(text)
	return string(text[:n])
}

func TestUpdate(t *testing.T) {
	w := newWorld(t, plain)
	token := w.login(t, "ada")
	w.check(t, 200, "?rename", token)
	if got := body(w.get("", token)); got != "renamed" {
		t.Errorf("%q", got)
	}
	ctx, change := context.Background(), func(context.Context) error { return nil }
	if err := w.auth.Update(ctx, "unknown", change); err == nil {
		t.Error("an unknown session")
	}
	if err := w.auth.Update(ctx, token, func(context.Context) error { return errors.New("no") }); err == nil {
		t.Error("the error is lost")
	}
	if err := w.auth.Update(ctx, token, func(ctx context.Context) error { return w.manager.RenewToken(ctx) }); err == nil {
		t.Error("another token, which nobody gets")
	}
	token = w.login(t, "ada")
	w.commit = errors.New("down")
	if err := w.auth.Update(ctx, token, change); err == nil {
		t.Error("not stored")
	}
}

// TestTwins is two cookies of one name, of which the second has the session, below the manager's own middleware, which reads
// the first.
func TestTwins(t *testing.T) {
	w := newWorld(t, plain)
	ada, bob := w.login(t, "ada"), w.login(t, "bob")
	w.handler = w.manager.LoadAndSave(w.handler)
	if got := body(w.get("", "unknown", ada)); got != "ada" {
		t.Errorf("%q", got)
	}
	if got := w.get("", ada, bob); got.StatusCode != 400 {
		t.Errorf("two sessions: %d", got.StatusCode)
	}
}

func TestConfig(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*session.Config)
		want   string
	}{
		"fine":         {plain, ""},
		"plain HTTP":   {func(c *session.Config) { c.Manager.Cookie.Secure, c.AllowPlainHTTP = false, true }, ""},
		"host":         {func(c *session.Config) { c.Manager.Cookie.Name = "__Host-session" }, ""},
		"no manager":   {func(c *session.Config) { c.Manager = nil }, "Manager is nil"},
		"no store":     {func(c *session.Config) { c.Manager.Store = nil }, "no Store"},
		"no lifetime":  {func(c *session.Config) { c.Manager.Lifetime = 0 }, "Lifetime"},
		"not secure":   {func(c *session.Config) { c.Manager.Cookie.Secure = false }, "not Secure"},
		"scripts":      {func(c *session.Config) { c.Manager.Cookie.HttpOnly = false }, "HttpOnly"},
		"name":         {func(c *session.Config) { c.Manager.Cookie.Name = "a b" }, "not valid"},
		"host, domain": {func(c *session.Config) { c.Manager.Cookie.Name, c.Manager.Cookie.Domain = "__Host-a", "a.example" }, "no domain"},
		"none, in clear": {func(c *session.Config) {
			c.Manager.Cookie.Secure, c.AllowPlainHTTP, c.Manager.Cookie.SameSite = false, true, http.SameSiteNoneMode
		}, "refuse"},
		"negative": {func(c *session.Config) { c.RotateEvery = -1 }, "negative"},
		"grace":    {func(c *session.Config) { c.RotateEvery = time.Second }, "longer than Grace"},
	} {
		config := session.Config{Manager: scs.New()}
		config.Manager.Cookie.Secure = true
		test.change(&config)
		_, err := session.New(config, func(context.Context) (string, error) { return "", nil })
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := session.New[string](session.Config{Manager: scs.New()}, nil); err == nil {
		t.Error("no function that makes a caller")
	}
}

// TestConcurrent is for the race detector: rotation, renewal and reading of one session at the same time.
func TestConcurrent(t *testing.T) {
	w := newWorld(t, func(c *session.Config) { c.RotateEvery, c.Manager.IdleTimeout = time.Hour, time.Hour })
	token := w.login(t, "ada")
	w.pass(time.Hour)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				if got := w.get("", token); got.StatusCode != 200 {
					t.Error(got.StatusCode)
				}
			}
		})
	}
	group.Wait()
}
