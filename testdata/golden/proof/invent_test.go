package proof

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// inventor makes up documents.
type inventor struct{ *rand.Rand }

// maybe is true once in n times.
func (r inventor) maybe(n int) bool { return r.IntN(n) == 0 }

func pick[T any](r inventor, from []T) T { return from[r.IntN(len(from))] }

// some are n of them at most, in any order.
func some[T any](r inventor, from []T, n int) (chosen []T) {
	for _, i := range r.Perm(len(from))[:r.IntN(min(n, len(from))+1)] {
		chosen = append(chosen, from[i])
	}
	return chosen
}

var (
	schemeNames = []string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"}
	schemeKinds = []string{
		"http basic", "http Basic", "http bearer", "http Bearer", "http DPoP", "http dpop", "http Digest", "http Negotiate", "http Hawk",
		"oauth2", "oauth2", "oauth2", "openIdConnect", "apiKey", "apiKey", "apiKey", "apiKey", "apiKey", "mutualTLS",
	}
	roleNames  = []string{"a", "b", "c", "d"}
	scopeNames = []string{"read", "write", "admin:all"}
	methods    = []string{"GET", "GET", "GET", "POST", "PUT", "DELETE", "PATCH"}
	// parameters are the names of keys by their place. They are few, so that schemes meet in one.
	parameters = map[string][]string{
		"header": {"X-Key", "X-Key", "x-other-key", "Api_Key", "X-API.key", "Authorization"}, "query": {"key", "api_key", "k[]"}, "cookie": {"sid", "sid", "sess.id"},
	}
)

// document makes up a document with so many operations.
func (r inventor) document(operations int) *document {
	d := &document{version: pick(r, []string{"3.0.3", "3.0.4", "3.1.0", "3.1.1"})}
	for i, role := range roleNames {
		includes := ""
		for _, lesser := range roleNames[i+1:] {
			if r.maybe(3) {
				includes += lesser
			}
		}
		d.catalogue = append(d.catalogue, [2]string{role, includes})
	}
	for _, i := range r.Perm(len(schemeNames))[:2+r.IntN(5)] {
		d.schemes = append(d.schemes, r.scheme(schemeNames[i]))
	}
	if r.maybe(2) {
		d.root = r.alternatives(d)
	}
	for i := range operations {
		d.operations = append(d.operations, r.operation(d, i))
	}
	if !slices.ContainsFunc(d.operations, func(o *operation) bool { return !takesRoles(o.security(d)) }) && r.maybe(2) {
		d.rootRoles = r.roles()
	}
	return d
}

// takesRoles reports whether roles may be required: not of those who need no credential.
func takesRoles(list []alternative) bool { return len(list) > 0 && !optional(list) }

func (r inventor) scheme(name string) *scheme {
	s := &scheme{name: name, kind: pick(r, schemeKinds), stale: r.maybe(6)}
	switch s.kind {
	case "apiKey":
		s.in = pick(r, []string{"header", "query", "cookie"})
		s.parameter = pick(r, parameters[s.in])
		s.twins = s.in == "cookie" && r.maybe(2)
	case "http bearer", "http Bearer", "http Hawk", "http Negotiate", "oauth2":
		s.opaque = s.kind != "oauth2" && r.maybe(4)
	}
	if r.maybe(5) {
		s.challenge = r.challenge()
	}
	return s
}

func (r inventor) challenge() *challenge {
	c := &challenge{scheme: pick(r, []string{"ApiKey", "Bearer", "bearer", "DPoP", "Custom", "Digest", "Session.1"})}
	c.params = some(r, [][2]string{
		{"realm", ""}, {"algs", "ES256 RS256"}, {"login", "https://example.com/?a=\"b\"&c=\\d"}, {"algorithm", "SHA-256"}, {"x.y", "~"},
	}, 3)
	if r.maybe(3) {
		c.params = append(c.params, pick(r, [][2]string{{"Realm", "Own realm"}, {"error", "own_error"}, {"Scope", "own:scope"}, {"max_age", "1"}}))
		c.params = slices.DeleteFunc(c.params, func(p [2]string) bool { return p[0] == "realm" })
	}
	if len(c.params) == 1 || c.scheme == "Digest" { // without a realm, Bearer would be bare and Digest incomplete: both are refused
		c.params = slices.DeleteFunc(c.params, func(p [2]string) bool { return p[0] == "realm" })
	}
	return c
}

func (r inventor) operation(d *document, i int) *operation {
	o := &operation{id: fmt.Sprintf("op%d", i), method: pick(r, methods), path: fmt.Sprintf("/op/%d", i)}
	if o.inherits = d.root != nil && r.maybe(3); !o.inherits {
		o.alternatives = r.alternatives(d)
	}
	list := o.security(d)
	if takesRoles(list) {
		if r.maybe(2) {
			o.roles = r.roles()
		}
		if r.maybe(6) {
			o.pathRoles = r.roles()
		}
	}
	someone := len(slices.Concat(list...)) > 0
	if conceal := pick(r, []string{"", "", "", "", "not-found", "forbidden", "false"}); someone { // [{}] is public
		o.conceal = conceal
	}
	o.stale = optional(list) && someone && r.maybe(3)
	return o
}

func (r inventor) roles() *roles {
	switch r.IntN(4) {
	case 0:
		return &roles{anyOf: some(r, roleNames, 2), allOf: append(some(r, roleNames[1:], 2), roleNames[0])}
	case 1:
		return &roles{bare: []string{pick(r, roleNames)}}
	}
	return &roles{bare: some(r, roleNames, 3)}
}

func (r inventor) alternatives(d *document) []alternative {
	list := []alternative{}
	for range pick(r, []int{0, 1, 1, 1, 2, 2, 2, 3, 3, 4}) {
		list = append(list, r.alternative(d))
	}
	if optional(list) { // callers who may be anonymous need no roles
		for _, a := range list {
			for i := range a {
				if !a[i].scheme.scoped() {
					a[i].words = nil
				}
			}
		}
	}
	return list
}

func (r inventor) alternative(d *document) alternative {
	a := alternative{}
	for _, s := range r.Perm(len(d.schemes))[:min(len(d.schemes), pick(r, []int{0, 1, 1, 1, 1, 1, 2, 2, 2, 3}))] {
		n := need{scheme: d.schemes[s]}
		switch {
		case n.scheme.scoped():
			n.words = some(r, scopeNames, 2)
		case r.maybe(5):
			n.words = some(r, roleNames, 2)
		}
		a = append(a, n)
	}
	return a
}
