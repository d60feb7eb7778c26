package store

import (
	"errors"
	"fmt"
	"sync"

	"go.etcd.io/bbolt"
	"golang.org/x/crypto/bcrypt"
)

// User is a member.
type User struct {
	Name      string
	Password  []byte // bcrypt
	Moderator bool
	Suspended bool
}

// ErrPassword is the error of every login that fails, so that nobody learns whether there is such a user.
var ErrPassword = errors.New("unknown user or wrong password")

// AddUser adds a member; a name that is taken is an error.
func (s *Store) AddUser(user User, password string) error {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return err
	}
	user.Password = hash
	return s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(users).Get([]byte(user.Name)) != nil {
			return fmt.Errorf("there is a user %q already", user.Name)
		}
		return put(tx, users, []byte(user.Name), user)
	})
}

// nobody is the hash that the password of an unknown user is compared with: it takes as long as a real one.
var nobody = sync.OnceValue(func() []byte {
	hash, err := bcrypt.GenerateFromPassword([]byte("nobody"), bcrypt.DefaultCost)
	if err != nil {
		panic(err)
	}
	return hash
})

// Authenticate checks a password.
func (s *Store) Authenticate(name, password string) (User, error) {
	user, err := s.User(name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return User{}, err
	}
	hash := user.Password
	if err != nil {
		hash = nobody()
	}
	if bcrypt.CompareHashAndPassword(hash, []byte(password)) != nil || err != nil {
		return User{}, ErrPassword
	}
	return user, nil
}

// User is the member of a name.
func (s *Store) User(name string) (user User, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		user, err = get[User](tx, users, []byte(name))
		return err
	})
	return user, err
}

// Suspend suspends a member or lifts the suspension.
func (s *Store) Suspend(name string, suspended bool) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		user, err := get[User](tx, users, []byte(name))
		if err != nil {
			return err
		}
		user.Suspended = suspended
		return put(tx, users, []byte(name), user)
	})
}
