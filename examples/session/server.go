package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/session/api"
	"github.com/oapi-guard/oapi-guard/examples/session/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/session/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// server implements the guarded server.
type server struct{ store *store.Store }

var _ apiguard.Server[*caller] = server{}

// GetFrontPage serves everybody, and shows a form to members.
func (s server) GetFrontPage(w http.ResponseWriter, r *http.Request, member guard.Optional[*caller]) {
	entries, err := s.store.Entries()
	if err != nil {
		broken(w, r, err)
		return
	}
	content := page{Title: "Guestbook", Entries: entries}
	if caller, ok := member.Get(); ok {
		content.member(caller)
	}
	content.write(w, r, http.StatusOK, "front")
}

// GetAccount is the member's own page.
func (s server) GetAccount(w http.ResponseWriter, r *http.Request, member *caller) {
	content := page{Title: "Your account", Began: member.session.Began}
	content.member(member)
	content.write(w, r, http.StatusOK, "account")
}

// GetScript serves guestbook.js.
func (s server) GetScript(w http.ResponseWriter, r *http.Request) {
	http.ServeFileFS(w, r, files, "guestbook.js")
}

// GetLogin shows the form.
func (s server) GetLogin(w http.ResponseWriter, r *http.Request) {
	page{Title: "Sign in"}.write(w, r, http.StatusOK, "login")
}

// Login begins a session. A wrong password is 403: a form is not an authentication scheme of HTTP, so there is no
// challenge that a 401 could carry (RFC 9110, sections 15.5.2 and 15.5.4).
func (s server) Login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	user, err := s.store.Authenticate(r.PostFormValue("user"), r.PostFormValue("password"))
	switch {
	case errors.Is(err, store.ErrPassword):
		page{Title: "Sign in", Failed: true}.write(w, r, http.StatusForbidden, "login")
		return
	case err != nil:
		broken(w, r, err)
		return
	}
	id, session, err := s.store.Begin(user.Name, previous(r)...)
	if err != nil {
		broken(w, r, err)
		return
	}
	http.SetCookie(w, sessionCookie(id, s.store.Left(session)))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// previous are the sessions that the browser has: one, or two if it has twin cookies.
func previous(r *http.Request) (ids []string) {
	for _, cookie := range r.CookiesNamed(cookieName) {
		ids = append(ids, cookie.Value)
	}
	return ids
}

// Logout ends the session in the store, which is what counts, and clears the cookie.
func (s server) Logout(w http.ResponseWriter, r *http.Request, member *caller) {
	if err := s.store.End(member.session); err != nil {
		broken(w, r, err)
		return
	}
	http.SetCookie(w, sessionCookie("", -time.Second))
	w.WriteHeader(http.StatusNoContent)
}

// GetSession tells a script of ours what the pages tell their readers.
func (s server) GetSession(w http.ResponseWriter, r *http.Request, member *caller) {
	respond(w, r, http.StatusOK, api.Session{
		User: member.Name, Expires: member.session.Expires, CsrfToken: member.session.CSRF,
	}, nil)
}

// ListEntries is for everybody.
func (s server) ListEntries(w http.ResponseWriter, r *http.Request) {
	entries, err := s.store.Entries()
	all := make([]api.Entry, len(entries))
	for i, e := range entries {
		all[i] = shown(e)
	}
	respond(w, r, http.StatusOK, all, err)
}

// AddEntry writes an entry of up to a few lines.
func (s server) AddEntry(w http.ResponseWriter, r *http.Request, member *caller) {
	var draft api.Draft
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(&draft); err != nil || draft.Text == "" {
		http.Error(w, `the body is not {"text": "…"}`, http.StatusBadRequest)
		return
	}
	entry, err := s.store.Add(member.Name, draft.Text)
	respond(w, r, http.StatusCreated, shown(entry), err)
}

// RemoveEntry removes the member's own entry: the check has seen to that.
func (s server) RemoveEntry(w http.ResponseWriter, r *http.Request, _ *caller, entryID int64) {
	respond(w, r, http.StatusNoContent, nil, s.store.Remove(entryID))
}

// RemoveAnyEntry is for moderators.
func (s server) RemoveAnyEntry(w http.ResponseWriter, r *http.Request, _ *caller, entryID int64) {
	respond(w, r, http.StatusNoContent, nil, s.store.Remove(entryID))
}

func shown(e store.Entry) api.Entry { return api.Entry{Id: e.ID, Author: e.Author, Text: e.Text} }

// respond writes what a handler came to, as JSON.
func respond(w http.ResponseWriter, r *http.Request, status int, body any, err error) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		apiguard.NotFound(w, r)
		return
	case err != nil:
		broken(w, r, err)
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

// broken is the answer when the store fails.
func broken(w http.ResponseWriter, r *http.Request, err error) {
	slog.ErrorContext(r.Context(), "store", "error", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}
