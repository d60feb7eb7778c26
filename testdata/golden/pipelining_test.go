package golden

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// smuggled is a request in the body of another one.
const smuggled = "DELETE " + order + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer admin\r\n\r\n"

// TestPipelining sends a request whose body looks like a request, and another request behind it, on one connection. The
// body of a denied request is never answered as a request, whether the server hands bodies over as streams or not, and
// what is behind it is answered only as what it is.
func TestPipelining(t *testing.T) {
	next := "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	large := smuggled + strings.Repeat(smuggled, (1<<20)/len(smuggled))
	for _, s := range servers {
		for _, streaming := range []bool{false, true} {
			if streaming && !s.fasthttp() {
				continue
			}
			for _, body := range []string{smuggled, large} {
				if testing.Short() && body == large {
					continue
				}
				for _, framing := range []string{fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body), fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body)} {
					for _, token := range []string{"nobody", "customer"} {
						p := new(probe)
						m := must(t)(s.typed(p, &auth{}, options{guard: quiet()}))
						if streaming {
							m = streams(m)
						}
						written := "PUT " + order + "?version=1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\nContent-Type: application/json\r\n" + framing + next
						statuses := pipelined(t, serve(t, m), written)
						first := map[string]int{"nobody": 401, "customer": 403}[token]
						closed := slices.Equal(statuses, []int{first})
						if !closed && !slices.Equal(statuses, []int{first, 200}) && !(len(body) > 1<<20 && len(statuses) == 0) {
							t.Errorf("%s, streaming %t, %s, a body of %d bytes, %.17s: statuses %v", s.name, streaming, token, len(body), framing, statuses)
						}
						if ran := p.last.Load(); ran != nil && ran != "getHealth for nobody" {
							t.Errorf("%s, streaming %t, %s: the handler of %v ran", s.name, streaming, token, ran)
						}
					}
				}
			}
		}
	}
}

// pipelined writes to a connection and returns the statuses of all answers until it ends.
func pipelined(t *testing.T, address, written string) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(c, written) }() // the server may close before it has read everything
	answers := bufio.NewReader(c)
	for {
		response, err := http.ReadResponse(answers, nil)
		if err != nil {
			return statuses
		}
		_, _ = io.Copy(io.Discard, response.Body)
		statuses = append(statuses, response.StatusCode)
	}
}
