package gen_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// fastRequest is a request as fasthttp keeps it: fields in the order received, known ones only once, in buffers that
// the next request overwrites. The trailer of a chunked body is among the fields, and not in the raw header.
type fastRequest struct {
	method, target string
	raw            string
	kept           []string // lines "Name: value"
	stream         bool
	body           []byte
	from           io.Reader // of a stream
	length         int       // -1 for a chunked body
	buffers        [][]byte
}

func (r *fastRequest) buffer(s string) []byte {
	b := []byte(s)
	r.buffers = append(r.buffers, b)
	return b
}

// reuse overwrites the buffers, as fasthttp does when the request is over.
func (r *fastRequest) reuse() {
	for _, b := range r.buffers {
		copy(b, bytes.Repeat([]byte("#"), len(b)))
	}
}

func (r *fastRequest) Method() []byte     { return r.buffer(r.method) }
func (r *fastRequest) RequestURI() []byte { return r.buffer(r.target) }
func (r *fastRequest) RawHeaders() []byte { return r.buffer(r.raw) }
func (r *fastRequest) IsBodyStream() bool { return r.stream }
func (r *fastRequest) ContentLength() int { return r.length }
func (r *fastRequest) Body() []byte       { return r.body }

func (r *fastRequest) BodyStream() io.Reader { return r.from }

func (r *fastRequest) SetBodyStream(body io.Reader, size int) { r.from, r.length = body, size }

func (r *fastRequest) PeekAll(name string) (values [][]byte) {
	for _, line := range r.kept {
		if field, value, _ := strings.Cut(line, ": "); field == name {
			values = append(values, r.buffer(value))
		}
	}
	return values
}

// fastResponse is a response as fasthttp keeps it: Add appends a line, Set replaces all.
type fastResponse struct {
	status int
	header http.Header
	body   string
	closed bool
}

func (r *fastResponse) SetStatusCode(status int) { r.status = status }
func (r *fastResponse) SetBody(body []byte)      { r.body = string(body) }
func (r *fastResponse) SetConnectionClose()      { r.closed = true }
func (r *fastResponse) Peek(name string) []byte  { return []byte(r.header.Get(name)) }
func (r *fastResponse) Set(name, value string)   { r.header.Set(name, value) }
func (r *fastResponse) Add(name, value string)   { r.header.Add(name, value) }
func (r *fastResponse) Del(name string)          { r.header.Del(name) }

// received is a request of which fasthttp keeps every line.
func received(lines ...string) *fastRequest {
	return &fastRequest{method: "GET", target: "/op/1", raw: strings.Join(lines, "\r\n") + "\r\n\r\n", kept: lines}
}

func exchange(ctx context.Context, r *fastRequest, w *fastResponse, state *tls.ConnectionState) gen.FasthttpExchange {
	return gen.Fasthttp(ctx, r, r, w, w, connection{state})
}

type connection struct{ state *tls.ConnectionState }

func (c connection) TLSConnectionState() *tls.ConnectionState { return c.state }
func (c connection) RemoteAddr() net.Addr {
	return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1234}
}

func answered() *fastResponse { return &fastResponse{header: http.Header{}} }

func fastLinker(options guard.Options) *gen.Linker[*principal] {
	return gen.NewLinker(options, gen.Entitlements[*principal]{}, []gen.Scheme[*principal]{
		gen.Bearer("bearer", func(_ context.Context, t guard.BearerToken) (*principal, error) {
			if t.Secret() == "abort" {
				panic(http.ErrAbortHandler)
			}
			return &principal{t.Secret()}, nil
		}),
		gen.APIKey("agent", gen.InHeader, "User-Agent", func(_ context.Context, k guard.APIKey) (*principal, error) {
			return &principal{k.Secret()}, nil
		}),
		gen.APIKey("query", gen.InQuery, "key", func(_ context.Context, k guard.APIKey) (*principal, error) {
			return &principal{k.Secret()}, nil
		}),
		gen.MutualTLS("cert", func(_ context.Context, c guard.ClientCertificate) (*principal, error) {
			return &principal{c.Leaf().Subject.CommonName}, nil
		}),
		gen.HTTP("custom", "Custom", func(_ context.Context, c guard.HTTPCredentials) (*principal, error) {
			return &principal{c.Method() + " " + c.Target() + " " + c.Token68()}, nil
		}, func(context.Context) guard.Challenge { return guard.Challenge{} }),
	}, nil)
}

func fastGuard(t *testing.T, options guard.Options, scheme string, change func(*guard.Operation)) *guard.Guard[*principal] {
	t.Helper()
	l := fastLinker(options)
	op := guard.Operation{ID: "op", Method: "GET", Path: "/op/{id}", Security: []guard.Alternative{{{Scheme: scheme}}}}
	if change != nil {
		change(&op)
	}
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestFasthttpReading: the credential is read as on every other server, and survives the request.
func TestFasthttpReading(t *testing.T) {
	leaf := []*x509.Certificate{{}}
	leaf[0].Subject.CommonName = "ann"
	verified := &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{leaf}}
	target := func(s string) *fastRequest { return &fastRequest{method: "PATCH", target: s, raw: "\r\n"} }
	custom := received("Authorization: Custom abc")
	custom.method, custom.target = "PUT", "/op/1?a=b#c"
	for _, test := range []struct {
		title, scheme string
		request       *fastRequest
		state         *tls.ConnectionState
		want          string // the caller, or the status of the denial
	}{
		{"one token", "bearer", received("Authorization: Bearer ann"), nil, "ann"},
		{"two tokens", "bearer", received("Authorization: Bearer ann", "Authorization: Bearer ann"), nil, "400"},
		{"another spelling of the name", "bearer", &fastRequest{raw: "AUTHORIZATION: Bearer ann\r\n\r\n", kept: []string{"Authorization: Bearer ann"}}, nil, "ann"},
		{"a name with the same beginning", "bearer", &fastRequest{raw: "Authorization: Bearer ann\r\nAuthorization-Info: x\r\n\r\n", kept: []string{"Authorization: Bearer ann"}}, nil, "ann"},
		{"a value that names the field", "bearer", received("X: Authorization: Bearer bob", "Authorization: Bearer ann"), nil, "ann"},
		{"no token", "bearer", received(), nil, "401"},
		{"a token in the trailer", "bearer", &fastRequest{raw: "Transfer-Encoding: chunked\r\n\r\n", kept: []string{"Transfer-Encoding: chunked", "Authorization: Bearer ann"}}, nil, "401"},
		{"a second token in the trailer", "bearer", &fastRequest{raw: "transfer-encoding: chunked\r\nAuthorization: Bearer ann\r\n\r\n",
			kept: []string{"Transfer-Encoding: chunked", "Authorization: Bearer ann", "Authorization: Bearer bob"}}, nil, "ann"},
		{"more lines than were received, without a trailer", "bearer", &fastRequest{raw: "\r\n", kept: []string{"Authorization: Bearer ann"}}, nil, "ann"},
		{"a field of which one line of two is kept", "agent", &fastRequest{raw: "User-Agent: a\r\nUser-Agent: b\r\n\r\n", kept: []string{"User-Agent: b"}}, nil, "400"},
		{"a field that is kept whole", "agent", received("User-Agent: a"), nil, "a"},
		{"a key in the query", "query", target("/op/1?key=a&x=y"), nil, "a"},
		{"a key twice", "query", target("/op/1?key=a&key=b"), nil, "400"},
		{"a question mark in the query", "query", target("/op/1?key=a?b"), nil, "a?b"},
		{"a number sign in the query", "query", target("/op/1?key=a#&key=b"), nil, "400"},
		{"a key that does not decode", "query", target("/op/1?key=%zz"), nil, "401"},
		{"no query", "query", target("/op/1"), nil, "401"},
		{"a certificate", "cert", received(), verified, "ann"},
		{"no TLS", "cert", received(), nil, "401"},
		{"method and target", "custom", custom, nil, "PUT /op/1?a=b#c abc"},
	} {
		w := answered()
		_, caller, admitted := gen.AdmitFasthttp(fastGuard(t, guard.Options{}, test.scheme, nil), exchange(context.Background(), test.request, w, test.state))
		test.request.reuse()
		got := fmt.Sprint(w.status)
		if admitted {
			got = caller.Must().name
		}
		if got != test.want || admitted != (w.status == 0) {
			t.Errorf("%s: %q; want %q", test.title, got, test.want)
		}
	}
}

// TestFasthttpAnswer: the denial is complete, whatever was set before, and a body that is left ends the connection.
func TestFasthttpAnswer(t *testing.T) {
	const body = `{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The request needs valid credentials."}` + "\n"
	for _, stream := range []bool{false, true} {
		r, w := received(), answered()
		r.stream = stream
		for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Range", "Retry-After", "Www-Authenticate", "Content-Type", "Cache-Control", "X-Kept"} {
			w.header.Set(name, "before")
		}
		g := fastGuard(t, guard.Options{Realm: "r"}, "bearer", func(op *guard.Operation) {
			op.Security = append(op.Security, guard.Alternative{{Scheme: "agent"}})
		})
		if _, _, admitted := gen.AdmitFasthttp(g, exchange(context.Background(), r, w, nil)); admitted {
			t.Fatal("admitted")
		}
		want := http.Header{
			"Www-Authenticate": {`Bearer realm="r"`, `ApiKey realm="r", in="header", name="User-Agent"`},
			"Content-Type":     {"application/problem+json"}, "Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"}, "X-Kept": {"before"},
		}
		if w.status != 401 || w.body != body || w.closed != stream || !reflect.DeepEqual(w.header, want) {
			t.Errorf("%d %q %t %v", w.status, w.body, w.closed, w.header)
		}
	}
}

// TestFasthttpClearCookies: a denial that a cookie led to clears it, beside cookies that somebody else has set.
func TestFasthttpClearCookies(t *testing.T) {
	sid := gen.APIKey("sid", gen.InCookie, "sid", func(context.Context, guard.APIKey) (*principal, error) { return nil, guard.Invalid(nil) })
	l := gen.NewLinker(guard.Options{ClearCookies: []http.Cookie{{Name: "sid", Path: "/"}}}, gen.Entitlements[*principal]{}, []gen.Scheme[*principal]{sid}, nil)
	g := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: "sid"}}}})
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	w := answered()
	w.header.Set("Set-Cookie", "lang=en")
	gen.AdmitFasthttp(g, exchange(context.Background(), received("Cookie: sid=1"), w, nil))
	if got := w.header["Set-Cookie"]; w.status != 401 || len(got) != 2 || got[0] != "lang=en" || !strings.HasPrefix(got[1], "sid=; Path=/; ") {
		t.Errorf("%d %q", w.status, got)
	}
}

// TestIsNotFound: generated servers ask whether a handler found nothing, wrapped or not.
func TestIsNotFound(t *testing.T) {
	for err, want := range map[error]bool{nil: false, guard.NotFound(nil): true, fmt.Errorf("a: %w", guard.NotFound(nil)): true, guard.Forbidden(nil): false, http.ErrAbortHandler: false} {
		if gen.IsNotFound(err) != want {
			t.Errorf("%v: %t", err, !want)
		}
	}
}

// TestFasthttpPrivate: the field is set unless the application has set it.
func TestFasthttpPrivate(t *testing.T) {
	for before, want := range map[string][]string{"": {"private"}, "max-age=1": {"max-age=1"}} {
		w := answered()
		if before != "" {
			w.header.Set("Cache-Control", before)
		}
		g := fastGuard(t, guard.Options{PrivateResponses: true}, "agent", nil)
		if _, _, admitted := gen.AdmitFasthttp(g, exchange(context.Background(), received("User-Agent: a"), w, nil)); !admitted || !slices.Equal(w.header["Cache-Control"], want) {
			t.Errorf("%q: %q", before, w.header["Cache-Control"])
		}
	}
}

// TestFasthttpResource: the check, its denial, and the handler's own not-found are those of net/http.
func TestFasthttpResource(t *testing.T) {
	for _, test := range []struct {
		check   error
		missing bool // the handler finds nothing
		status  int
	}{
		{nil, false, 0}, {guard.Forbidden(nil), false, 404}, {guard.NotFound(nil), false, 404}, {nil, true, 404}, {guard.Unavailable(nil), false, 503},
	} {
		g := fastGuard(t, guard.Options{CallerInContext: true}, "bearer", func(op *guard.Operation) { op.Resource, op.Conceal = "ownsIt", guard.ConcealAsNotFound })
		r, w := received("Authorization: Bearer ann"), answered()
		ctx, _, _ := gen.AdmitFasthttp(g, exchange(context.Background(), r, w, nil))
		x := exchange(ctx, r, w, nil)
		served := gen.AdmitResourceFasthttp(g, x, func(ctx context.Context) error {
			if caller, _ := guard.CallerFrom[*principal](ctx); caller == nil || caller.name != "ann" {
				t.Errorf("the caller of the check: %v", caller)
			}
			return test.check
		})
		if test.missing {
			gen.WriteNotFoundFasthttp(x)
		}
		if served != (test.check == nil) || w.status != test.status {
			t.Errorf("%v: %t %d", test.check, served, w.status)
		}
	}
	w := answered()
	if gen.WriteNotFoundFasthttp(exchange(context.Background(), received(), w, nil)); w.status != 404 || w.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a request that no guard admitted: %d %v", w.status, w.header)
	}
}

// TestFasthttpAbort: nothing outside net/http recovers http.ErrAbortHandler.
func TestFasthttpAbort(t *testing.T) {
	w := answered()
	g := fastGuard(t, guard.Options{}, "bearer", func(op *guard.Operation) { op.Resource = "ownsIt" })
	if _, _, admitted := gen.AdmitFasthttp(g, exchange(context.Background(), received("Authorization: Bearer abort"), w, nil)); admitted || w.status != 500 {
		t.Errorf("an authenticator: %t %d", admitted, w.status)
	}
	w = answered()
	if gen.AdmitResourceFasthttp(g, exchange(context.Background(), received(), w, nil), func(context.Context) error { panic(http.ErrAbortHandler) }) || w.status != 500 {
		t.Errorf("a check: %d", w.status)
	}
}

// TestFasthttpAllocations: the exchange, and the copy of a field.
func TestFasthttpAllocations(t *testing.T) {
	someone := &principal{"ann"}
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*principal]{}, []gen.Scheme[*principal]{
		gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*principal, error) { return someone, nil }),
	}, nil)
	g := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: "bearer"}}}})
	r := &fixedRequest{[][]byte{[]byte("Bearer abcdefghijklmnopqrstuvwxyz0123456789")}, []byte("Authorization: x\r\n\r\n")}
	w := answered()
	if got := testing.AllocsPerRun(200, func() { gen.AdmitFasthttp(g, gen.Fasthttp(context.Background(), r, r, w, w, connection{})) }); got != 2 {
		t.Errorf("%v allocations", got)
	}
}

// fixedRequest allocates nothing.
type fixedRequest struct {
	lines [][]byte
	raw   []byte
}

func (r *fixedRequest) Method() []byte          { return nil }
func (r *fixedRequest) RequestURI() []byte      { return nil }
func (r *fixedRequest) RawHeaders() []byte      { return r.raw }
func (r *fixedRequest) IsBodyStream() bool      { return false }
func (r *fixedRequest) PeekAll(string) [][]byte { return r.lines }
func (r *fixedRequest) ContentLength() int      { return 0 }
func (r *fixedRequest) Body() []byte            { return nil }
func (r *fixedRequest) BodyStream() io.Reader   { return nil }

func (r *fixedRequest) SetBodyStream(io.Reader, int) {}
