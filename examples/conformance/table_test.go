package conformance

// The challenges of the library, to the byte.
const (
	bearer        = `Bearer realm="library"`
	bearerInvalid = `Bearer realm="library", error="invalid_token"`
	bearerExpired = `Bearer realm="library", error="invalid_token", error_description="The access token expired"`
	bearerTwice   = `Bearer realm="library", error="invalid_request"`
	scope         = `Bearer realm="library", scope="catalogue:write"`
	scopeMissing  = `Bearer realm="library", scope="catalogue:write", error="insufficient_scope"`
	basic         = `Basic realm="library", charset="UTF-8"`
	cookie        = `ApiKey realm="library", in="cookie", name="session"`
	terminal      = `ApiKey realm="library", in="header", name="X-Terminal-Key"`
	feed          = `ApiKey realm="library", in="query", name="key"`
)

// Who calls. In base64: lena:desk, 1001:1234 (mia's card) and 1001:9999.
const (
	mia       = "Authorization: Bearer mia-token"
	maxToken  = "Authorization: Bearer max-token"
	lena      = "Authorization: Bearer lena-token" // librarian
	mona      = "Authorization: Bearer mona-token" // manager, and so librarian
	axel      = "Authorization: Bearer axel-token" // auditor
	sid       = "Authorization: Bearer sid-token"  // suspended
	publisher = "Authorization: Bearer publisher-token"
	browser   = "Authorization: Bearer browser-token" // may read the catalogue
	unknown   = "Authorization: Bearer unknown"
	atDesk    = "Authorization: Basic bGVuYTpkZXNr"
	miaCard   = "Authorization: Basic MTAwMToxMjM0"
	wrongPin  = "Authorization: Basic MTAwMTo5OTk5"
	hall      = "X-Terminal-Key: hall-key"
	miaWeb    = "Cookie: session=mia-session"
)

const (
	loan       = "/loans/7c1e7e0e-4f4d-4d0c-9b57-0f7a7a3c2b11" // max has Solaris
	noSuchLoan = "/loans/00000000-0000-4000-8000-000000000000"
	badLoan    = "/loans/x"
	maxLoan    = `{"id":"UUID","bookId":4,"member":"max","due":"DATE"}`
	momo       = `{"id":1,"title":"Momo","author":"Michael Ende"}`
	book1      = `{"bookId":1}`
	newBook    = `{"title":"Ulysses","author":"James Joyce"}`
	ulysses    = `{"id":5,"title":"Ulysses","author":"James Joyce"}`
	solaris    = `{"id":4,"title":"Solaris","author":"Stanisław Lem"}`
	persuasion = `{"id":3,"title":"Persuasion","author":"Jane Austen"}`
)

// row is one request, and what everybody answers.
type row struct {
	name    string
	line    string
	header  []string
	body    string
	want    want
	changes bool // the library is another one afterwards
	// except are the frameworks that answer otherwise, all of them in the same way, and why.
	except map[string]exception
}

type exception struct {
	reason string
	want   want
}

// table is a day at the library: the rows are asked in this order.
var table = []row{
	{name: "public", line: "GET /books?q=Momo", want: served(200, "["+momo+"]")},
	{name: "public, credentials are not read", line: "GET /books?q=Momo", header: []string{"Authorization: rubbish", unknown}, want: served(200, "["+momo+"]")},

	{name: "optional, anonymous", line: "GET /books/1", want: served(200, momo)},
	{name: "optional, a member", line: "GET /books/1", header: []string{mia}, want: served(200, `{"id":1,"title":"Momo","author":"Michael Ende","shelf":"E 1"}`)},
	{name: "optional, a bad token is not anonymous", line: "GET /books/1", header: []string{unknown}, want: denied(401, bearerInvalid)},
	{name: "optional, expired", line: "GET /books/1", header: []string{"Authorization: Bearer max-old-token"}, want: denied(401, bearerExpired)},
	{name: "optional, two lines", line: "GET /books/1", header: []string{mia, mia}, want: denied(400, bearerTwice)},
	{name: "optional, bad parameter", line: "GET /books/x", want: refused(400)},
	{name: "optional, bad parameter and bad token", line: "GET /books/x", header: []string{unknown}, want: denied(401, bearerInvalid)},
	{name: "optional, no such book", line: "GET /books/99", want: served(404, "")},

	{name: "or, none", line: "GET /loans", want: denied(401, bearer, cookie)},
	{name: "or, an empty field is no credential", line: "GET /loans", header: []string{"Authorization:"}, want: denied(401, bearer, cookie)},
	{name: "or, the credential of another scheme", line: "GET /loans", header: []string{miaCard}, want: denied(401, bearer, cookie)},
	{name: "or, malformed token", line: "GET /loans", header: []string{"Authorization: Bearer not a token"}, want: denied(401, bearerInvalid, cookie)},
	{name: "or, unknown token", line: "GET /loans", header: []string{unknown}, want: denied(401, bearerInvalid, cookie)},
	{name: "or, expired token", line: "GET /loans", header: []string{"Authorization: Bearer max-old-token"}, want: denied(401, bearerExpired, cookie)},
	{name: "or, two lines", line: "GET /loans", header: []string{maxToken, maxToken}, want: denied(400, bearerTwice, cookie)},
	{name: "or, suspended", line: "GET /loans", header: []string{sid}, want: denied(403)},
	{name: "or, token", line: "GET /loans", header: []string{maxToken}, want: served(200, "["+maxLoan+"]")},
	{name: "or, the scheme in any case", line: "GET /loans", header: []string{"authorization: bEARER  max-token"}, want: served(200, "["+maxLoan+"]")},
	{name: "or, cookie", line: "GET /loans", header: []string{"Cookie: a=b; session=max-session"}, want: served(200, "["+maxLoan+"]")},
	{name: "or, unknown cookie", line: "GET /loans", header: []string{"Cookie: session=unknown"}, want: denied(401, bearer, cookie)},
	{name: "or, the cookie of another name", line: "GET /loans", header: []string{"Cookie: Session=max-session"}, want: denied(401, bearer, cookie)},
	{name: "or, cookie twice", line: "GET /loans", header: []string{"Cookie: session=max-session; session=max-session"}, want: denied(400, bearer, cookie)},
	{name: "or, cookie twice in two lines", line: "GET /loans", header: []string{"Cookie: session=max-session", "Cookie: session=max-session"}, want: denied(400, bearer, cookie)},
	{name: "or, bad token and good cookie", line: "GET /loans", header: []string{unknown, "Cookie: session=max-session"}, want: served(200, "["+maxLoan+"]")},

	{name: "role, none", line: "GET " + loan, want: denied(401, bearer)},
	{name: "role, missing", line: "GET " + loan, header: []string{mia}, want: denied(403)},
	{name: "role, the first", line: "GET " + loan, header: []string{lena}, want: served(200, maxLoan)},
	{name: "role, the second", line: "GET " + loan, header: []string{axel}, want: served(200, maxLoan)},
	{name: "role, included", line: "GET " + loan, header: []string{mona}, want: served(200, maxLoan)},
	{name: "role, no such loan, none", line: "GET " + noSuchLoan, want: denied(401, bearer)},
	{name: "role, no such loan, missing", line: "GET " + noSuchLoan, header: []string{mia}, want: denied(403)},
	{name: "role, no such loan", line: "GET " + noSuchLoan, header: []string{lena}, want: served(404, "")},
	{name: "role, bad parameter, none", line: "GET " + badLoan, want: denied(401, bearer)},
	{name: "role, bad parameter, missing", line: "GET " + badLoan, header: []string{mia}, want: denied(403)},
	{name: "role, bad parameter", line: "GET " + badLoan, header: []string{lena}, want: refused(400)},

	{name: "role by token or password, none", line: "GET /overdue?before=2026-01-01", want: denied(401, bearer, basic)},
	{name: "role by token or password, password", line: "GET /overdue?before=2026-01-01", header: []string{atDesk}, want: served(200, "["+maxLoan+"]")},
	{name: "role by token or password, wrong password", line: "GET /overdue?before=2026-01-01", header: []string{wrongPin}, want: denied(401, bearer, basic)},
	{name: "role by token or password, malformed password", line: "GET /overdue?before=2026-01-01", header: []string{"Authorization: Basic !"}, want: denied(401, bearer, basic)},
	{name: "role by token or password, another role", line: "GET /overdue?before=2026-01-01", header: []string{axel}, want: denied(403)},
	{name: "role by token or password, another's password", line: "GET /overdue?before=2026-01-01", header: []string{miaCard}, want: denied(403)},
	{name: "parameter missing, none", line: "GET /overdue", want: denied(401, bearer, basic)},
	{name: "parameter missing, role missing", line: "GET /overdue", header: []string{axel}, want: denied(403)},
	{name: "parameter missing", line: "GET /overdue", header: []string{lena}, want: refused(400)},
	{name: "parameter malformed, none", line: "GET /overdue?before=today", want: denied(401, bearer, basic)},
	{name: "parameter malformed", line: "GET /overdue?before=today", header: []string{lena}, want: refused(400)},

	{name: "scope, none", line: "POST /books", body: newBook, want: denied(401, scope)},
	{name: "scope, missing", line: "POST /books", header: []string{browser}, body: newBook, want: denied(403, scopeMissing)},
	{name: "scope, no body, missing", line: "POST /books", header: []string{browser, "Content-Length: 0"}, want: denied(403, scopeMissing)},
	{name: "scope, bad body, missing", line: "POST /books", header: []string{browser}, body: "{", want: denied(403, scopeMissing)},
	{name: "scope, bad body", line: "POST /books", header: []string{publisher}, body: "{", want: refused(400)},
	{name: "scope", line: "POST /books", header: []string{publisher}, body: newBook, want: served(201, ulysses), changes: true},

	{name: "key in the query, none", line: "GET /feed", want: denied(401, feed)},
	{name: "key in the query, empty", line: "GET /feed?key=", want: denied(401, feed)},
	{name: "key in the query, unknown", line: "GET /feed?key=unknown", want: denied(401, feed)},
	{name: "key in the query, the name in another case", line: "GET /feed?KEY=mia-feed", want: denied(401, feed)},
	{name: "key in the query, not in a header", line: "GET /feed", header: []string{"key: mia-feed"}, want: denied(401, feed)},
	{name: "key in the query, twice", line: "GET /feed?key=mia-feed&key=mia-feed", want: denied(400, feed)},
	{name: "key in the query, a pair that does not decode", line: "GET /feed?key=mia-feed&a=%zz", want: denied(401, feed)},
	{name: "key in the query, a semicolon", line: "GET /feed?key=mia-feed;a=b", want: denied(401, feed)},
	{name: "key in the query, a fragment is part of it", line: "GET /feed?key=mia-feed#", want: denied(401, feed)},
	{name: "key in the query, its name encoded", line: "GET /feed?%6bey=mia-feed", want: served(200, "["+ulysses+","+solaris+"]")},
	{name: "key in the query, absolute form", line: "GET http://library.example/feed?key=mia-feed", want: served(200, "["+ulysses+","+solaris+"]")},
	{name: "key in the query", line: "GET /feed?a=b&key=mia%2Dfeed", want: served(200, "["+ulysses+","+solaris+"]")},

	{name: "body, none", line: "POST /loans", body: book1, want: denied(401, bearer)},
	{name: "body, the cookie of other operations", line: "POST /loans", header: []string{miaWeb}, body: book1, want: denied(401, bearer)},
	{name: "body", line: "POST /loans", header: []string{mia}, body: book1, want: served(201, `{"id":"UUID","bookId":1,"member":"mia","due":"DATE"}`), changes: true},
	{name: "body, the caller is mia", line: "GET /loans", header: []string{miaWeb}, want: served(200, `[{"id":"UUID","bookId":1,"member":"mia","due":"DATE"}]`)},
	{name: "body, somebody has it", line: "POST /loans", header: []string{maxToken}, body: book1, want: served(409, "")},

	{name: "and, none", line: "POST /returns", body: book1, want: denied(401, basic, terminal)},
	{name: "and, only the first", line: "POST /returns", header: []string{hall}, body: book1, want: denied(401, basic, terminal)},
	{name: "and, only the second", line: "POST /returns", header: []string{miaCard}, body: book1, want: denied(401, basic, terminal)},
	{name: "and, the first is bad", line: "POST /returns", header: []string{"X-Terminal-Key: unknown", miaCard}, body: book1, want: denied(401, basic, terminal)},
	{name: "and, the second is bad", line: "POST /returns", header: []string{hall, wrongPin}, body: book1, want: denied(401, basic, terminal)},
	{name: "and, the first is there twice", line: "POST /returns", header: []string{hall, "x-terminal-key: hall-key", miaCard}, body: book1, want: denied(400, basic, terminal)},
	{name: "and, the second is there twice", line: "POST /returns", header: []string{hall, miaCard, miaCard}, body: book1, want: denied(400, basic, terminal)},
	{name: "and", line: "POST /returns", header: []string{hall, miaCard}, body: book1, want: served(204, ""), changes: true},

	{name: "delete, none", line: "DELETE /books/5", want: denied(401, bearer)},
	{name: "delete, an included role does not include its own", line: "DELETE /books/5", header: []string{lena}, want: denied(403)},
	{name: "delete, bad parameter, role missing", line: "DELETE /books/x", header: []string{lena}, want: denied(403)},
	{name: "delete", line: "DELETE /books/5", header: []string{mona}, want: served(204, ""), changes: true},
	{name: "delete, again", line: "DELETE /books/5", header: []string{mona}, want: served(404, "")},

	{name: "head, none", line: "HEAD /loans", want: refused(405), except: headOfGet(denied(401, bearer, cookie))},
	{name: "head", line: "HEAD /loans", header: []string{maxToken}, want: refused(405), except: headOfGet(served(200, ""))},
	{name: "options", line: "OPTIONS /loans", want: refused(405), except: map[string]exception{
		"gin":  {notFound, refused(404)},
		"iris": {notFound, refused(404)},
		"echo": {"answers OPTIONS itself, with Allow", refused(204)}, "echo5": {"answers OPTIONS itself, with Allow", refused(204)},
	}},
	{name: "a method without an operation", line: "PUT /loans", header: []string{mia}, want: refused(405), except: map[string]exception{
		"gin": {notFound, refused(404)}, "iris": {notFound, refused(404)},
	}},
	{name: "a path without an operation", line: "GET /members", header: []string{mona}, want: refused(404)},
}

const notFound = "answers a method that is not registered as if the path were unknown"

// headOfGet are the frameworks that do not answer HEAD with 405.
func headOfGet(get want) map[string]exception {
	const served = "serves HEAD where GET is registered"
	return map[string]exception{
		"std-http": {served, get}, "fiber": {served, get}, "fiber3": {served, get},
		"gin": {notFound, refused(404)}, "iris": {notFound, refused(404)},
	}
}
