package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/oapi-guard/oapi-guard/examples/documents/store"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func file(t *testing.T) string { return filepath.Join(t.TempDir(), "documents.db") }

// TestSecrets makes sure that who reads the file finds nothing to log in with, and that what was issued still holds
// when the file is opened again.
func TestSecrets(t *testing.T) {
	path := file(t)
	s := open(t, path)
	id := uuid.New()
	err := s.AddUser(store.User{Name: "mia"})
	token, err2 := s.IssueToken(store.Bearer, "mia")
	session, err3 := s.IssueToken(store.Session, "mia")
	_, _, err4 := s.Create(id, "mia", store.Draft{Title: "findable"})
	code, err5 := s.Invite(id, "max")
	if err := errors.Join(err, err2, err3, err4, err5, s.Close()); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(content, []byte("findable")) {
		t.Fatalf("the file is not what was written: %v", err)
	}
	for _, secret := range []string{token, session, code} {
		if len(secret) < 26 || bytes.Contains(content, []byte(secret)) {
			t.Errorf("%q is short, or in the file", secret)
		}
	}
	s = open(t, path)
	for _, test := range []struct {
		kind   store.Kind
		secret string
		found  bool
	}{
		{store.Bearer, token, true}, {store.Session, session, true},
		{store.Bearer, session, false}, {store.Session, token, false}, {store.Bearer, code, false}, {store.Bearer, "", false},
	} {
		user, err := s.UserOf(test.kind, test.secret)
		if found := err == nil && user.Name == "mia"; found != test.found || !found && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s of %q: %v, %v", test.kind, test.secret, user, err)
		}
	}
}

// TestMissing has everything look for what is not there. None of it writes.
func TestMissing(t *testing.T) {
	path := file(t)
	s := open(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	id := uuid.New()
	for name, err := range map[string]error{
		"IssueToken":   second(s.IssueToken(store.Bearer, "mia")),
		"User":         second(s.User("mia")),
		"SetSuspended": s.SetSuspended("mia", true),
		"SetAbout":     s.SetAbout("mia", ""),
		"Document":     second(s.Document(id)),
		"Read":         third(s.Read(id, 0)),
		"Replace":      third(s.Replace(id, store.Draft{})),
		"Delete":       s.Delete(id),
		"SetHidden":    s.SetHidden(id, true),
		"Invite":       second(s.Invite(id, "mia")),
		"Invitation":   second(s.Invitation("code")),
		"Accept":       s.Accept("code"),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed (%v)", err)
	}
}

func second[A any](_ A, err error) error        { return err }
func third[A, B any](_ A, _ B, err error) error { return err }

// TestDelete removes all of one document, and nothing of others.
func TestDelete(t *testing.T) {
	s := open(t, file(t))
	ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	for _, id := range ids {
		if _, _, err := s.Create(id, "mia", store.Draft{}); err != nil {
			t.Fatal(err)
		}
		for range 9 {
			if _, _, err := s.Replace(id, store.Draft{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Delete(ids[1]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Create(ids[1], "max", store.Draft{}); err != nil { // for what is left of it to show
		t.Fatal(err)
	}
	for number := 1; number <= 10; number++ {
		for i, id := range ids {
			_, _, err := s.Read(id, number)
			if found := err == nil; found != (i != 1 || number == 1) {
				t.Errorf("revision %d of document %d: %v", number, i, err)
			}
		}
	}
}

// TestOpen refuses what it cannot have for itself.
func TestOpen(t *testing.T) {
	path := file(t)
	open(t, path)
	if _, err := store.Open(path); err == nil {
		t.Error("the file is open twice")
	}
	if _, err := store.Open(t.TempDir()); err == nil {
		t.Error("a folder is no database")
	}
}
