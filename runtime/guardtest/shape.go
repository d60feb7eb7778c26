package guardtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// shape is what a request has beside its credentials.
type shape struct {
	name, method string
	values       []string // of the path parameters
	path         string   // in place of the operation's with the values
	query, body  string
	served       bool // it should be one that the handler can serve
}

// build makes a request.
func (e *examination) build(q question, s shape) (*http.Request, error) {
	if s.served && s.body == "" && !e.signed() && slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch}, s.method) {
		s.body = "{}"
	}
	if s.path == "" {
		s.path = e.concrete(s.values)
	}
	r, err := e.server.request(s.method, s.path, s.body)
	if err != nil {
		return nil, err
	}
	if s.query != "" {
		addQuery(r, s.query)
	}
	if s.served {
		e.serveable(r)
	}
	if q.give == nil {
		return r, nil
	}
	if err := q.give(r); err != nil {
		return nil, err
	}
	if r.GetBody != nil {
		r.Body, err = r.GetBody() // who signs it has read it
	}
	return r, err
}

// serveable completes a request that has to be admitted.
func (e *examination) serveable(r *http.Request) {
	if e.options.Prepare != nil {
		e.options.Prepare(e.op, r)
		return
	}
	for _, name := range e.options.Query {
		if e.ownsQuery(name) {
			continue
		}
		addQuery(r, url.QueryEscape(name)+"=1")
	}
}

// ownsQuery reports whether a query parameter is a credential.
func (e *examination) ownsQuery(name string) bool {
	return slices.ContainsFunc(e.options.Schemes, func(s guard.Scheme) bool { return kindOf(s) == kindQuery && s.Parameter == name })
}

// concrete is the path with values for its parameters.
func (e *examination) concrete(values []string) string {
	var path strings.Builder
	rest := e.path
	for _, value := range values {
		before, behind, _ := strings.Cut(rest, "{")
		_, rest, _ = strings.Cut(behind, "}")
		path.WriteString(before)
		path.WriteString(value)
	}
	path.WriteString(rest)
	return path.String()
}

// names are the names of the path parameters.
func (e *examination) names() []string {
	var names []string
	rest := e.path
	for {
		_, behind, found := strings.Cut(rest, "{")
		name, after, closed := strings.Cut(behind, "}")
		if !found || !closed {
			return names
		}
		names, rest = append(names, name), after
	}
}

// candidates are values of path parameters that name nothing: a word, a number and a UUID. Whatever a parameter's type
// is, some of them do not bind.
func candidates() []string {
	return []string{"guardtest", "2147483647", "6f3a6c0e-0b5e-4d6e-9d2a-677561726474"}
}

// values are the path parameters of denied requests: all the same candidate.
func (e *examination) values() [][]string {
	var all [][]string
	for _, candidate := range candidates() {
		all = append(all, slices.Repeat([]string{candidate}, len(e.names())))
	}
	return all
}

// existing are path parameters with the values of the options, and whether there are some.
func (e *examination) existing() (values []string, some bool) {
	for _, name := range e.names() {
		given, ok := e.options.Parameters[name]
		if values = append(values, candidates()[0]); ok {
			values[len(values)-1], some = url.PathEscape(given), true
		}
	}
	return values, some
}

// mostTries bounds the combinations of candidates.
const mostTries = 27

// tries are the path parameters of requests that have to be admitted, those first that were bound before.
func (e *examination) tries() [][]string {
	sets := [][]string{nil}
	for _, name := range e.names() {
		choices := candidates()
		if given, ok := e.options.Parameters[name]; ok {
			choices = []string{url.PathEscape(given)}
		} else if len(sets)*len(choices) > mostTries {
			choices = choices[:1]
		}
		var next [][]string
		for _, set := range sets {
			for _, choice := range choices {
				next = append(next, append(slices.Clone(set), choice))
			}
		}
		sets = next
	}
	if e.good != nil {
		sets = slices.Insert(sets, 0, e.good)
	}
	return sets
}

// shapes are requests that must be denied alike.
func (e *examination) shapes() []shape {
	var list []shape
	all := e.values()
	if len(e.names()) > 0 {
		for _, values := range all[1:] {
			list = append(list, shape{name: "path parameter " + values[0], method: e.op.Method, values: values})
		}
	}
	if values, some := e.existing(); some {
		list = append(list, shape{name: "the path parameters of Options", method: e.op.Method, values: values})
	}
	list = append(list, shape{name: "another query", method: e.op.Method, values: all[0], query: e.badQuery()})
	body := slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}, e.op.Method)
	if body && !e.signed() {
		list = append(list,
			shape{name: "a body that is no JSON", method: e.op.Method, values: all[0], body: "{guardtest"},
			shape{name: "an empty object as body", method: e.op.Method, values: all[0], body: "{}"})
	}
	return list
}

// badQuery has a value for every parameter that hardly any type takes.
func (e *examination) badQuery() string {
	pairs := []string{"guardtest=1"}
	for _, name := range e.options.Query {
		if !e.ownsQuery(name) {
			pairs = append(pairs, url.QueryEscape(name)+"=guardtest%7B")
		}
	}
	return strings.Join(pairs, "&")
}

// correctPath follows a router that redirects to a path with or without the slash at its end.
func (e *examination) correctPath() {
	path := e.concrete(e.values()[0])
	r, err := e.server.request(e.op.Method, path, "")
	if err != nil {
		return
	}
	asked := r.URL.Path
	got, err := e.server.send(r)
	if err != nil || got.status < 300 || got.status > 399 {
		return
	}
	to, err := url.Parse(got.header.Get("Location"))
	switch {
	case err != nil:
	case to.Path+"/" == asked:
		e.path = strings.TrimSuffix(e.path, "/")
	case to.Path == asked+"/":
		e.path += "/"
	}
}
