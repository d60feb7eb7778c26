package transcript

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Curl does what curl -i does, over a socket, and prints the response as it stands on the wire, without its Date.
type Curl struct {
	// Address is where the program listens. Commands call it localhost:8080.
	Address string
	// Variables are the values of $NAME.
	Variables map[string]string

	jar map[string]string
}

// call is a command line.
type call struct {
	method, path string
	header       []string
	body         string
	send, keep   bool // cookies
}

// Run runs a command: "curl -i", or "curl -s" to print the body alone.
func (c *Curl) Run(t *testing.T, command string) string {
	t.Helper()
	arguments, found := strings.CutPrefix(command, "curl -")
	if !found || len(arguments) < 2 {
		t.Fatalf("what is %q?", command)
	}
	request := c.parse(t, words(arguments[2:]))
	response := c.send(t, request)
	if request.keep {
		c.collect(t, response)
	}
	response = strings.Replace(response, "Connection: close\r\n", "", 1) // curl does not ask for it
	if arguments[0] == 's' {
		_, response, _ = strings.Cut(response, "\r\n\r\n")
	}
	return strings.TrimRight(strings.ReplaceAll(response, "\r\n", "\n"), "\n") + "\n"
}

// words splits a command as a shell does: spaces inside quotes do not end a word.
func words(command string) (all []string) {
	for _, word := range regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`).FindAllString(command, -1) {
		all = append(all, strings.Trim(word, `"'`))
	}
	return all
}

func (c *Curl) parse(t *testing.T, words []string) (request call) {
	t.Helper()
	for i := 0; i < len(words); i++ {
		option := words[i]
		if path, found := strings.CutPrefix(option, "localhost:8080"); found && request.path == "" {
			request.path = c.expand(path)
			continue
		}
		if i++; i == len(words) {
			t.Fatalf("curl: %q lacks a value", option)
		}
		request.set(t, option, c.expand(words[i]))
	}
	if request.send {
		request.header = append(request.header, c.cookies()...)
	}
	return request
}

func (c *Curl) expand(word string) string {
	return os.Expand(word, func(name string) string { return c.Variables[name] })
}

func (r *call) set(t *testing.T, option, value string) {
	t.Helper()
	switch option {
	case "-X":
		r.method = value
	case "-H":
		r.header = append(r.header, value)
	case "-d":
		r.body = value
		r.header = append(r.header, "Content-Type: application/x-www-form-urlencoded")
	case "--data-binary":
		content, err := os.ReadFile(filepath.Base(strings.TrimPrefix(value, "@")))
		if err != nil {
			t.Fatal(err)
		}
		r.body = string(content)
	case "-b":
		r.send = true
	case "-c":
		r.keep = true
	default:
		t.Fatalf("curl: what is %q?", option)
	}
}

// bytes are the request on the wire.
func (r *call) bytes() string {
	method := r.method
	switch {
	case method == "" && r.body == "":
		method = http.MethodGet
	case method == "":
		method = http.MethodPost
	}
	header := append([]string{"Host: localhost:8080", "Connection: close"}, r.header...)
	if !strings.Contains(strings.Join(r.header, "\n"), "Content-Length:") {
		header = append(header, "Content-Length: "+strconv.Itoa(len(r.body)))
	}
	return fmt.Sprintf("%s %s HTTP/1.1\r\n%s\r\n\r\n%s", method, r.path, strings.Join(header, "\r\n"), r.body)
}

var date = regexp.MustCompile(`(?m)^Date: .*\r\n`)

func (c *Curl) send(t *testing.T, request call) string {
	t.Helper()
	conn, err := net.DialTimeout("tcp", c.Address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, request.bytes()); err != nil {
		t.Fatal(err)
	}
	response, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return date.ReplaceAllString(string(response), "")
}

// cookies is the field of the jar.
func (c *Curl) cookies() (field []string) {
	for name, value := range c.jar {
		field = append(field, "Cookie: "+name+"="+value)
	}
	return field
}

// collect keeps the cookies of a response.
func (c *Curl) collect(t *testing.T, response string) {
	t.Helper()
	parsed, err := http.ReadResponse(bufio.NewReader(strings.NewReader(response)), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = parsed.Body.Close() }()
	if c.jar == nil {
		c.jar = map[string]string{}
	}
	for _, cookie := range parsed.Cookies() {
		if c.jar[cookie.Name] = cookie.Value; cookie.MaxAge < 0 {
			delete(c.jar, cookie.Name)
		}
	}
}
