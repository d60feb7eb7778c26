package guardtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// detour is a request that a guard may take for another one, while a router takes it for the operation.
type detour struct {
	name  string
	spell func(path string) string // another spelling of the path
	give  func(*http.Request) error
}

// detours are spellings of a path that some routers clean, fold or decode, and fields that proxies set.
func detours() []detour {
	same := func(path string) string { return path }
	with := func(fields map[string]string) func(*http.Request) error {
		return func(r *http.Request) error {
			for name, value := range fields {
				r.Header.Set(name, value)
			}
			return nil
		}
	}
	return []detour{
		{name: "a slash at the end of the path", spell: func(path string) string { return strings.TrimSuffix(path, "/") + "/" }},
		{name: "two slashes in the path", spell: func(path string) string { return "/" + path }},
		{name: "a dot segment in the path", spell: func(path string) string { return "/." + path }},
		{name: "a way up in the path", spell: func(path string) string { return "/guardtest/.." + path }},
		{name: "a semicolon in the path", spell: func(path string) string { return path + ";guardtest" }},
		{name: "capital letters in the path", spell: strings.ToUpper},
		{name: "an encoded letter in the path", spell: encoded},
		{"another method in a field", same, with(map[string]string{"X-Http-Method-Override": http.MethodOptions, "X-Method-Override": http.MethodOptions})},
		{"another path in a field", same, with(map[string]string{"X-Original-Url": "/guardtest", "X-Rewrite-Url": "/guardtest", "X-Forwarded-Uri": "/guardtest"})},
		{"a user and an address in fields", same, with(map[string]string{
			"X-Forwarded-User": "admin", "X-Remote-User": "admin", "X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1", "Forwarded": "for=127.0.0.1",
		})},
	}
}

// encoded escapes the first letter of a path (RFC 3986 section 2.3: it stays the same path).
func encoded(path string) string {
	if len(path) < 2 || path[1] < 'a' || path[1] > 'z' {
		return path
	}
	return fmt.Sprintf("/%%%02X%s", path[1], path[2:])
}

// examineDetours: nobody gets in by a path that is spelt otherwise, nor by a field that anybody can send. Whatever else a
// server has there is its own.
func (e *examination) examineDetours() {
	e.t.Helper()
	if e.anonymous() || !e.mayRun() {
		return
	}
	values := e.good
	if values == nil {
		values = e.values()[0]
	}
	for _, d := range detours() {
		path := d.spell(e.concrete(values))
		if e.admitsAnybody(path) || d.give == nil && path == e.concrete(values) {
			continue
		}
		q := question{name: "no credential, " + d.name, give: d.give}
		got := e.ask(q, shape{method: e.op.Method, path: path, served: true})
		if got == nil {
			continue
		}
		if len(e.options.Calls.take()) > 0 || e.sameAsServed(got) {
			e.failf(q, "the handler ran (%d)", got.status)
		}
	}
}

// admitsAnybody reports whether another operation answers at the path without credentials.
func (e *examination) admitsAnybody(path string) bool {
	return slices.ContainsFunc(e.policy, func(op guard.Operation) bool {
		open := op.Public || slices.ContainsFunc(op.Security, func(a guard.Alternative) bool { return len(a) == 0 })
		return open && op.ID != e.op.ID && (matches(e.run.path(op), path) || matches(e.run.path(op), strings.TrimSuffix(path, "/")))
	})
}

// sameAsServed reports whether an answer is the one that a caller who got in was given.
func (e *examination) sameAsServed(got *exchanged) bool {
	return e.served != nil && got.status/100 == 2 && got.status == e.served.status && string(got.body) == string(e.served.body)
}
