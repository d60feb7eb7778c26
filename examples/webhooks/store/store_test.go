package store

import (
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "webhooks.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRecord(t *testing.T) {
	s := newStore(t)
	for i, want := range []bool{true, false, false} {
		if fresh, err := s.Record(Event{Sender: "stripe", ID: "evt_1"}); fresh != want || err != nil {
			t.Errorf("%d: %v, %v", i, fresh, err)
		}
	}
	if fresh, err := s.Record(Event{Sender: "github", ID: "evt_1"}); !fresh || err != nil {
		t.Errorf("the other sender's: %v, %v", fresh, err)
	}
}

// TestUse uses signatures once, and makes sure that those which have ended take no room.
func TestUse(t *testing.T) {
	s, now := newStore(t), time.Unix(1735689600, 0)
	use := func(digest string, end time.Duration, want bool) {
		t.Helper()
		if first, err := s.Use([]byte(digest), now.Add(end), now); first != want || err != nil {
			t.Errorf("%s: %v, %v", digest, first, err)
		}
	}
	use("a", time.Minute, true)
	use("a", time.Minute, false)
	use("b", time.Minute, true)
	use("c", 2*time.Minute, true)
	now = now.Add(time.Minute)
	use("b", 0, false) // it ends now, and is accepted until then
	now = now.Add(time.Second)
	use("d", time.Minute, true)
	use("c", 59*time.Second, false)
	err := s.db.View(func(tx *bbolt.Tx) error {
		if n := tx.Bucket(used).Stats().KeyN; n != 2 {
			t.Errorf("%d are kept; want those of c and d", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
