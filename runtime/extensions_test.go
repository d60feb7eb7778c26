package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TestOpaque: credentials without the grammar of RFC 9110, of an http scheme and of a bearer token.
func TestOpaque(t *testing.T) {
	var secret, param string
	linker := gen.NewLinker(guard.Options{MaxCredentialBytes: 100}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.HTTP("aws", "AWS4-HMAC-SHA256", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
			secret = c.Secret()
			param, _ = c.Param("Credential")
			return &caller{c.Token68()}, nil
		}, bare401).Opaque(),
		gen.HTTP("digest", "Digest", func(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
			secret = c.Secret()
			return &caller{}, nil
		}, bare401).Opaque(),
		gen.Bearer("perm", func(_ context.Context, c guard.BearerToken) (*caller, error) {
			secret = c.Secret()
			return &caller{}, nil
		}).Opaque(),
	}, nil)
	guards := map[string]*guard.Guard[*caller]{}
	for _, name := range []string{"aws", "digest", "perm"} {
		guards[name] = linker.Guard(operation(name))
	}
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	const signed = "Credential=AKID/20260101/eu/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=0a1b"
	for _, test := range []struct {
		scheme, line string
		verdict      verdict.Verdict
		secret       string
	}{
		{"aws", "AWS4-HMAC-SHA256 " + signed, allow, signed},
		{"aws", "aws4-hmac-sha256   " + signed + " ", allow, signed},
		{"aws", "AWS4-HMAC-SHA256 a", allow, "a"},
		{"aws", "AWS4-HMAC-SHA256", malformed, ""},
		{"aws", "AWS4-HMAC-SHA256:" + signed, malformed, ""},
		{"aws", "AWS4-HMAC-SHA256\t" + signed, malformed, ""},
		{"aws", "AWS4-HMAC-SHA256 a\tb", malformed, ""},
		{"aws", "AWS4-HMAC-SHA256 \u00e9", malformed, ""},
		{"aws", "AWS4-HMAC-SHA256 " + strings.Repeat("a", 101), malformed, ""},
		{"aws", "AWS4-HMAC-SHA256x " + signed, absent, ""},
		{"aws", "Bearer perm:a", absent, ""},
		{"digest", `Digest "`, allow, `"`},
		{"perm", "Bearer perm:YWJj.c2NvcGU=.1,x", allow, "perm:YWJj.c2NvcGU=.1,x"},
		{"perm", "Bearer a b", allow, "a b"},
		{"perm", "Bearer:a", malformed, ""},
	} {
		secret = ""
		d := guards[test.scheme].Check(request("Authorization: " + test.line))
		if d.Verdict() != test.verdict || secret != test.secret {
			t.Errorf("%s: %q: %s %q; want %s %q", test.scheme, test.line, d.Verdict(), secret, test.verdict, test.secret)
		}
	}
	if _ = guards["aws"].Check(request("Authorization: AWS4-HMAC-SHA256 Credential=a,b")); param != "a" {
		t.Errorf("the parameter is %q", param)
	}
	if c, err := guardtest.OpaqueCredentials("AWS4-HMAC-SHA256", signed, "GET", "/"); err != nil || c.Secret() != signed || c.Scheme() != "AWS4-HMAC-SHA256" {
		t.Errorf("%v %v", c, err)
	}
	for _, text := range []string{"", " a", "a\n"} {
		if _, err := guardtest.OpaqueCredentials("AWS4-HMAC-SHA256", text, "GET", "/"); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
	if _, err := guardtest.OpaqueCredentials("AWS4-HMAC-SHA256", "a", "GET", "/"); err != nil {
		t.Error(err)
	}
}

// TestExtensionsHaveTheirPlace: a scheme that cannot have an extension is a mistake.
func TestExtensionsHaveTheirPlace(t *testing.T) {
	w := &world{}
	basic := gen.Basic("s", func(context.Context, guard.BasicCredentials) (*caller, error) { return nil, nil })
	for want, scheme := range map[string]gen.Scheme[*caller]{
		"only http schemes and bearer tokens can be Opaque":    basic.Opaque(),
		"only API keys in cookies can TryDuplicates":           w.key("s", gen.InHeader, "X-API-Key").TryDuplicates(),
		"only API keys in cookies can TryDuplicates ":          basic.TryDuplicates(),
		"only http schemes and bearer tokens can be Opaque   ": w.key("s", gen.InCookie, "a").Opaque(),
	} {
		err := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{scheme}, nil).Err()
		if err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("%v; want %s", err, want)
		}
	}
	op := operation("bearer")
	op.InvalidIsAnonymous = true
	l := w.linker()
	if l.Guard(op); l.Err() == nil || !strings.Contains(l.Err().Error(), "no {}") {
		t.Errorf("%v", l.Err())
	}
	for want, cookie := range map[string]http.Cookie{
		`no scheme reads the cookie "other"`: {Name: "other"}, "invalid Cookie.Domain": {Name: "sid", Domain: "a b"}, "invalid Cookie.Name": {},
	} {
		err := (&world{options: guard.Options{ClearCookies: []http.Cookie{cookie}}}).linker().Err()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

// TestSeveralCookies is section 2 on twin cookies, row by row; the laws have them at random.
func TestSeveralCookies(t *testing.T) {
	long := strings.Repeat("x", sixteenKiB+1)
	for _, test := range []struct {
		policy  string
		has     []string
		verdict verdict.Verdict
		caller  string
		calls   string
	}{
		{"cookie", has("Cookie: sid=a; sid=a"), allow, "a", "cookie"},
		{"cookie", has("Cookie: sid=a; sid=invalid"), allow, "a", "cookie cookie"},
		{"cookie", has("Cookie: sid=invalid", "Cookie: sid=a"), allow, "a", "cookie cookie"},
		{"cookie", has("Cookie: sid=; sid=a"), allow, "a", "cookie"},
		{"cookie", has("Cookie: sid=; sid="), absent, "", ""},
		{"cookie", has("Cookie: sid=a; sid=b"), ambiguous, "", "cookie cookie"},
		{"cookie", has("Cookie: sid=invalid; sid=expired"), invalid, "", "cookie cookie"},
		{"cookie", has("Cookie: sid=expired; sid=" + long), expired, "", "cookie"},
		{"cookie", has("Cookie: sid=a; sid=" + long), allow, "a", "cookie"},
		{"cookie", has("Cookie: sid=" + long + "; sid=" + long[1:]), allow, long[1:], "cookie"},
		{"cookie", has("Cookie: sid=a; sid=error"), allow, "a", "cookie cookie"},
		{"cookie", has("Cookie: sid=a; sid=panic"), allow, "a", "cookie cookie"},
		{"cookie", has("Cookie: sid=panic; sid=a"), allow, "a", "cookie cookie"},
		{"cookie", has("Cookie: sid=panic; sid=invalid"), fault, "", "cookie cookie"},
		{"cookie", has("Cookie: sid=1; sid=2; sid=3; sid=4; sid=5"), ambiguous, "", ""},
		{"cookie", has("Cookie: sid=invalid; sid=expired; sid=nonce; sid=a; sid=a; sid=invalid; sid="), allow, "a", "cookie cookie cookie cookie"},
		{"cookie[admin]", has("Cookie: sid=invalid; sid=admin"), allow, "admin", "cookie cookie"},
		{"{} | cookie", has("Cookie: sid=invalid; sid=expired"), invalid, "", "cookie cookie"},
		{"cookie | cookie[admin]", has("Cookie: sid=invalid; sid=a"), allow, "a", "cookie cookie"},
		{"key | cookie", has("Cookie: sid=a; sid=b", "X-API-Key: k"), allow, "k", "key"},
		{"bearer & key & cookie", has("Cookie: sid=a; sid=invalid"), absent, "", ""},
		{"bearer & key & cookie", has("Cookie: sid=a; sid=" + long), absent, "", ""},
		{"bearer & key & cookie", has("Cookie: sid=" + long + "; sid=y" + long), malformed, "", ""}, // known without an authenticator
	} {
		got := (&world{terms: terms{several: true}}).serve(t, test.policy, request(test.has...))
		if got.verdict != test.verdict || got.caller != test.caller || got.calls != test.calls || got.events != 1 {
			t.Errorf("%.80q to %s: %s %.20q, calls %q; want %s %.20q, %q", test.has, test.policy, got.verdict, got.caller, got.calls, test.verdict, test.caller, test.calls)
		}
		if (got.event.Reason == nil) != (test.verdict == allow) {
			t.Errorf("%.80q to %s: %s because of %v", test.has, test.policy, got.verdict, got.event.Reason)
		}
	}
}

// TestInvalidIsAnonymous: what counts as none, and what does not.
func TestInvalidIsAnonymous(t *testing.T) {
	for _, test := range []struct {
		policy  string
		has     []string
		verdict verdict.Verdict
	}{
		{"bearer | {}", has("Authorization: Bearer invalid"), allow},
		{"bearer | {}", has("Authorization: Bearer expired"), allow},
		{"bearer | cookie | {}", has("Authorization: Bearer expired", "Cookie: sid=invalid"), allow},
		{"bearer | {}", has("Authorization: Bearer ="), malformed},
		{"bearer | {}", has("Authorization: Bearer a", "Authorization: Bearer b"), ambiguous},
		{"bearer | {}", has("Authorization: Bearer forbidden"), refused},
		{"bearer | {}", has("Authorization: Bearer unavailable"), unavailable},
		{"bearer | {}", has("Authorization: Bearer throttled"), throttled},
		{"bearer | {}", has("Authorization: Bearer error"), fault},
		{"bearer | {}", has("Authorization: Bearer stepup"), stepUp},
		{"bearer[admin] | {}", has("Authorization: Bearer user"), noRole},
		{"dpop | {}", has("Authorization: DPoP nonce", proof), invalid}, // its client has to learn the nonce
		{"bearer | {}", has("Authorization: Bearer nonce"), allow},      // where there is no proof, it is only invalid
		{"dpop | {}", has("Authorization: DPoP invalid", proof), allow},
		{"bearer | key | {}", has("Authorization: Bearer invalid", "X-API-Key: forbidden"), refused},
		{"bearer & key | {}", has("Authorization: Bearer invalid"), absent}, // half of an alternative, and never asked
		{"bearer & key | {}", has("Authorization: Bearer invalid", "X-API-Key: expired"), allow},
		{"bearer & key | {}", has("Authorization: Bearer invalid", "X-API-Key: user"), invalid},
	} {
		op := operation(test.policy)
		op.InvalidIsAnonymous = true
		l := (&world{}).linker()
		d := l.Guard(op).Check(request(test.has...))
		if _, known := d.Caller().Get(); l.Err() != nil || d.Verdict() != test.verdict || known {
			t.Errorf("%q to %s: %s; want %s %v", test.has, test.policy, d.Verdict(), test.verdict, l.Err())
		}
	}
	for scheme, want := range map[string]verdict.Verdict{"bearer": allow, "key": invalid} {
		w := &world{terms: terms{stale: map[string]bool{scheme: true}}}
		if got := w.serve(t, "bearer | {} | key", request("Authorization: Bearer invalid")); got.verdict != want {
			t.Errorf("%s: %s; want %s", scheme, got.verdict, want)
		}
	}
}

// TestTooManyRequests: the field on the wire, and what is a fault.
func TestTooManyRequests(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		want   string
	}{
		{guard.TooManyRequests(time.Minute, nil), 429, "60"},
		{guard.TooManyRequests(1, errPlain), 429, "1"},
		{guard.TooManyRequests(0, errPlain), 429, ""},
		{guard.TooManyRequests(-1, errPlain), 500, ""},
		{wrap(guard.TooManyRequests(1500*time.Millisecond, nil)), 429, "2"},
		{errors.Join(guard.Invalid(nil), guard.TooManyRequests(time.Second, nil), guard.TooManyRequests(time.Hour, nil)), 429, "1"},
		{errors.Join(guard.TooManyRequests(time.Second, nil), guard.Unavailable(nil)), 503, "7"},
		{guard.TooManyRequests(time.Second, guard.Unavailable(nil)), 503, "7"},
	} {
		l := gen.NewLinker(guard.Options{RetryAfter: 7 * time.Second}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
			gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) { return nil, test.err }),
		}, nil)
		rec := httptest.NewRecorder()
		l.Guard(operation("bearer")).Wrap(discardCaller)(rec, request("Authorization: Bearer a"))
		if got := rec.Header().Get("Retry-After"); rec.Code != test.status || got != test.want || rec.Header()["Www-Authenticate"] != nil {
			t.Errorf("%v: %d %v; want %d %q", test.err, rec.Code, rec.Header(), test.status, test.want)
		}
	}
	if !errors.Is(guard.TooManyRequests(0, errPlain), errPlain) || guard.TooManyRequests(0, nil).Error() != "throttled" {
		t.Error("the error does not lead to its cause")
	}
}

// TestClearCookies: which denials clear which cookies, beside those that somebody else sets.
func TestClearCookies(t *testing.T) {
	const first = "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
	const second = "sid=; Path=/app; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0"
	options := guard.Options{ClearCookies: []http.Cookie{
		{Name: "sid", Value: "secret", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode, MaxAge: 3600},
		{Name: "sid", Path: "/app", Domain: "example.com"},
	}}
	for _, test := range []struct {
		policy string
		has    []string
		clears bool
	}{
		{"cookie", has("Cookie: sid=invalid"), true},
		{"cookie", has("Cookie: sid=expired"), true},
		{"cookie", has("Cookie: sid=a; sid=b"), true},
		{"cookie", has("Cookie: sid=" + strings.Repeat("x", sixteenKiB+1)), true},
		{"cookie | bearer", has("Cookie: sid=invalid", "Authorization: Bearer invalid"), true},
		{"cookie | dpop", has("Cookie: sid=invalid", "Authorization: DPoP nonce", proof), true},
		{"cookie", has(), false},
		{"cookie", has("Cookie: sid=forbidden"), false},
		{"cookie", has("Cookie: sid=unavailable"), false},
		{"cookie", has("Cookie: sid=throttled"), false},
		{"cookie[admin]", has("Cookie: sid=user"), false},
		{"cookie", has("Cookie: sid=user"), false},
		{"cookie | bearer", has("Authorization: Bearer invalid"), false},
		{"cookie | bearer[admin]", has("Cookie: sid=invalid", "Authorization: Bearer user"), false},
		{"key", has("X-API-Key: invalid"), false},
	} {
		g := (&world{options: options}).linker().Guard(operation(test.policy))
		rec, x := httptest.NewRecorder(), newExchange(request(test.has...))
		rec.Header().Add("Set-Cookie", "own=1")
		g.Wrap(discardCaller)(rec, request(test.has...))
		g.AdmitExchange(x)
		want := []string{"own=1"}
		if test.clears {
			want = append(want, first, second)
		}
		if got := rec.Header()["Set-Cookie"]; !slices.Equal(got, want) || !slices.Equal(x.cookies, want[1:]) {
			t.Errorf("%.60q to %s: %q; exchange %q; want %q", test.has, test.policy, got, x.cookies, want)
		}
	}
	op := operation("cookie")
	op.Conceal, options.ConcealFromAnonymous = guard.ConcealAsNotFound, true
	rec := httptest.NewRecorder()
	(&world{options: options}).linker().Guard(op).Wrap(discardCaller)(rec, request("Cookie: sid=invalid"))
	if rec.Code != 404 || rec.Header()["Set-Cookie"] != nil {
		t.Errorf("a concealed denial clears a cookie: %d %v", rec.Code, rec.Header())
	}
}

// TestCodes: the word that the application chose, in the document and for DenialBody.
func TestCodes(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		body   string
		denial string
	}{
		{guard.Forbidden(guard.Detail("Suspended.").WithCode("account_suspended")), 403, `"detail":"Suspended.","code":"account_suspended"}`, "Suspended. account_suspended"},
		{wrap(guard.Forbidden(wrap(guard.Detail("").WithCode("billing:past-due")))), 403, `"detail":"The caller may not do this.","code":"billing:past-due"}`, " billing:past-due"},
		{guard.Forbidden(guard.Detail("Suspended.").WithCode("")), 403, `"detail":"Suspended."}`, "Suspended. "},
		{guard.Forbidden(guard.Detail("").WithCode("")), 403, `"detail":"The caller may not do this."}`, " "},
		{guard.Forbidden(guard.Detail("a").WithCode("a b")), 500, `"status":500,"detail":"The request could not be authorized."}`, " "},
		{guard.Forbidden(guard.Detail("a").WithCode("a\"")), 500, `"status":500,"detail":"The request could not be authorized."}`, " "},
		{guard.Forbidden(guard.Detail("a\n").WithCode("a")), 500, `"status":500,"detail":"The request could not be authorized."}`, " "},
		{guard.Invalid(guard.Detail("a").WithCode("a")), 401, `"detail":"The request needs valid credentials."}`, " "},
	} {
		for _, custom := range []bool{false, true} {
			var options guard.Options
			want := test.body + "\n"
			if custom {
				want = test.denial + " [text/html a/b;q=0.5]"
				options.DenialBody = func(_ context.Context, d guard.Denial) (string, []byte) {
					return "text/plain", []byte(d.Detail + " " + d.Code + " [" + strings.Join(d.Accept, " ") + "]")
				}
			}
			l := gen.NewLinker(options, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
				gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) { return nil, test.err }),
			}, nil)
			r := request("Authorization: Bearer a", "Accept: text/html", "Accept: a/b;q=0.5")
			rec, x := httptest.NewRecorder(), newExchange(r)
			l.Guard(operation("bearer")).Wrap(discardCaller)(rec, r)
			l.Guard(operation("bearer")).AdmitExchange(x)
			if rec.Code != test.status || !strings.HasSuffix(rec.Body.String(), want) || x.body != rec.Body.String() {
				t.Errorf("%v: %d %s%s; want %d %s", test.err, rec.Code, rec.Body, x.body, test.status, want)
			}
		}
	}
	var d guard.Detail
	if err := wrap(guard.Detail("text").WithCode("code")); !errors.As(err, &d) || d != "text" || !strings.Contains(err.Error(), "text") {
		t.Errorf("%v leads to the detail %q", err, d)
	}
	if guard.Detail("").WithCode("code").Error() != "code" {
		t.Error("a code alone has no text")
	}
}

// TestNumberSign: it makes a query key malformed wherever it stands in the target.
func TestNumberSign(t *testing.T) {
	for target, want := range map[string]verdict.Verdict{
		"/op/1?api_key=user": allow, "/op/1?api_key=user%23": allow, "/op/1?api_key=user#x": malformed, "/op/1#x?api_key=user": malformed,
		"/op/1?api_key=user#": malformed, "/op/1#": malformed, "/op/1?a=1&#": malformed, "#?api_key=user": malformed, "/op/1?api_key=a&api_key=b#": ambiguous,
	} {
		r := request()
		r.RequestURI = target
		_, r.URL.RawQuery, _ = strings.Cut(target, "?")
		if got := (&world{}).serve(t, "query", r); got.verdict != want {
			t.Errorf("%s: %s; want %s", target, got.verdict, want)
		}
	}
}

// TestAbortGivesAnEvent: on servers that do not know [http.ErrAbortHandler] the request is answered with 500, and reported
// once, whichever function aborts it.
func TestAbortGivesAnEvent(t *testing.T) {
	abort := func() { panic(http.ErrAbortHandler) }
	for _, test := range []struct {
		what, has string
		options   func(*guard.Options)
		check     func(context.Context) error
		want      []verdict.Verdict
	}{
		{"authenticator", "Authorization: Bearer abort", nil, nil, []verdict.Verdict{fault}},
		{"denial body", "Authorization: Bearer invalid", func(o *guard.Options) {
			o.DenialBody = func(context.Context, guard.Denial) (string, []byte) { abort(); return "", nil }
		}, nil, []verdict.Verdict{invalid}},
		{"check", "Authorization: Bearer user", nil, func(context.Context) error { abort(); return nil }, []verdict.Verdict{fault}},
		{"observer", "Authorization: Bearer invalid", func(o *guard.Options) {
			told := o.OnDecision
			o.OnDecision = func(ctx context.Context, e guard.Event) { told(ctx, e); abort() }
		}, nil, []verdict.Verdict{invalid}},
		{"authenticator and observer", "Authorization: Bearer abort", func(o *guard.Options) {
			told := o.OnDecision
			o.OnDecision = func(ctx context.Context, e guard.Event) { told(ctx, e); abort() }
		}, nil, []verdict.Verdict{fault}},
	} {
		var events []guard.Event
		options := guard.Options{OnDecision: func(_ context.Context, e guard.Event) { events = append(events, e) }}
		if test.options != nil {
			test.options(&options)
		}
		op := operation("bearer")
		if test.check != nil {
			op.Resource = "ownsIt"
		}
		g := (&world{options: options}).linker().Guard(op)
		x := newExchange(request(test.has))
		ctx, _, admitted := g.AdmitExchange(x)
		if admitted && test.check != nil {
			admitted = g.AdmitResourceExchange(carrying{x, ctx}, test.check)
			g.Done(ctx)
		}
		var got []verdict.Verdict
		for _, e := range events {
			got = append(got, e.Verdict)
			if e.Verdict == fault && (e.Status != 500 || !errors.Is(e.Reason, http.ErrAbortHandler)) {
				t.Errorf("%s: %+v", test.what, e)
			}
		}
		if admitted || x.status != 500 || !slices.Equal(got, test.want) {
			t.Errorf("%s: admitted %t with %d, events %v; want %v", test.what, admitted, x.status, got, test.want)
		}
	}
}

func wrap(err error) error { return fmt.Errorf("wrapped: %w", err) }

// TestTwinsWrite: what an authenticator writes about a cookie that it does not accept is taken back when another one of
// the same name could be the caller's.
func TestTwinsWrite(t *testing.T) {
	linker := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		gen.APIKey("session", gen.InCookie, "session", func(_ context.Context, k guard.APIKey) (*caller, error) {
			k.Request().AddHeader("Set-Cookie", "session="+k.Secret())
			switch k.Secret() {
			case "alive":
				return &caller{}, nil
			case "panics":
				panic("about it")
			case "forbids":
				k.Request().SetHeader("Location", "/")
			}
			return nil, guard.Invalid(nil)
		}).TryDuplicates(),
	}, nil)
	g := linker.Guard(operation("session"))
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	for cookies, want := range map[string][]string{
		"session=alive":                                   {"session=alive"},
		"session=dead":                                    {"session=dead"},
		"session=dead; session=alive":                     {"session=alive"},
		"session=alive; session=dead":                     {"session=alive"},
		"session=panics; session=alive":                   {"session=alive"},
		"session=alive; session=panics":                   {"session=alive"},
		"session=forbids; session=alive":                  {"session=alive"},
		"session=dead; session=alive; session=forbids":    {"session=alive"},
		"session=dead; session=other":                     nil,
		"session=panics; session=dead; session=forbidden": nil,
	} {
		w := httptest.NewRecorder()
		g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})(w, request("Cookie: "+cookies))
		if got := w.Header().Values("Set-Cookie"); !slices.Equal(got, want) || len(w.Header()["guard: journal"]) > 0 {
			t.Errorf("%s: %q, want %q", cookies, w.Header(), want)
		}
	}
}
