package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/documents/api"
	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
	"github.com/oapi-guard/oapi-guard/examples/documents/store"
)

// seen is what the check and the handler of a request were given.
type seen struct{ check, handler []string }

// openChecks admit everybody, and write down what they were asked for.
type openChecks struct {
	checks
	seen *seen
}

func (c openChecks) CanReadDocument(_ context.Context, _ *user, id api.DocumentId) error {
	c.seen.check = append(c.seen.check, id.String())
	return nil
}

func (c openChecks) CanReadRevision(_ context.Context, _ *user, id api.DocumentId, revision int) error {
	c.seen.check = append(c.seen.check, fmt.Sprint(id, " ", revision))
	return nil
}

func (c openChecks) IsInvited(_ context.Context, _ *user, code string) error {
	c.seen.check = append(c.seen.check, code)
	return nil
}

// writtenServer writes down what its handlers were asked for.
type writtenServer struct {
	server
	seen *seen
}

func (s writtenServer) GetDocument(_ http.ResponseWriter, _ *http.Request, _ *user, id api.DocumentId) {
	s.seen.handler = append(s.seen.handler, id.String())
}

func (s writtenServer) GetRevision(_ http.ResponseWriter, _ *http.Request, _ *user, id api.DocumentId, revision int) {
	s.seen.handler = append(s.seen.handler, fmt.Sprint(id, " ", revision))
}

func (s writtenServer) AcceptInvitation(_ http.ResponseWriter, _ *http.Request, _ *user, code string) {
	s.seen.handler = append(s.seen.handler, code)
}

// TestOneValue writes one id in many ways. A check that compared the text of the URL would be talked round with
// another spelling of it; here the check and the handler get the very same value, or neither gets any.
func TestOneValue(t *testing.T) {
	const plan = "aaaaaaaa-0000-4000-8000-000000000001"
	tests := []struct {
		request string
		status  int
		value   string // none when the request comes to neither
	}{
		{"GET /documents/$PLAN", 200, plan},
		{"GET /documents/AAAAAAAA-0000-4000-8000-000000000001", 200, plan},
		{"GET /documents/aAaAaAaA-0000-4000-8000-000000000001", 200, plan},
		{"GET /documents/%61%41aaaaaa-0000-4000-8000-000000000001", 200, plan},
		{"GET /documents/urn:uuid:$PLAN", 200, plan},
		{"GET /documents/%7B$PLAN%7D", 200, plan},
		{"GET /documents/aaaaaaaa000040008000000000000001", 200, plan},
		{"GET /documents/01", 400, ""},
		{"GET /documents/+1", 400, ""},
		{"GET /documents/a%2Fb", 400, ""},
		{"GET /documents/$PLAN%20", 400, ""},
		{"GET /documents/$PLAN%00", 400, ""},
		{"GET /documents/$PLAN?documentId=$DIARY", 200, plan},
		{"GET /documents/$PLAN/", 404, ""},

		{"GET /documents/$PLAN/revisions/1", 200, plan + " 1"},
		{"GET /documents/$PLAN/revisions/01", 200, plan + " 1"},
		{"GET /documents/$PLAN/revisions/+1", 200, plan + " 1"},
		{"GET /documents/$PLAN/revisions/%31", 200, plan + " 1"},
		{"GET /documents/$PLAN/revisions/-1", 200, plan + " -1"},
		{"GET /documents/$PLAN/revisions/1.0", 400, ""},
		{"GET /documents/$PLAN/revisions/0x1", 400, ""},
		{"GET /documents/$PLAN/revisions/1_0", 400, ""},
		{"GET /documents/$PLAN/revisions/a%2Fb", 400, ""},
		{"GET /documents/$PLAN/revisions/9223372036854775808", 400, ""},

		{"POST /invitations/01", 200, "01"},
		{"POST /invitations/+1", 200, "+1"},
		{"POST /invitations/a%2Fb", 200, "a/b"},
		{"POST /invitations/a%252Fb", 200, "a%2Fb"},
		{"POST /invitations/a%20b", 200, "a b"},
		{"POST /invitations/a,b", 200, "a,b"},
		{"POST /invitations/A", 200, "A"},
		{"POST /invitations/a/b", 404, ""},
		{"POST /invitations/a%zz", 400, ""},
	}
	for _, test := range tests {
		t.Run(test.request, func(t *testing.T) {
			var s seen
			w := newWorldWith(t, func(st *store.Store) (http.Handler, error) {
				return apiguard.Handler(writtenServer{server{st}, &s}, auth{st}, openChecks{checks{st}, &s}, options())
			})
			if status := statusOf(t, w.send(t, test.request, w.bearer("stranger"), "")); status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			var want []string
			if test.value != "" {
				want = []string{test.value}
			}
			if !slices.Equal(s.check, want) || !slices.Equal(s.handler, want) {
				t.Errorf("the check saw %q and the handler %q, want %q", s.check, s.handler, want)
			}
		})
	}
}

// TestSpellings has the real checks decide about other spellings of an id. They change nothing.
func TestSpellings(t *testing.T) {
	for _, id := range []string{
		"AAAAAAAA-0000-4000-8000-000000000002", "urn:uuid:$DIARY", "%7B$DIARY%7D", "aaaaaaaa000040008000000000000002",
	} {
		for i, caller := range []string{"reader", "owner"} {
			want := []outcome{no404, ok200}[i]
			want.check(t, row{request: "GET /documents/" + id}, caller)
		}
		no404.check(t, row{request: "DELETE /documents/" + id}, "reader")
	}
}
