package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
)

// people are the users of a seeded store. Their names are what they are to the documents.
var people = []store.User{
	{Name: "owner"}, {Name: "reader"}, {Name: "stranger"}, {Name: "suspended", Suspended: true},
	{Name: "auditor", Roles: []string{string(apiguard.RoleAuditor)}},
	{Name: "admin", Roles: []string{string(apiguard.RoleAdmin)}},
}

// paper is a document of the owner's in a seeded store.
type paper struct {
	name           string
	id             uuid.UUID
	drafts         []store.Draft
	shared, hidden bool // with the reader; by the administrator
}

var papers = []paper{
	{"PLAN", uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001"), []store.Draft{
		{Title: "Plan", Text: "Buy a boat."},
		{Title: "Plan", Text: "Buy a map."},
	}, true, false},
	{"DIARY", uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000002"), []store.Draft{
		{Title: "Diary", Text: "I have no boat."},
	}, false, false},
	{"NOTICE", uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000003"), []store.Draft{
		{Title: "Notice", Text: "Boat wanted.", Published: true},
	}, false, false},
	{"OFFER", uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000004"), []store.Draft{
		{Title: "Offer", Text: "A boat that nobody will miss.", Published: true},
	}, true, true},
}

// seed fills an empty store and writes what to call it with, in lines that a shell understands: OWNER=… and so on
// are tokens, which nobody can ask for later; COOKIE is a session of the reader's; INVITATION is one of the stranger to
// the plan; PLAN=… and so on are ids.
func seed(s *store.Store, out io.Writer) error {
	for _, person := range people {
		if err := s.AddUser(person); err != nil {
			return err
		}
		token, err := s.IssueToken(store.Bearer, person.Name)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s=%s\n", strings.ToUpper(person.Name), token)
	}
	for _, p := range papers {
		if err := p.write(s); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s=%s\n", p.name, p.id)
	}
	cookie, err := s.IssueToken(store.Session, "reader")
	if err != nil {
		return err
	}
	invitation, err := s.Invite(papers[0].id, "stranger")
	fmt.Fprintf(out, "COOKIE=%s\nINVITATION=%s\n", cookie, invitation)
	return err
}

func (p paper) write(s *store.Store) error {
	if _, _, err := s.Create(p.id, "owner", p.drafts[0]); err != nil {
		return err
	}
	for _, draft := range p.drafts[1:] {
		if _, _, err := s.Replace(p.id, draft); err != nil {
			return err
		}
	}
	if p.shared {
		code, err := s.Invite(p.id, "reader")
		if err != nil {
			return err
		}
		if err := s.Accept(code); err != nil {
			return err
		}
	}
	return s.SetHidden(p.id, p.hidden)
}
