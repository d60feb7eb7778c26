// Package store keeps users, sessions and entries in one bbolt file. It knows neither HTTP nor guards.
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// ErrNotFound is the error of every lookup that finds nothing.
var ErrNotFound = errors.New("not in the store")

var (
	users    = []byte("users")    // User, by name
	sessions = []byte("sessions") // Session, by the hash of its ID
	entries  = []byte("entries")  // Entry, by number
)

// Store is the database. It may be used by many goroutines at once.
type Store struct {
	db  *bbolt.DB
	now func() time.Time
}

// Open opens the file, or makes it if there is none. Sessions end by the clock now. A file that another process has
// open is an error.
func Open(path string, now func() time.Time) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &Store{db, now}
	if err := db.Update(makeBuckets); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{users, sessions, entries} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// Close waits for transactions that have begun.
func (s *Store) Close() error { return s.db.Close() }

// get reads a record.
func get[T any](tx *bbolt.Tx, bucket, key []byte) (record T, err error) {
	value := tx.Bucket(bucket).Get(key)
	if value == nil {
		return record, ErrNotFound
	}
	return record, json.Unmarshal(value, &record)
}

// put writes a record.
func put(tx *bbolt.Tx, bucket, key []byte, record any) error {
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return tx.Bucket(bucket).Put(key, value)
}
