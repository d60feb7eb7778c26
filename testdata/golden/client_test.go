package golden

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// request is a request as it is written on the wire, and what it is about.
type request struct {
	method, target, protocol string
	lines                    []string // the header's lines but for Host, as they are written
	body                     string
	before                   string // the request line
	host                     string // the Host line, or what stands in its place
	end                      string // of every line
	// op is the operation that the request is meant for, exception the reason why it may not reach it.
	op        *operation
	exception *exception
	// binds is "yes" when the parameters are good, "no" when they are not, "maybe" when frameworks differ.
	binds string
	// decodes says that the body is good, if there is one.
	decodes bool
	// fleeting says that what was read of the body cannot be handed on unless that is all of it.
	fleeting bool
	// named is what the resource is called, bound its path parameters as the handler gets them, if that is known.
	named, bound string
}

// written is the request on the wire.
func (r *request) written() string {
	lines := append([]string{r.method + " " + r.target + " " + r.protocol}, r.host)
	lines = append(lines, r.lines...)
	lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	return r.before + strings.Join(lines, r.end) + r.end + r.end + r.body
}

// values are the values of a header field, line by line, without the white space around them. A line that
// is folded is one line (RFC 9112 section 5.2).
func (r *request) values(name string) (values []string) {
	for _, line := range r.lines {
		key, value, _ := strings.Cut(line, ":")
		if lowerASCII(key) == lowerASCII(name) {
			value = strings.ReplaceAll(value, "\r\n", "")
			values = append(values, strings.Trim(value, " \t"))
		}
	}
	return values
}

// query is the query as it is written. A request has no fragment: # is a character like any other in it.
func (r *request) query() string {
	_, query, _ := strings.Cut(r.target, "?")
	return query
}

// response is what came back.
type response struct {
	status int
	header []string // the lines
	body   string
}

// values are the values of a header field, line by line.
func (r *response) values(name string) (values []string) {
	for _, line := range r.header {
		if key, value, _ := strings.Cut(line, ": "); strings.EqualFold(key, name) {
			values = append(values, value)
		}
	}
	return values
}

// rest are the sorted lines of a header without the challenges and what belongs to the connection.
func (r *response) rest() (lines []string) {
	for _, line := range r.header {
		key, value, _ := strings.Cut(line, ": ")
		switch key = lowerASCII(key); key {
		case "date", "connection", "www-authenticate":
		default:
			lines = append(lines, key+": "+value)
		}
	}
	slices.Sort(lines)
	return lines
}

// client sends requests one after the other over one connection, and opens another when that is closed.
type client struct {
	address string
	conn    net.Conn
	reader  *bufio.Reader
}

// patience is how long an answer may take.
const patience = 20 * time.Second

// send sends the request. When the server closes the connection without an answer there is none. A request
// that need not be understood is the last of its connection.
func (c *client) send(r *request, must bool) (answer *response) {
	if r.exception != nil { // what one of these leaves behind is not for the next request
		c.close()
	}
	fresh := c.conn == nil
	answer, err := c.try(r, must)
	if err != nil && !fresh && !isTimeout(err) { // the server may have closed the connection before
		c.close()
		answer, err = c.try(r, must)
	}
	if err != nil || !must || r.exception != nil || slices.Contains(answer.values("Connection"), "close") {
		c.close()
	}
	return answer
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

func (c *client) try(r *request, must bool) (*response, error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			return nil, err
		}
		c.conn, c.reader = conn, bufio.NewReader(conn)
	}
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := io.WriteString(c.conn, r.written()); err != nil {
		return nil, err
	}
	if !must || r.cutOff() { // it may wait for more of the request, in vain
		if err := c.conn.(*net.TCPConn).CloseWrite(); err != nil {
			return nil, err
		}
	}
	return readResponse(c.reader, r.method == "HEAD")
}

// readResponse reads one response as strictly as a response must be written.
func readResponse(r *bufio.Reader, head bool) (*response, error) {
	line, err := readLine(r)
	if err != nil {
		return nil, err
	}
	answer := new(response)
	if n, err := fmt.Sscanf(strings.Replace(line, "HTTP/1.0", "HTTP/1.1", 1), "HTTP/1.1 %03d ", &answer.status); n != 1 {
		return nil, fmt.Errorf("status line %q: %w", line, err)
	}
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		if !strings.Contains(line, ": ") && !strings.HasSuffix(line, ":") || strings.TrimSpace(line) != line {
			return nil, fmt.Errorf("header line %q", line)
		}
		answer.header = append(answer.header, line)
	}
	if answer.status < 200 {
		return readResponse(r, head)
	}
	if head || answer.status == 204 || answer.status == 304 {
		return answer, nil
	}
	answer.body, err = readBody(r, answer)
	return answer, err
}

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", err
	}
	text, ok := strings.CutSuffix(line, "\r\n")
	if !ok || strings.Contains(text, "\r") {
		return "", fmt.Errorf("line %q", line)
	}
	return text, nil
}

func readBody(r *bufio.Reader, answer *response) (string, error) {
	length, encoding := answer.values("Content-Length"), answer.values("Transfer-Encoding")
	switch {
	case len(length)+len(encoding) > 1:
		return "", fmt.Errorf("lengths %q %q", length, encoding)
	case len(length) == 1:
		n, err := strconv.Atoi(length[0])
		if err != nil {
			return "", err
		}
		body := make([]byte, n)
		_, err = io.ReadFull(r, body)
		return string(body), err
	case len(encoding) == 1:
		return readChunks(r)
	}
	body, err := io.ReadAll(r)
	return string(body), err
}

func readChunks(r *bufio.Reader) (string, error) {
	var body strings.Builder
	for {
		line, err := readLine(r)
		if err != nil {
			return "", err
		}
		n, err := strconv.ParseUint(line, 16, 20)
		if err != nil {
			return "", err
		}
		if _, err := io.CopyN(&body, r, int64(n)); err != nil {
			return "", err
		}
		if line, err := readLine(r); err != nil || line != "" {
			return "", fmt.Errorf("%q after a chunk: %w", line, err)
		}
		if n == 0 {
			return body.String(), nil
		}
	}
}
