package gen_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// asks makes a guard over a bearer scheme, and over hook, which signs a body of 8 bytes.
func asks(t *testing.T, ask func(guard.Request) error) *guard.Guard[*principal] {
	t.Helper()
	l := gen.NewLinker(guard.Options{OnDecision: func(context.Context, guard.Event) {}}, gen.Entitlements[*principal]{}, []gen.Scheme[*principal]{
		gen.APIKey("hook", gen.InHeader, "X-Hook", func(_ context.Context, k guard.APIKey) (*principal, error) {
			return &principal{"hook"}, ask(k.Request())
		}).WithSignedBody(8),
		gen.Bearer("bearer", func(_ context.Context, c guard.BearerToken) (*principal, error) {
			return &principal{"bearer"}, ask(c.Request())
		}),
	}, nil)
	g := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: "hook"}}, {{Scheme: "bearer"}}}})
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestFasthttpRequest: everything that is asked for is there, and is kept when the buffers are used again.
func TestFasthttpRequest(t *testing.T) {
	r := received("Authorization: Bearer t", "X-Line: one", "X-Line: two", "Cookie: a=1; b=2", "Cookie: a=3", "Host: example.com", "Content-Length: 3")
	r.target = "/op/1?q=1&q=%32"
	var kept []any
	g := asks(t, func(q guard.Request) error {
		kept = []any{q.Method(), q.Target(), q.Header("x-line"), q.Header("Host"), q.Header("Content-Length"), q.Query("q"), q.Cookies("a"), q.RemoteAddr(), q.TLS() == nil, q.Operation().ID, q.SignedBody() == nil}
		return nil
	})
	if _, _, ok := gen.AdmitFasthttp(g, exchange(context.Background(), r, answered(), nil)); !ok {
		t.Fatal("denied")
	}
	r.reuse()
	want := []any{"GET", "/op/1?q=1&q=%32", []string{"one", "two"}, []string{"example.com"}, []string{"3"}, []string{"1", "2"}, []string{"1", "3"}, "192.0.2.1:1234", true, "op", true}
	if !reflect.DeepEqual(kept, want) {
		t.Errorf("%v", kept)
	}
}

// TestFasthttpFields: fields are kept as on net/http, and taken back as there.
func TestFasthttpFields(t *testing.T) {
	const before, set = "X-Seen: a", "X-Seen: a b, Set-Cookie: c=1 d=2"
	for _, test := range []struct {
		fields string
		err    error
		status int
		want   string
	}{
		{"X-Seen=b|Set-Cookie=c=1|Set-Cookie=d=2", nil, 0, set},
		{"set X-Seen=b|Set-Cookie=c=1", nil, 0, "X-Seen: b, Set-Cookie: c=1"},
		{"set X-Seen=b|X-Seen=c|set X-Seen=d", nil, 0, "X-Seen: d"},
		{"X-Seen=b|Set-Cookie=c=1|Set-Cookie=d=2", guard.Invalid(nil), 401, set},
		{"X-Seen=b|Set-Cookie=c=1|Set-Cookie=d=2", guard.Unavailable(nil), 503, set},
		{"X-Seen=b|Content-Length=0", nil, 500, before},
		{"X-Seen=b|X-A=b\r\nX-B: c", guard.Invalid(nil), 500, before},
		{"X-Seen=b", http.ErrAbortHandler, 500, before},
	} {
		w := answered()
		w.header.Set("X-Seen", "a")
		g := asks(t, func(q guard.Request) error {
			for field := range strings.SplitSeq(test.fields, "|") {
				name, value, _ := strings.Cut(field, "=")
				if name, set := strings.CutPrefix(name, "set "); set {
					q.SetHeader(name, value)
				} else {
					q.AddHeader(name, value)
				}
			}
			if errors.Is(test.err, http.ErrAbortHandler) {
				panic(test.err)
			}
			return test.err
		})
		gen.AdmitFasthttp(g, exchange(context.Background(), received("Authorization: Bearer t"), w, nil))
		got := "X-Seen: " + strings.Join(w.header["X-Seen"], " ")
		if cookies := w.header["Set-Cookie"]; cookies != nil {
			got += ", Set-Cookie: " + strings.Join(cookies, " ")
		}
		if w.status != test.status || got != test.want || w.header.Get("X-A") != "" {
			t.Errorf("%q %v: %d %s; want %d %s", test.fields, test.err, w.status, got, test.status, test.want)
		}
	}
}

// TestFasthttpSignedBody: read whole by fasthttp, or by the guard where it is a stream.
func TestFasthttpSignedBody(t *testing.T) {
	hook, both := []string{"X-Hook: k"}, []string{"X-Hook: k", "Authorization: Bearer t"}
	for _, test := range []struct {
		title  string
		has    []string
		stream bool
		body   string
		length int
		status int
		handed string // what is left of a stream
	}{
		{"whole", hook, false, "12345678", 8, 0, ""},
		{"whole, too large", hook, false, "123456789", 9, 413, ""},
		{"whole, in chunks, too large", hook, false, "123456789", -1, 413, ""},
		{"stream", hook, true, "12345678", 8, 0, "12345678"},
		{"stream in chunks", hook, true, "12345678", -1, 0, "12345678"},
		{"stream, too large", hook, true, "123456789", 9, 413, "123456789"},
		{"stream in chunks, too large", hook, true, strings.Repeat("x", 100), -1, 413, strings.Repeat("x", 91)},
		{"stream ends early", hook, true, "1234", 8, 400, ""},
		{"too large, and another admits", both, true, "123456789", 9, 0, "123456789"},
		{"too large in chunks, and the rest cannot be handed on", both, true, strings.Repeat("x", 100), -1, 413, strings.Repeat("x", 91)},
	} {
		r, w := received(test.has...), answered()
		r.body, r.length, r.stream = []byte(test.body), test.length, test.stream
		if test.stream {
			r.from = iotest.OneByteReader(strings.NewReader(test.body))
		}
		seen := ""
		g := asks(t, func(q guard.Request) error {
			if body := q.SignedBody(); body != nil {
				seen = string(body)
				clear(body)
			}
			return nil
		})
		_, _, admitted := gen.AdmitFasthttp(g, exchange(context.Background(), r, w, nil))
		left := ""
		if test.stream {
			rest, _ := io.ReadAll(r.from)
			left = string(rest)
		}
		if admitted != (test.status == 0) || w.status != test.status || left != test.handed || string(r.body) != test.body || w.closed != (test.status != 0) {
			t.Errorf("%s: %t %d %q, closed %t", test.title, admitted, w.status, left, w.closed)
		}
		if admitted && len(test.has) == 1 && seen != test.body {
			t.Errorf("%s: %s", test.title, fmt.Sprintf("seen %q", seen))
		}
	}
}

// TestFasthttpSignedBodyTwice: two schemes sign the body, each up to a limit of its own. What the first left unread is
// nothing that the second could verify, and a client that has left is waited for by neither.
func TestFasthttpSignedBodyTwice(t *testing.T) {
	var seen []string
	key := func(name string, limit int64) gen.Scheme[*principal] {
		return gen.APIKey(name, gen.InHeader, "X-"+name, func(_ context.Context, k guard.APIKey) (*principal, error) {
			seen = append(seen, name+" "+string(k.Request().SignedBody()))
			return nil, guard.Invalid(nil)
		}).WithSignedBody(limit)
	}
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*principal]{}, []gen.Scheme[*principal]{key("Small", 4), key("Large", 8)}, nil)
	g := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: "Small"}}, {{Scheme: "Large"}}}})
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	left, leave := context.WithCancel(context.Background())
	leave()
	for _, test := range []struct {
		ctx    context.Context
		stream bool
		body   string
		length int
		status int
		want   []string
	}{
		{context.Background(), true, "1234", -1, 401, []string{"Small 1234", "Large 1234"}},
		{context.Background(), true, "123456", -1, 413, nil},
		{context.Background(), true, "123456", 6, 413, []string{"Large 123456"}},
		{context.Background(), false, "123456", 6, 413, []string{"Large 123456"}},
		{left, true, "1234", -1, 503, nil},
	} {
		r, w := received("X-Small: k", "X-Large: k"), answered()
		r.body, r.length, r.stream, seen = []byte(test.body), test.length, test.stream, nil
		if test.stream {
			r.from = iotest.OneByteReader(strings.NewReader(test.body))
		}
		if _, _, admitted := gen.AdmitFasthttp(g, exchange(test.ctx, r, w, nil)); admitted || w.status != test.status || !slices.Equal(seen, test.want) {
			t.Errorf("%v %t %q: %t %d %q", test.ctx, test.stream, test.body, admitted, w.status, seen)
		}
	}
}
