package guard_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func TestResourceChecks(t *testing.T) {
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	late, stop := context.WithTimeout(context.Background(), time.Nanosecond)
	defer stop()
	blocked := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	const (
		hide   = guard.ConcealAsNotFound
		refuse = guard.ConcealAsForbidden
	)
	user := has("Authorization: Bearer user")
	for title, test := range map[string]struct {
		visit   visit
		status  int
		verdict verdict.Verdict
		body    string
	}{
		"allowed":                      {visit{"bearer", 0, user, says(nil), false, nil}, 200, allow, ""},
		"allowed, concealed":           {visit{"bearer", hide, user, says(nil), false, nil}, 200, allow, ""},
		"anonymous":                    {visit{"{} | bearer", 0, nil, says(nil), false, nil}, 200, allow, ""},
		"anonymous, forbidden":         {visit{"{} | bearer", 0, nil, says(guard.Forbidden(nil)), false, nil}, 403, forbidden, body403},
		"forbidden":                    {visit{"bearer", 0, user, says(guard.Forbidden(errPlain)), false, nil}, 403, forbidden, body403},
		"forbidden, wrapped":           {visit{"bearer", 0, user, says(fmt.Errorf("store: %w", guard.Forbidden(nil))), false, nil}, 403, forbidden, body403},
		"forbidden with a detail":      {visit{"bearer", 0, user, says(guard.Forbidden(fmt.Errorf("order 7: %w", detail))), false, nil}, 403, forbidden, bodySecrets},
		"forbidden with a bad detail":  {visit{"bearer", 0, user, says(guard.Forbidden(guard.Detail("\x00"))), false, nil}, 500, fault, body500},
		"not found":                    {visit{"bearer", 0, user, says(guard.NotFound(nil)), false, nil}, 404, notFound, body404},
		"not found with a detail":      {visit{"bearer", 0, user, says(guard.NotFound(detail)), false, nil}, 404, notFound, body404},
		"forbidden and not found":      {visit{"bearer", 0, user, says(errors.Join(guard.NotFound(nil), guard.Forbidden(nil))), false, nil}, 403, forbidden, body403},
		"unavailable":                  {visit{"bearer", 0, user, says(guard.Unavailable(nil)), false, nil}, 503, unavailable, body503},
		"unavailable and not found":    {visit{"bearer", 0, user, says(errors.Join(guard.NotFound(nil), guard.Unavailable(nil))), false, nil}, 503, unavailable, body503},
		"deadline":                     {visit{"bearer", 0, user, says(context.DeadlineExceeded), false, nil}, 503, unavailable, body503},
		"blocked until the deadline":   {visit{"bearer", 0, user, blocked, false, late}, 503, unavailable, body503},
		"blocked until nobody waits":   {visit{"bearer", hide, user, blocked, false, gone}, 503, canceled, body503},
		"canceled by the application":  {visit{"bearer", 0, user, says(context.Canceled), false, nil}, 500, fault, body500},
		"invalid":                      {visit{"bearer", 0, user, says(guard.Invalid(nil)), false, nil}, 500, fault, body500},
		"expired":                      {visit{"bearer", 0, user, says(guard.Expired(nil)), false, nil}, 500, fault, body500},
		"step-up":                      {visit{"bearer", 0, user, says(guard.StepUp{}), false, nil}, 500, fault, body500},
		"step-up and forbidden":        {visit{"bearer", hide, user, says(errors.Join(guard.StepUp{}, guard.Forbidden(nil))), false, nil}, 500, fault, body500},
		"unclassified":                 {visit{"bearer", 0, user, says(errPlain), false, nil}, 500, fault, body500},
		"unclassified, concealed":      {visit{"bearer", hide, user, says(errPlain), false, nil}, 500, fault, body500},
		"a detail of no class":         {visit{"bearer", 0, user, says(detail), false, nil}, 500, fault, body500},
		"a nil pointer for an error":   {visit{"bearer", 0, user, says((*guard.StepUp)(nil)), false, nil}, 500, fault, body500},
		"panic":                        {visit{"bearer", hide, user, func(context.Context) error { panic("check") }, false, nil}, 500, fault, body500},
		"panic in an error":            {visit{"bearer", 0, user, says(guard.Forbidden(badUnwrap{})), false, nil}, 500, fault, body500},
		"the handler finds nothing":    {visit{"bearer", 0, user, says(nil), true, nil}, 404, allow, body404},
		"the handler alone":            {visit{"bearer", 0, user, nil, true, nil}, 404, allow, body404},
		"no role":                      {visit{"bearer;admin", 0, user, says(nil), false, nil}, 403, noRole, body403},
		"no credential":                {visit{"bearer", hide, nil, says(nil), false, nil}, 401, absent, body401},
		"a bad credential":             {visit{"bearer", hide, has("Authorization: Bearer invalid"), says(nil), false, nil}, 401, invalid, body401},
		"two credentials":              {visit{"bearer", hide, has("Authorization: a", "Authorization: b"), says(nil), false, nil}, 400, ambiguous, body400},
		"hidden role":                  {visit{"bearer;admin", hide, user, says(nil), false, nil}, 404, noRole, body404},
		"hidden scope":                 {visit{"oauth(read)", hide, user, says(nil), false, nil}, 404, noScope, body404},
		"hidden from the caller":       {visit{"bearer", hide, user, says(guard.Forbidden(detail)), false, nil}, 404, forbidden, body404},
		"hidden, a bad detail":         {visit{"bearer", hide, user, says(guard.Forbidden(guard.Detail("\x00"))), false, nil}, 404, forbidden, body404},
		"hidden and missing":           {visit{"bearer", hide, user, says(guard.NotFound(nil)), false, nil}, 404, notFound, body404},
		"a refused account":            {visit{"bearer", hide, has("Authorization: Bearer forbidden"), says(nil), false, nil}, 403, refused, body403},
		"a refused account, optional":  {visit{"{} | bearer", hide, has("Authorization: Bearer forbidden"), says(nil), false, nil}, 403, refused, body403},
		"step-up of the caller":        {visit{"bearer", hide, has("Authorization: Bearer stepup"), says(nil), false, nil}, 401, stepUp, body401},
		"denied role":                  {visit{"bearer;admin", refuse, user, says(nil), false, nil}, 403, noRole, body403},
		"denied scope":                 {visit{"oauth(read)", refuse, user, says(nil), false, nil}, 403, noScope, body403},
		"denied to the caller":         {visit{"bearer", refuse, user, says(guard.Forbidden(detail)), false, nil}, 403, forbidden, body403},
		"denied though missing":        {visit{"bearer", refuse, user, says(guard.NotFound(nil)), false, nil}, 403, notFound, body403},
		"denied, the handler alone":    {visit{"bearer", refuse, user, nil, true, nil}, 403, allow, body403},
		"no credential, refusing":      {visit{"bearer", refuse, nil, says(nil), false, nil}, 401, absent, body401},
		"unavailable stays so, hidden": {visit{"bearer", hide, user, says(guard.Unavailable(nil)), false, nil}, 503, unavailable, body503},
	} {
		for door, enter := range doors {
			a := enter(test.visit, t, guard.Options{})
			what := title + " by " + door
			if a.status != test.status || a.body != test.body || len(a.events) != 1 {
				t.Fatalf("%s: %d %q, %d events; want %d %q", what, a.status, a.body, len(a.events), test.status, test.body)
			}
			e := a.events[0]
			onWire := test.status
			if test.verdict == allow {
				onWire = 0
			}
			if e.Verdict != test.verdict || e.Status != onWire || (e.Reason == nil) != (e.Verdict == allow) || e.Operation != "op" {
				t.Errorf("%s: %+v; want %s %d", what, e, test.verdict, onWire)
			}
			g, _ := test.visit.guard(t, guard.Options{}, new(answered))
			admitted := g.Check(test.visit.request()).Allowed()
			if a.served != count(test.verdict == allow) || a.checks != count(admitted && test.visit.check != nil) {
				t.Errorf("%s: %d checks, served %d times", what, a.checks, a.served)
			}
			if test.verdict != allow && (a.header.Get("Cache-Control") != "no-store" || a.header.Get("X-Content-Type-Options") != "nosniff") {
				t.Errorf("%s: %v", what, a.header)
			}
			if challenged := test.status == 401 || test.status == 400 || title == "denied scope"; challenged != (a.header["Www-Authenticate"] != nil) {
				t.Errorf("%s: challenges %q", what, a.header["Www-Authenticate"])
			}
		}
	}
}

func TestEventsOfResourceChecks(t *testing.T) {
	both := has("Authorization: Bearer b", "X-API-Key: k")
	for _, test := range []struct {
		policy         string
		has            []string
		check          func(context.Context) error
		scheme, reason string
	}{
		{"bearer", both, says(nil), "bearer", ""},
		{"key & bearer", both, says(nil), "key+bearer", ""},
		{"{} | digest", nil, says(nil), "", ""},
		{"key & bearer", both, says(guard.Forbidden(errPlain)), "key+bearer", "some error"},
		{"key", both, says(guard.NotFound(nil)), "key", "not-found"},
		{"key", both, says(errPlain), "key", "unclassified error from the resource check ownsIt; wrap it with guard.Forbidden, NotFound or Unavailable: some error"},
		{"key", both, says(guard.Invalid(errPlain)), "key", "unclassified error from the resource check ownsIt; wrap it with guard.Forbidden, NotFound or Unavailable: some error"},
		{"key", both, func(context.Context) error { panic(errPlain) }, "key", "panic in the resource check ownsIt: some error"},
		{"key", both, says(guard.Forbidden(guard.Detail("a\nb"))), "key", `guard.Detail from the resource check ownsIt: "a\nb" is not UTF-8 without control characters`},
	} {
		for door, enter := range doors {
			for _, inContext := range []bool{false, true} {
				a := enter(visit{policy: test.policy, has: test.has, check: test.check}, t, guard.Options{CallerInContext: inContext, OnDecision: func(ctx context.Context, e guard.Event) {
					if _, known := guard.CallerFrom[*caller](ctx); known != (inContext && test.scheme != "") {
						t.Errorf("%s by %s: there is a caller in OnDecision's context: %t", test.policy, door, known)
					}
				}})
				if e := a.events[0]; len(a.events) != 1 || e.Scheme != test.scheme || text(e.Reason) != test.reason || e.Path != "/op/{id}" {
					t.Errorf("%s by %s: %+v", test.policy, door, a.events)
				}
			}
		}
	}
}

// A guard finds its own admission among those of others.
func TestAdmissionsOfSeveralGuards(t *testing.T) {
	var schemes []string
	w := &world{options: guard.Options{OnDecision: func(ctx context.Context, e guard.Event) {
		schemes = append(schemes, e.Operation+" "+e.Scheme)
	}, DenialBody: func(ctx context.Context, _ guard.Denial) (string, []byte) {
		return "text/plain", fmt.Append(nil, ctx.Value(key1{}))
	}}}
	l := w.linker()
	guarded := func(id, policy string) *guard.Guard[*caller] {
		op := operation(policy)
		op.ID, op.Resource = id, "ownsIt"
		return l.Guard(op)
	}
	outer, inner, stranger := guarded("outer", "bearer"), guarded("inner", "key"), guarded("stranger", "query")
	layer := func(r *http.Request, v string) *http.Request {
		return r.WithContext(context.WithValue(r.Context(), key1{}, v))
	}
	r := layer(request("Authorization: Bearer a", "X-API-Key: b"), "1 ")
	r, _, _ = outer.Admit(httptest.NewRecorder(), r)
	r = layer(r, "2 ")
	r, _, _ = inner.Admit(httptest.NewRecorder(), r)
	r = layer(r, "3 ")
	bodies := ""
	for _, g := range []*guard.Guard[*caller]{outer, inner, stranger} {
		rec := httptest.NewRecorder()
		g.AdmitResource(rec, r, says(guard.Forbidden(nil)))
		bodies += rec.Body.String()
	}
	if got := strings.Join(schemes, ", ") + ": " + bodies; got != "outer bearer, inner key, stranger : 1 2 3 " {
		t.Error(got)
	}
}

// Without OnDecision a faulty check is logged, and a refusal is not.
func TestFaultyChecksAreLogged(t *testing.T) {
	for err, want := range map[error]bool{errPlain: true, guard.Forbidden(nil): false, guard.NotFound(nil): false, nil: false} {
		logs := captureLog(t)
		op := operation("bearer")
		op.Resource = "ownsIt"
		g := (&world{}).linker().Guard(op)
		g.AdmitResource(httptest.NewRecorder(), request(), says(err))
		if logged := strings.Contains(logs.String(), "the resource check ownsIt"); logged != want || logged != (logs.Len() > 0) {
			t.Errorf("%v: %q", err, logs)
		}
	}
}

func TestResourceChecksThatGoAstray(t *testing.T) {
	captureLog(t)
	op := operation("bearer")
	unchecked := (&world{}).linker().Guard(op)
	op.Resource = "ownsIt"
	l := (&world{}).linker()
	broken := l.Guard(op)
	l.Guard(guard.Operation{})
	sound := (&world{}).linker().Guard(op)
	for title, g := range map[string]*guard.Guard[*caller]{"nil": nil, "zero": {}, "broken": broken, "no resource": unchecked} {
		rec, x := httptest.NewRecorder(), newExchange(request())
		never := func(context.Context) error { t.Errorf("%s: the check ran", title); return nil }
		if g.AdmitResource(rec, request(), never) || g.AdmitResourceExchange(x, never) || rec.Code != 500 || x.status != 500 {
			t.Errorf("%s: %d %d", title, rec.Code, x.status)
		}
	}
	if rec := httptest.NewRecorder(); sound.AdmitResource(rec, request(), nil) || rec.Code != 500 {
		t.Errorf("no check: %d", rec.Code)
	}
	if rec := httptest.NewRecorder(); !sound.AdmitResource(rec, request(), says(nil)) || len(rec.Header()) > 0 {
		t.Errorf("a context without an admission: %v", rec.Header())
	}
}

func TestCheckPanics(t *testing.T) {
	captureLog(t)
	op := operation("bearer")
	op.Resource, op.Conceal = "ownsIt", guard.ConcealAsNotFound
	g := (&world{}).linker().Guard(op)
	func() {
		defer func() {
			if value := recover(); value != http.ErrAbortHandler {
				t.Errorf("http.ErrAbortHandler became %v", value)
			}
		}()
		g.AdmitResource(httptest.NewRecorder(), request(), func(context.Context) error { panic(http.ErrAbortHandler) })
	}()
	t.Setenv("GODEBUG", "panicnil=1")
	if rec := httptest.NewRecorder(); g.AdmitResource(rec, request(), func(context.Context) error { panic(nil) }) || rec.Code != 500 {
		t.Errorf("panic(nil): %d", rec.Code)
	}
	passed, done := false, make(chan struct{})
	go func() {
		defer close(done)
		passed = g.AdmitResource(httptest.NewRecorder(), request(), func(context.Context) error { runtime.Goexit(); return nil })
	}()
	if <-done; passed {
		t.Error("Goexit lets the handler run")
	}
}

// The check gets the context of the handler.
func TestCheckContext(t *testing.T) {
	for _, inContext := range []bool{false, true} {
		op := operation("bearer")
		op.Resource = "ownsIt"
		g := (&world{options: guard.Options{CallerInContext: inContext}}).linker().Guard(op)
		r := request("Authorization: Bearer ann")
		r, _, _ = g.Admit(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), key1{}, "outer")))
		g.AdmitResource(httptest.NewRecorder(), r, func(ctx context.Context) error {
			if c, known := guard.CallerFrom[*caller](ctx); known != inContext || known && c.name != "ann" || ctx.Value(key1{}) != "outer" {
				t.Errorf("%t: %v %t %v", inContext, c, known, ctx.Value(key1{}))
			}
			return nil
		})
		if printed := fmt.Sprint(r.Context(), context.WithValue(r.Context(), key1{}, 1)); strings.Contains(printed, "ann") || strings.Contains(printed, "ownsIt") {
			t.Errorf("a printed context: %s", printed)
		}
	}
}
