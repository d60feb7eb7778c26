package main

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/webhooks/store"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// The secrets of a world. Those of GitHub are being replaced.
var testSecrets = secrets{GitHub: keys{"new-secret", "old-secret"}, Stripe: keys{"stripe-secret"}, Operator: keys{"operator-token"}}

// world is a service that listens, with a clock that the test moves.
type world struct {
	*store.Store
	address string
	passed  atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{}
	database, err := store.Open(filepath.Join(t.TempDir(), "webhooks.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { database.Close() })
	handler, err := newHandler(testSecrets, database, "/hooks/stripe", w.now)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	server.Config = newServer(handler)
	server.Start()
	t.Cleanup(server.Close)
	w.Store, w.address = database, server.Listener.Addr().String()
	return w
}

var start = time.Unix(time.Now().Unix(), 0)

// now stands still but for what the test moves it.
func (w *world) now() time.Time { return start.Add(time.Duration(w.passed.Load())) }

func (w *world) wait(d time.Duration) { w.passed.Add(int64(d)) }

// client knows nothing of signatures, and answers within a time.
var client = &http.Client{Timeout: 10 * time.Second}

// post sends a body to a path, with fields, "Name: value" each.
func (w *world) post(t *testing.T, path string, body io.Reader, fields ...string) (int, http.Header) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, "http://"+w.address+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header
}

// gitHub are the fields of a delivery.
func gitHub(secret, body string) []string {
	return []string{"X-GitHub-Event: push", "X-Hub-Signature-256: " + signGitHub(secret, []byte(body))}
}

// stripe is the field of an event that was signed now.
func (w *world) stripe(secret, body string) string {
	return "Stripe-Signature: " + signStripe(secret, []byte(body), w.now())
}

// raw sends the beginning of a request, ends the sender's half of the connection if told to, and returns the response.
func (w *world) raw(t *testing.T, end bool, header []string, body string) *http.Response {
	t.Helper()
	c, err := net.DialTimeout("tcp", w.address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(c, "POST /hooks/github HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n%s", strings.Join(header, "\r\n"), body)
	if end {
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// received are the events as "sender what".
func (w *world) received(t *testing.T) (all []string) {
	t.Helper()
	events, err := w.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		all = append(all, e.Sender+" "+e.What)
	}
	return all
}

// get asks as the operator does.
func (w *world) get(t *testing.T, path, token string) string {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://"+w.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
