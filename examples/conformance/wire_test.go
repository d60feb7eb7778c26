package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for an answer.
const patience = 10 * time.Second

// answer is a response as it came over the wire.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one request on a connection of its own: the first line without the protocol, the lines of the
// header, the body. Nothing is added but what HTTP demands.
func ask(t *testing.T, address, line string, header []string, body string) answer {
	t.Helper()
	if body != "" {
		header = append([]string{"Content-Type: application/json", fmt.Sprintf("Content-Length: %d", len(body))}, header...)
	}
	conn := dial(t, address)
	defer conn.Close()
	send(t, conn, line, header, body)
	method, _, _ := strings.Cut(line, " ")
	return receive(t, bufio.NewReader(conn), method)
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, conn net.Conn, line string, header []string, body string) {
	t.Helper()
	lines := append([]string{line + " HTTP/1.1", "Host: library.example"}, header...)
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"+body); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, reader *bufio.Reader, method string) answer {
	t.Helper()
	response, err := http.ReadResponse(reader, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// source is who answers.
type source int

const (
	byGuard     source = iota // the same bytes everywhere
	byHandler                 // the program: the same status and the same JSON everywhere
	byFramework               // or by oapi-codegen's binding: only the status is compared
)

// want is what an answer should be.
type want struct {
	by         source
	status     int
	challenges []string
	body       string // of a handler: JSON
}

func denied(status int, challenges ...string) want { return want{byGuard, status, challenges, ""} }
func served(status int, body string) want          { return want{byHandler, status, nil, body} }
func refused(status int) want                      { return want{byFramework, status, nil, ""} }

// problems are the bodies of denials.
var problems = map[int]string{
	400: `{"type":"about:blank","title":"Bad Request","status":400,"detail":"The request must carry one credential where it carries several."}` + "\n",
	401: `{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The request needs valid credentials."}` + "\n",
	403: `{"type":"about:blank","title":"Forbidden","status":403,"detail":"The caller may not do this."}` + "\n",
}

// check compares an answer to a request with that method.
func (w want) check(t *testing.T, method string, got answer) {
	t.Helper()
	if got.status != w.status {
		t.Errorf("status %d, want %d", got.status, w.status)
	}
	switch w.by {
	case byGuard:
		w.checkDenial(t, method, got)
	case byHandler:
		w.checkReply(t, method, got)
	default:
		checkNoDenial(t, got)
	}
	if t.Failed() {
		t.Logf("%d %v\n%s", got.status, got.header, got.body)
	}
}

// checkDenial compares the whole header and the body, to the byte.
func (w want) checkDenial(t *testing.T, method string, got answer) {
	t.Helper()
	header := http.Header{
		"Content-Type":           {"application/problem+json"},
		"Content-Length":         {fmt.Sprint(len(problems[w.status]))},
		"Cache-Control":          {"no-store"},
		"X-Content-Type-Options": {"nosniff"},
	}
	if len(w.challenges) > 0 {
		header["Www-Authenticate"] = w.challenges
	}
	for _, name := range []string{"Date", "Connection"} { // no two answers need have the same
		got.header.Del(name)
	}
	if !reflect.DeepEqual(got.header, header) {
		t.Errorf("header %v\nwant   %v", got.header, header)
	}
	body := problems[w.status]
	if method == http.MethodHead {
		body = ""
	}
	if got.body != body {
		t.Errorf("body %q, want %q", got.body, body)
	}
}

func (w want) checkReply(t *testing.T, method string, got answer) {
	t.Helper()
	checkNoDenial(t, got)
	if w.body == "" || method == http.MethodHead {
		return
	}
	if mediaType, _, _ := mime.ParseMediaType(got.header.Get("Content-Type")); mediaType != "application/json" {
		t.Errorf("media type %q", mediaType)
	}
	if body := normal(got.body); body != w.body {
		t.Errorf("body %s\nwant %s", body, w.body)
	}
}

// checkNoDenial makes sure that it was not the guard who answered.
func checkNoDenial(t *testing.T, got answer) {
	t.Helper()
	if challenges := got.header["Www-Authenticate"]; challenges != nil {
		t.Errorf("challenges: %q", challenges)
	}
	for _, problem := range problems {
		if got.body == problem {
			t.Errorf("a denial: %s", problem)
		}
	}
}

// What is different each time.
var (
	uuids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	dates = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
)

// normal is a JSON document without white space, and without what is different each time.
func normal(document string) string {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(document)); err != nil {
		return document
	}
	return dates.ReplaceAllString(uuids.ReplaceAllString(compact.String(), "UUID"), "DATE")
}
