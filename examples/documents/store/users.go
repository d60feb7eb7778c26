package store

import (
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// User is an account.
type User struct {
	Name, About string
	Roles       []string
	Suspended   bool
}

// Kind is what a token is for. One of a kind is worth nothing as another.
type Kind string

// The kinds of tokens.
const (
	Bearer  Kind = "bearer"
	Session Kind = "session"
)

// AddUser adds an account; a name that is taken is an error.
func (s *Store) AddUser(user User) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(users).Get([]byte(user.Name)) != nil {
			return fmt.Errorf("there is a user %q already", user.Name)
		}
		return put(tx, users, []byte(user.Name), user)
	})
}

// IssueToken returns a new token of a user. It is the only time that anybody sees it.
func (s *Store) IssueToken(kind Kind, user string) (string, error) {
	secret, hash := newSecret(string(kind))
	err := s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(users).Get([]byte(user)) == nil {
			return ErrNotFound
		}
		return put(tx, tokens, hash, user)
	})
	return secret, err
}

// UserOf is the user to whom a token was issued.
func (s *Store) UserOf(kind Kind, token string) (user User, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		name, err := get[string](tx, tokens, hashOf(string(kind), token))
		if err != nil {
			return err
		}
		user, err = get[User](tx, users, []byte(name))
		return err
	})
	return user, err
}

// User is the user of a name.
func (s *Store) User(name string) (User, error) { return view[User](s, users, []byte(name)) }

// Users are all users, by name.
func (s *Store) Users() (all []User, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(users).ForEach(func(_, value []byte) error {
			var user User
			if err := json.Unmarshal(value, &user); err != nil {
				return err
			}
			all = append(all, user)
			return nil
		})
	})
	return all, err
}

// SetSuspended suspends an account or lifts that. Its tokens stay what they are.
func (s *Store) SetSuspended(name string, suspended bool) error {
	return change(s, users, []byte(name), func(u *User) { u.Suspended = suspended })
}

// SetAbout writes a user's profile.
func (s *Store) SetAbout(name, about string) error {
	return change(s, users, []byte(name), func(u *User) { u.About = about })
}
