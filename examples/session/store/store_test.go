package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// newStore has one member, and a clock that the test moves.
func newStore(t *testing.T) (s *Store, now *time.Time) {
	t.Helper()
	clock := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s, err := Open(filepath.Join(t.TempDir(), "session.db"), func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.AddUser(User{Name: "ada"}, "secret"); err != nil {
		t.Fatal(err)
	}
	return s, &clock
}

func begin(t *testing.T, s *Store) (string, Session) {
	t.Helper()
	id, session, err := s.Begin("ada")
	if err != nil {
		t.Fatal(err)
	}
	return id, session
}

// TestSecrets makes sure that the file does not say what a browser has.
func TestSecrets(t *testing.T) {
	s, _ := newStore(t)
	id, _ := begin(t, s)
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(sessions).ForEach(func(key, _ []byte) error {
			if string(key) == id || len(key) != 32 {
				t.Errorf("%q", key)
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
}

func TestEnds(t *testing.T) {
	s, now := newStore(t)
	id, _ := begin(t, s)
	*now = now.Add(Idle - 1)
	if _, user, err := s.Session(id); err != nil || user.Name != "ada" {
		t.Errorf("%v, %v", user, err)
	}
	*now = now.Add(1)
	if _, _, err := s.Session(id); !errors.Is(err, ErrNotFound) {
		t.Errorf("it has ended: %v", err)
	}
}

// TestRenewAfterLogout is a request that was on its way when another one ended the session.
func TestRenewAfterLogout(t *testing.T) {
	s, now := newStore(t)
	id, session := begin(t, s)
	*now = now.Add(Idle - time.Minute)
	if err := s.End(session); err != nil {
		t.Fatal(err)
	}
	if _, renewed, err := s.Renew(session); renewed || !errors.Is(err, ErrNotFound) {
		t.Errorf("%v, %v", renewed, err)
	}
	if _, _, err := s.Session(id); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is back: %v", err)
	}
}

func TestSweep(t *testing.T) {
	s, now := newStore(t)
	for range 50 {
		begin(t, s)
	}
	*now = now.Add(Idle / 2)
	alive, _ := begin(t, s)
	*now = now.Add(Idle / 2)
	if err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Session(alive); err != nil {
		t.Error(err)
	}
	err := s.db.View(func(tx *bbolt.Tx) error {
		if n := tx.Bucket(sessions).Stats().KeyN; n != 1 {
			t.Errorf("%d are left", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAuthenticate(t *testing.T) {
	s, _ := newStore(t)
	if user, err := s.Authenticate("ada", "secret"); err != nil || user.Name != "ada" {
		t.Errorf("%v, %v", user, err)
	}
	for name, password := range map[string]string{"ada": "wrong", "eve": "nobody", "": ""} {
		if _, err := s.Authenticate(name, password); !errors.Is(err, ErrPassword) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.AddUser(User{Name: "ada"}, "other"); err == nil {
		t.Error("the name is taken")
	}
}
