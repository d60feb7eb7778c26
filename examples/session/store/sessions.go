package store

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"time"

	"go.etcd.io/bbolt"
)

// A session ends when it was not used for Idle, and Lifetime after the login at the latest.
const (
	Idle     = 30 * time.Minute
	Lifetime = 12 * time.Hour
)

// Session is a browser in which a user has signed in.
type Session struct {
	User    string
	Began   time.Time
	Expires time.Time
	// CSRF is the session's token: a page of ours can read it, and no page of another site can.
	CSRF string

	key []byte // the hash of the ID
}

// Begin starts a session of a user under a new ID, and ends those that the browser had. The ID did not exist
// before the login, so nobody can have planted it in the browser (session fixation).
func (s *Store) Begin(user string, previous ...string) (id string, session Session, err error) {
	id, began := rand.Text(), s.now()
	session = Session{User: user, Began: began, Expires: began.Add(Idle), CSRF: rand.Text(), key: hashOf(id)}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		for _, id := range previous {
			if err := tx.Bucket(sessions).Delete(hashOf(id)); err != nil {
				return err
			}
		}
		return put(tx, sessions, session.key, session)
	})
	return id, session, err
}

// Session is the session of an ID, with its user.
func (s *Store) Session(id string) (session Session, user User, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		if session, err = s.alive(tx, hashOf(id)); err != nil {
			return err
		}
		user, err = get[User](tx, users, []byte(session.User))
		return err
	})
	return session, user, err
}

// alive is a session unless it has ended by the clock.
func (s *Store) alive(tx *bbolt.Tx, key []byte) (Session, error) {
	session, err := get[Session](tx, sessions, key)
	if err == nil && !s.now().Before(session.Expires) {
		return Session{}, ErrNotFound
	}
	session.key = key
	return session, err
}

// Renew moves the end of a session, and reports whether it did. One that was renewed a moment ago is left alone, so
// that not every request writes.
func (s *Store) Renew(session Session) (renewed Session, did bool, err error) {
	if s.Left(session) > Idle/2 || !s.end(session).After(session.Expires) {
		return session, false, nil
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		if session, err = s.alive(tx, session.key); err != nil { // a logout may have come in between
			return err
		}
		session.Expires = s.end(session)
		return put(tx, sessions, session.key, session)
	})
	return session, err == nil, err
}

// end is when a session that is used now ends.
func (s *Store) end(session Session) time.Time {
	idle, last := s.now().Add(Idle), session.Began.Add(Lifetime)
	if idle.After(last) {
		return last
	}
	return idle
}

// End ends a session.
func (s *Store) End(session Session) error {
	return s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(sessions).Delete(session.key) })
}

// Left is how long a session lasts when it is not used.
func (s *Store) Left(session Session) time.Duration { return session.Expires.Sub(s.now()) }

// Sweep removes the sessions that have ended by the clock.
func (s *Store) Sweep() error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(sessions).Cursor()
		for key, _ := cursor.First(); key != nil; key, _ = cursor.Next() {
			if _, err := s.alive(tx, key); errors.Is(err, ErrNotFound) {
				err = cursor.Delete()
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// hashOf is all that the store keeps of an ID: whoever reads the file cannot use its contents. IDs are random and
// long, so one round of SHA-256 is enough. Because the hash is looked up, the time of a lookup says nothing about
// the ID.
func hashOf(id string) []byte {
	hash := sha256.Sum256([]byte(id))
	return hash[:]
}
