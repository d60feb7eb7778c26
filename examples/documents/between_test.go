package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// fleeting are the checks when a document goes right after it was checked.
type fleeting struct{ checks }

func (f fleeting) CanReadDocument(ctx context.Context, caller *user, id api.DocumentId) error {
	return errors.Join(f.checks.CanReadDocument(ctx, caller, id), f.store.Delete(id))
}

func (f fleeting) OwnsDocument(ctx context.Context, caller *user, id api.DocumentId) error {
	return errors.Join(f.checks.OwnsDocument(ctx, caller, id), f.store.Delete(id))
}

func (f fleeting) IsInvited(ctx context.Context, caller *user, code string) error {
	invitation, _ := f.store.Invitation(code)
	return errors.Join(f.checks.IsInvited(ctx, caller, code), f.store.Delete(invitation.Document))
}

// TestBetween is about what happens between the check and the handler: the handler's own not-found is the same to the
// byte as a concealed denial, whether that looks like 404 or like 403.
func TestBetween(t *testing.T) {
	for _, test := range []struct {
		request, body, caller string
		want                  outcome
	}{
		{"GET /documents/$PLAN", "", "reader", no404},
		{"PUT /documents/$PLAN", draft, "owner", no404},
		{"DELETE /documents/$PLAN", "", "owner", no404},
		{"POST /documents/$PLAN/invitations", invite, "owner", no404},
		{"POST /invitations/$INVITATION", "", "stranger", no403},
	} {
		t.Run(test.request, func(t *testing.T) {
			var verdicts []verdict.Verdict
			w := newWorldWith(t, func(s *store.Store) (http.Handler, error) {
				return apiguard.Handler(server{s}, auth{s}, fleeting{checks{s}}, guard.Options{
					Realm:      "documents",
					OnDecision: func(_ context.Context, e guard.Event) { verdicts = append(verdicts, e.Verdict) },
				})
			})
			want, _ := test.want.want(test.request)
			if got := w.send(t, test.request, w.bearer(test.caller), test.body); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if !slices.Equal(verdicts, []verdict.Verdict{verdict.Allow}) {
				t.Errorf("the guard decided %v: this test is about what comes after it has allowed", verdicts)
			}
		})
	}
}

// TestHead asks with HEAD, which net/http serves by GET: the headers are the same, and tell as little.
func TestHead(t *testing.T) {
	w := newWorld(t)
	want, _ := no404.want("")
	want = want[:strings.Index(want, "\r\n\r\n")+4]
	for _, id := range []string{"$DIARY", "$OFFER", "$MISSING"} {
		if got := w.send(t, "HEAD /documents/"+id, w.bearer("reader"), ""); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", id, got, want)
		}
	}
}

// TestInvitation follows an invitation: once it is used up, it is no different from one that never was.
func TestInvitation(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		request, caller string
		status          int
	}{
		{"GET /documents/$PLAN", "stranger", 404},
		{"POST /invitations/$INVITATION", "reader", 403},
		{"POST /invitations/$INVITATION", "stranger", 204},
		{"GET /documents/$PLAN", "stranger", 200},
		{"PUT /documents/$PLAN", "stranger", 404},
		{"POST /invitations/$INVITATION", "stranger", 403},
		{"DELETE /documents/$PLAN", "owner", 204},
		{"GET /documents/$PLAN", "stranger", 404},
		{"GET /documents/$PLAN/revisions/1", "owner", 404},
	} {
		if status := statusOf(t, w.send(t, step.request, w.bearer(step.caller), "")); status != step.status {
			t.Errorf("%s by %s: %d, want %d", step.request, step.caller, status, step.status)
		}
	}
}

// TestSuspension suspends and lets in again: a token stays a token.
func TestSuspension(t *testing.T) {
	w := newWorld(t)
	for _, step := range []struct {
		suspended string
		status    int
	}{{"", 200}, {"true", 403}, {"false", 200}} {
		if step.suspended != "" {
			body := fmt.Sprintf(`{"suspended":%s}`, step.suspended)
			w.send(t, "PUT /admin/users/reader", w.bearer("admin"), body)
		}
		for _, header := range [][]string{w.bearer("reader"), {"Cookie: session=" + w.names["COOKIE"]}} {
			if status := statusOf(t, w.send(t, "GET /documents", header, "")); status != step.status {
				t.Errorf("suspended %q: %d, want %d", step.suspended, status, step.status)
			}
		}
	}
}

// TestSession is the operation that a browser may call, too.
func TestSession(t *testing.T) {
	w := newWorld(t)
	cookie, token := w.names["COOKIE"], w.names["READER"]
	for _, test := range []struct {
		name, request, header string
		status                int
		private               bool
	}{
		{"a cookie", "GET /documents", "Cookie: session=" + cookie, 200, true},
		{"a token", "GET /documents", "Authorization: Bearer " + token, 200, false},
		{"a token for a cookie", "GET /documents", "Cookie: session=" + token, 401, false},
		{"a cookie for a token", "GET /documents", "Authorization: Bearer " + cookie, 401, false},
		{"two cookies", "GET /documents", "Cookie: session=" + cookie + "; session=" + cookie, 400, false},
		{"a cookie elsewhere", "GET /documents/$PLAN", "Cookie: session=" + cookie, 401, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := w.send(t, test.request, []string{test.header}, "")
			if status := statusOf(t, response); status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if private := strings.Contains(response, "\r\nCache-Control: private\r\n"); private != test.private {
				t.Errorf("for private caches only: %v, want %v\n%s", private, test.private, response)
			}
		})
	}
}

// TestEvents makes sure that the operator is told the truth.
func TestEvents(t *testing.T) {
	var mu sync.Mutex
	var events []string
	w := newWorldWith(t, func(s *store.Store) (http.Handler, error) {
		return apiguard.Handler(server{s}, auth{s}, checks{s}, guard.Options{OnDecision: func(_ context.Context, e guard.Event) {
			mu.Lock()
			defer mu.Unlock()
			events = append(events, fmt.Sprint(e.Operation, " ", e.Verdict, " ", e.Status))
		}})
	})
	for _, r := range []struct{ request, caller string }{
		{"GET /documents/$PLAN", "nobody"},
		{"GET /documents/$PLAN", "suspended"},
		{"GET /documents/$PLAN", "stranger"},
		{"GET /documents/$MISSING", "stranger"},
		{"GET /documents/$PLAN", "reader"},
		{"GET /admin/users", "reader"},
		{"POST /invitations/$INVITATION", "reader"},
		{"POST /invitations/MISSING", "reader"},
		{"GET /published/$MISSING", "nobody"},
	} {
		w.send(t, r.request, w.bearer(r.caller), "")
	}
	want := []string{
		"getDocument absent 401", "getDocument refused 403", "getDocument forbidden 404", "getDocument not-found 404",
		"getDocument allow 0", "listUsers missing-role 404", "acceptInvitation forbidden 403", "acceptInvitation not-found 403",
		"getPublished allow 0",
	}
	if mu.Lock(); !slices.Equal(events, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(events, "\n"), strings.Join(want, "\n"))
	}
	mu.Unlock()
}
