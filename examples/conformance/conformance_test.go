package conformance

import (
	"strings"
	"testing"
)

// TestTable asks every program all rows of the table, and after each one whether the library has changed:
// that it has tells that a handler ran, that it has not tells that none did.
func TestTable(t *testing.T) {
	onEach(t, func(t *testing.T, framework, address string) {
		before := shelves(t, address)
		for _, row := range table {
			t.Run(row.name, func(t *testing.T) {
				row.check(t, framework, address)
				after := shelves(t, address)
				if changed := after != before; changed != row.changes {
					t.Errorf("the library has changed: %t, want %t\n%s\n%s", changed, row.changes, before, after)
				}
				before = after
			})
		}
	})
}

func (r row) check(t *testing.T, framework, address string) {
	t.Helper()
	method, _, _ := strings.Cut(r.line, " ")
	r.on(framework).check(t, method, ask(t, address, r.line, r.header, r.body))
}

// on is what that framework answers.
func (r row) on(framework string) want {
	if exception, ok := r.except[framework]; ok {
		return exception.want
	}
	return r.want
}

// shelves are all books and all loans.
func shelves(t *testing.T, address string) string {
	t.Helper()
	books := ask(t, address, "GET /books", nil, "")
	loans := ask(t, address, "GET /overdue?before=9999-12-31", []string{lena}, "")
	if books.status != 200 || loans.status != 200 {
		t.Fatalf("status %d and %d", books.status, loans.status)
	}
	return books.body + loans.body
}
