package store

import (
	"encoding/binary"
	"encoding/json"

	"go.etcd.io/bbolt"
)

// Entry is a line in the guestbook.
type Entry struct {
	ID           int64
	Author, Text string
}

// Add writes an entry and gives it its number.
func (s *Store) Add(author, text string) (entry Entry, err error) {
	err = s.db.Update(func(tx *bbolt.Tx) error {
		number, err := tx.Bucket(entries).NextSequence()
		if err != nil {
			return err
		}
		entry = Entry{int64(number), author, text}
		return put(tx, entries, entryKey(entry.ID), entry)
	})
	return entry, err
}

// Entry is the entry of a number.
func (s *Store) Entry(id int64) (entry Entry, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		entry, err = get[Entry](tx, entries, entryKey(id))
		return err
	})
	return entry, err
}

// Entries are all entries, the newest first.
func (s *Store) Entries() (all []Entry, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(entries).Cursor()
		for key, value := cursor.Last(); key != nil; key, value = cursor.Prev() {
			var entry Entry
			if err := json.Unmarshal(value, &entry); err != nil {
				return err
			}
			all = append(all, entry)
		}
		return nil
	})
	return all, err
}

// Remove removes an entry.
func (s *Store) Remove(id int64) error {
	return s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket(entries).Get(entryKey(id)) == nil {
			return ErrNotFound
		}
		return tx.Bucket(entries).Delete(entryKey(id))
	})
}

func entryKey(id int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }
