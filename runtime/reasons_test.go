package guard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TestEveryDenialHasAReason: the operator learns why, whatever the verdict, and the authenticator's error is in the reason.
func TestEveryDenialHasAReason(t *testing.T) {
	for _, err := range []error{
		guard.Invalid(errPlain), guard.Expired(errPlain), guard.Unavailable(errPlain), guard.NotFound(errPlain), errPlain,
		guard.Forbidden(errPlain), guard.TooManyRequests(0, errPlain), guard.TooManyRequests(time.Second, errPlain), guard.TooManyRequests(-1, errPlain),
		errors.Join(guard.Forbidden(guard.Detail("why")), errPlain), errors.Join(guard.UseDPoPNonce("n"), errPlain), errors.Join(stepUpValue, errPlain),
	} {
		if d := checkError(context.Background(), err); d.Allowed() || !errors.Is(d.Err(), errPlain) {
			t.Errorf("%v: %s, %v", err, d.Verdict(), d.Err())
		}
	}
	for _, err := range []error{
		guard.StepUp{ACRValues: []string{"a b"}}, guard.StepUp{Scope: []string{""}}, guard.UseDPoPNonce("a b"), guard.Forbidden(guard.Detail("\n")),
		guard.Forbidden(guard.Detail("why").WithCode("a b")), guard.Invalid(nil), nil,
	} {
		if d := checkError(context.Background(), err); d.Allowed() || d.Err() == nil || d.Err().Error() == "" {
			t.Errorf("%v: %s, %v", err, d.Verdict(), d.Err())
		}
	}
}

// combined is a guard whose alternative of two schemes ends in what the combination returns.
func combined(t *testing.T, schemes [2]string, options guard.Options, c *caller, err error) *guard.Guard[*caller] {
	t.Helper()
	w := &world{}
	l := gen.NewLinker(options, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
		w.bearer("bearer"), w.key("key", gen.InHeader, "X-API-Key"), w.key("key2", gen.InHeader, "X-Second"),
	}, []gen.Combination[*caller]{gen.Combine(schemes[:], func(context.Context, []*caller) (*caller, error) { return c, err })})
	g := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: schemes[0]}, {Scheme: schemes[1]}}}})
	if err := l.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestCombinationsDecide: the error of a combination is classified as an authenticator's is. A caller next to it is
// ignored, and a step-up needs a scheme whose challenge can ask for it.
func TestCombinationsDecide(t *testing.T) {
	withBearer, keys := [2]string{"bearer", "key"}, [2]string{"key", "key2"}
	for _, test := range []struct {
		schemes [2]string
		err     error
		want    verdict.Verdict
		line    string
	}{
		{withBearer, nil, allow, ""},
		{withBearer, guard.Invalid(errPlain), invalid, `Bearer realm="api"`},
		{withBearer, guard.Forbidden(nil), refused, ""},
		{withBearer, errPlain, fault, ""},
		{withBearer, guard.StepUp{ACRValues: []string{"mfa"}}, stepUp, `Bearer realm="api", error="insufficient_user_authentication", acr_values="mfa"`},
		{keys, guard.Unavailable(nil), unavailable, ""},
		{keys, guard.StepUp{ACRValues: []string{"mfa"}}, fault, ""},
	} {
		g := combined(t, test.schemes, guard.Options{}, &caller{"both"}, test.err)
		d := g.Check(request("Authorization: Bearer a", "X-API-Key: b", "X-Second: c"))
		if _, known := d.Caller().Get(); d.Verdict() != test.want || known != (test.want == allow) {
			t.Errorf("%v, %v: %s, a caller: %t; want %s", test.schemes, test.err, d.Verdict(), known, test.want)
		}
		if lines := d.Challenges(); test.line != "" && (len(lines) == 0 || lines[0] != test.line) {
			t.Errorf("%v, %v: %q; want %s", test.schemes, test.err, lines, test.line)
		}
		if test.want != allow && d.Err() == nil {
			t.Errorf("%v, %v: no reason", test.schemes, test.err)
		}
	}
}

// TestCombinationsSetNoForeignField: a combination may answer with fields, but not with one that is not its to set: that is a
// fault, whose reason names the field.
func TestCombinationsSetNoForeignField(t *testing.T) {
	for field, want := range map[string]verdict.Verdict{"X-Seen": allow, "Content-Length": fault} {
		w := &world{}
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{w.bearer("bearer"), w.key("key", gen.InHeader, "X-API-Key")},
			[]gen.Combination[*caller]{gen.Combine([]string{"bearer", "key"}, func(ctx context.Context, all []*caller) (*caller, error) {
				asks, _ := guard.RequestFrom(ctx)
				asks.SetHeader(field, "1")
				return all[0], nil
			})})
		d := l.Guard(guard.Operation{ID: "op", Security: []guard.Alternative{{{Scheme: "bearer"}, {Scheme: "key"}}}}).Check(request("Authorization: Bearer a", "X-API-Key: b"))
		if d.Verdict() != want || want == fault && (d.Err() == nil || !strings.Contains(d.Err().Error(), field)) {
			t.Errorf("%s: %s, %v; want %s", field, d.Verdict(), d.Err(), want)
		}
	}
}

// TestAuthenticatorsSetNoForeignField: as combinations, with one scheme and with several.
func TestAuthenticatorsSetNoForeignField(t *testing.T) {
	for _, policy := range []string{"bearer", "bearer | key"} {
		w := &world{}
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
			gen.Bearer("bearer", func(_ context.Context, token guard.BearerToken) (*caller, error) {
				token.Request().SetHeader("Content-Length", "1")
				return &caller{}, nil
			}), w.key("key", gen.InHeader, "X-API-Key"),
		}, nil)
		d := l.Guard(operation(policy)).Check(request("Authorization: Bearer a"))
		if d.Verdict() != fault || d.Err() == nil || !strings.Contains(d.Err().Error(), "Content-Length") {
			t.Errorf("%s: %s, %v", policy, d.Verdict(), d.Err())
		}
	}
}

// TestStepUpOfAFaultySupplier: without its challenge a step-up helps nobody, and is a fault.
func TestStepUpOfAFaultySupplier(t *testing.T) {
	for _, supply := range []func(context.Context) guard.Challenge{
		func(context.Context) guard.Challenge { panic("supplier") },
		func(context.Context) guard.Challenge { return guard.Challenge{Params: []guard.Param{{Name: "a\nb"}}} },
	} {
		got := (&world{supply: supply}).serve(t, "dpop", request("Authorization: DPoP stepup", proof))
		if got.event.Verdict != fault || got.event.Reason == nil || got.status != 500 || got.header["Www-Authenticate"] != nil {
			t.Errorf("%d %s %v %v", got.status, got.event.Verdict, got.event.Reason, got.header)
		}
	}
}

// TestFaultsClearNothing: a cookie is not cleared by a denial that says nothing about it.
func TestFaultsClearNothing(t *testing.T) {
	w := &world{options: guard.Options{ClearCookies: []http.Cookie{{Name: "sid"}}}}
	w.supply = func(context.Context) guard.Challenge { panic("supplier") }
	got := w.serve(t, "cookie | digest", request("Cookie: sid=invalid"))
	if got.status != 500 || got.header["Set-Cookie"] != nil {
		t.Errorf("%d %v", got.status, got.header)
	}
	got = w.serve(t, "cookie", request("Cookie: sid=invalid"))
	if got.status != 401 || len(got.header["Set-Cookie"]) != 1 {
		t.Errorf("%d %v", got.status, got.header)
	}
}

// TestPrintedContexts: what a guard puts into contexts prints as a name, without the caller.
func TestPrintedContexts(t *testing.T) {
	for _, resource := range []string{"", "owns"} {
		for _, inContext := range []bool{false, true} {
			op := operation("bearer")
			op.Resource = resource
			g := (&world{options: guard.Options{CallerInContext: inContext}}).linker().Guard(op)
			r, _, admitted := g.Admit(httptest.NewRecorder(), request("Authorization: Bearer ann"))
			want := map[bool]string{true: "guard caller", false: "guard admission"}[inContext]
			if resource == "" && !inContext {
				want = "context.Background"
			}
			if got := fmt.Sprint(r.Context()); !admitted || got != want {
				t.Errorf("%q, %t: %q; want %q", resource, inContext, got, want)
			}
		}
	}
}

// TestNilPolicyDenies: a guard that was made of nothing denies everything.
func TestNilPolicyDenies(t *testing.T) {
	g := guard.New[*caller](operation("bearer"), guard.Options{}, nil)
	rec := httptest.NewRecorder()
	if r, _, admitted := g.Admit(rec, request("Authorization: Bearer ann")); admitted || r == nil || rec.Code != 500 {
		t.Errorf("admitted %t, %d", admitted, rec.Code)
	}
}

// TestAdmitReturnsTheRequest: also when it is denied, for those who go on with it.
func TestAdmitReturnsTheRequest(t *testing.T) {
	for _, policy := range []string{"bearer", "key", "bearer | key"} {
		for _, has := range []string{"Authorization: Bearer invalid", "Authorization: Bearer unavailable", "X-None: 1"} {
			g := (&world{}).linker().Guard(operation(policy))
			q := request(has)
			if r, _, admitted := g.Admit(httptest.NewRecorder(), q); admitted || r != q {
				t.Errorf("%s, %s: admitted %t, the request %p; want %p", policy, has, admitted, r, q)
			}
		}
	}
}

// TestSmallestSignedBody: a limit of one byte is one.
func TestSmallestSignedBody(t *testing.T) {
	for body, want := range map[string]verdict.Verdict{"": allow, "1": allow, "12": verdict.TooLarge} {
		var signed string
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
			gen.APIKey("hook", gen.InHeader, "X-Hook", func(_ context.Context, k guard.APIKey) (*caller, error) {
				signed = string(k.Request().SignedBody())
				return &caller{}, nil
			}).WithSignedBody(1),
		}, nil)
		r := request("X-Hook: k")
		r.Body, r.ContentLength = http.NoBody, -1
		if body != "" {
			r = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("X-Hook", "k")
			r.ContentLength = -1
		}
		d := l.Guard(operation("hook")).Check(r)
		if d.Verdict() != want || want == allow && signed != body {
			t.Errorf("%q: %s with %q; want %s", body, d.Verdict(), signed, want)
		}
	}
}

// TestLateFieldsAreLogged: a handler that sets a field which is not its to set is told so in the log, and only then.
func TestLateFieldsAreLogged(t *testing.T) {
	for name, logged := range map[string]bool{"X-Seen": false, "Content-Length": true, "Www-Authenticate": true} {
		var log bytes.Buffer
		op := operation("bearer")
		op.Resource = "owns"
		g := (&world{options: guard.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}}).linker().Guard(op)
		rec := httptest.NewRecorder()
		g.Wrap(func(_ http.ResponseWriter, r *http.Request, _ guard.Optional[*caller]) {
			asks, _ := guard.RequestFrom(r.Context())
			asks.SetHeader(name, "v")
		})(rec, request("Authorization: Bearer ann"))
		if strings.Contains(log.String(), "guard: fault") != logged || (rec.Header().Get(name) == "v") == logged {
			t.Errorf("%s: %q, %v", name, log.String(), rec.Header())
		}
	}
}

// TestReasonsOfResourceChecks: a check without an admission, and one that nobody expects, are faults with their reasons.
func TestReasonsOfResourceChecks(t *testing.T) {
	var event guard.Event
	options := guard.Options{OnDecision: func(_ context.Context, e guard.Event) { event = e }, Logger: slog.New(slog.DiscardHandler)}
	g := (&world{options: options}).linker().Guard(operation("bearer"))
	rec := httptest.NewRecorder()
	if g.AdmitResource(rec, request(), func(context.Context) error { return nil }) || rec.Code != 500 || event.Reason == nil {
		t.Errorf("%d %v", rec.Code, event.Reason)
	}
	op := operation("bearer")
	op.Resource = "owns"
	g = (&world{options: options}).linker().Guard(op)
	r, _, _ := g.Admit(httptest.NewRecorder(), request("Authorization: Bearer ann"))
	writes := func(ctx context.Context) error {
		if asks, ok := guard.RequestFrom(ctx); ok {
			asks.SetHeader("Content-Type", "x")
		}
		return nil
	}
	rec = httptest.NewRecorder()
	if g.AdmitResource(rec, r, writes) || rec.Code != 500 || event.Reason == nil || !strings.Contains(event.Reason.Error(), "Content-Type") {
		t.Errorf("%d %v", rec.Code, event.Reason)
	}
	rec = httptest.NewRecorder()
	if !g.AdmitResource(rec, request(), func(context.Context) error { return nil }) {
		t.Errorf("without an admission, after a check that wrote: %d %v", rec.Code, event.Reason)
	}
}

// TestReasonsOfTwins: of several cookies none of which is accepted the first of the worst tells the reason, a panic too.
func TestReasonsOfTwins(t *testing.T) {
	for cookies, want := range map[string]string{
		"invalid1; invalid2": "invalid1", "invalid2; invalid1": "invalid2", "invalid1; panic1": "panic1", "panic2; panic1": "panic2",
	} {
		l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
			gen.APIKey("session", gen.InCookie, "sid", func(_ context.Context, k guard.APIKey) (*caller, error) {
				if strings.HasPrefix(k.Secret(), "panic") {
					panic(k.Secret())
				}
				return nil, guard.Invalid(errors.New(k.Secret()))
			}).TryDuplicates(),
		}, nil)
		first, second, _ := strings.Cut(cookies, "; ")
		d := l.Guard(operation("session")).Check(request("Cookie: sid=" + first + "; sid=" + second))
		if d.Err() == nil || !strings.Contains(d.Err().Error(), want) {
			t.Errorf("%s: %v; want %s", cookies, d.Err(), want)
		}
	}
}
