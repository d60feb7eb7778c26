package conformance

import (
	"slices"
	"strings"
	"testing"
)

// TestNoWayAround asks in ways that routers understand differently. Whatever they make of them: without the
// right credential nobody sees a loan and nothing changes.
func TestNoWayAround(t *testing.T) {
	callers := map[string][]string{"nobody": nil, "a member": {mia}}
	tests := []struct {
		line   string
		header []string
		body   string
	}{
		{line: "GET /overdue/?before=9999-12-31"},
		{line: "GET //overdue?before=9999-12-31"},
		{line: "GET /OVERDUE?before=9999-12-31"},
		{line: "GET /%6fverdue?before=9999-12-31"},
		{line: "GET /overdue%2f?before=9999-12-31"},
		{line: "GET /./overdue?before=9999-12-31"},
		{line: "GET /books/../overdue?before=9999-12-31"},
		{line: "GET /books/%2e%2e/overdue?before=9999-12-31"},
		{line: "GET /books%2f..%2foverdue?before=9999-12-31"},
		{line: `GET /books\..\overdue?before=9999-12-31`},
		{line: "GET /overdue;a=b?before=9999-12-31"},
		{line: "GET /overdue?before=9999-12-31&a=%zz"},
		{line: "GET /overdue?before=9999-12-31#/books"},
		{line: "GET http://elsewhere.example/overdue?before=9999-12-31"},
		{line: "get /overdue?before=9999-12-31"},
		{line: "HEAD /overdue?before=9999-12-31"},
		{line: "GET " + strings.ToUpper(loan)},
		{line: "GET " + loan + "/"},
		{line: "GET " + loan + "%20"},
		{line: "GET " + loan, header: []string{"X-Forwarded-For: 127.0.0.1", "X-Original-URL: /books", "X-Rewrite-URL: /books"}},
		{line: "GET /books", header: []string{"X-Original-URL: " + loan, "X-Rewrite-URL: " + loan}},
		{line: "DELETE /books/1/"},
		{line: "DELETE //books/1"},
		{line: "DELETE /books//1"},
		{line: "DELETE /BOOKS/1"},
		{line: "DELETE /%62ooks/%31"},
		{line: "DELETE /books/1?bookId=x"},
		{line: "DELETE /books/1%00"},
		{line: "delete /books/1"},
		{line: "GET /books/1", header: []string{"X-HTTP-Method-Override: DELETE", "X-Method-Override: DELETE"}},
		{line: "POST /books/1?_method=DELETE", body: "_method=DELETE"},
		{line: "POST /books/", body: newBook},
		{line: "POST /BOOKS", body: newBook},
		{line: "POST /books?key=mia-feed", header: []string{hall, miaWeb}, body: newBook},
		{line: "PUT /books", body: newBook},
	}
	onEach(t, func(t *testing.T, framework, address string) {
		before := shelves(t, address)
		for _, test := range tests {
			for name, credentials := range callers {
				got := ask(t, address, test.line, slices.Concat(test.header, credentials), test.body)
				if strings.Contains(got.body, `"member"`) {
					t.Errorf("%s: %s sees %s", test.line, name, got.body)
				}
				if after := shelves(t, address); after != before {
					t.Fatalf("%s: %s changes the library:\n%s\n%s", test.line, name, before, after)
				}
			}
		}
	})
}
