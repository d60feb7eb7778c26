package guard_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
)

// exchange is a request of a framework that has nothing to do with net/http, and its answer.
type exchange struct {
	r       *http.Request
	status  int
	header  http.Header
	body    string
	cookies []string
	// pending are the fields that a function has written in its turn.
	pending []func(http.Header)
	refused error
}

func newExchange(r *http.Request) *exchange { return &exchange{r: r, header: http.Header{}} }

func (x *exchange) Context() context.Context              { return x.r.Context() }
func (x *exchange) FieldLines(name string) []string       { return slices.Clone(x.r.Header[name]) }
func (x *exchange) HTTPMethod() string                    { return x.r.Method }
func (x *exchange) Target() string                        { return x.r.RequestURI }
func (x *exchange) RawQuery() string                      { return x.r.URL.RawQuery }
func (x *exchange) ConnectionState() *tls.ConnectionState { return x.r.TLS }

func (x *exchange) Peer() string             { return x.r.RemoteAddr }
func (x *exchange) RefuseField(reason error) { x.refused = reason }
func (x *exchange) RefusedField() error      { return x.refused }
func (x *exchange) LoadBody(int64) error     { return nil }
func (x *exchange) LoadedBody() []byte       { return nil }
func (x *exchange) LostBody() bool           { return false }

func (x *exchange) WriteField(add bool, name, value string) {
	x.pending = append(x.pending, func(h http.Header) {
		if !add {
			h.Del(name)
		}
		h.Add(name, value)
	})
}

func (x *exchange) Settle(keep bool) {
	for _, write := range x.pending {
		if keep {
			write(x.header)
		}
	}
	x.pending, x.refused = nil, nil
}

func (x *exchange) Deny(a *answer.Answer) {
	x.status, x.body = a.Status, string(a.Content.Body)
	a.Fields(func(name string, values ...string) {
		x.header.Del(name)
		for _, v := range values {
			x.header.Add(name, v)
		}
	})
	x.cookies = a.Cookies()
}

// writeNotFound is guard.WriteNotFound for an exchange.
func writeNotFound(x answer.Exchange) {
	a := answer.NotFound(x)
	x.Deny(&a)
}

func (x *exchange) SetField(name, value string) {
	if x.header.Get(name) == "" {
		x.header.Set(name, value)
	}
}

// TestExchangeAgrees sends the whole table of behaviour through both doors.
func TestExchangeAgrees(t *testing.T) {
	for _, section := range behaviour {
		for _, row := range section.rows {
			want := (&world{}).serve(t, row.policy, request(row.has...))
			w := &world{}
			var event guard.Event
			w.options.OnDecision = func(_ context.Context, e guard.Event) { event = e }
			x := newExchange(request(row.has...))
			ctx, caller, admitted := w.linker().Guard(operation(row.policy)).AdmitExchange(x)
			got := ""
			if admitted {
				got = nameOf(caller)
			}
			what := fmt.Sprintf("%.200q to %q", row.has, row.policy)
			if ctx == nil || got != want.caller || admitted != (want.ran == 1) || event.Verdict != want.verdict {
				t.Errorf("%s: %q, %t, %s; net/http: %q, %s", what, got, admitted, event.Verdict, want.caller, want.verdict)
			}
			want.header.Del("Content-Length")
			if x.status != want.status || x.body != want.body || !reflect.DeepEqual(x.header, want.header) {
				t.Errorf("%s: %d %v %q; net/http: %d %v %q", what, x.status, x.header, x.body, want.status, want.header, want.body)
			}
		}
	}
}

func TestStaleFieldsOfAnExchangeGo(t *testing.T) {
	for _, test := range []struct {
		has  string
		want http.Header
	}{
		{"Authorization: Bearer unavailable", http.Header{"Retry-After": {"7"}, "X-Kept": {"kept"}}},
		{"Authorization: Bearer user", http.Header{"X-Kept": {"kept"}}},
	} {
		w := &world{options: guard.Options{RetryAfter: 7e9}}
		x := newExchange(request(test.has))
		for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Range", "Retry-After", "Www-Authenticate", "X-Kept"} {
			x.header.Set(name, "kept")
		}
		if _, _, admitted := w.linker().Guard(operation("bearer;admin")).AdmitExchange(x); admitted {
			t.Error("admitted")
		}
		for _, name := range []string{"Cache-Control", "X-Content-Type-Options", "Content-Type"} {
			x.header.Del(name)
		}
		if !reflect.DeepEqual(x.header, test.want) {
			t.Errorf("%s: %v, want %v", test.has, x.header, test.want)
		}
	}
}

// TestAdmit looks at the arguments of other frameworks' handlers.
func TestAdmit(t *testing.T) {
	for _, inContext := range []bool{false, true} {
		w := &world{options: guard.Options{CallerInContext: inContext}}
		g := w.linker().Guard(operation("bearer"))
		rec, r := httptest.NewRecorder(), request("Authorization: Bearer ann")
		admitted, who, ok := g.Admit(rec, r)
		known, found := guard.CallerFrom[*caller](admitted.Context())
		if !ok || nameOf(who) != "ann" || found != inContext || found && known.name != "ann" || rec.Body.Len() > 0 {
			t.Errorf("in the context: %t: %t %v %v %s", inContext, ok, who, known, rec.Body)
		}
		ctx, _, ok := g.AdmitExchange(newExchange(r))
		if _, found := guard.CallerFrom[*caller](ctx); !ok || found != inContext {
			t.Errorf("exchange, in the context: %t: %t %t", inContext, ok, found)
		}
		rec = httptest.NewRecorder()
		if _, who, ok := g.Admit(rec, request()); ok || rec.Code != 401 || who != (guard.Optional[*caller]{}) {
			t.Errorf("no credential: %t %d", ok, rec.Code)
		}
	}
}

func TestNilGuardDeniesEverywhere(t *testing.T) {
	var g *guard.Guard[*caller]
	x, rec := newExchange(request("Authorization: Bearer ann")), httptest.NewRecorder()
	_, _, exchanged := g.AdmitExchange(x)
	_, _, admitted := g.Admit(rec, request("Authorization: Bearer ann"))
	if exchanged || admitted || x.status != 500 || rec.Code != 500 {
		t.Errorf("%t %t %d %d", exchanged, admitted, x.status, rec.Code)
	}
}

// stringKeys is a context that knows no other keys, as gin's does.
type stringKeys struct {
	context.Context
	values map[string]any
}

func (c stringKeys) Value(key any) any {
	name, _ := key.(string)
	return c.values[name]
}

func TestCallerKey(t *testing.T) {
	carried := guard.ContextWithCaller(context.Background(), &caller{"ann"}).Value(gen.CallerKey)
	ctx := stringKeys{context.Background(), map[string]any{gen.CallerKey: carried}}
	if c, ok := guard.CallerFrom[*caller](ctx); !ok || c.name != "ann" {
		t.Errorf("the caller is lost: %v", c)
	}
	if c, ok := guard.CallerFrom[string](ctx); ok {
		t.Errorf("a caller of another type: %v", c)
	}
	forged := stringKeys{context.Background(), map[string]any{gen.CallerKey: &caller{"mallory"}}}
	if c, ok := guard.CallerFrom[*caller](forged); ok {
		t.Errorf("a caller that no guard made: %v", c)
	}
}

// TestAbortOfAnExchange: outside net/http nothing recovers http.ErrAbortHandler, which would end the process.
func TestAbortOfAnExchange(t *testing.T) {
	w := &world{}
	x := newExchange(request("Authorization: Bearer abort"))
	_, _, admitted := w.linker().Guard(operation("bearer")).AdmitExchange(x)
	if admitted || x.status != 500 || x.body != body500 {
		t.Errorf("authenticator: %t %d %s", admitted, x.status, x.body)
	}
	l := w.linker()
	op := operation("bearer")
	op.Resource = "owns"
	x = newExchange(request("Authorization: Bearer user"))
	if l.Guard(op).AdmitResourceExchange(x, func(context.Context) error { panic(http.ErrAbortHandler) }) || x.status != 500 {
		t.Errorf("check: %d %s", x.status, x.body)
	}
}
