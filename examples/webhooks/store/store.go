// Package store keeps events, and the signatures that were used up, in one bbolt file.
package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

var (
	events = []byte("events") // Event, by sender and ID
	used   = []byte("used")   // nothing, by the end of a signature's time and its digest
)

// Event is something that a sender told.
type Event struct{ Sender, ID, What string }

// Store is the database. It may be used by many goroutines at once.
type Store struct{ db *bbolt.DB }

// Open opens the file, or makes it if there is none. A file that another process has open is an error.
func Open(path string) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &Store{db}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(events)
		if err == nil {
			_, err = tx.CreateBucketIfNotExists(used)
		}
		return err
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for transactions that have begun.
func (s *Store) Close() error { return s.db.Close() }

// Record keeps an event, and reports whether it is new.
func (s *Store) Record(event Event) (fresh bool, err error) {
	err = s.db.Update(func(tx *bbolt.Tx) error {
		key := []byte(event.Sender + " " + event.ID)
		if fresh = tx.Bucket(events).Get(key) == nil; !fresh {
			return nil
		}
		value, err := json.Marshal(event)
		if err != nil {
			return err
		}
		return tx.Bucket(events).Put(key, value)
	})
	return fresh && err == nil, err
}

// Events are all events, by sender and ID.
func (s *Store) Events() (all []Event, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(events).ForEach(func(_, value []byte) error {
			var event Event
			if err := json.Unmarshal(value, &event); err != nil {
				return err
			}
			all = append(all, event)
			return nil
		})
	})
	return all, err
}

// Use uses up a signature, which nobody accepts after its end anyway, and reports whether that is the first time.
// Signatures whose end has come are forgotten.
func (s *Store) Use(digest []byte, end, now time.Time) (first bool, err error) {
	err = s.db.Update(func(tx *bbolt.Tx) error {
		if err := forget(tx, now); err != nil {
			return err
		}
		key := append(timeKey(end), digest...)
		if first = tx.Bucket(used).Get(key) == nil; !first {
			return nil
		}
		return tx.Bucket(used).Put(key, []byte{})
	})
	return first && err == nil, err
}

// forget removes what ended before now. Keys begin with the end, so that these come first.
func forget(tx *bbolt.Tx, now time.Time) error {
	cursor, limit := tx.Bucket(used).Cursor(), string(timeKey(now))
	for key, _ := cursor.First(); key != nil && string(key) < limit; key, _ = cursor.First() {
		if err := cursor.Delete(); err != nil {
			return err
		}
	}
	return nil
}

func timeKey(t time.Time) []byte { return binary.BigEndian.AppendUint64(nil, uint64(t.Unix())) }
