// Package store keeps users, tokens, documents and invitations in one bbolt file. It knows no HTTP and decides
// nothing: whose a document is, it says; what follows from it is for others.
package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// ErrNotFound is what everything returns that looks for something in vain.
var ErrNotFound = errors.New("not in the store")

// The buckets. Documents and their texts are apart, so that asking whose a document is costs the same whatever
// its length.
var (
	users       = []byte("users")       // User, by name
	tokens      = []byte("tokens")      // name of the user, by hash
	documents   = []byte("documents")   // Document, by id
	revisions   = []byte("revisions")   // Revision, by id and number
	invitations = []byte("invitations") // Invitation, by hash of the code
)

// Store is the database. It is for many goroutines: those that read see what was committed when they began.
type Store struct{ db *bbolt.DB }

// Open opens the file and makes it when there is none. A file that another process has open is an error.
func Open(path string) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &Store{db}
	if err := db.Update(makeBuckets); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{users, tokens, documents, revisions, invitations} {
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

// view reads one record in a transaction of its own.
func view[T any](s *Store, bucket, key []byte) (record T, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		record, err = get[T](tx, bucket, key)
		return err
	})
	return record, err
}

// change reads a record, changes it and writes it back, in one transaction.
func change[T any](s *Store, bucket, key []byte, with func(*T)) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		record, err := get[T](tx, bucket, key)
		if err != nil {
			return err
		}
		with(&record)
		return put(tx, bucket, key, record)
	})
}

// newSecret is 130 bits that nobody can guess, as text, and what is kept of it.
func newSecret(kind string) (secret string, hash []byte) {
	secret = rand.Text()
	return secret, hashOf(kind, secret)
}

// hashOf is what the store knows of a secret: who reads the file cannot use what they find. A secret is random and
// long, so one round of SHA-256 will do, which would not for a password. And because hashes are looked up and
// not secrets, the time of a lookup says nothing about how much of a guess was right.
func hashOf(kind, secret string) []byte {
	hash := sha256.Sum256([]byte(kind + " " + secret))
	return hash[:]
}
