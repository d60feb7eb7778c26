package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/documents/apiguard"
)

// The bodies that rows send.
const (
	draft   = `{"title":"Plan","text":"Sell everything.","published":true}`
	invite  = `{"reader":"stranger"}`
	about   = `{"about":"me"}`
	suspend = `{"suspended":true}`
	hide    = `{"hidden":true}`
)

// outcome is what a caller gets.
type outcome int

const (
	ok200   outcome = iota // the handler's answer
	new201                 // the same
	done204                // the same
	bad400                 // oapi-codegen's answer to parameters that do not bind
	who401                 // no credential
	bad401                 // a credential that is not accepted
	out403                 // a suspended account
	no403                  // denied: a role, a resource
	not403                 // denied, in the application's own words
	no404                  // there is nothing, or so it seems
)

// callers are the columns of the table.
var callers = []string{"nobody", "wrong", "suspended", "stranger", "reader", "owner", "admin"}

// row is an operation on a resource, and what each of the callers gets.
type row struct {
	request, body string
	outcomes      [7]outcome
}

// table is every operation with every kind of resource. The denials of guards are compared to the byte, so equal
// outcomes are equal responses: whether a 404 hides something is in nobody's power to see.
var table = []row{
	//                                                 nobody  wrong   suspended stranger reader owner admin
	{"GET /health", "", [7]outcome{done204, done204, done204, done204, done204, done204, done204}},

	{"GET /documents", "", [7]outcome{who401, bad401, out403, ok200, ok200, ok200, ok200}},
	{"POST /documents", draft, [7]outcome{who401, bad401, out403, new201, new201, new201, new201}},

	{"GET /documents/$PLAN", "", [7]outcome{who401, bad401, out403, no404, ok200, ok200, ok200}},
	{"GET /documents/$DIARY", "", [7]outcome{who401, bad401, out403, no404, no404, ok200, ok200}},
	{"GET /documents/$NOTICE", "", [7]outcome{who401, bad401, out403, no404, no404, ok200, ok200}},
	{"GET /documents/$OFFER", "", [7]outcome{who401, bad401, out403, no404, no404, ok200, ok200}},
	{"GET /documents/$MISSING", "", [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"GET /documents/malformed", "", [7]outcome{who401, bad401, out403, bad400, bad400, bad400, bad400}},

	{"PUT /documents/$PLAN", draft, [7]outcome{who401, bad401, out403, no404, no404, ok200, no404}},
	{"PUT /documents/$PLAN", "{", [7]outcome{who401, bad401, out403, no404, no404, bad400, no404}},
	{"PUT /documents/$DIARY", draft, [7]outcome{who401, bad401, out403, no404, no404, ok200, no404}},
	{"PUT /documents/$MISSING", draft, [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"PUT /documents/malformed", draft, [7]outcome{who401, bad401, out403, bad400, bad400, bad400, bad400}},

	{"DELETE /documents/$PLAN", "", [7]outcome{who401, bad401, out403, no404, no404, done204, no404}},
	{"DELETE /documents/$OFFER", "", [7]outcome{who401, bad401, out403, no404, no404, done204, no404}},
	{"DELETE /documents/$MISSING", "", [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"DELETE /documents/malformed", "", [7]outcome{who401, bad401, out403, bad400, bad400, bad400, bad400}},

	{"GET /documents/$PLAN/revisions/1", "", [7]outcome{who401, bad401, out403, no404, ok200, ok200, ok200}},
	{"GET /documents/$PLAN/revisions/3", "", [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"GET /documents/$PLAN/revisions/0", "", [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"GET /documents/$DIARY/revisions/1", "", [7]outcome{who401, bad401, out403, no404, no404, ok200, ok200}},
	{"GET /documents/$MISSING/revisions/1", "", [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"GET /documents/$PLAN/revisions/x", "", [7]outcome{who401, bad401, out403, bad400, bad400, bad400, bad400}},

	{"POST /documents/$PLAN/invitations", invite, [7]outcome{who401, bad401, out403, no404, no404, new201, no404}},
	{"POST /documents/$MISSING/invitations", invite, [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},

	{"POST /invitations/$INVITATION", "", [7]outcome{who401, bad401, out403, done204, no403, no403, no403}},
	{"POST /invitations/MISSING", "", [7]outcome{who401, bad401, out403, no403, no403, no403, no403}},

	{"GET /published/$NOTICE", "", [7]outcome{ok200, bad401, out403, ok200, ok200, ok200, ok200}},
	{"GET /published/$PLAN", "", [7]outcome{no404, bad401, out403, no404, no404, no404, no404}},
	{"GET /published/$OFFER", "", [7]outcome{no404, bad401, out403, no404, no404, no404, no404}},
	{"GET /published/$MISSING", "", [7]outcome{no404, bad401, out403, no404, no404, no404, no404}},
	{"GET /published/malformed", "", [7]outcome{bad400, bad401, out403, bad400, bad400, bad400, bad400}},

	{"PUT /users/owner", about, [7]outcome{who401, bad401, out403, not403, not403, done204, not403}},
	{"PUT /users/missing", about, [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},

	{"GET /statistics", "", [7]outcome{who401, bad401, out403, no403, no403, no403, ok200}},

	{"GET /admin/users", "", [7]outcome{who401, bad401, out403, no404, no404, no404, ok200}},
	{"GET /admin/else", "", [7]outcome{no404, no404, no404, no404, no404, no404, no404}},
	{"DELETE /admin/users", "", [7]outcome{no404, no404, no404, no404, no404, no404, no404}},
	{"PUT /admin/users/reader", suspend, [7]outcome{who401, bad401, out403, no404, no404, no404, done204}},
	{"PUT /admin/users/missing", suspend, [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},

	{"PUT /admin/documents/$PLAN", hide, [7]outcome{who401, bad401, out403, no404, no404, no404, done204}},
	{"PUT /admin/documents/$MISSING", hide, [7]outcome{who401, bad401, out403, no404, no404, no404, no404}},
	{"PUT /admin/documents/malformed", hide, [7]outcome{who401, bad401, out403, no404, no404, no404, bad400}},
}

// TestDecisions walks through the table, each cell in a world of its own.
func TestDecisions(t *testing.T) {
	for _, r := range table {
		for i, caller := range callers {
			t.Run(fmt.Sprintf("%s %s by %s", r.request, r.body, caller), func(t *testing.T) {
				t.Parallel()
				r.outcomes[i].check(t, r, caller)
			})
		}
	}
}

// check sends the request and compares what came, and what became of the database: it changes when a request that
// writes was allowed, and never otherwise.
func (o outcome) check(t *testing.T, r row, caller string) {
	w := newWorld(t)
	before := w.contents(t)
	response := w.send(t, r.request, w.bearer(caller), r.body)
	if want, exact := o.want(r.request); exact && sorted(response) != sorted(want) || !exact && !strings.HasPrefix(response, want) {
		t.Errorf("got\n%s\nwant\n%s", response, want)
	}
	changed := w.contents(t) != before
	if writes := o <= done204 && !strings.HasPrefix(r.request, "GET"); changed != writes {
		t.Errorf("the database has changed: %v, want %v", changed, writes)
	}
}

// want is the response of a guard, or how that of a handler begins.
func (o outcome) want(request string) (response string, exact bool) {
	var also []string
	if request == "GET /documents" {
		also = []string{`ApiKey realm="documents", in="cookie", name="session"`}
	}
	switch o {
	case ok200:
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", false
	case new201:
		return "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n", false
	case done204:
		return "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", true
	case bad400:
		return "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n", false
	case who401:
		return denial(401, "The request needs valid credentials.", append([]string{`Bearer realm="documents"`}, also...)...), true
	case bad401:
		return denial(401, "The request needs valid credentials.", append([]string{`Bearer realm="documents", error="invalid_token"`}, also...)...), true
	case out403:
		return denial(403, "Your account is suspended. Write to support@documents.example."), true
	case no403:
		return denial(403, "The caller may not do this."), true
	case not403:
		return denial(403, "This is another's profile. You can change your own."), true
	}
	return denial(404, "There is no such resource."), true
}

// TestTableIsWhole makes sure that every operation of the document is in the table.
func TestTableIsWhole(t *testing.T) {
	segment := regexp.MustCompile(`\{[^}]*\}`)
	for _, op := range apiguard.Policy() {
		route := regexp.MustCompile("^" + op.Method + " " + segment.ReplaceAllString(op.Path, "[^/]+") + "$")
		if !slices.ContainsFunc(table, func(r row) bool { return route.MatchString(r.request) }) {
			t.Errorf("no row calls %s, %s %s", op.ID, op.Method, op.Path)
		}
	}
}
