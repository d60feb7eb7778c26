package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// asking makes the guard of a policy over two bearer-like schemes and a cookie, whose functions call ask.
func asking(t testing.TB, op guard.Operation, options guard.Options, ask func(who string, r guard.Request) (*caller, error)) *guard.Guard[*caller] {
	t.Helper()
	key := func(name, header string) gen.Scheme[*caller] {
		return gen.APIKey(name, gen.InHeader, header, func(_ context.Context, k guard.APIKey) (*caller, error) { return ask(name, k.Request()) })
	}
	l := gen.NewLinker(options, gen.Entitlements[*caller]{HasRole: hasRole, HasScope: hasScope}, []gen.Scheme[*caller]{
		gen.Bearer("bearer", func(_ context.Context, c guard.BearerToken) (*caller, error) { return ask("bearer", c.Request()) }),
		gen.Basic("basic", func(_ context.Context, c guard.BasicCredentials) (*caller, error) { return ask("basic", c.Request()) }),
		gen.MutualTLS("cert", func(_ context.Context, c guard.ClientCertificate) (*caller, error) { return ask("cert", c.Request()) }),
		gen.HTTP("digest", "Digest", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) { return ask("digest", c.Request()) }, bare401),
		gen.DPoP("dpop", func(_ context.Context, c guard.DPoPToken) (*caller, error) { return ask("dpop", c.Request()) }, bare401),
		key("key", "X-API-Key"), key("key2", "X-Second"), key("key3", "X-Third"), key("key4", "X-Fourth"),
	}, []gen.Combination[*caller]{
		gen.Combine([]string{"key", "key2"}, func(ctx context.Context, callers []*caller) (*caller, error) {
			r, ok := guard.RequestFrom(ctx)
			if !ok || len(callers) != 2 || ctx.Value(key1{}) != "kept" {
				t.Errorf("combination: %t %v", ok, callers)
			}
			return ask("combination", r)
		}),
		gen.Combine([]string{"key", "key2", "key3", "key4"}, func(_ context.Context, callers []*caller) (*caller, error) {
			return callers[3], nil
		}),
	})
	g := l.Guard(op)
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

// asked sends a request through a guard whose functions call ask.
func asked(t testing.TB, op guard.Operation, ask func(who string, r guard.Request) (*caller, error), has ...string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	r := request(has...)
	r = r.WithContext(context.WithValue(r.Context(), key1{}, "kept"))
	asking(t, op, guard.Options{OnDecision: func(context.Context, guard.Event) {}}, ask).Wrap(discardCaller)(rec, r)
	return rec
}

func TestRequestIsSeen(t *testing.T) {
	credentials := map[string]string{
		"bearer": "Authorization: Bearer t", "basic": "Authorization: Basic YW5uOnB3", "cert": "cert=c", "digest": digest("ann"), "dpop": "Authorization: DPoP t", "key": "X-API-Key: k",
	}
	for scheme, has := range credentials {
		op, seen := operation(scheme+";admin/user"), 0
		asked(t, op, func(who string, r guard.Request) (*caller, error) {
			seen++
			got := fmt.Sprint(r.Method(), " ", r.Target(), r.Header("x-lines"), r.Header("Host"), r.Header("none") == nil, r.Query("q"), r.Query("none") == nil, r.Cookies("a"), r.RemoteAddr(), " ", r.TLS() != nil)
			want := fmt.Sprint(`PUT /op/1[one  two ] [example.com] true [1 &] true ["x" y]192.0.2.1:1234 `, scheme == "cert")
			if who != scheme || got != want || !reflect.DeepEqual(r.Operation(), op) || r.SignedBody() != nil {
				t.Errorf("%s:\n%s\n%s", scheme, got, want)
			}
			return &caller{"user"}, nil
		}, "PUT", "?q=1&q=%26&other=3", "X-Lines: one", "X-Lines:  two ", `Cookie: a="x"; b=2`, "Cookie: a=y", has, proof)
		if seen != 1 {
			t.Errorf("%s: asked %d times", scheme, seen)
		}
	}
}

// TestRequestFraming: servers treat the fields that frame a message differently, so they are read alike or not at all.
func TestRequestFraming(t *testing.T) {
	for _, test := range []struct {
		has  []string
		want string
	}{
		{[]string{"Content-Length: 3", "Content-Length: 3", "Host: other.example"}, "[] [] [3] [example.com]"},
		{[]string{"Transfer-Encoding: chunked", "Trailer: X-A"}, "[] [] [] [example.com]"},
		{[]string{"Content-Length: "}, "[] [] [] [example.com]"},
		{nil, "[] [] [] [example.com]"},
	} {
		rec := asked(t, operation("bearer"), func(_ string, r guard.Request) (*caller, error) {
			got := fmt.Sprint(r.Header("transfer-encoding"), " ", r.Header("trailer"), " ", r.Header("content-length"), " ", r.Header("host"))
			if got != test.want || (r.Header("Content-Length") == nil) != strings.Contains(test.want, "[] [] []") {
				t.Errorf("%q: %s; want %s", test.has, got, test.want)
			}
			return &caller{"user"}, nil
		}, append(test.has, "Authorization: Bearer t")...)
		if rec.Code != 200 {
			t.Errorf("%q: %d", test.has, rec.Code)
		}
	}
}

func TestRequestReadsStrictly(t *testing.T) {
	for _, test := range []struct {
		target, uri string
		want        string
	}{
		{"a=1&a=2", "", "[1 2]"}, {"a=%zz&a=2", "", "[]"}, {"b=%zz&a=2", "", "[]"}, {"a=1;b=2", "", "[]"}, {"a=+%2B", "", "[ +]"},
		{"a=1", "/op?a=1#b", "[]"}, {"a=1", "#?a=1", "[]"}, {"a=1&;", "", "[]"}, {";=&a=1", "", "[]"}, {"", "", "[]"}, {"a", "", "[]"}, {"a=", "", "[]"}, {"A=1", "", "[]"},
	} {
		r := request("Authorization: Bearer t", "?"+test.target)
		r.RequestURI = test.uri
		asking(t, operation("bearer"), guard.Options{}, func(_ string, r guard.Request) (*caller, error) {
			if got := fmt.Sprint(r.Query("a")); got != test.want {
				t.Errorf("%s %s: %s; want %s", test.target, test.uri, got, test.want)
			}
			return &caller{"user"}, nil
		}).Check(r)
	}
}

// Nobody can change the guard, or the request, through what it hands out.
func TestRequestIsACopy(t *testing.T) {
	op := operation("bearer(read)[x] | key[a/b];admin/user")
	op.Security[0][0].Scopes = []string{"user"}
	for range 2 {
		rec := asked(t, op, func(_ string, r guard.Request) (*caller, error) {
			o := r.Operation()
			o.Roles[0][0], o.Roles[0][1] = "none", "none"
			o.Security[0][0].Scopes[0], o.Security[1][0].Roles[0][0] = "none", "none"
			o.Security[1] = guard.Alternative{}
			r.Header("Accept")[0] = "changed"
			if r.Header("Accept")[0] != "x" {
				t.Error("the request was changed")
			}
			return &caller{"user"}, nil
		}, "Authorization: Bearer t", "Accept: x")
		if rec.Code != 200 {
			t.Fatalf("the guard was changed: %d", rec.Code)
		}
	}
}

// sets makes functions that set fields: "name=value" sets one, "+name=value" adds a line.
func sets(who map[string]string, err error) func(string, guard.Request) (*caller, error) {
	return func(name string, r guard.Request) (*caller, error) {
		for field := range strings.SplitSeq(who[name], "|") {
			key, value, _ := strings.Cut(field, "=")
			switch added, add := strings.CutPrefix(key, "+"); {
			case key == "":
			case add:
				r.AddHeader(added, value)
			default:
				r.SetHeader(key, value)
			}
		}
		if name == "bearer" && err != nil {
			return nil, err
		}
		if name == "key" && who["panics"] != "" {
			panic("after the fields")
		}
		return &caller{"user"}, nil
	}
}

func TestResponseFields(t *testing.T) {
	cookie := map[string]string{"bearer": "Set-Cookie=sid=; Max-Age=0|RateLimit-Limit=10|+X-Seen=b"}
	bad := func(field string) map[string]string {
		return map[string]string{"bearer": "Set-Cookie=lost|+X-Seen=lost|Vary=lost|" + field + "|+X-Last=lost"}
	}
	const kept = "X-Seen: a b, Set-Cookie: sid=; Max-Age=0, Ratelimit-Limit: 10, Vary: Origin"
	const none = "X-Seen: a, Vary: Origin"
	bearer := has("Authorization: Bearer t")
	for _, test := range []struct {
		title  string
		policy string
		has    []string
		fields map[string]string
		err    error
		status int
		want   string
	}{
		{"admitted", "bearer", bearer, cookie, nil, 200, kept},
		{"invalid", "bearer", bearer, cookie, guard.Invalid(nil), 401, kept},
		{"expired", "bearer", bearer, cookie, guard.Expired(nil), 401, kept},
		{"refused", "bearer", bearer, cookie, guard.Forbidden(nil), 403, kept},
		{"step-up", "bearer", bearer, cookie, guard.StepUp{}, 401, kept},
		{"unavailable", "bearer", bearer, cookie, guard.Unavailable(nil), 503, kept},
		{"unclassified", "bearer", bearer, cookie, errPlain, 500, kept},
		{"role", "bearer;admin", bearer, cookie, nil, 403, kept},
		{"scope", "bearer(read)", bearer, cookie, nil, 403, kept},
		{"not asked", "bearer", nil, cookie, nil, 401, none},
		{"another admits", "bearer | key", has("Authorization: Bearer t", "X-API-Key: k"), cookie, guard.Invalid(nil), 200, kept},
		{"replaced", "bearer", bearer, map[string]string{"bearer": "X-Seen=b|X-Seen=c"}, nil, 200, "X-Seen: c, Vary: Origin"},
		{"name in any case, HTAB", "bearer", bearer, map[string]string{"bearer": "x-sEEn=b\tc"}, nil, 200, "X-Seen: b\tc, Vary: Origin"},
		{"empty", "bearer", bearer, map[string]string{"bearer": "X-Seen="}, nil, 200, "X-Seen: , Vary: Origin"},
		{"CR LF", "bearer", bearer, bad("X-A=b\r\nSet-Cookie: c"), nil, 500, none},
		{"LF in an added line", "bearer", bearer, bad("+X-A=b\nc"), nil, 500, none},
		{"NUL", "bearer", bearer, bad("X-A=\x00"), nil, 500, none},
		{"DEL", "bearer", bearer, bad("X-A=\x7f"), nil, 500, none},
		{"not ASCII", "bearer", bearer, bad("X-A=ä"), nil, 500, none},
		{"not UTF-8", "bearer", bearer, bad("X-A=\xff"), nil, 500, none},
		{"name of two words", "bearer", bearer, bad("X A=b"), nil, 500, none},
		{"no name", "bearer", bearer, bad("+=b"), nil, 500, none},
		{"name with CR LF", "bearer", bearer, bad("X-A\r\nX-B=b"), nil, 500, none},
		{"the journal", "bearer", bearer, bad("guard: journal=b"), nil, 500, none},
		{"bad, and denied anyway", "bearer", bearer, bad("Content-Type=x"), guard.Invalid(nil), 500, none},
		{"bad, and another admits", "bearer | key", has("Authorization: Bearer t", "X-API-Key: k"), bad("Content-Type=x"), nil, 200, none},
		{"the other's fields stay", "key | bearer;admin", has("Authorization: Bearer t", "X-API-Key: k"), map[string]string{"key": "X-Key=k", "bearer": "X-A=b|Date=x"}, nil, 500, "X-Seen: a, X-Key: k, Vary: Origin"},
		{"panic", "key", has("X-API-Key: k"), map[string]string{"key": "X-Seen=lost|+Set-Cookie=lost", "panics": "yes"}, nil, 500, none},
		{"panic, and another admits", "key | bearer", has("Authorization: Bearer t", "X-API-Key: k"), map[string]string{"key": "X-Seen=lost", "bearer": "X-A=b", "panics": "yes"}, nil, 200, "X-Seen: a, X-A: b, Vary: Origin"},
		{"combination", "key & key2", has("X-API-Key: k", "X-Second: k"), map[string]string{"key": "+X-Seen=b", "combination": "+X-Seen=c"}, nil, 200, "X-Seen: a b c, Vary: Origin"},
		{"combination, bad", "key & key2", has("X-API-Key: k", "X-Second: k"), map[string]string{"key": "+X-Seen=b", "combination": "+X-Seen=c|Upgrade=h2c"}, nil, 500, "X-Seen: a b, Vary: Origin"},
	} {
		rec := httptest.NewRecorder()
		rec.Header()["X-Seen"], rec.Header()["Vary"] = []string{"a"}, []string{"Origin"}
		r := request(test.has...)
		r = r.WithContext(context.WithValue(r.Context(), key1{}, "kept"))
		asking(t, operation(test.policy), guard.Options{OnDecision: func(context.Context, guard.Event) {}}, sets(test.fields, test.err)).Wrap(discardCaller)(rec, r)
		if got := others(rec.Header()); rec.Code != test.status || got != test.want {
			t.Errorf("%s: %d %q; want %d %q", test.title, rec.Code, got, test.status, test.want)
		}
	}
}

// others are the fields that do not belong to a denial.
func others(h http.Header) string {
	h = h.Clone()
	for _, name := range []string{"Www-Authenticate", "Cache-Control", "X-Content-Type-Options", "Content-Type", "Content-Length"} {
		h.Del(name)
	}
	var out []string
	for _, name := range []string{"X-Seen", "X-Key", "X-A", "Set-Cookie", "Ratelimit-Limit", "Vary"} {
		if values, ok := h[name]; ok {
			out = append(out, name+": "+strings.Join(values, " "))
		}
		h.Del(name)
	}
	if len(h) > 0 {
		out = append(out, fmt.Sprint(h))
	}
	return strings.Join(out, ", ")
}

// The fields of the guard, of the framing and of the handler are nobody else's.
func TestReservedFields(t *testing.T) {
	for _, name := range []string{
		"WWW-Authenticate", "Proxy-Authenticate", "DPoP-Nonce", "Retry-After", "Cache-Control", "X-Content-Type-Options", "ETag", "Last-Modified", "Allow", "Location",
		"Date", "Connection", "Proxy-Connection", "Keep-Alive", "Transfer-Encoding", "Trailer", "Upgrade", "Content-Type", "content-length", "Content-Encoding", "Content-Range", "Content-Security-Policy",
	} {
		for _, add := range []bool{false, true} {
			d := asking(t, operation("bearer"), guard.Options{}, func(_ string, r guard.Request) (*caller, error) {
				if add {
					r.AddHeader(name, "secret")
				} else {
					r.SetHeader(name, "secret")
				}
				return &caller{"user"}, nil
			}).Check(request("Authorization: Bearer t"))
			reason := text(d.Err())
			if d.Verdict() != fault || !strings.Contains(strings.ToLower(reason), strings.ToLower(name)) || strings.Contains(reason, "secret") {
				t.Errorf("%s: %s %s", name, d.Verdict(), reason)
			}
		}
	}
}

// An authenticator that recovers from everything cannot hide a field that is not its to set.
func TestFaultCannotBeRecovered(t *testing.T) {
	rec := asked(t, operation("bearer"), func(_ string, r guard.Request) (*caller, error) {
		defer func() { _ = recover() }()
		r.SetHeader("X-A", "lost")
		r.SetHeader("Content-Length", "0")
		r.SetHeader("X-A", "lost")
		return &caller{"user"}, nil
	}, "Authorization: Bearer t")
	if rec.Code != 500 || rec.Header().Get("X-A") != "" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

// The checks' fields are settled as authenticators' are, and handlers set theirs at once.
// TestContextPrints: a context with a request says that it has one, and nothing of it.
func TestContextPrints(t *testing.T) {
	op := operation("bearer")
	op.Conceal = guard.ConcealAsNotFound
	asking(t, op, guard.Options{CallerInContext: true}, sets(nil, nil)).Wrap(func(_ http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
		inner := context.WithValue(r.Context(), key1{}, "x")
		if got := fmt.Sprint(inner); strings.Contains(got, "hush") || got == fmt.Sprint(context.WithValue(context.Background(), key1{}, "x")) {
			t.Errorf("%s", got)
		}
		if got := fmt.Sprintf("%v %+v %s", r.Context(), r.Context(), r.Context()); strings.Contains(got, "hush") || strings.TrimSpace(got) == "" {
			t.Errorf("%q", got)
		}
	})(httptest.NewRecorder(), request("Authorization: Bearer hush"))
}

func TestRequestFromInChecksAndHandlers(t *testing.T) {
	op := operation("bearer")
	op.Resource = "ownsIt"
	for _, test := range []struct {
		check, handler map[string]string
		err            error
		status         int
		want           string
	}{
		{map[string]string{"check": "+X-Seen=b"}, nil, nil, 200, "X-Seen: a b"},
		{map[string]string{"check": "+X-Seen=b"}, nil, guard.Forbidden(nil), 403, "X-Seen: a b"},
		{map[string]string{"check": "+X-Seen=b|Content-Type=x"}, nil, nil, 500, "X-Seen: a"},
		{map[string]string{"check": "X-Seen=b"}, nil, errPanic, 500, "X-Seen: a"},
		{map[string]string{"check": "X-A=b"}, map[string]string{"handler": "+x-seen=c|content-type=x|location=/|x-key=k"}, nil, 200, "X-Seen: a c, X-Key: k, X-A: b"},
	} {
		rec := httptest.NewRecorder()
		rec.Header()["X-Seen"] = []string{"a"}
		options := guard.Options{OnDecision: func(context.Context, guard.Event) {}}
		g := asking(t, op, options, sets(nil, nil))
		g.Wrap(func(w http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
			if g.AdmitResource(w, r, func(ctx context.Context) error {
				asks, ok := guard.RequestFrom(ctx)
				if _, err := sets(test.check, nil)("check", asks); err != nil || !ok || asks.Method() != "GET" || asks.Operation().Resource != "ownsIt" {
					t.Errorf("the check: %v %t", err, ok)
				}
				if errors.Is(test.err, errPanic) {
					panic("check")
				}
				return test.err
			}) {
				late, ok := guard.RequestFrom(r.Context())
				if _, err := sets(test.handler, nil)("handler", late); err != nil || !ok {
					t.Errorf("the handler: %v %t", err, ok)
				}
			}
		})(rec, request("Authorization: Bearer t"))
		if got := others(rec.Header()); rec.Code != test.status || got != test.want {
			t.Errorf("%v: %d %q; want %d %q", test.check, rec.Code, got, test.status, test.want)
		}
	}
	if r, ok := guard.RequestFrom(context.Background()); ok || r.Method() != "" || r.Header("X") != nil || r.Operation().ID != "" || r.SignedBody() != nil || r.TLS() != nil || r.Target() != "" || r.RemoteAddr() != "" {
		t.Error("a request from nowhere")
	}
}

var errPanic = errors.New("panic")

// A context that knows only strings as keys has the request behind the caller.
func TestRequestFromStringKeys(t *testing.T) {
	op := operation("bearer")
	op.Conceal = guard.ConcealAsNotFound
	asking(t, op, guard.Options{CallerInContext: true}, sets(nil, nil)).Wrap(func(_ http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
		ctx := stringKeys{context.Background(), map[string]any{gen.CallerKey: r.Context().Value(gen.CallerKey)}}
		if got, ok := guard.RequestFrom(ctx); !ok || got.Method() != "GET" {
			t.Error("no request")
		}
	})(httptest.NewRecorder(), request("Authorization: Bearer t"))
}

// Check has no response: fields are dropped, and still judged.
func TestFieldsOfCheck(t *testing.T) {
	for field, want := range map[string]verdict.Verdict{"X-A=b": allow, "Set-Cookie=sid=1": allow, "Content-Type=b": fault, "X-A=b\r\n": fault} {
		d := asking(t, operation("bearer"), guard.Options{}, sets(map[string]string{"bearer": field}, nil)).Check(request("Authorization: Bearer t"))
		if d.Verdict() != want {
			t.Errorf("%s: %s %v", field, d.Verdict(), d.Err())
		}
	}
}

// What is kept beside the fields never reaches a client, even if a request is used too late.
func TestRequestUsedTooLate(t *testing.T) {
	var late guard.Request
	g := asking(t, operation("bearer"), guard.Options{}, func(_ string, r guard.Request) (*caller, error) {
		late = r
		return &caller{"user"}, nil
	})
	server := httptest.NewServer(g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {
		late.SetHeader("X-Late", "set")
		late.SetHeader("X-Bad\n", "dropped")
	}))
	defer server.Close()
	r, _ := http.NewRequest("GET", server.URL, nil)
	r.Header.Set("Authorization", "Bearer t")
	res, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	res.Header.Del("Date")
	res.Header.Del("Content-Length")
	if want := (http.Header{"X-Late": {"set"}}); !reflect.DeepEqual(res.Header, want) {
		t.Errorf("%v", res.Header)
	}
}

// A combination of many costs the same as one of two, but for the slice.
func TestAllocationsOfRequests(t *testing.T) {
	someone := &caller{"user"}
	quiet := func(string, guard.Request) (*caller, error) { return someone, nil }
	for _, test := range []struct {
		policy string
		has    []string
		ask    func(string, guard.Request) (*caller, error)
		want   float64
	}{
		{"bearer", has("Authorization: Bearer t"), quiet, 0},
		{"bearer", has("Authorization: Bearer t"), func(_ string, r guard.Request) (*caller, error) {
			if r.Method() != "GET" || r.TLS() != nil || r.RemoteAddr() == "" || r.Target() == "" {
				t.Error("asked")
			}
			return someone, nil
		}, 0},
		{"bearer", has("Authorization: Bearer t"), func(_ string, r guard.Request) (*caller, error) {
			r.Header("Authorization")
			return someone, nil
		}, 1},
		{"key & key2 & key3 & key4", has("X-API-Key: k", "X-Second: k", "X-Third: k", "X-Fourth: k"), quiet, 2},
	} {
		h := asking(t, operation(test.policy), guard.Options{}, test.ask).Wrap(discardCaller)
		w, r := &discard{http.Header{}}, request(test.has...)
		if got := testing.AllocsPerRun(200, func() { h(w, r) }); got != test.want {
			t.Errorf("%s: %v allocations; want %v", test.policy, got, test.want)
		}
	}
	l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.APIKey("key", gen.InHeader, "X-API-Key", func(context.Context, guard.APIKey) (*caller, error) { return someone, nil }),
		gen.APIKey("key2", gen.InHeader, "X-Second", func(context.Context, guard.APIKey) (*caller, error) { return someone, nil }),
	}, []gen.Combination[*caller]{gen.Combine([]string{"key", "key2"}, func(_ context.Context, callers []*caller) (*caller, error) { return callers[0], nil })})
	h := l.Guard(operation("key & key2")).Wrap(discardCaller)
	w, r := &discard{http.Header{}}, request("X-API-Key: k", "X-Second: k")
	if got := testing.AllocsPerRun(200, func() { h(w, r) }); got != 1 {
		t.Errorf("a combination: %v allocations; want 1", got)
	}
}
