package conformance

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// fasthttp is why fiber denies a request only when its body has come.
const fasthttp = "fasthttp reads a body before any handler runs"

// TestBodyIsNotAwaited announces a body that never comes whole: a denial does not wait for it. (A body of less
// than 256 KiB would be another matter: net/http reads that much before it sends any answer.)
func TestBodyIsNotAwaited(t *testing.T) {
	waits := map[string]string{"fiber": fasthttp, "fiber3": fasthttp}
	tests := []struct {
		name   string
		header []string
		sent   string
	}{
		{name: "begun", header: []string{"Content-Length: 1000000"}, sent: `{"bookId":`},
		{name: "chunked", header: []string{"Transfer-Encoding: chunked"}, sent: "493e0\r\n" + strings.Repeat(" ", 0x493e0) + "\r\n"},
		{name: "asked for", header: []string{"Content-Length: 1000000", "Expect: 100-continue"}},
	}
	onEach(t, func(t *testing.T, framework, address string) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				conn := dial(t, address)
				defer conn.Close()
				send(t, conn, "POST /loans", append([]string{"Content-Type: application/json"}, test.header...), test.sent)
				if reason := waits[framework]; reason != "" {
					expectWaiting(t, conn, reason)
					return
				}
				got := receive(t, bufio.NewReader(conn), "POST")
				denied(401, bearer).check(t, "POST", got)
			})
		}
	})
}

// expectWaiting keeps an exception true: it fails as soon as there is an answer.
func expectWaiting(t *testing.T, conn net.Conn, reason string) {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if answer := strings.TrimPrefix(string(got), "HTTP/1.1 100 Continue\r\n\r\n"); answer != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("answered although %s: %q %v", reason, answer, err)
	}
}

// TestTrailer has a credential after the body: it comes too late, whatever it would have proved.
func TestTrailer(t *testing.T) {
	const refuses = "fasthttp refuses some fields in a trailer"
	fiber := map[string]exception{"fiber": {refuses, refused(400)}, "fiber3": {refuses, refused(400)}}
	tests := []struct {
		row
		trailer string
	}{
		{row{name: "token", line: "POST /loans", body: book1, want: denied(401, bearer), except: fiber}, mia},
		{row{name: "cookie", line: "GET /loans", body: book1, want: denied(401, bearer, cookie), except: fiber}, miaWeb},
		{row{name: "key", line: "POST /returns", header: []string{miaCard}, body: book1, want: denied(401, basic, terminal)}, hall},
		{row{name: "key, empty body", line: "POST /returns", header: []string{miaCard}, want: denied(401, basic, terminal)}, hall},
		{row{name: "key, another case", line: "POST /returns", header: []string{miaCard}, body: book1, want: denied(401, basic, terminal)}, strings.ToLower(hall)},
	}
	onEach(t, func(t *testing.T, framework, address string) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				header := append([]string{"Content-Type: application/json", "Transfer-Encoding: chunked"}, test.header...)
				conn := dial(t, address)
				defer conn.Close()
				send(t, conn, test.line, header, chunked(test.body)+test.trailer+"\r\n\r\n")
				method, _, _ := strings.Cut(test.line, " ")
				test.on(framework).check(t, method, receive(t, bufio.NewReader(conn), method))
			})
		}
	})
}

// chunked is a body in one chunk, up to where a trailer begins.
func chunked(body string) string {
	if body == "" {
		return "0\r\n"
	}
	return fmt.Sprintf("%x\r\n%s\r\n0\r\n", len(body), body)
}
