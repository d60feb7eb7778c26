package basic_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/basic"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// quick is for tests that are not about work.
var quick = basic.Params{Memory: 64, Time: 1, Parallelism: 1}

type account = basic.Account[string]

type store struct {
	mu       sync.Mutex
	accounts map[string]account
	err      error
}

func (s *store) Find(_ context.Context, name string) (account, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, found := s.accounts[name]
	return a, found, s.err
}

func (s *store) set(name, hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts[name] = account{hash, name}
}

type world struct {
	*store
	auth    *basic.Authenticator[string]
	guarded *guard.Guard[string]
}

// newWorld has ada with a hash of argon2id, bob with one of bcrypt, and carl without a password.
func newWorld(t testing.TB, config basic.Config) *world {
	t.Helper()
	if config.New == (basic.Params{}) {
		config.New = quick
	}
	w := &world{store: &store{accounts: map[string]account{}}}
	auth, err := basic.New(config, w.store, func(_ context.Context, a account) (string, error) {
		switch {
		case strings.HasPrefix(a.Owner, "suspended"):
			return "", guard.Forbidden(nil)
		case a.Owner == "broken":
			return "", errors.New("plain")
		}
		return a.Owner, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.auth = auth
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[string]{}, []gen.Scheme[string]{gen.Basic("basic", auth.Authenticate)}, nil)
	w.guarded = linker.Guard(guard.Operation{ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "basic"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ada", "suspended", "broken"} {
		w.set(name, w.hash(t, name+"-password"))
	}
	w.set("bob", bcryptOf(t, "bob-password"))
	w.set("carl", "")
	return w
}

func (w *world) hash(t testing.TB, password string) string {
	t.Helper()
	hash, err := w.auth.Hash(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func bcryptOf(t testing.TB, password string) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	return string(hash)
}

func (w *world) try(ctx context.Context, name, password string) guard.Decision[string] {
	r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
	r.SetBasicAuth(name, password)
	return w.guarded.Check(r)
}

func (w *world) check(t *testing.T, name, password string, want verdict.Verdict) {
	t.Helper()
	d := w.try(context.Background(), name, password)
	if d.Verdict() != want {
		t.Errorf("%.20q %.20q: %v, %v", name, password, d.Verdict(), d.Err())
	}
	if err := d.Err(); err != nil && (strings.Contains(err.Error(), "password\"") || strings.Contains(err.Error(), "$")) {
		t.Errorf("the error shows a secret: %v", err)
	}
}

func TestClasses(t *testing.T) {
	w := newWorld(t, basic.Config{})
	w.set("empty", bcryptOf(t, ""))
	long := strings.Repeat("x", 72)
	w.set("long", bcryptOf(t, long))
	w.set("longer", w.hash(t, long+"y"))
	w.set("accent", w.hash(t, "\u00e9"))
	for i, broken := range []string{"plain text", "$argon2id$v=19$m=64,t=1$x$y", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$eA"} {
		w.set(fmt.Sprint("hash", i), broken)
		w.check(t, fmt.Sprint("hash", i), "x", verdict.Fault)
	}
	for _, test := range []struct {
		name, password string
		want           verdict.Verdict
	}{
		{"ada", "ada-password", verdict.Allow},
		{"bob", "bob-password", verdict.Allow},
		{"empty", "", verdict.Allow},
		{"long", long, verdict.Allow},
		{"longer", long + "y", verdict.Allow},
		{"accent", "\u00e9", verdict.Allow},
		{"suspended", "suspended-password", verdict.Refused},
		{"broken", "broken-password", verdict.Fault},

		{"ada", "ada-passwor", verdict.Invalid},
		{"ada", "Ada-password", verdict.Invalid},
		{"ada", "", verdict.Invalid},
		{"Ada", "ada-password", verdict.Invalid},
		{"bob", "ada-password", verdict.Invalid},
		{"suspended", "x", verdict.Invalid},
		{"carl", "", verdict.Invalid},
		{"nobody", "x", verdict.Invalid},
		{"", "", verdict.Invalid},
		{"long", long + "y", verdict.Invalid}, // bcrypt would cut it
		{"longer", long, verdict.Invalid},
		{"accent", "e\u0301", verdict.Invalid}, // as it was sent
		{"ada", strings.Repeat("x", 1025), verdict.Invalid},
	} {
		w.check(t, test.name, test.password, test.want)
	}
}

func TestStoreFails(t *testing.T) {
	w := newWorld(t, basic.Config{})
	for _, err := range []error{errors.New("down"), context.DeadlineExceeded, context.Canceled, guard.Invalid(nil)} {
		w.err = err
		w.check(t, "ada", "ada-password", verdict.Unavailable)
	}
}

// TestEqualWork makes sure that whoever has no password costs one hash, of the kind that new passwords have.
func TestEqualWork(t *testing.T) {
	w := newWorld(t, basic.Config{})
	counts := w.auth.CountDummies(func() {})
	for i, name := range []string{"nobody", "", "carl"} {
		w.check(t, name, "x", verdict.Invalid)
		if counts[0].Load() != int32(i+1) {
			t.Errorf("%q: no hash", name)
		}
	}
	w.check(t, "ada", "x", verdict.Invalid)
	if counts[0].Load() != 3 || !w.auth.DummyIsLike(0, quick) {
		t.Error("another kind of hash, or one too many")
	}
}

// TestMixedStore makes sure that unknown names are spread over all kinds of hashes, and that each keeps its kind.
func TestMixedStore(t *testing.T) {
	w := newWorld(t, basic.Config{Legacy: []string{bcryptOf(t, "guess")}})
	counts := w.auth.CountDummies(func() {})
	for i := range 100 {
		before := []int32{counts[0].Load(), counts[1].Load()}
		for range 2 {
			w.check(t, fmt.Sprint("nobody-", i), "guess", verdict.Invalid) // the password of the example opens nothing
		}
		if a, b := counts[0].Load()-before[0], counts[1].Load()-before[1]; a*b != 0 || a+b != 2 {
			t.Fatalf("%d and %d hashes", a, b)
		}
	}
	if a, b := counts[0].Load(), counts[1].Load(); a < 50 || b < 50 {
		t.Errorf("%d of argon2id, %d of bcrypt", a, b)
	}
}

// TestBounds makes sure that hashes are bounded in number, that the queue is, and that who leaves it makes room.
func TestBounds(t *testing.T) {
	w := newWorld(t, basic.Config{Concurrent: 2, Queue: 3})
	open := make(chan struct{})
	var now, most atomic.Int32
	counts := w.auth.CountDummies(func() {
		most.Store(max(most.Load(), now.Add(1)))
		<-open
		now.Add(-1)
	})
	verdicts := make(chan verdict.Verdict, 10)
	start := func(ctx context.Context) { go func() { verdicts <- w.try(ctx, "nobody", "x").Verdict() }() }
	await := func(hashing int32, waiting int64) {
		t.Helper()
		for range 2000 {
			if counts[0].Load() == hashing && w.auth.Waiting() == waiting {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Fatalf("%d hash, %d wait", counts[0].Load(), w.auth.Waiting())
	}
	gone, leave := context.WithCancel(context.Background())
	start(context.Background())
	start(context.Background())
	await(2, 0)
	start(gone)
	start(context.Background())
	start(context.Background())
	await(2, 3)
	w.check(t, "nobody", "x", verdict.Unavailable) // at once
	if _, err := w.auth.Hash(context.Background(), "new"); err == nil {
		t.Error("Hash does not wait its turn")
	}
	leave()
	if v := <-verdicts; v != verdict.Canceled {
		t.Errorf("the one that left: %v", v)
	}
	late, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if v := w.try(late, "nobody", "x").Verdict(); v != verdict.Unavailable {
		t.Errorf("out of time: %v", v)
	}
	close(open)
	for range 4 {
		if v := <-verdicts; v != verdict.Invalid {
			t.Errorf("%v", v)
		}
	}
	if most.Load() != 2 || w.auth.Waiting() != 0 {
		t.Errorf("%d at once, %d wait", most.Load(), w.auth.Waiting())
	}
}

// TestRehash is the way of old hashes to new ones.
func TestRehash(t *testing.T) {
	var w *world
	var told []string
	w = newWorld(t, basic.Config{Rehash: func(_ context.Context, name, old, fresh string) {
		told = append(told, name)
		if w.accounts[name].Hash != old {
			t.Errorf("%q is not the old hash", old)
		}
		w.set(name, fresh)
	}})
	other := newWorld(t, basic.Config{New: basic.Params{Memory: 128, Time: 1, Parallelism: 1}})
	w.set("dora", other.hash(t, "dora-password"))
	for range 2 {
		w.check(t, "ada", "ada-password", verdict.Allow)
		w.check(t, "bob", "bob-password", verdict.Allow)
		w.check(t, "dora", "dora-password", verdict.Allow)
		w.check(t, "bob", "wrong", verdict.Invalid)
	}
	if !slices.Equal(told, []string{"bob", "dora"}) {
		t.Errorf("%q", told)
	}
}

func TestNormalize(t *testing.T) {
	w := newWorld(t, basic.Config{Normalize: func(p string) (string, error) {
		if p == "refused" {
			return "", errors.New("no")
		}
		return strings.ReplaceAll(p, "e\u0301", "\u00e9"), nil
	}})
	w.set("accent", w.hash(t, "e\u0301"))
	w.check(t, "accent", "\u00e9", verdict.Allow)
	w.check(t, "accent", "e\u0301", verdict.Allow)
	w.check(t, "accent", "refused", verdict.Invalid)
	if _, err := w.auth.Hash(context.Background(), "refused"); err == nil {
		t.Error("hashed")
	}
}

// TestRemember makes sure that remembering saves hashes, and nothing else: a new password counts at once.
func TestRemember(t *testing.T) {
	w := newWorld(t, basic.Config{Remember: time.Minute})
	now := time.Now()
	w.auth.SetClock(func() time.Time { return now }, 3)
	w.check(t, "ada", "ada-password", verdict.Allow)
	w.check(t, "ada", "wrong", verdict.Invalid)
	w.check(t, "suspended", "suspended-password", verdict.Refused)
	w.check(t, "suspended", "suspended-password", verdict.Refused) // the function is asked every time
	if w.auth.Remembered() != 2 {
		t.Errorf("%d passwords", w.auth.Remembered())
	}
	old := w.accounts["ada"].Hash
	w.set("ada", w.hash(t, "new-password"))
	w.check(t, "ada", "ada-password", verdict.Invalid)
	w.set("ada", "")
	w.check(t, "ada", "ada-password", verdict.Invalid)
	w.set("eve", old) // the same hash is not the same user
	if w.check(t, "eve", "ada-password", verdict.Allow); w.auth.Remembered() != 3 {
		t.Errorf("%d passwords", w.auth.Remembered())
	}
	w.check(t, "bob", "bob-password", verdict.Allow)
	if w.auth.Remembered() != 3 {
		t.Error("there is no bound")
	}
	now = now.Add(time.Minute)
	w.check(t, "bob", "bob-password", verdict.Allow)
	if w.auth.Remembered() != 1 {
		t.Errorf("%d passwords a minute later", w.auth.Remembered())
	}
}

// TestRememberedCostsNoHash takes all turns: what is remembered needs none.
func TestRememberedCostsNoHash(t *testing.T) {
	w := newWorld(t, basic.Config{Remember: time.Minute, Concurrent: 1, Queue: 1})
	w.check(t, "ada", "ada-password", verdict.Allow)
	open, started := make(chan struct{}), make(chan struct{})
	w.auth.CountDummies(func() { close(started); <-open })
	done := make(chan struct{})
	go func() { w.try(context.Background(), "nobody", "x"); close(done) }()
	<-started
	w.check(t, "ada", "ada-password", verdict.Allow)
	close(open)
	<-done
}

func TestHash(t *testing.T) {
	w := newWorld(t, basic.Config{})
	for _, bad := range []string{"", "a\x00b", "a\nb", "\xff", "\u0085", strings.Repeat("x", 1025)} {
		if hash, err := w.auth.Hash(context.Background(), bad); err == nil {
			t.Errorf("%.10q: %s", bad, hash)
		}
	}
	if a, b := w.hash(t, "same"), w.hash(t, "same"); a == b || !strings.HasPrefix(a, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Error(a, b)
	}
}

func TestConfig(t *testing.T) {
	find := &store{}
	caller := func(_ context.Context, a account) (string, error) { return a.Owner, nil }
	for name, config := range map[string]basic.Config{
		"no pass":       {New: basic.Params{Memory: 64, Parallelism: 1}},
		"no memory":     {New: basic.Params{Memory: 7, Time: 1, Parallelism: 1}},
		"too much":      {New: basic.Params{Memory: 64, Time: 17, Parallelism: 1}},
		"negative":      {Queue: -1},
		"long memory":   {Remember: time.Hour},
		"legacy":        {Legacy: []string{"x"}},
		"legacy, dear":  {Legacy: []string{"$2a$20$" + strings.Repeat("a", 53)}},
		"before memory": {Remember: -1},
	} {
		if _, err := basic.New(config, find, caller); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	_, noStore := basic.New(basic.Config{}, nil, caller)
	_, noCaller := basic.New[string, string](basic.Config{}, find, nil)
	if _, err := basic.New(basic.Config{}, find, caller); err != nil || noStore == nil || noCaller == nil {
		t.Error(err, noStore, noCaller)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	w := newWorld(t, basic.Config{Remember: time.Minute, Queue: 100, Rehash: func(context.Context, string, string, string) {}})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				name := []string{"ada", "bob", "nobody"}[i%3]
				if d := w.try(context.Background(), name, name+"-password"); d.Allowed() != (name != "nobody") {
					t.Error(name, d.Err())
				}
			}
		})
	}
	group.Wait()
}
