package guard_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// signing makes the guard of a policy over: hook and small, keys that sign a body of 8 and of 4 bytes, and bearer, which
// signs none. A key that is the body itself is valid.
func signing(t testing.TB, policy string, options guard.Options) *guard.Guard[*caller] {
	t.Helper()
	signed := func(name, header string, max int64) gen.Scheme[*caller] {
		return gen.APIKey(name, gen.InHeader, header, func(_ context.Context, k guard.APIKey) (*caller, error) {
			body := k.Request().SignedBody()
			if body == nil || string(body) != strings.TrimSuffix(k.Secret(), "-") {
				return nil, guard.Invalid(fmt.Errorf("signed %q", body))
			}
			for i := range body {
				body[i] = '#'
			}
			return &caller{name}, nil
		}).WithSignedBody(max)
	}
	l := gen.NewLinker(options, gen.Entitlements[*caller]{HasRole: hasRole}, []gen.Scheme[*caller]{
		signed("hook", "X-Hook", 8), signed("small", "X-Small", 4),
		gen.Bearer("bearer", func(_ context.Context, k guard.BearerToken) (*caller, error) {
			if body := k.Request().SignedBody(); body != nil {
				t.Errorf("a scheme that signs nothing got %q", body)
			}
			return authenticate(context.Background(), k.Secret())
		}),
	}, []gen.Combination[*caller]{
		gen.Combine([]string{"hook", "bearer"}, func(ctx context.Context, callers []*caller) (*caller, error) {
			if r, _ := guard.RequestFrom(ctx); r.SignedBody() != nil {
				t.Error("a combination got the body")
			}
			return callers[0], nil
		}),
	})
	g := l.Guard(operation(policy))
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

// counted is a body that counts what is read of it, and that fails at its end when it says so.
type counted struct {
	io.Reader
	read   int
	end    error
	closed bool
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += n
	if err == io.EOF && c.end != nil {
		err = c.end
	}
	return n, err
}

func (c *counted) Close() error { c.closed = true; return nil }

func TestSignedBody(t *testing.T) {
	const chunked = -1
	for _, test := range []struct {
		title, policy string
		has           []string
		body          string
		length        int64
		end           error
		verdict       verdict.Verdict
		read          int // by the guard
	}{
		{"signed", "hook", has("X-Hook: 12345678"), "12345678", 8, nil, allow, 8},
		{"signed, in chunks", "hook", has("X-Hook: 12345678"), "12345678", chunked, nil, allow, 8},
		{"empty", "hook", has("X-Hook: -"), "", 0, nil, allow, 0},
		{"wrong", "hook", has("X-Hook: 1234567x"), "12345678", 8, nil, verdict.Invalid, 8},
		{"too long", "hook", has("X-Hook: k"), "123456789", 9, nil, verdict.TooLarge, 0},
		{"too long, in chunks", "hook", has("X-Hook: k"), strings.Repeat("x", 100000), chunked, nil, verdict.TooLarge, 9},
		{"ends early", "hook", has("X-Hook: 1234"), "1234", 8, io.ErrUnexpectedEOF, verdict.BadBody, 4},
		{"fails", "hook", has("X-Hook: 1234"), "1234", chunked, errPlain, verdict.BadBody, 4},
		{"a middleware's limit", "hook", has("X-Hook: 1234"), "1234", chunked, &http.MaxBytesError{Limit: 4}, verdict.TooLarge, 4},
		{"no credential", "hook", nil, "12345678", 8, nil, absent, 0},
		{"another scheme's credential", "hook | bearer", has("Authorization: Bearer ann"), "12345678", 8, nil, allow, 0},
		{"malformed", "hook", has("X-Hook: " + strings.Repeat("x", 20000)), "12345678", 8, nil, verdict.Malformed, 0},
		{"twice", "hook", has("X-Hook: 1", "X-Hook: 1"), "1", 1, nil, ambiguous, 0},
		{"half of an alternative", "hook & bearer", has("X-Hook: 1"), "1", 1, nil, absent, 0},
		{"both halves", "hook & bearer", has("X-Hook: 1", "Authorization: Bearer ann"), "1", 1, nil, allow, 1},
		{"two signed schemes, the second", "hook | small", has("X-Hook: no", "X-Small: 1234"), "1234", 4, nil, allow, 4},
		{"two signed schemes, the larger first", "hook | small", has("X-Hook: 12345", "X-Small: k"), "12345", chunked, nil, allow, 5},
		{"two signed schemes, the smaller first", "small | hook", has("X-Hook: 12345", "X-Small: k"), "12345", chunked, nil, allow, 5},
		{"two signed schemes, both too small", "small | hook", has("X-Hook: k", "X-Small: k"), "123456789", chunked, nil, verdict.TooLarge, 9},
		{"too long, and another admits", "hook | bearer", has("X-Hook: k", "Authorization: Bearer ann"), "123456789", chunked, nil, allow, 9},
		{"too long, and another is invalid", "bearer | hook", has("X-Hook: k", "Authorization: Bearer invalid"), "123456789", 9, nil, verdict.TooLarge, 0},
		{"too long, and another is forbidden", "hook | bearer", has("X-Hook: k", "Authorization: Bearer forbidden"), "123456789", 9, nil, verdict.Refused, 0},
		{"too long, and another is ambiguous", "hook | bearer", has("X-Hook: k", "Authorization: Bearer a", "Authorization: Bearer b"), "123456789", 9, nil, verdict.TooLarge, 0},
		{"too long, though {}", "{} | hook", has("X-Hook: k"), "123456789", 9, nil, verdict.TooLarge, 0},
	} {
		for _, check := range []bool{false, true} {
			body := &counted{Reader: strings.NewReader(test.body), end: test.end}
			r := request(test.has...)
			r.Body, r.ContentLength = body, test.length
			var seen guard.Event
			options := guard.Options{OnDecision: func(_ context.Context, e guard.Event) { seen = e }}
			ran := false
			g := signing(t, test.policy, options)
			if check {
				d := g.Check(r)
				seen.Verdict, ran = d.Verdict(), d.Allowed()
			} else {
				rec := httptest.NewRecorder()
				g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) { ran = true })(rec, r)
				checkBodyDenial(t, test.title, seen.Verdict, rec)
			}
			if seen.Verdict != test.verdict || body.read != test.read || ran != (test.verdict == allow) {
				t.Errorf("%s: %s, read %d; want %s, read %d (%v)", test.title, seen.Verdict, body.read, test.verdict, test.read, seen.Reason)
			}
			rest, err := io.ReadAll(r.Body)
			if handed := string(rest); ran && (handed != test.body || !errors.Is(err, test.end)) {
				t.Errorf("%s: handed on %q %v", test.title, handed, err)
			}
			if r.Body.Close(); !body.closed {
				t.Errorf("%s: the body is not closed", test.title)
			}
		}
	}
}

func checkBodyDenial(t *testing.T, title string, v verdict.Verdict, rec *httptest.ResponseRecorder) {
	t.Helper()
	const tooLarge = `{"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"The body is larger than one whose signature can be verified."}` + "\n"
	const badBody = `{"type":"about:blank","title":"Bad Request","status":400,"detail":"The body of the request is not complete."}` + "\n"
	lines := rec.Header()["Www-Authenticate"]
	switch {
	case v == verdict.TooLarge && (rec.Code != 413 || lines != nil || rec.Body.String() != tooLarge || rec.Header().Get("Connection") != "close"):
		t.Errorf("%s: %d %v %s", title, rec.Code, rec.Header(), rec.Body)
	case v == verdict.BadBody && (rec.Code != 400 || rec.Header().Get("Connection") != "close" || len(lines) != 1 || lines[0] != `ApiKey realm="api", in="header", name="X-Hook"` || rec.Body.String() != badBody):
		t.Errorf("%s: %d %v %s", title, rec.Code, rec.Header(), rec.Body)
	}
}

// TestSignedBodyInPieces: the limit is one of bytes, however they arrive.
func TestSignedBodyInPieces(t *testing.T) {
	for body, want := range map[string]verdict.Verdict{"": allow, "1": allow, "1234567": allow, "12345678": allow, "123456789": verdict.TooLarge, "1234567890": verdict.TooLarge} {
		r := request("X-Hook: " + body + "-")
		r.Body, r.ContentLength = io.NopCloser(iotest.OneByteReader(strings.NewReader(body))), -1
		if d := signing(t, "hook", guard.Options{}).Check(r); d.Verdict() != want {
			t.Errorf("%q: %s %v", body, d.Verdict(), d.Err())
		}
	}
}

// Without a body there is nothing to replace.
func TestNoSignedBody(t *testing.T) {
	for _, body := range []io.ReadCloser{nil, http.NoBody} {
		r := request("X-Hook: -")
		r.Body = body
		if d := signing(t, "hook", guard.Options{}).Check(r); !d.Allowed() || r.Body != body {
			t.Errorf("%v: %s %v", body, d.Verdict(), d.Err())
		}
	}
}

// A request that ends while its body is read is not one with a bad body, unless its time was up.
func TestSignedBodyOfEndedRequest(t *testing.T) {
	late, stop := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer stop()
	gone, leave := context.WithCancel(context.Background())
	leave()
	for ctx, want := range map[context.Context]verdict.Verdict{late: verdict.BadBody, gone: verdict.Canceled} {
		r := request("X-Hook: 1234").WithContext(ctx)
		body := &counted{Reader: io.MultiReader(strings.NewReader("12"), strings.NewReader("34"))}
		r.Body, r.ContentLength = body, 4
		if d := signing(t, "hook", guard.Options{}).Check(r); d.Verdict() != want || body.read != 2 {
			t.Errorf("%s, read %d; want %s", d.Verdict(), body.read, want)
		}
	}
}

// Concealment says nothing about bodies, but for callers who are to see neither 400 nor a challenge.
func TestSignedBodyAndConcealment(t *testing.T) {
	for _, test := range []struct {
		length    int64
		anonymous bool
		want      int
	}{{9, false, 413}, {9, true, 413}, {8, false, 400}, {8, true, 404}} {
		op := operation("hook")
		op.Conceal = guard.ConcealAsNotFound
		l := gen.NewLinker(guard.Options{ConcealFromAnonymous: test.anonymous}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
			gen.APIKey("hook", gen.InHeader, "X-Hook", func(context.Context, guard.APIKey) (*caller, error) { return nil, nil }).WithSignedBody(8),
		}, nil)
		r := request("X-Hook: k")
		r.Body, r.ContentLength = &counted{Reader: strings.NewReader("1"), end: io.ErrUnexpectedEOF}, test.length
		rec := httptest.NewRecorder()
		l.Guard(op).Wrap(discardCaller)(rec, r)
		if rec.Code != test.want {
			t.Errorf("%d bytes, from anonymous callers %t: %d; want %d", test.length, test.anonymous, rec.Code, test.want)
		}
	}
}

func TestWithSignedBodyIsChecked(t *testing.T) {
	for _, max := range []int64{0, -1, 1<<63 - 1} {
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{gen.Bearer("bearer", asBearer).WithSignedBody(max)}, nil)
		if want := fmt.Sprintf(`guard: scheme "bearer": the largest signed body is %d bytes: it has to be a positive number`, max); text(l.Err()) != want {
			t.Errorf("%d: %v", max, l.Err())
		}
	}
}

// Over a socket: a client that waits for 100 gets it when the body is wanted, and 413 without it when it is not; slow
// and broken bodies end with the server's own limits.
func TestSignedBodyOverTheWire(t *testing.T) {
	g := signing(t, "hook", guard.Options{OnDecision: func(context.Context, guard.Event) {}})
	server := httptest.NewUnstartedServer(g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
		_, _ = io.Copy(w, r.Body)
	}))
	server.Config.ReadTimeout = 500 * time.Millisecond
	server.Start()
	defer server.Close()
	const head = "POST / HTTP/1.1\r\nHost: x\r\nX-Hook: 12345678\r\n"
	for _, test := range []struct{ title, send, want string }{
		{"whole", head + "Content-Length: 8\r\n\r\n12345678", "200"},
		{"in chunks", head + "Transfer-Encoding: chunked\r\n\r\n4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n", "200"},
		{"waits for 100", head + "Expect: 100-continue\r\nContent-Length: 8\r\n\r\n", "100"},
		{"waits for 100, too large", head + "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", "413"},
		{"waits for 100, no credential", "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n", "401"},
		{"announces too much", head + "Content-Length: 9000000\r\n\r\n", "413"},
		{"sends too much", head + "Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n", "413"},
		{"broken chunk", head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
		{"stops", head + "Content-Length: 8\r\n\r\n1234", "400"},
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(conn, strings.NewReader(test.send)); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if got, _, _ := strings.Cut(strings.TrimPrefix(line, "HTTP/1.1 "), " "); got != test.want {
			t.Errorf("%s: %q %v; want %s", test.title, line, err, test.want)
		}
		conn.Close()
	}
}

// The buffer grows with what arrives, not with what is announced.
func TestSignedBodyMemory(t *testing.T) {
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.APIKey("hook", gen.InHeader, "X-Hook", func(context.Context, guard.APIKey) (*caller, error) { return &caller{}, nil }).WithSignedBody(1 << 40),
	}, nil)
	g := l.Guard(operation("hook"))
	whole := bytes.Repeat([]byte("x"), 100000)
	r := request("X-Hook: k")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(whole)), 1<<40
	if d := g.Check(r); !d.Allowed() {
		t.Fatal(d.Err())
	}
	if got, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
