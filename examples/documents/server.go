package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server. Whoever gets here may do what the operation does; that there is something
// to do it with has to be looked up all the same.
type server struct{ store *store.Store }

var _ apiguard.Server[*user] = server{}

// GetHealth is public: there is no caller.
func (s server) GetHealth(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}

// ListDocuments leaves out what the caller cannot read: a list has to conceal, too.
func (s server) ListDocuments(w http.ResponseWriter, r *http.Request, caller *user) {
	all := []api.Document{}
	err := s.store.ReadableBy(caller.Name, func(d store.Document, r store.Revision) { all = append(all, document(d, r)) })
	respond(w, r, http.StatusOK, all, err)
}

// CreateDocument makes the caller an owner.
func (s server) CreateDocument(w http.ResponseWriter, r *http.Request, caller *user) {
	var draft api.Draft
	if read(w, r, &draft) {
		d, revision, err := s.store.Create(uuid.New(), caller.Name, drafted(draft))
		respond(w, r, http.StatusCreated, document(d, revision), err)
	}
}

// GetDocument shows the last revision.
func (s server) GetDocument(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId) {
	d, revision, err := s.store.Read(documentId, 0)
	respond(w, r, http.StatusOK, document(d, revision), err)
}

// GetRevision shows an older one.
func (s server) GetRevision(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId, revision int) {
	if revision < 1 {
		apiguard.NotFound(w, r)
		return
	}
	d, text, err := s.store.Read(documentId, revision)
	respond(w, r, http.StatusOK, document(d, text), err)
}

// ReplaceDocument adds a revision.
func (s server) ReplaceDocument(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId) {
	var draft api.Draft
	if read(w, r, &draft) {
		d, revision, err := s.store.Replace(documentId, drafted(draft))
		respond(w, r, http.StatusOK, document(d, revision), err)
	}
}

// DeleteDocument removes all revisions.
func (s server) DeleteDocument(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId) {
	respond(w, r, http.StatusNoContent, nil, s.store.Delete(documentId))
}

// InviteReader takes any name: whether there is such a user is not the caller's business.
func (s server) InviteReader(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId) {
	var body api.InviteReaderJSONBody
	if read(w, r, &body) {
		code, err := s.store.Invite(documentId, body.Reader)
		respond(w, r, http.StatusCreated, api.Invitation{Code: code, Reader: body.Reader}, err)
	}
}

// AcceptInvitation finds the document gone sometimes. The operation conceals as forbidden, and so does NotFound.
func (s server) AcceptInvitation(w http.ResponseWriter, r *http.Request, _ *user, code string) {
	respond(w, r, http.StatusNoContent, nil, s.store.Accept(code))
}

// GetPublished has no check: it serves everybody, so there is nobody to check. What is not published is no different
// from what does not exist.
func (s server) GetPublished(w http.ResponseWriter, r *http.Request, _ guard.Optional[*user], documentId api.DocumentId) {
	d, revision, err := s.store.Read(documentId, 0)
	if err == nil && (!d.Published || d.Hidden) {
		err = store.ErrNotFound
	}
	respond(w, r, http.StatusOK, document(d, revision), err)
}

// ReplaceProfile writes what others see of the caller.
func (s server) ReplaceProfile(w http.ResponseWriter, r *http.Request, _ *user, userName api.UserName) {
	var body api.ReplaceProfileJSONBody
	if read(w, r, &body) {
		respond(w, r, http.StatusNoContent, nil, s.store.SetAbout(userName, body.About))
	}
}

// GetStatistics counts.
func (s server) GetStatistics(w http.ResponseWriter, r *http.Request, _ *user) {
	users, documents, err := s.store.Count()
	respond(w, r, http.StatusOK, map[string]int{"users": users, "documents": documents}, err)
}

// ListUsers is for administrators.
func (s server) ListUsers(w http.ResponseWriter, r *http.Request, _ *user) {
	users, err := s.store.Users()
	all := make([]api.User, len(users))
	for i, u := range users {
		all[i] = api.User{Name: u.Name, About: u.About, Suspended: u.Suspended}
	}
	respond(w, r, http.StatusOK, all, err)
}

// SuspendUser has no check either: administrators may suspend whomever there is.
func (s server) SuspendUser(w http.ResponseWriter, r *http.Request, _ *user, userName api.UserName) {
	var body api.SuspendUserJSONBody
	if read(w, r, &body) {
		respond(w, r, http.StatusNoContent, nil, s.store.SetSuspended(userName, body.Suspended))
	}
}

// HideDocument takes a document out of everybody's sight but its owner's and the administrators'.
func (s server) HideDocument(w http.ResponseWriter, r *http.Request, _ *user, documentId api.DocumentId) {
	var body api.HideDocumentJSONBody
	if read(w, r, &body) {
		respond(w, r, http.StatusNoContent, nil, s.store.SetHidden(documentId, body.Hidden))
	}
}

func document(d store.Document, r store.Revision) api.Document {
	return api.Document{Id: d.ID, Owner: d.Owner, Revision: r.Number, Title: r.Title, Text: r.Text}
}

func drafted(d api.Draft) store.Draft {
	return store.Draft{Title: d.Title, Text: d.Text, Published: d.Published != nil && *d.Published}
}

// read decodes a body of up to a megabyte, or answers that it cannot.
func read(w http.ResponseWriter, r *http.Request, body any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(body); err != nil {
		http.Error(w, "the body is no JSON of the form that openapi.yaml asks for", http.StatusBadRequest)
		return false
	}
	return true
}

// respond writes what a handler came to. What is not there is answered as the guards do it: a line of our own, or
// http.NotFound, would look different from a concealed denial, and conceal nothing.
func respond(w http.ResponseWriter, r *http.Request, status int, body any, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		apiguard.NotFound(w, r)
		return
	case err != nil:
		slog.ErrorContext(r.Context(), "store", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	case body == nil:
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		slog.WarnContext(r.Context(), "response", "error", err)
	}
}
