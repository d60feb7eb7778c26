package main

import (
	"github.com/oapi-guard/oapi-guard/examples/session/store"
)

// seed fills an empty store. The password of everybody is their name with "-password" after it.
func seed(s *store.Store) error {
	for _, user := range []store.User{{Name: "ada"}, {Name: "bob"}, {Name: "mod", Moderator: true}} {
		if err := s.AddUser(user, user.Name+"-password"); err != nil {
			return err
		}
	}
	_, err := s.Add("bob", "I was here first.")
	return err
}
