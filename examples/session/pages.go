package main

import (
	"bytes"
	"embed"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/session/store"
)

//go:embed pages.html guestbook.js
var files embed.FS

var pages = template.Must(template.ParseFS(files, "pages.html"))

// page is what the templates in pages.html show.
type page struct {
	Title   string
	Member  string // empty for everybody else
	CSRF    string
	Began   time.Time
	Entries []store.Entry
	Failed  bool   // a login
	Detail  string // of a denial
	SignIn  bool   // helps against the denial
}

// member adds the member and the token with which the page writes.
func (p *page) member(c *caller) { p.Member, p.CSRF = c.Name, c.session.CSRF }

// policy lets a page run our script and nothing else, so that an entry cannot bring a script along.
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// write answers with a page. It holds the token of the session, so nobody may keep it.
func (p page) write(w http.ResponseWriter, r *http.Request, status int, name string) {
	body, err := p.render(name)
	if err != nil {
		broken(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		slog.WarnContext(r.Context(), "response", "error", err)
	}
}

func (p page) render(name string) ([]byte, error) {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, p)
	return b.Bytes(), err
}
