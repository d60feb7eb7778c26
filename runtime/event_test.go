package guard_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// captureLog replaces slog's default logger for the rest of the test.
func captureLog(t *testing.T) *bytes.Buffer {
	logs := new(bytes.Buffer)
	replaceLog(t, slog.NewTextHandler(logs, nil))
	return logs
}

func replaceLog(t *testing.T, h slog.Handler) {
	before := slog.Default()
	slog.SetDefault(slog.New(h))
	t.Cleanup(func() { slog.SetDefault(before) })
}

func TestEvent(t *testing.T) {
	for _, test := range []struct {
		has    []string
		policy string
		scheme string
		reason string
	}{
		{has("Authorization: Bearer user"), "bearer", "bearer", ""},
		{has("Authorization: Bearer b", "X-API-Key: k"), "bearer & key", "bearer+key", ""},
		{has("X-API-Key: k"), "bearer | key", "key", ""},
		{has(), "{} | bearer", "", ""},
		{has(), "bearer | key", "bearer", "no credential"},
		{has("Authorization: Bearer b"), "bearer & key", "key", "no credential"},
		{has(), "key & key2", "key", "no credential"},
		{has("X-API-Key: invalid", "X-Second: invalid"), "key2 & key", "key2", "some error"},
		{has("X-API-Key: a", "X-API-Key: b"), "bearer | key", "key", "the credential is given more than once"},
		{has("Cookie: sid=a; sid=b"), "cookie", "cookie", "the credential is given more than once"},
		{has("Authorization: Bearer"), "bearer", "bearer", "no space and credential after the scheme"},
		{has("Authorization: Bearer ="), "bearer", "bearer", "the credential is not a token68"},
		{has("Authorization: DPoP =", proof), "dpop", "dpop", "the credential is not a token68"},
		{has("Authorization: Basic ="), "basic", "basic", "the credential is not canonical base64"},
		{has("Authorization: Basic YWI="), "basic", "basic", "the credential is not a user, a colon and a password in clean UTF-8"},
		{has("Authorization: DPoP a"), "dpop", "dpop", "the request has no DPoP field with a proof: three parts of base64url"},
		{has("Authorization: DPoP nonce", proof), "dpop", "dpop", "the DPoP proof needs the nonce of the server"},
		{has("Authorization: DPoP badnonce", proof), "dpop", "dpop", `guard.UseDPoPNonce from the authenticator of scheme "dpop": "n 2" is not a nonce (RFC 9449 section 8.1)`},
		{has("Authorization: Digest a"), "digest", "digest", "the credential does not have the parameters of Digest (RFC 7616 section 3.4)"},
		{has("Authorization: Digest ="), "digest", "digest", "the credential is neither a token68 nor a list of distinct parameters"},
		{has("?a=%zz"), "query", "query", "the query does not decode, or the target has a #"},
		{has("X-API-Key: " + strings.Repeat("x", sixteenKiB+1)), "key", "key", "the credential is longer than allowed"},
		{has("Authorization: Bearer invalid"), "bearer", "bearer", "some error"},
		{has("Authorization: Bearer expired"), "bearer", "bearer", "expired"},
		{has("Authorization: Bearer stepup"), "bearer", "bearer", "a stronger or more recent authentication is required"},
		{has("Authorization: Bearer stepupbad"), "bearer", "bearer", `guard.StepUp from the authenticator of scheme "bearer": the acr value "go\nld" is empty or not printable ASCII without spaces`},
		{has("Authorization: Bearer error"), "bearer", "bearer", `unclassified error from the authenticator of scheme "bearer"; wrap it with guard.Invalid, Expired, Forbidden, TooManyRequests or Unavailable: some error`},
		{has("Authorization: Bearer panic"), "bearer", "bearer", `panic in the authenticator of scheme "bearer": authenticator`},
		{has("Authorization: Bearer nil"), "bearer", "bearer", `the authenticator of scheme "bearer" returned a nil caller and a nil error`},
		{has("Authorization: Bearer b", "X-API-Key: combine-nil"), "bearer & key", "bearer+key", `the combination or the entitlements of bearer+key returned a nil caller and a nil error`},
		{has("Authorization: Bearer b", "X-API-Key: combine-panic"), "bearer & key", "bearer+key", `panic in the combination or the entitlements of bearer+key: authenticator`},
		{has("Authorization: Bearer b", "X-API-Key: invalid"), "bearer & key", "key", "some error"},
		{has("Authorization: Bearer user"), "bearer;admin/support", "bearer", "the caller lacks the role: admin or support"},
		{has("Authorization: Bearer user"), "oauth(read)", "oauth", `the caller lacks the scope "read"`},
		{has("Authorization: Bearer rolepanic"), "bearer;admin", "bearer", `panic in the combination or the entitlements of bearer: HasRole`},
	} {
		got := (&world{}).serve(t, test.policy, request(test.has...))
		e := got.event
		if got.events != 1 || e.Operation != "op" || e.Method != "GET" || e.Path != "/op/{id}" || e.Scheme != test.scheme {
			t.Errorf("%.100q: %d events: %+v", test.has, got.events, e)
		}
		if reason := text(e.Reason); reason != test.reason {
			t.Errorf("%.100q: reason %s; want %s", test.has, reason, test.reason)
		}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestReasonsKeepTheirErrors(t *testing.T) {
	for _, credential := range []string{"invalid", "forbidden", "unavailable", "error"} {
		got := (&world{}).serve(t, "bearer", request("Authorization: Bearer "+credential))
		if !errors.Is(got.event.Reason, errPlain) {
			t.Errorf("%s: %v", credential, got.event.Reason)
		}
	}
	got := (&world{}).serve(t, "bearer", request("Authorization: Bearer stepup"))
	var s guard.StepUp
	if !errors.As(got.event.Reason, &s) || len(s.Scope) != 2 {
		t.Errorf("%v", got.event.Reason)
	}
	got = (&world{}).serve(t, "bearer", request("Authorization: Bearer panic"))
	var p interface{ Stack() []byte }
	if !errors.As(got.event.Reason, &p) || !strings.Contains(string(p.Stack()), "world_test.go") {
		t.Errorf("%v", got.event.Reason)
	}
}

func TestEventComesBeforeTheHandlerAndTheDenial(t *testing.T) {
	for _, has := range []string{"Authorization: Bearer user", "Authorization: Bearer invalid"} {
		var order []string
		rec := httptest.NewRecorder()
		w := &world{options: guard.Options{OnDecision: func(context.Context, guard.Event) {
			order = append(order, "event")
			if len(rec.Header()) > 0 {
				t.Error("the event comes after the denial")
			}
		}}}
		w.linker().Guard(operation("bearer")).Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {
			order = append(order, "handler")
		})(rec, request(has))
		if order[0] != "event" || len(order) > 2 {
			t.Errorf("%s: %v", has, order)
		}
	}
}

func TestCheckDecidesAndDoesNothingElse(t *testing.T) {
	w := &world{options: guard.Options{OnDecision: func(context.Context, guard.Event) { t.Error("an event") }}}
	g := w.linker().Guard(operation("bearer;admin"))
	d := g.Check(request("Authorization: Bearer admin"))
	if c, ok := d.Caller().Get(); !ok || c.name != "admin" || !d.Allowed() || d.Status() != 0 || d.Err() != nil || d.Challenges() != nil || d.Scheme() != "bearer" || d.Verdict() != allow {
		t.Errorf("%+v", d)
	}
	d = g.Check(request())
	if _, ok := d.Caller().Get(); ok || d.Allowed() || d.Status() != 401 || d.Err() == nil || d.Scheme() != "bearer" || d.Verdict() != absent {
		t.Errorf("%+v", d)
	}
	d.Challenges()[0] = "overwritten"
	if again := g.Check(request()); again.Challenges()[0] != bearerPlain {
		t.Error("Challenges is not a copy")
	}
	d = g.Check(request("Authorization: Bearer user"))
	if _, ok := d.Caller().Get(); ok || d.Verdict() != noRole {
		t.Errorf("%+v", d)
	}
}

type panickingHandler struct{ slog.Handler }

func (panickingHandler) Enabled(context.Context, slog.Level) bool  { return true }
func (panickingHandler) Handle(context.Context, slog.Record) error { panic("log handler") }

func TestPanicsOfObserversAreContained(t *testing.T) {
	for _, has := range []string{"Authorization: Bearer user", "Authorization: Bearer invalid", "Authorization: Bearer error"} {
		want := (&world{}).serve(t, "bearer", request(has))
		logs := captureLog(t)
		w := &world{options: guard.Options{OnDecision: func(context.Context, guard.Event) { panic("observer") }}}
		if got := w.serve(t, "bearer", request(has)); got.ran != want.ran || got.status != want.status {
			t.Errorf("%s: %+v", has, got)
		}
		if !strings.Contains(logs.String(), "panic in OnDecision: observer") {
			t.Errorf("%s: %q", has, logs)
		}
		replaceLog(t, panickingHandler{slog.Default().Handler()})
		if got := w.serve(t, "bearer", request(has)); got.ran != want.ran || got.status != want.status {
			t.Errorf("%s: %+v", has, got)
		}
	}
}

// An audit log can say who was admitted.
func TestDecisionHasCallerInContext(t *testing.T) {
	var seen *caller
	options := guard.Options{CallerInContext: true, OnDecision: func(ctx context.Context, e guard.Event) {
		if got, ok := guard.CallerFrom[*caller](ctx); ok != (e.Verdict == verdict.Allow) {
			t.Errorf("%s: there is a caller: %t", e.Verdict, ok)
		} else if ok {
			seen = got
		}
	}}
	linker := gen.NewLinker(options, gen.Entitlements[*caller]{},
		[]gen.Scheme[*caller]{gen.Bearer("bearer", func(_ context.Context, token guard.BearerToken) (*caller, error) {
			if token.Secret() == "bad" {
				return nil, guard.Invalid(nil)
			}
			return &caller{token.Secret()}, nil
		})}, nil)
	g := linker.Guard(guard.Operation{ID: "one", Method: "GET", Path: "/", Security: []guard.Alternative{{{Scheme: "bearer"}}}})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	h := g.Wrap(func(http.ResponseWriter, *http.Request, guard.Optional[*caller]) {})
	for _, token := range []string{"bad", "ann"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		h(httptest.NewRecorder(), r)
	}
	if seen == nil || seen.name != "ann" {
		t.Errorf("the admitted caller is %v", seen)
	}
}

// Whoever lacks a scope or a role is known to the observer, on every path of a decision, and is no caller of the decision.
func TestRefusedCallerInContext(t *testing.T) {
	bearer, key := has("Authorization: Bearer ann"), has("X-API-Key: k")
	for _, test := range []struct {
		policy  string
		has     []string
		verdict verdict.Verdict
		known   bool
	}{
		{"bearer;other", bearer, verdict.MissingRole, true},
		{"bearer(other)", bearer, verdict.MissingScope, true},
		{"bearer(other);held", bearer, verdict.MissingScope, true},
		{"key | bearer(other)", bearer, verdict.MissingScope, true},
		{"bearer | key;other", key, verdict.MissingRole, true},
		{"bearer;held", bearer, verdict.Allow, true},
		{"bearer;other", has(), verdict.Absent, false},
		{"bearer | key;other", has(), verdict.Absent, false},
		{"bearer;other", has("Authorization: Bearer invalid"), verdict.Invalid, false},
	} {
		for _, wanted := range []bool{true, false} {
			told := 0
			g := costly(t, guard.Options{CallerInContext: wanted, OnDecision: func(ctx context.Context, e guard.Event) {
				who, known := guard.CallerFrom[*caller](ctx)
				if e.Verdict != test.verdict || known != (test.known && wanted) || known && (who == nil || who.name != "someone") {
					t.Errorf("%s, %s: %s, known: %t, %v", test.policy, test.has, e.Verdict, known, who)
				}
				told++ // last: a panic of an observer is contained
			}}, test.policy)
			g.Wrap(discardCaller)(httptest.NewRecorder(), request(test.has...))
			d := g.Check(request(test.has...))
			if who, _ := d.Caller().Get(); told != 1 || (who != nil) != d.Allowed() {
				t.Errorf("%s, %s: told %d times, the decision has the caller %v", test.policy, test.has, told, who)
			}
		}
	}
}

// TestRefusedCallerOfSeveral: of several callers who lack a right the observer is told the one of the alternative that the
// event is about: the first of the worst.
func TestRefusedCallerOfSeveral(t *testing.T) {
	for policy, want := range map[string]string{
		"bearer[other] | key[other]": "bearer: ann", "key[other] | bearer[other]": "key: bob",
		"bearer(other) | key[other]": "bearer: ann", "key[other] | bearer(other)": "bearer: ann",
	} {
		told := ""
		w := &world{options: guard.Options{CallerInContext: true, OnDecision: func(ctx context.Context, e guard.Event) {
			if c, ok := guard.CallerFrom[*caller](ctx); ok && c != nil {
				told = e.Scheme + ": " + c.name
			}
		}}}
		w.linker().Guard(operation(policy)).Wrap(discardCaller)(httptest.NewRecorder(), request("Authorization: Bearer ann", "X-API-Key: bob"))
		if told != want {
			t.Errorf("%s: told of %q; want %q", policy, told, want)
		}
	}
}
