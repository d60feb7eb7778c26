package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

// Document is all about a document but its text.
type Document struct {
	ID        uuid.UUID
	Owner     string
	Readers   []string
	Published bool
	// Hidden is what an administrator has taken out of sight.
	Hidden bool
	// Revisions is how many there are; the last is the document as it is now.
	Revisions int
}

// ReadableBy reports whether the document is the user's, or shared with them and not hidden.
func (d Document) ReadableBy(user string) bool {
	return d.Owner == user || slices.Contains(d.Readers, user) && !d.Hidden
}

// Revision is the text of a document at a time.
type Revision struct {
	Number      int
	Title, Text string
}

// Draft is what an owner writes.
type Draft struct {
	Title, Text string
	Published   bool
}

// absent stands in for a document that does not exist: see [Store.Document].
var absent, _ = json.Marshal(Document{Owner: "somebody", Revisions: 1})

// Document is what a resource check reads. It does the same work for a document that does not exist as for one
// that does, or as nearly as a store can: who is denied should not see by the clock whether there is something.
func (s *Store) Document(id uuid.UUID) (d Document, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		value := tx.Bucket(documents).Get(id[:])
		if value != nil {
			return json.Unmarshal(value, &d)
		}
		if err := json.Unmarshal(absent, &Document{}); err != nil {
			return err
		}
		return ErrNotFound
	})
	return d, err
}

// Read is a document with one of its revisions; number 0 is the last.
func (s *Store) Read(id uuid.UUID, number int) (d Document, r Revision, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		if d, err = get[Document](tx, documents, id[:]); err != nil {
			return err
		}
		r, err = get[Revision](tx, revisions, revisionKey(id, cmp.Or(number, d.Revisions)))
		return err
	})
	return d, r, err
}

// ReadableBy calls each with the documents that a user can read.
func (s *Store) ReadableBy(user string, each func(Document, Revision)) error {
	return s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(documents).ForEach(func(_, value []byte) error {
			var d Document
			if err := json.Unmarshal(value, &d); err != nil || !d.ReadableBy(user) {
				return err
			}
			r, err := get[Revision](tx, revisions, revisionKey(d.ID, d.Revisions))
			if err == nil {
				each(d, r)
			}
			return err
		})
	})
}

// Create writes a new document.
func (s *Store) Create(id uuid.UUID, owner string, draft Draft) (d Document, r Revision, err error) {
	err = s.db.Update(func(tx *bbolt.Tx) error {
		d = Document{ID: id, Owner: owner}
		r, err = write(tx, &d, draft)
		return err
	})
	return d, r, err
}

// Replace adds a revision to a document that exists.
func (s *Store) Replace(id uuid.UUID, draft Draft) (d Document, r Revision, err error) {
	err = s.db.Update(func(tx *bbolt.Tx) error {
		if d, err = get[Document](tx, documents, id[:]); err != nil {
			return err
		}
		r, err = write(tx, &d, draft)
		return err
	})
	return d, r, err
}

func write(tx *bbolt.Tx, d *Document, draft Draft) (Revision, error) {
	d.Revisions++
	d.Published = draft.Published
	r := Revision{d.Revisions, draft.Title, draft.Text}
	if err := put(tx, revisions, revisionKey(d.ID, r.Number), r); err != nil {
		return Revision{}, err
	}
	return r, put(tx, documents, d.ID[:], d)
}

// Delete removes a document and its revisions. Ids are random, so nothing else will ever have this one.
func (s *Store) Delete(id uuid.UUID) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(documents).Get(id[:]) == nil {
			return ErrNotFound
		}
		cursor := tx.Bucket(revisions).Cursor()
		for key, _ := cursor.Seek(id[:]); bytes.HasPrefix(key, id[:]); key, _ = cursor.Seek(id[:]) {
			if err := cursor.Delete(); err != nil {
				return err
			}
		}
		return tx.Bucket(documents).Delete(id[:])
	})
}

// SetHidden hides a document or shows it again.
func (s *Store) SetHidden(id uuid.UUID, hidden bool) error {
	return change(s, documents, id[:], func(d *Document) { d.Hidden = hidden })
}

// Count is how many users and documents there are.
func (s *Store) Count() (people, papers int, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		people, papers = tx.Bucket(users).Stats().KeyN, tx.Bucket(documents).Stats().KeyN
		return nil
	})
	return people, papers, err
}

func revisionKey(id uuid.UUID, number int) []byte {
	return binary.BigEndian.AppendUint64(id[:], uint64(number))
}
