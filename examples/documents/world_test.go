package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/examples/documents/store"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the decisions of thousands of requests
	os.Exit(m.Run())
}

// world is a seeded service that listens, and what its seed printed.
type world struct {
	*store.Store
	address string
	file    string
	names   map[string]string
}

// seeded is a database and what was printed. Making one waits for the disk some twenty times, so there is one only.
var seeded = sync.OnceValues(func() (database []byte, names map[string]string) {
	folder, err := os.MkdirTemp("", "documents")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	var out bytes.Buffer
	s, err := open(folder, true, &out)
	if err != nil {
		panic(err)
	}
	if err := s.Close(); err != nil {
		panic(err)
	}
	names = map[string]string{"NOBODY": "", "WRONG": "WRONGWRONGWRONG", "MISSING": "aaaaaaaa-0000-4000-8000-00000000000f"}
	for line := range strings.Lines(out.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		names[name] = value
	}
	if database, err = os.ReadFile(filepath.Join(folder, "documents.db")); err != nil {
		panic(err)
	}
	return database, names
})

// newWorld starts a service of its own for a test.
func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, newHandler)
}

// newWorldWith starts one whose handler is another than the program's.
func newWorldWith(t *testing.T, handler func(*store.Store) (http.Handler, error)) *world {
	t.Helper()
	s, file, names := newStore(t)
	h, err := handler(s)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return &world{s, server.Listener.Addr().String(), file, names}
}

func newStore(t *testing.T) (*store.Store, string, map[string]string) {
	t.Helper()
	database, names := seeded()
	file := filepath.Join(t.TempDir(), "documents.db")
	if err := os.WriteFile(file, database, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, file, names
}

// expand puts the values in for $PLAN and the like.
func (w *world) expand(text string) string {
	return os.Expand(text, func(name string) string { return w.names[name] })
}

// bearer is the header line of a caller, if they have one.
func (w *world) bearer(caller string) []string {
	if token := w.names[strings.ToUpper(caller)]; token != "" {
		return []string{"Authorization: Bearer " + token}
	}
	return nil
}

// contents is the database file, every byte of it: it changes with each transaction that writes.
func (w *world) contents(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(w.file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

var date = regexp.MustCompile(`(?m)^Date: .*\r\n`)

// send sends a request ("METHOD target") over a socket as it stands, so that no client tidies it up, and returns the
// response as it stands, without its Date.
func (w *world) send(t *testing.T, request string, header []string, body string) string {
	t.Helper()
	c, err := net.DialTimeout("tcp", w.address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	var b strings.Builder
	fmt.Fprintf(&b, "%s HTTP/1.1\r\nHost: documents.example\r\nConnection: close\r\n", w.expand(request))
	for _, line := range header {
		fmt.Fprintf(&b, "%s\r\n", line)
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	if _, err := io.WriteString(c, b.String()); err != nil {
		t.Fatal(err)
	}
	response, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return date.ReplaceAllString(string(response), "")
}

// statusOf is the status code of a response.
func statusOf(t *testing.T, response string) int {
	t.Helper()
	fields := strings.Fields(response)
	if len(fields) < 2 {
		t.Fatalf("no response: %q", response)
	}
	status, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatalf("no response: %q", response)
	}
	return status
}

// sorted is a response with its fields in order. net/http's server writes Content-Length last when it has counted the body
// itself.
func sorted(response string) string {
	header, body, _ := strings.Cut(response, "\r\n\r\n")
	status, fields, _ := strings.Cut(header, "\r\n")
	lines := strings.Split(fields, "\r\n")
	slices.SortStableFunc(lines, func(a, b string) int {
		a, _, _ = strings.Cut(a, ":")
		b, _, _ = strings.Cut(b, ":")
		return strings.Compare(a, b)
	})
	return strings.Join(append([]string{status}, lines...), "\n") + "\n\n" + body
}

// denial is a denial of the guards, to the byte.
func denial(status int, detail string, challenges ...string) string {
	body := fmt.Sprintf(`{"type":"about:blank","title":%q,"status":%d,"detail":%q}`+"\n", http.StatusText(status), status, detail)
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nCache-Control: no-store\r\nContent-Length: %d\r\n", status, http.StatusText(status), len(body))
	b.WriteString("Content-Type: application/problem+json\r\n")
	for _, challenge := range challenges {
		fmt.Fprintf(&b, "Www-Authenticate: %s\r\n", challenge)
	}
	fmt.Fprintf(&b, "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s", body)
	return b.String()
}
