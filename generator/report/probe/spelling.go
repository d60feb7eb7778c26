package probe

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// detour is a request without credentials that a guard may take for another one, while a router takes it for the operation.
type detour struct {
	check string
	alter func(request) request
}

// byPath are other spellings of a path, which some routers clean, fold or decode, and some guards do not.
func byPath() []detour {
	spelled := func(name string, spell func(path string) string) detour {
		return detour{name, func(r request) request {
			r.path = spell(r.path)
			return r
		}}
	}
	return []detour{
		spelled("a slash at the end of the path", func(path string) string { return strings.TrimSuffix(path, "/") + "/" }),
		spelled("two slashes in the path", func(path string) string { return "/" + path }),
		spelled("a dot segment in the path", func(path string) string { return "/." + path }),
		spelled("a way up in the path", func(path string) string { return "/" + word + "/.." + path }),
		spelled("a semicolon in the path", func(path string) string { return path + ";" + word }),
		spelled("capital letters in the path", upper),
		spelled("an encoded letter in the path", encoded),
	}
}

// upper capitalizes a path but for its escapes.
func upper(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil || plain != path {
		return path
	}
	return strings.ToUpper(path)
}

// encoded escapes the first letter of a path (RFC 3986 section 2.3: it stays the same path).
func encoded(path string) string {
	i := strings.IndexFunc(path, isAlphanumeric)
	if i < 0 || strings.Contains(path[:i], "%") {
		return path
	}
	return fmt.Sprintf("%s%%%02X%s", path[:i], path[i], path[i+1:])
}

// byField are fields that proxies set, and that nobody may believe from a client.
func byField(open string) []detour {
	with := func(name string, fields map[string]string) detour {
		return detour{name, func(r request) request {
			r = r.clone()
			for field, value := range fields {
				r.header.Set(field, value)
			}
			return r
		}}
	}
	return []detour{
		with("another method in a field", map[string]string{"X-HTTP-Method-Override": http.MethodOptions, "X-Method-Override": http.MethodOptions}),
		with("another path in a field", map[string]string{"X-Original-URL": open, "X-Rewrite-URL": open, "X-Forwarded-Uri": open}),
		with("a user and an address in fields", map[string]string{
			"X-Forwarded-User": "admin", "X-Remote-User": "admin", "X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1",
		}),
	}
}

// detours asks for what only an admitted caller may get. HEAD has no content to compare, and other methods do harm.
func (i *interview) detours() {
	if i.Method != http.MethodGet || i.AdmitsAnonymous() {
		return
	}
	for _, d := range append(byPath(), byField(i.open)...) {
		r := d.alter(i.base.clone())
		i.ask(question{check: "no credentials, " + d.check, expectation: expectation{expected: []int{401, 404}}, request: r, detour: true})
	}
}

// judged reports whether the answer to a detour says something: it is a denial, or what an admitted caller gets. Whatever
// else a server has at another path is its own.
func (o *asked) judged(a *answer) bool {
	if !a.detour || a.ok(a.seen) {
		return true
	}
	return a.seen/100 == 2 && slices.ContainsFunc(o.answers, func(b *answer) bool {
		return len(b.expected) == 0 && b.caller != "" && b.method == a.method && b.seen == a.seen && b.content == a.content
	})
}
