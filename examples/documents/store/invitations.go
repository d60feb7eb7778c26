package store

import (
	"errors"
	"slices"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

// Invitation lets its reader into a document.
type Invitation struct {
	Document uuid.UUID
	Reader   string
}

// Invite returns the code of a new invitation. As with a token, nobody sees it again.
func (s *Store) Invite(document uuid.UUID, reader string) (string, error) {
	code, hash := newSecret("invitation")
	err := s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(documents).Get(document[:]) == nil {
			return ErrNotFound
		}
		return put(tx, invitations, hash, Invitation{document, reader})
	})
	return code, err
}

// Invitation is the invitation of a code.
func (s *Store) Invitation(code string) (Invitation, error) {
	return view[Invitation](s, invitations, hashOf("invitation", code))
}

// Accept uses an invitation up, and makes its reader one of the document's. When the document is gone there is
// nothing to accept.
func (s *Store) Accept(code string) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		hash := hashOf("invitation", code)
		invitation, err := get[Invitation](tx, invitations, hash)
		if err != nil {
			return err
		}
		d, err := get[Document](tx, documents, invitation.Document[:])
		if err != nil {
			return err
		}
		if !slices.Contains(d.Readers, invitation.Reader) {
			d.Readers = append(d.Readers, invitation.Reader)
		}
		return errors.Join(tx.Bucket(invitations).Delete(hash), put(tx, documents, d.ID[:], d))
	})
}
