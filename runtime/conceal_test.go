package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// What a caller may not know cannot be told from the response: all denials that are concealed are one, to the
// byte, by both doors, with GET and HEAD, whatever the application makes of the body.
func TestConcealedDenialsAreOne(t *testing.T) {
	user := has("Authorization: Bearer user")
	revealing := func(ctx context.Context, d guard.Denial) (string, []byte) {
		_, known := guard.CallerFrom[*caller](ctx)
		return "text/plain", fmt.Appendf(nil, "%+v %t %v", d, known, ctx.Value(key1{}))
	}
	visits := map[guard.Concealment]map[string]visit{}
	for c, role := range map[guard.Concealment]string{guard.ConcealAsNotFound: "bearer;admin", guard.ConcealAsForbidden: "key[admin]"} {
		has := slices.Concat(user, has("X-API-Key: user"))
		visits[c] = map[string]visit{
			"role":              {role, c, has, says(nil), false, nil},
			"role, no check":    {role, c, has, nil, false, nil},
			"forbidden":         {"bearer", c, has, says(guard.Forbidden(errPlain)), false, nil},
			"detailed":          {"bearer", c, has, says(guard.Forbidden(detail)), false, nil},
			"missing":           {"bearer", c, has, says(guard.NotFound(detail)), false, nil},
			"both":              {"bearer | key", c, has, says(errors.Join(guard.NotFound(nil), guard.Forbidden(detail))), false, nil},
			"handler":           {"bearer", c, has, says(nil), true, nil},
			"handler, no check": {"bearer", c, has, nil, true, nil},
		}
	}
	hidden := visits[guard.ConcealAsNotFound]
	hidden["scope"] = visit{"oauth(read)", guard.ConcealAsNotFound, user, says(nil), false, nil}
	hidden["scope and role"] = visit{"oauth(read) | bearer;admin", guard.ConcealAsNotFound, user, nil, false, nil}
	anonymous := map[string][]string{
		"absent": nil, "malformed": has("Authorization: Bearer ="), "invalid": has("Authorization: Bearer invalid"),
		"expired": has("Authorization: Bearer expired"), "ambiguous": has("Authorization: a", "Authorization: b"),
	}
	for name, has := range anonymous {
		hidden["anonymous, "+name] = visit{"bearer | digest | dpop", guard.ConcealAsNotFound, has, says(nil), false, nil}
	}
	for name, options := range map[string]guard.Options{
		"default": {}, "in context": {CallerInContext: true, RetryAfter: time.Second}, "own": {DenialBody: revealing}, "own, in context": {DenialBody: revealing, CallerInContext: true},
		"panicking": {DenialBody: func(context.Context, guard.Denial) (string, []byte) { panic("DenialBody") }},
	} {
		captureLog(t)
		options.ConcealFromAnonymous = true
		for _, method := range []string{"GET", "HEAD", "DELETE"} {
			for conceal, all := range visits {
				oneAnswer(t, fmt.Sprintf("%s, %s, %s", conceal, name, method), method, options, conceal, all)
			}
		}
	}
}

func oneAnswer(t *testing.T, what, method string, options guard.Options, conceal guard.Concealment, all map[string]visit) {
	t.Helper()
	want := map[guard.Concealment]int{guard.ConcealAsNotFound: 404, guard.ConcealAsForbidden: 403}[conceal]
	for door, enter := range doors {
		var first *answered
		for title, v := range all {
			v.has = append(slices.Clone(v.has), method)
			v.ctx = context.WithValue(context.Background(), key1{}, "outer")
			a := enter(v, t, options)
			if len(a.events) != 1 || a.status != want || door == "net/http" && (method == "HEAD") != (a.body == "") {
				t.Fatalf("%s, %s by %s: %d %q, events %v", what, title, door, a.status, a.body, a.events)
			}
			a.checks, a.served, a.events = 0, 0, nil
			if first == nil {
				first = &a
			}
			if !reflect.DeepEqual(a, *first) {
				t.Errorf("%s, %s by %s: %+v; want %+v", what, title, door, a, *first)
			}
		}
	}
}

// Where nothing is concealed the same visits are told apart: the test above could not pass by accident.
func TestNothingIsConcealedByDefault(t *testing.T) {
	user := has("Authorization: Bearer user")
	for _, test := range []struct {
		visit visit
		want  string
	}{
		{visit{"bearer;admin", 0, user, says(nil), false, nil}, "403 missing-role []"},
		{visit{"oauth(read,write)", 0, user, says(nil), false, nil}, "403 missing-scope [" + oauthScope + "]"},
		{visit{"bearer", 0, user, says(guard.Forbidden(guard.Detail("why"))), false, nil}, "403 forbidden why[]"},
		{visit{"bearer", 0, user, says(guard.NotFound(guard.Detail("why"))), false, nil}, "404 not-found []"},
		{visit{"bearer", 0, nil, says(nil), false, nil}, "401 absent [" + bearerPlain + "]"},
		{visit{"bearer", guard.ConcealAsForbidden, nil, says(nil), false, nil}, "401 absent [" + bearerPlain + "]"},
		{visit{"oauth(read,write)", guard.ConcealAsForbidden, user, says(nil), false, nil}, "403 missing-scope [" + oauthScope + "]"},
	} {
		a := test.visit.overHTTP(t, guard.Options{ConcealFromAnonymous: true, DenialBody: func(_ context.Context, d guard.Denial) (string, []byte) {
			return "text/plain", []byte(fmt.Sprint(d.Status, " ", d.Verdict, " ", d.Detail))
		}})
		if got := a.body + fmt.Sprint(a.header["Www-Authenticate"]); got != test.want {
			t.Errorf("%s; want %s", got, test.want)
		}
	}
}

// Check and Wrap conceal the same.
func TestConcealedDecision(t *testing.T) {
	for _, test := range []struct {
		policy     string
		has        string
		conceal    guard.Concealment
		anonymous  bool
		verdict    verdict.Verdict
		status     int
		challenges []string
	}{
		{"bearer;admin", "Authorization: Bearer user", guard.ConcealAsNotFound, false, noRole, 404, nil},
		{"oauth(read,write)", "Authorization: Bearer user", guard.ConcealAsNotFound, false, noScope, 404, nil},
		{"oauth(read,write)", "Authorization: Bearer user", guard.ConcealAsForbidden, false, noScope, 403, has(oauthScope)},
		{"oauth(read,write)|key", "Authorization: Bearer user", guard.ConcealAsNotFound, false, noScope, 404, nil},
		{"bearer", "X: y", guard.ConcealAsNotFound, false, absent, 401, has(bearerPlain)},
		{"bearer", "X: y", guard.ConcealAsNotFound, true, absent, 404, nil},
		{"bearer|key", "Authorization: Bearer invalid", guard.ConcealAsNotFound, true, invalid, 404, nil},
		{"bearer", "X: y", guard.ConcealAsForbidden, true, absent, 401, has(bearerPlain)},
		{"bearer", "X: y", guard.Concealment(0), true, absent, 401, has(bearerPlain)},
		{"bearer", "Authorization: Bearer stepup0", guard.ConcealAsNotFound, true, stepUp, 401, has(bearerStepUp0)},
		{"bearer", "Authorization: Bearer forbidden", guard.ConcealAsNotFound, true, refused, 403, nil},
		{"bearer", "Authorization: Bearer unavailable", guard.ConcealAsNotFound, true, unavailable, 503, nil},
		{"bearer", "Authorization: Bearer error", guard.ConcealAsNotFound, true, fault, 500, nil},
		{"bearer", "Authorization: Bearer user", guard.ConcealAsNotFound, true, allow, 0, nil},
	} {
		w := &world{options: guard.Options{ConcealFromAnonymous: test.anonymous}}
		op := operation(test.policy)
		op.Conceal = test.conceal
		d := w.linker().Guard(op).Check(request(test.has))
		if d.Verdict() != test.verdict || d.Status() != test.status || !slices.Equal(d.Challenges(), test.challenges) || (d.Err() == nil) != d.Allowed() {
			t.Errorf("%+v: %s %d %q", test, d.Verdict(), d.Status(), d.Challenges())
		}
	}
}

// Nobody is asked for a challenge that is not sent.
func TestConcealedDenialsAskForNoChallenge(t *testing.T) {
	w := &world{options: guard.Options{ConcealFromAnonymous: true}, supply: func(context.Context) guard.Challenge { t.Error("asked"); return guard.Challenge{} }}
	op := operation("digest | dpop")
	op.Conceal = guard.ConcealAsNotFound
	if d := w.linker().Guard(op).Check(request()); d.Status() != 404 {
		t.Errorf("%d", d.Status())
	}
}

// The public detail of a refused account is on every operation the same.
func TestDetailOfARefusedAccount(t *testing.T) {
	for _, conceal := range []guard.Concealment{guard.Concealment(0), guard.ConcealAsNotFound, guard.ConcealAsForbidden} {
		for _, policy := range []string{"bearer", "{} | bearer", "key | bearer", "bearer & key"} {
			l := gen.NewLinker(guard.Options{}, gen.Entitlements[*caller]{}, []gen.Scheme[*caller]{
				gen.Bearer("bearer", func(context.Context, guard.BearerToken) (*caller, error) { return nil, guard.Forbidden(detail) }),
				gen.APIKey("key", gen.InHeader, "X-API-Key", func(context.Context, guard.APIKey) (*caller, error) { return nil, guard.Invalid(nil) }),
			}, []gen.Combination[*caller]{gen.Combine([]string{"bearer", "key"}, merge)})
			op := operation(policy)
			op.Conceal = conceal
			rec := httptest.NewRecorder()
			l.Guard(op).Wrap(discardCaller)(rec, request("Authorization: Bearer b", "X-API-Key: k"))
			if rec.Code != 403 || rec.Body.String() != bodySecrets {
				t.Errorf("%s, %s: %d %s", conceal, policy, rec.Code, rec.Body)
			}
		}
	}
}

// The innermost guard that conceals or checks is the one that counts.
func TestWriteNotFound(t *testing.T) {
	w := &world{options: guard.Options{DenialBody: func(_ context.Context, d guard.Denial) (string, []byte) {
		return "text/plain", fmt.Appendf(nil, "%+v", d)
	}}}
	l := w.linker()
	guarded := func(id string, conceal guard.Concealment, resource string) *guard.Guard[*caller] {
		return l.Guard(guard.Operation{ID: id, Security: operation("bearer").Security, Conceal: conceal, Resource: resource})
	}
	outer, inner, check, bare := guarded("outer", guard.ConcealAsForbidden, ""), guarded("inner", guard.ConcealAsNotFound, ""), guarded("check", 0, "ownsIt"), guarded("bare", 0, "")
	for _, test := range []struct {
		guards []*guard.Guard[*caller]
		status int
		body   string
	}{
		{nil, 404, body404},
		{[]*guard.Guard[*caller]{bare}, 404, body404},
		{[]*guard.Guard[*caller]{check}, 404, "{Operation:check Status:404 Verdict:not-found Detail: Code: Accept:[]}"},
		{[]*guard.Guard[*caller]{outer}, 403, "{Operation:outer Status:403 Verdict:forbidden Detail: Code: Accept:[]}"},
		{[]*guard.Guard[*caller]{outer, inner}, 404, "{Operation:inner Status:404 Verdict:not-found Detail: Code: Accept:[]}"},
		{[]*guard.Guard[*caller]{inner, bare}, 404, "{Operation:inner Status:404 Verdict:not-found Detail: Code: Accept:[]}"},
	} {
		rec, r, x := httptest.NewRecorder(), request("Authorization: Bearer ann"), newExchange(request("Authorization: Bearer ann"))
		ctx := x.Context()
		for _, g := range test.guards {
			r, _, _ = g.Admit(rec, r)
			ctx, _, _ = g.AdmitExchange(carrying{x, ctx})
		}
		rec.Header().Set("Etag", "stale")
		x.header.Set("Etag", "stale")
		guard.WriteNotFound(rec, r)
		writeNotFound(carrying{x, ctx})
		if rec.Code != test.status || rec.Body.String() != test.body || rec.Header().Get("Cache-Control") != "no-store" || rec.Header().Get("Etag") != "" {
			t.Errorf("%d %s %v; want %d %s", rec.Code, rec.Body, rec.Header(), test.status, test.body)
		}
		rec.Header().Del("Content-Length")
		if x.status != test.status || x.body != test.body || !reflect.DeepEqual(x.header, rec.Header()) {
			t.Errorf("exchange: %d %s %v; want %d %s %v", x.status, x.body, x.header, test.status, test.body, rec.Header())
		}
	}
}

func TestConcealmentTexts(t *testing.T) {
	for c, want := range map[guard.Concealment]string{guard.Concealment(0): "", guard.ConcealAsNotFound: "not-found", guard.ConcealAsForbidden: "forbidden", 3: ""} {
		if c.String() != want {
			t.Errorf("%d: %q", c, c)
		}
	}
}
