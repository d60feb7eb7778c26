// Package dashboard shows the decisions of guards in a browser as they happen. A page of its own listens to server-sent
// events, and needs nothing from anywhere else.
//
// It is for the operator, at the machine: whoever is not on it, or comes by a name other than that of a loopback
// address, gets 403. A browser's EventSource cannot send an access token, so that guards of bearer tokens cannot stand
// before it; and what it shows is about the callers of the API, not for them.
package dashboard

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

//go:embed page.html
var page string

const (
	patience  = 5 * time.Second  // for a reader that takes nothing
	heartbeat = 15 * time.Second // without a decision, so that a reader that left is noticed
)

// Dashboard is the page and its events. The zero value is ready. Its Observe is for [guard.Options].OnDecision.
type Dashboard struct{ feed feed }

// Observe takes a decision. It never waits.
func (d *Dashboard) Observe(ctx context.Context, e guard.Event) { d.feed.observe(ctx, e) }

// ServeHTTP serves the page at / and its events at /events, to the machine itself.
func (d *Dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !isLocal(r) {
		http.Error(w, "the dashboard is for this machine only", http.StatusForbidden)
		return
	}
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "the dashboard is for reading", http.StatusMethodNotAllowed)
	case r.URL.Path == "/":
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Content-Security-Policy", policy())
		_, _ = w.Write([]byte(page))
	case r.URL.Path == "/events" && r.Method == http.MethodGet:
		d.events(w, r)
	default:
		http.NotFound(w, r)
	}
}

// isLocal reports whether the request comes from this machine and asks for it. The Host field tells a page of another
// site apart whose name leads to a loopback address (DNS rebinding).
func isLocal(r *http.Request) bool {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopback(from) {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || isLoopback(strings.Trim(host, "[]"))
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// policy lets the page run its own script and style, and read its events.
func policy() string {
	return "default-src 'none'; connect-src 'self'; style-src " + hashOf("style") + "; script-src " + hashOf("script") +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// hashOf is the hash of the content of the page's only element of a name (CSP level 3 section 2.3.1).
func hashOf(element string) string {
	_, rest, _ := strings.Cut(page, "<"+element+">")
	content, _, _ := strings.Cut(rest, "</"+element+">")
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// events writes the decisions that are kept, and then the new ones, until the reader leaves or is too slow.
func (d *Dashboard) events(w http.ResponseWriter, r *http.Request) {
	seen, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	reader, missed, leave, ok := d.feed.join(seen)
	if !ok {
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	stream := stream{w, http.NewResponseController(w)}
	if stream.send("retry: 1000\n\n") != nil {
		return
	}
	for _, e := range missed {
		if stream.entry(e) != nil {
			return
		}
	}
	follow(r.Context(), stream, reader)
}

// follow writes the decisions of a reader.
func follow(ctx context.Context, s stream, reader <-chan entry) {
	quiet := time.NewTicker(heartbeat)
	defer quiet.Stop()
	var err error
	for err == nil {
		select {
		case <-ctx.Done():
			return
		case <-quiet.C:
			err = s.send(":\n\n")
		case e, open := <-reader:
			if !open {
				return // dropped; the page connects again, and gets what it missed
			}
			err = s.entry(e)
		}
	}
}

// stream writes server-sent events (HTML section 9.2).
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s stream) entry(e entry) error {
	data, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return s.send(fmt.Sprintf("id: %d\ndata: %s\n\n", e.Number, data))
}

// send writes and flushes. A reader that takes nothing for too long ends with an error.
func (s stream) send(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
