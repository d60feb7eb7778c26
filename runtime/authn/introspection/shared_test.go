package introspection_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func itself(_ context.Context, c introspection.Claims) (introspection.Claims, error) { return c, nil }

// shelf is a shared cache in memory, with faults.
type shelf struct {
	mu     sync.Mutex
	values map[string][]byte
	ttl    time.Duration
	calls  int
	fault  func() error
}

func newShelf() *shelf {
	return &shelf{values: map[string][]byte{}, fault: func() error { return nil }}
}

func (s *shelf) Get(_ context.Context, name string) ([]byte, error) {
	if err := s.call(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[name], nil
}

func (s *shelf) Set(_ context.Context, name string, value []byte, ttl time.Duration) error {
	if err := s.call(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.values[name], s.ttl = value, ttl
	return nil
}

func (s *shelf) call() error {
	s.mu.Lock()
	s.calls++
	fault := s.fault
	s.mu.Unlock()
	return fault()
}

func (s *shelf) fails(fault func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// await waits until something is on the shelf: it is put there after the answer.
func (s *shelf) await(t *testing.T, n int) map[string][]byte {
	t.Helper()
	for range 1000 {
		s.mu.Lock()
		got := len(s.values)
		s.mu.Unlock()
		if got == n {
			return s.values
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("there are not %d values", n)
	return nil
}

func sharing(s introspection.Cache) introspection.Config {
	return introspection.Config{Shared: s, SharedKey: bytes.Repeat([]byte{7}, 32), SharedTimeout: 5 * time.Second}
}

// TestShared is two processes: the second asks nobody, and learns of the revocation when the first does.
func TestShared(t *testing.T) {
	s := newShelf()
	config := sharing(s)
	w := newWorld(t, config, says(good))
	config.Endpoint = w.URL + "/introspect"
	w.check(t, "secret-token", verdict.Allow, 1)
	for name, value := range s.await(t, 1) {
		if name != w.auth.Name("secret-token") || strings.Contains(name, "secret-token") || bytes.Contains(value, []byte("ada")) {
			t.Errorf("%q %q", name, value)
		}
	}
	if s.ttl != time.Minute {
		t.Errorf("kept for %v", s.ttl)
	}
	w.pass(40 * time.Second)
	w.join(t, config)
	d := w.check(t, "secret-token", verdict.Allow, 1)
	if c, _ := d.Caller().Get(); c.Subject() != "ada" || !c.HasScope("write") {
		t.Errorf("%+v", c)
	}
	w.reply(says(`{"active":false}`))
	w.pass(19 * time.Second)
	w.check(t, "secret-token", verdict.Allow, 1)
	w.pass(time.Second) // a minute after the question, however often it moved from cache to cache
	w.check(t, "secret-token", verdict.Invalid, 2)
	w.check(t, "another", verdict.Invalid, 3)
	s.await(t, 1) // refusals are not shared
}

// TestSharedByOthers makes sure that answers to another client, and entries under another key, are none.
func TestSharedByOthers(t *testing.T) {
	for name, change := range map[string]func(*introspection.Config){
		"client": func(c *introspection.Config) { c.ClientID, c.ClientSecret = "billing", "x" },
		"key":    func(c *introspection.Config) { c.SharedKey = bytes.Repeat([]byte{8}, 32) },
	} {
		s := newShelf()
		config := sharing(s)
		w := newWorld(t, config, says(good))
		w.check(t, "t", verdict.Allow, 1)
		s.await(t, 1)
		config.Endpoint = w.URL + "/introspect"
		change(&config)
		w.join(t, config)
		w.check(t, "t", verdict.Allow, 2)
		if len(s.await(t, 2)) != 2 {
			t.Error(name)
		}
	}
}

// TestForged makes sure that whoever writes to the cache makes no callers of it.
func TestForged(t *testing.T) {
	s := newShelf()
	config := sharing(s)
	var told []error
	config.OnSharedError = func(err error) { told = append(told, err) }
	w := newWorld(t, config, says(good))
	w.check(t, "mine", verdict.Allow, 1)
	sealed := s.await(t, 1)[w.auth.Name("mine")]
	w.reply(says(`{"active":false}`))
	for i, value := range [][]byte{sealed, []byte(filled(good)), {1}, append([]byte{sealed[0] ^ 1}, sealed[1:]...), make([]byte, 1<<20)} {
		s.mu.Lock()
		s.values[w.auth.Name("theirs")] = value // the first is another token's entry
		s.mu.Unlock()
		w.check(t, "theirs", verdict.Invalid, int32(i+2))
		w.pass(11 * time.Second)
	}
	if len(told) != 5 {
		t.Errorf("%q", told)
	}
}

// TestSharedDown makes sure that a broken cache costs questions and a bounded wait, and never a 401.
func TestSharedDown(t *testing.T) {
	for name, fault := range map[string]func() error{
		"error": func() error { return errors.New("connection refused") },
		"hangs": func() error { select {} },
		"panic": func() error { panic("no") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf()
			s.fails(fault)
			config := sharing(s)
			config.SharedTimeout = 500 * time.Millisecond
			told := make(chan error, 10)
			config.OnSharedError = func(err error) { told <- err }
			w := newWorld(t, config, says(good))
			before := time.Now()
			for i, token := range []string{"a", "b", "c", "d"} {
				w.check(t, token, verdict.Allow, int32(i+1))
			}
			if took := time.Since(before); took > 5*time.Second {
				t.Errorf("four requests took %v", took)
			}
			if len(told) != 1 {
				t.Errorf("told %d times", len(told))
			}
			s.mu.Lock()
			calls := s.calls
			s.mu.Unlock()
			if calls != 1 {
				t.Errorf("%d calls in the first second", calls)
			}
			s.fails(func() error { return nil })
			w.pass(time.Second)
			w.check(t, "e", verdict.Allow, 5)
			s.await(t, 1) // back
		})
	}
}
