package proof

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/golden/internal/oracle"
	"example.com/golden/internal/world"
)

var (
	whole    = flag.Int("whole", 0, "how many random documents TestWholePath makes servers of, for all frameworks")
	requests = flag.Int("requests", 600, "how many requests TestWholePath sends to each server")
	batch    = flag.Int("batch", 12, "how many documents of TestWholePath are compiled into one program")
)

// TestWholePath takes random documents all the way: the command generates server and guards, the compiler compiles them, one
// program serves them all, and requests are written to sockets byte by byte. Every answer must be the oracle's, to the
// challenge, on each of the nine frameworks. Each server is plain or strict, by chance.
func TestWholePath(t *testing.T) {
	if *whole == 0 {
		t.Skip("compiling its servers takes minutes: make proof, or -whole 1")
	}
	started, sent, servers := time.Now(), 0, 0
	command := buildCommand(t)
	for first := 0; first < *whole && !t.Failed(); first += *batch {
		b := &program{t: t, dir: t.TempDir(), command: command}
		for i := first; i < min(first+*batch, *whole); i++ {
			b.add(i)
		}
		sent += b.run()
		servers += len(b.cases)
		t.Logf("%d of %d documents after %s", min(first+*batch, *whole), *whole, time.Since(started).Round(time.Second))
	}
	t.Logf("%d documents, %d servers, %d requests, -seed %d, in %s", *whole, servers, sent, *seed, time.Since(started).Round(time.Second))
}

func buildCommand(t *testing.T) string {
	command := filepath.Join(t.TempDir(), "oapi-guard")
	runIn(t, "../../..", "go", "build", "-o", command, "./cmd/oapi-guard")
	return command
}

func runIn(t *testing.T, dir, name string, arguments ...string) {
	t.Helper()
	c := exec.Command(name, arguments...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(arguments, " "), err, out)
	}
}

// program is a batch of documents: a module with all of their servers.
type program struct {
	t       *testing.T
	dir     string
	command string
	cases   []*wholeCase
}

// wholeCase is the server of one document on one framework.
type wholeCase struct {
	name     string // the document's number and the framework: its folder
	number   int
	server   *serverKind
	strict   bool
	document *document
	text     string
	oracle   *oracle.Document
	terms    *oracle.Terms
}

// add makes up document i and generates its servers.
func (p *program) add(i int) {
	r := inventor{rand.New(rand.NewPCG(*seed, uint64(i)))}
	d, terms := r.document(operationsOf), r.terms()
	if d.operations[0].inherits || len(slices.Concat(d.operations[0].alternatives...)) == 0 { // somebody has to be authenticated
		d.operations[0] = &operation{id: "op0", method: "GET", path: "/op/0", alternatives: []alternative{{{scheme: d.schemes[0]}}}}
	}
	if r.maybe(3) {
		terms.Realms = map[string]string{d.operations[0].scheme().name: "own"}
	}
	text := d.yaml()
	read, err := oracle.Parse([]byte(text), terms)
	if err != nil {
		p.t.Fatalf("document %d: %v\n%s", i, err, text)
	}
	for _, s := range serverKinds {
		c := &wholeCase{
			name: fmt.Sprintf("d%d/%s", i, strings.ReplaceAll(s.name, "-", "")), number: i, server: s, strict: r.maybe(2),
			document: d, text: text, oracle: read, terms: terms,
		}
		p.cases = append(p.cases, c)
		p.generate(c)
	}
}

// scheme is one of the operation's.
func (o *operation) scheme() *scheme { return slices.Concat(o.alternatives...)[0].scheme }

func (p *program) generate(c *wholeCase) {
	dir := filepath.Join(p.dir, c.name)
	strict := ""
	if c.strict {
		strict = ", strict-server: true"
	}
	p.write(filepath.Join(c.name, "openapi.yaml"), c.text)
	p.write(filepath.Join(c.name, "oapi-codegen.yaml"), "package: api\noutput: api/api.gen.go\ngenerate: {models: true, "+c.server.name+"-server: true"+strict+"}\n")
	p.write(filepath.Join(c.name, "oapi-guard.yaml"), "spec: openapi.yaml\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\ngenerate: {server: true}\n")
	p.module()
	run := exec.Command(p.command)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		p.t.Fatalf("document %d, %s: %v\n%s\n%s", c.number, c.name, err, out, c.text)
	}
	source, err := c.implement(filepath.Join(dir, "apiguard", "guards.gen.go"))
	if err != nil {
		p.t.Fatalf("document %d, %s: %v", c.number, c.name, err)
	}
	p.write(filepath.Join(c.name, "serve.go"), source)
}

func (p *program) write(name, text string) {
	path := filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// module writes a go.mod with the requirements of the golden module, and with that module itself.
func (p *program) module() {
	golden, err := filepath.Abs("..")
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		p.t.Fatal(err)
	}
	sums, err := os.ReadFile("../go.sum")
	if err != nil {
		p.t.Fatal(err)
	}
	p.write("go.mod", strings.NewReplacer(
		"module example.com/golden\n", "module example.com/golden/whole\n", "=> ../../runtime", "=> "+filepath.Join(golden, "../../runtime"),
	).Replace(string(text))+"\nrequire example.com/golden v0.0.0\n\nreplace example.com/golden => "+golden+"\n")
	p.write("go.sum", string(sums))
}

// run builds and starts the program, and compares the answers of all servers.
func (p *program) run() (sent int) {
	p.write("main.go", p.main())
	binary := filepath.Join(p.dir, "program")
	runIn(p.t, p.dir, "go", "build", "-p", "2", "-o", binary, ".")
	c := exec.Command(binary)
	c.Stderr = os.Stderr
	stop, err := c.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	defer func() {
		_ = stop.Close()
		_ = c.Wait()
	}()
	addresses := map[string]string{}
	for lines := bufio.NewScanner(out); len(addresses) < len(p.cases) && lines.Scan(); {
		name, address, _ := strings.Cut(lines.Text(), " ")
		addresses[name] = address
	}
	work := make(chan *wholeCase, len(p.cases))
	for _, c := range p.cases {
		work <- c
	}
	close(work)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for c := range work {
				c.compare(p.t, addresses[c.name])
			}
		})
	}
	all.Wait()
	return len(p.cases) * *requests
}

// main is the program: it serves every case on a socket of its own until its input ends.
func (p *program) main() string {
	var imports, cases strings.Builder
	for i, c := range p.cases {
		fmt.Fprintf(&imports, "\tc%d %q\n", i, "example.com/golden/whole/"+c.name)
		fmt.Fprintf(&cases, "\tserve(%q, c%d.Serve)\n", c.name, i)
	}
	return "package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"net\"\n\t\"os\"\n\n" + imports.String() + ")\n\nfunc main() {\n" + cases.String() + `	_, _ = io.Copy(io.Discard, os.Stdin)
}

func serve(name string, serve func(net.Listener) error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() { panic(fmt.Sprint(name, ": ", serve(l))) }()
	fmt.Println(name, l.Addr())
}
`
}

// compare sends random requests to the server, one after the other.
func (c *wholeCase) compare(t *testing.T, address string) {
	compose := composer{inventor{rand.New(rand.NewPCG(*seed, uint64(c.number)<<8+uint64(len(c.server.name))))}}
	app := world.Application{World: &world.World{}}
	conn := &connection{address: address}
	defer conn.close()
	for n := 0; n < *requests && !t.Failed(); {
		o := pick(compose.inventor, c.document.operations)
		r := compose.compose(c.document, o)
		r.Certificate = "" // there is no TLS
		if !sendable(r) {
			continue
		}
		n++
		want := c.oracle.Find(o.id).Answer(app, r)
		text := compose.written(o, r)
		if problem := conn.exchange(o.method, text).against(o, want); problem != "" {
			t.Errorf("document %d on %s, strict %t, request %d:\n%s\n%s\nthe oracle says %+v\nterms %+v\n%s", c.number, c.server.name, c.strict, n, problem, text, want, *c.terms, c.text)
		}
	}
}

// sendable reports whether a parser of HTTP lets the request through: control characters are none of the guard's business.
func sendable(r *oracle.Request) bool {
	for _, f := range r.Fields {
		if strings.ContainsFunc(f.Value, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
			return false
		}
	}
	return !strings.Contains(r.Target, " ")
}

// written is the request as it goes to the socket.
func (c composer) written(o *operation, r *oracle.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", o.method, r.Target, pick(c.inventor, []string{"golden.test", "evil.test:1", "127.0.0.1"}))
	for _, f := range r.Fields {
		b.WriteString(f.Name + ":" + f.Value + "\r\n")
	}
	switch {
	case o.method == "GET":
		b.WriteString("\r\n")
	case c.maybe(8): // a trailer is no credential
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n0\r\nX-Key: u.ann.abcd.rwx\r\n\r\n")
	default:
		b.WriteString("Content-Length: 0\r\n\r\n")
	}
	return b.String()
}

// connection is one to a server, opened again when that closed it.
type connection struct {
	address string
	conn    net.Conn
	reader  *bufio.Reader
}

func (c *connection) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// response is an answer, or the error in place of it.
type response struct {
	*http.Response
	body string
	err  error
}

func (c *connection) exchange(method, text string) (r response) {
	fresh := c.conn == nil
	if r = c.try(method, text); r.err != nil && !fresh {
		c.close()
		r = c.try(method, text)
	}
	if r.err != nil || r.Close {
		c.close()
	}
	return r
}

func (c *connection) try(method, text string) (r response) {
	if c.conn == nil {
		if c.conn, r.err = net.Dial("tcp", c.address); r.err != nil {
			c.conn = nil
			return r
		}
		c.reader = bufio.NewReader(c.conn)
	}
	if r.err = c.conn.SetDeadline(time.Now().Add(time.Minute)); r.err != nil {
		return r
	}
	if _, r.err = io.WriteString(c.conn, text); r.err != nil {
		return r
	}
	if r.Response, r.err = http.ReadResponse(c.reader, &http.Request{Method: method}); r.err != nil {
		return r
	}
	var body []byte
	body, r.err = io.ReadAll(r.Body)
	r.body = string(body)
	return r
}

// against says what is wrong with the response, nothing when it is the oracle's answer.
func (r response) against(o *operation, want oracle.Answer) string {
	if r.err != nil {
		return "no answer: " + r.err.Error()
	}
	status, body := want.Status, ""
	if want.Finding == oracle.Allow {
		status, body = http.StatusOK, o.id+" for "+want.Caller
	}
	challenges := r.Header.Values("WWW-Authenticate")
	switch {
	case r.StatusCode != status || !slices.Equal(challenges, want.Challenges):
		return fmt.Sprintf("the server answers %d %q %q", r.StatusCode, challenges, r.body)
	case body != "" && r.body != body:
		return fmt.Sprintf("the handler says %q, want %q", r.body, body)
	case body == "" && (strings.Contains(r.body, " for ") || r.Header.Get("Content-Type") != "application/problem+json" || r.Header.Get("Cache-Control") != "no-store"):
		return fmt.Sprintf("the denial is %q with %v", r.body, r.Header)
	}
	return ""
}
