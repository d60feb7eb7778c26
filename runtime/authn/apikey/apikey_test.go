package apikey_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/apikey"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

var now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

type owner struct{ name, state string }

// store is a table that counts look-ups.
type store struct {
	mu      sync.Mutex
	records map[string]apikey.Record[owner]
	asked   int
	err     error
}

func (s *store) Find(_ context.Context, id string) (apikey.Record[owner], bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	r, found := s.records[id]
	return r, found, s.err
}

type caller = apikey.Record[owner]

func newStore() *store { return &store{records: map[string]caller{}} }

// add makes a key of an owner.
func (s *store) add(t testing.TB, f apikey.Format, change func(*caller)) apikey.Key {
	t.Helper()
	key, err := f.Generate()
	if err != nil {
		t.Fatal(err)
	}
	record := caller{Digest: key.Digest(), Owner: owner{name: "ada"}, Scopes: []string{"read"}, Roles: []guard.Role{"clerk"}}
	change(&record)
	s.records[key.ID()] = record
	return key
}

func format(t testing.TB) apikey.Format {
	t.Helper()
	f, err := apikey.NewFormat("acme_test")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func admit(_ context.Context, r caller) (caller, error) {
	switch r.Owner.state {
	case "suspended":
		return r, guard.Forbidden(nil)
	case "broken":
		return r, errors.New("plain")
	}
	return r, nil
}

func newAuth(t testing.TB, s *store) (*apikey.Authenticator[caller], *guard.Guard[caller]) {
	t.Helper()
	auth, err := apikey.New(format(t), s, admit)
	if err != nil {
		t.Fatal(err)
	}
	auth.SetClock(func() time.Time { return now })
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[caller]{HasRole: caller.HasRole}, []gen.Scheme[caller]{
		gen.APIKey("key", gen.InHeader, "X-Key", func(ctx context.Context, k guard.APIKey) (caller, error) { return auth.Authenticate(ctx, k) }),
	}, nil)
	g := linker.Guard(guard.Operation{
		ID: "op", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "key"}}}, Roles: []guard.AnyRole{{"clerk"}},
	})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	return auth, g
}

func decide(g *guard.Guard[caller], key string) guard.Decision[caller] {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("X-Key", key)
	return g.Check(r)
}

func TestClasses(t *testing.T) {
	s, f := newStore(), format(t)
	other, _ := apikey.NewFormat("acme_live")
	good := s.add(t, f, func(*caller) {})
	unknown, _ := f.Generate()
	foreign := s.add(t, other, func(*caller) {})
	changed := func(do func(*caller)) string { return s.add(t, f, do).Reveal() }
	// forged has the ID of good, and a checksum that is right.
	_, secret, _ := strings.Cut(strings.TrimPrefix(unknown.Reveal(), "acme_test_"), "_")
	forged := apikey.WithChecksum(good.ID() + "_" + secret[:43])
	for name, test := range map[string]struct {
		key   string
		want  verdict.Verdict
		asked int
	}{
		"good":             {good.Reveal(), verdict.Allow, 1},
		"expires later":    {changed(func(r *caller) { r.Expires = now.Add(1) }), verdict.Allow, 1},
		"without the role": {changed(func(r *caller) { r.Roles = nil }), verdict.MissingRole, 1},
		"suspended":        {changed(func(r *caller) { r.Owner.state = "suspended" }), verdict.Refused, 1},
		"broken":           {changed(func(r *caller) { r.Owner.state = "broken" }), verdict.Fault, 1},

		"expired":                   {changed(func(r *caller) { r.Expires = now }), verdict.Expired, 1},
		"expired and wrong":         {changed(func(r *caller) { r.Expires, r.Digest[0] = now, r.Digest[0]^1 }), verdict.Invalid, 1},
		"expired and revoked":       {changed(func(r *caller) { r.Expires, r.Revoked = now, true }), verdict.Invalid, 1},
		"revoked":                   {changed(func(r *caller) { r.Revoked = true }), verdict.Invalid, 1},
		"suspended and wrong":       {changed(func(r *caller) { r.Owner.state, r.Digest = "suspended", nil }), verdict.Invalid, 1},
		"no digest":                 {changed(func(r *caller) { r.Digest = nil }), verdict.Invalid, 1},
		"half a digest":             {changed(func(r *caller) { r.Digest = r.Digest[:16] }), verdict.Invalid, 1},
		"unknown":                   {unknown.Reveal(), verdict.Invalid, 1},
		"another secret":            {forged, verdict.Invalid, 1},
		"another prefix":            {foreign.Reveal(), verdict.Invalid, 0},
		"ID":                        {good.ID(), verdict.Invalid, 0},
		"lower case":                {strings.ToLower(good.Reveal()), verdict.Invalid, 0},
		"one more":                  {good.Reveal() + "0", verdict.Invalid, 0},
		"one less":                  {good.Reveal()[1:], verdict.Invalid, 0},
		"something else":            {"hunter2", verdict.Invalid, 0},
		"long":                      {strings.Repeat("acme_test_", 1000), verdict.Invalid, 0},
		"other characters":          {strings.Repeat("-", len(good.Reveal())), verdict.Invalid, 0},
		"an underscore in a secret": {good.Reveal()[:40] + "_" + good.Reveal()[41:], verdict.Invalid, 0},
	} {
		s.asked = 0
		_, g := newAuth(t, s)
		d := decide(g, test.key)
		if d.Verdict() != test.want || s.asked != test.asked {
			t.Errorf("%s: %v (%v), %d look-ups", name, d.Verdict(), d.Err(), s.asked)
		}
		if err := d.Err(); err != nil && len(test.key) > 20 && strings.Contains(err.Error(), test.key[len(test.key)-20:]) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
}

func TestStoreFails(t *testing.T) {
	s := newStore()
	good := s.add(t, format(t), func(*caller) {})
	for _, err := range []error{errors.New("down"), context.Canceled, context.DeadlineExceeded, guard.Invalid(nil), guard.Forbidden(nil)} {
		s.err = err
		_, g := newAuth(t, s)
		if d := decide(g, good.Reveal()); d.Verdict() != verdict.Unavailable || !errors.Is(d.Err(), err) {
			t.Errorf("%v: %v %v", err, d.Verdict(), d.Err())
		}
	}
}

// TestTypos makes sure that every change of one character, and every swap of two neighbours, is found without a look-up.
func TestTypos(t *testing.T) {
	s, f := newStore(), format(t)
	key := s.add(t, f, func(*caller) {}).Reveal()
	try := func(typo string) {
		if _, err := f.Parse(typo); typo != key && err == nil {
			t.Errorf("%s passes for %s", typo, key)
		}
	}
	for i := range key {
		for _, c := range "0OoIl1aZ_- " {
			try(key[:i] + string(c) + key[i+1:])
		}
		if i > 0 {
			try(key[:i-1] + key[i:i+1] + key[i-1:i] + key[i+1:])
		}
	}
}

// TestRotation is two keys of one owner: both are good, until the first expires and is revoked.
func TestRotation(t *testing.T) {
	s := newStore()
	f := format(t)
	first := s.add(t, f, func(r *caller) { r.Expires = now.Add(time.Hour) })
	second := s.add(t, f, func(*caller) {})
	auth, g := newAuth(t, s)
	clock := now
	auth.SetClock(func() time.Time { return clock })
	check := func(key apikey.Key, want verdict.Verdict) {
		t.Helper()
		if d := decide(g, key.Reveal()); d.Verdict() != want {
			t.Errorf("%v: %v", key, d.Verdict())
		}
	}
	check(first, verdict.Allow)
	check(second, verdict.Allow)
	clock = clock.Add(time.Hour)
	check(first, verdict.Expired)
	check(second, verdict.Allow)
	record := s.records[second.ID()]
	record.Revoked = true
	s.records[second.ID()] = record
	check(second, verdict.Invalid)
}

// fixed is a key that was made elsewhere. The form of keys never changes, for keys live long.
const fixed = "acme_test_4fQ7rT2mXc9b_0ZkJ5vYw8nB3sLq6HdR1tGx7CfPa2MeUi9WoKzNjVbE1UvfQV"

func TestForm(t *testing.T) {
	key, err := format(t).Parse(fixed)
	if err != nil || key.ID() != "acme_test_4fQ7rT2mXc9b" || key.Reveal() != fixed {
		t.Errorf("%v %v", key, err)
	}
}

func TestKeys(t *testing.T) {
	f := format(t)
	pattern := regexp.MustCompile(f.Pattern())
	seen := map[string]bool{}
	for range 2000 {
		key, err := f.Generate()
		if err != nil {
			t.Fatal(err)
		}
		text := key.Reveal()
		again, err := f.Parse(text)
		if err != nil || again != key || !strings.HasPrefix(text, key.ID()+"_") || seen[key.ID()] || len(key.Digest()) != 32 {
			t.Fatalf("%s: %v", text, err)
		}
		if pattern.FindString("x = '"+text+"';") != text {
			t.Fatalf("the pattern does not find %s", text)
		}
		seen[key.ID()] = true
	}
}

// TestOnce makes sure that a key is shown by Reveal alone.
func TestOnce(t *testing.T) {
	key, _ := format(t).Generate()
	secret := strings.TrimPrefix(key.Reveal(), key.ID())
	asJSON, err := json.Marshal(map[string]apikey.Key{"key": key})
	if err != nil || !strings.Contains(string(asJSON), key.ID()) {
		t.Errorf("%s, %v", asJSON, err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "key", key)
	all := string(asJSON) + log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all += fmt.Sprintf(verb, key) + fmt.Sprintf(verb, &key) + fmt.Sprintf(verb, struct{ K apikey.Key }{key})
	}
	if strings.Contains(all, secret[1:10]) || !strings.Contains(all, key.ID()) {
		t.Error(all)
	}
}

func TestNew(t *testing.T) {
	for _, prefix := range []string{"", "a", "1a", "_a", "a_", "a__b", "a-b", "ä_b", "a b", strings.Repeat("a", 33)} {
		if _, err := apikey.NewFormat(prefix); err == nil {
			t.Errorf("%q is a prefix", prefix)
		}
	}
	if _, err := apikey.NewFormat(strings.Repeat("a", 32)); err != nil {
		t.Error(err)
	}
	if _, err := (apikey.Format{}).Generate(); err == nil {
		t.Error("the zero format makes keys")
	}
	f := format(t)
	_, noFormat := apikey.New(apikey.Format{}, newStore(), admit)
	_, noStore := apikey.New(f, nil, admit)
	_, noCaller := apikey.New[owner, caller](f, newStore(), nil)
	if noFormat == nil || noStore == nil || noCaller == nil {
		t.Error(noFormat, noStore, noCaller)
	}
}

// TestBearer is a key as a bearer token.
func TestBearer(t *testing.T) {
	s := newStore()
	key := s.add(t, format(t), func(*caller) {})
	auth, _ := newAuth(t, s)
	c, err := auth.Authenticate(context.Background(), guardtest.BearerToken(key.Reveal()))
	if err != nil || !c.HasScope("read") || c.HasScope("write") {
		t.Error(c, err)
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	s := newStore()
	key := s.add(t, format(t), func(*caller) {})
	_, g := newAuth(t, s)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				if d := decide(g, key.Reveal()); !d.Allowed() {
					t.Error(d.Err())
				}
			}
		})
	}
	group.Wait()
}

// FuzzParse makes sure that a text which parses is a key that comes out as it went in.
func FuzzParse(f *testing.F) {
	keys := format(f)
	key, _ := keys.Generate()
	for _, seed := range []string{fixed, key.Reveal(), key.ID(), "", "acme_test_", strings.Repeat("_", 72), strings.ToUpper(key.Reveal())} {
		f.Add(seed)
	}
	pattern := regexp.MustCompile("^" + keys.Pattern() + "$")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := keys.Parse(text)
		if err != nil {
			if key != (apikey.Key{}) {
				t.Error("a key and an error")
			}
			return
		}
		if key.Reveal() != text || !pattern.MatchString(text) || !strings.HasPrefix(text, key.ID()) {
			t.Errorf("%q", text)
		}
	})
}

// BenchmarkAuthenticate has the SHA-256 of the key beside it, which nobody can do without.
func BenchmarkAuthenticate(b *testing.B) {
	s := newStore()
	key := s.add(b, format(b), func(*caller) {})
	auth, _ := newAuth(b, s)
	ctx, credential := context.Background(), guardtest.APIKey(key.Reveal())
	b.Run("authenticate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := auth.Authenticate(ctx, credential); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("digest", func(b *testing.B) {
		for b.Loop() {
			key.Digest()
		}
	})
}
