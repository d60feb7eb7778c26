package client_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/client"
)

// answer is what a server of the tests writes: the bytes of a response, and then what the function does to the connection.
type answer struct {
	raw   string
	after func(net.Conn)
	early bool // before the body of the request is read
}

// says is a response with header fields and without a body.
func says(status int, fields ...string) answer { return wrote(status, "", fields...) }

// wrote is a response with a body.
func wrote(status int, body string, fields ...string) answer {
	fields = append(fields, fmt.Sprintf("Content-Length: %d", len(body)))
	return answer{raw: fmt.Sprintf("HTTP/1.1 %d %s\r\n%s\r\n\r\n%s", status, http.StatusText(status), strings.Join(fields, "\r\n"), body)}
}

// challenge is a WWW-Authenticate line.
func challenge(text string) string { return "WWW-Authenticate: " + text }

// script is a server that answers the requests with its answers in turn, the last one again and again.
type script struct {
	url string

	mu       sync.Mutex
	answers  []answer
	requests []*http.Request
	bodies   []string
}

func serve(t *testing.T, answers ...answer) *script {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{url: "http://" + listener.Addr().String(), answers: answers}
	var connections sync.WaitGroup
	t.Cleanup(func() { listener.Close(); connections.Wait() })
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Go(func() { s.talk(conn) })
		}
	})
	return s
}

func (s *script) talk(conn net.Conn) {
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		a := s.next(req)
		if !a.early {
			if req.Header.Get("Expect") != "" {
				io.WriteString(conn, "HTTP/1.1 100 Continue\r\n\r\n")
			}
			body, _ := io.ReadAll(req.Body)
			s.mu.Lock()
			s.bodies = append(s.bodies, string(body))
			s.mu.Unlock()
		}
		if _, err := io.WriteString(conn, strings.ReplaceAll(a.raw, "{self}", s.url)); err != nil {
			return
		}
		if a.after != nil {
			a.after(conn)
			return
		}
		if a.early {
			conn.(*net.TCPConn).CloseWrite()
			silent(conn)
			return
		}
	}
}

func (s *script) next(req *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, req)
	return s.answers[min(len(s.requests), len(s.answers))-1]
}

// seen are the values of Authorization that the server got, "-" for none.
func (s *script) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, req := range s.requests {
		value := req.Header.Get("Authorization")
		if value = strings.TrimPrefix(value, "Bearer "); value == "" {
			value = "-"
		}
		all = append(all, value)
	}
	return strings.Join(all, " ")
}

func (s *script) last(t *testing.T) *http.Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		t.Fatal("the server got no request")
	}
	return s.requests[len(s.requests)-1]
}

// endless keeps writing until the other side has enough.
func endless(conn net.Conn) {
	block := strings.Repeat("x", 32<<10)
	for {
		conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.WriteString(conn, block); err != nil {
			return
		}
	}
}

// silent writes nothing more until the other side gives up.
func silent(conn net.Conn) {
	conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	io.Copy(io.Discard, conn)
}

// counter is a source that gives t1, t2 and so on.
type counter struct {
	mu    sync.Mutex
	count int
	life  time.Duration
	fail  func(n int) error
}

func (c *counter) Token(context.Context) (client.Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if c.fail != nil {
		if err := c.fail(c.count); err != nil {
			return client.Token{}, err
		}
	}
	var expiry time.Time
	if c.life != 0 {
		expiry = time.Now().Add(c.life)
	}
	return client.NewToken(fmt.Sprintf("t%d", c.count), expiry), nil
}

func (c *counter) calls() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// base is a transport of its own, so that no test meets the connections of another.
func base(t *testing.T) *http.Transport {
	t.Helper()
	b := &http.Transport{}
	t.Cleanup(b.CloseIdleConnections)
	return b
}

func newTransport(t *testing.T, options client.Options) *client.Transport {
	t.Helper()
	if options.Base == nil {
		options.Base = base(t)
	}
	transport, err := client.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

// bearer is a client with one source for the server.
func bearer(t *testing.T, origin string, source client.TokenSource) *http.Client {
	t.Helper()
	transport := newTransport(t, client.Options{Origin: origin, Credentials: []client.Credential{client.Bearer(source)}})
	return &http.Client{Transport: transport}
}
