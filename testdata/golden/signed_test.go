package golden

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// unmodelled are the operations that the model does not know: random requests sign no body.
var unmodelled = []string{"postHook"}

// signature is the key of a request with this body.
func signature(body string) string { return fmt.Sprintf("X-Hook: %x\r\n", sha256.Sum256([]byte(body))) }

// chunked is a body in chunks of ten bytes.
func chunked(body string) string {
	var out strings.Builder
	for ; body != ""; body = body[min(10, len(body)):] {
		fmt.Fprintf(&out, "%x\r\n%s\r\n", min(10, len(body)), body[:min(10, len(body))])
	}
	return out.String() + "0\r\n\r\n"
}

// TestSignedBody: the authenticator gets the bytes, the handler gets them again, and what is too large or broken comes to
// neither. On fiber the same holds where bodies are streams.
func TestSignedBody(t *testing.T) {
	largest := `{"id":"` + strings.Repeat("x", 64-len(`{"id":""}`)) + `"}`
	const head = "POST /hooks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }
	const chunks = "Transfer-Encoding: chunked\r\n"
	for _, test := range []struct {
		title, written string
		end            bool // the client stops
		status         int
		body           string
	}{
		{"signed", head + signature(largest) + length(64) + "\r\n" + largest, false, 200, "postHook for hook"},
		{"signed, in chunks", head + signature(largest) + chunks + "\r\n" + chunked(largest), false, 200, "postHook for hook"},
		{"signed by another", head + signature("{}") + length(64) + "\r\n" + largest, false, 401, `"status":401`},
		{"no signature", head + length(64) + "\r\n" + largest, false, 401, `"status":401`},
		{"two signatures", head + signature("{}") + signature("{}") + length(2) + "\r\n{}", false, 400, `"status":400`},
		{"signed, but not what the handler wants", head + signature("{") + length(1) + "\r\n{", false, 400, ""},
		{"too large", head + signature(largest+" ") + length(65) + "\r\n" + largest + " ", false, 413, `"status":413`},
		{"too large, in chunks", head + signature(largest+" ") + chunks + "\r\n" + chunked(largest+" "), false, 413, `"status":413`},
		{"too large by far", head + signature("") + length(200000) + "\r\n" + strings.Repeat("x", 200000), false, 413, `"status":413`},
		{"too large without a signature", head + length(65) + "\r\n" + largest + " ", false, 401, `"status":401`},
		{"ends early", head + signature(largest) + length(64) + "\r\n{", true, 400, ""},
		{"ends in a chunk", head + signature(largest) + chunks + "\r\n40\r\n{", true, 400, ""},
	} {
		for _, s := range servers {
			for _, stream := range []bool{false, true} {
				p := new(probe)
				m := must(t)(s.typed(p, &auth{}, options{guard: quiet()}))
				if stream && !streams(m) {
					continue
				}
				response, body := halfClosed(t, serve(t, m), test.written, test.end)
				if s.fasthttp() && !stream && test.end && response == 0 {
					continue // fasthttp reads the body before anybody is asked, and hangs up
				}
				ran := p.runs.Load() == 1
				if response != test.status || !strings.Contains(body, test.body) || ran != (test.status == 200) {
					t.Errorf("%s, %s, stream %t: %d %s; want %d", s.name, test.title, stream, response, body, test.status)
				}
			}
		}
	}
}

// streams has fiber hand over bodies as streams.
func streams(m mounted) bool {
	switch m := m.(type) {
	case mountedFiber:
		m.app.Server().StreamRequestBody = true
	case mountedFiber3:
		m.app.Server().StreamRequestBody = true
	default:
		return false
	}
	return true
}

// halfClosed sends a request, closes its own side when that is all, and returns the status and the body of the answer: 0
// when there is none.
func halfClosed(t *testing.T, address, written string, end bool) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(c, written) // a server that answers early need not read it all
		if end {
			_ = c.(*net.TCPConn).CloseWrite()
		}
	}()
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, err.Error()
	}
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}
