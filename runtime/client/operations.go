package client

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// Operation says which credentials an operation needs, as its document does.
type Operation struct {
	Method string
	// Path is the template below the path of [Options.Origin]: "/orders/{orderId}".
	Path string
	// Security are the alternatives, each a set of credentials of which all are sent. The first one without a nil in it is
	// used. An alternative without credentials is for anonymous callers; no alternative at all is a public operation.
	Security [][]Credential
}

// operations finds the operation of a request.
type operations struct {
	base string // path of the server, without a slash at the end
	all  []operation
}

type operation struct {
	Operation
	segments []string
}

func newOperations(base string, all []Operation) *operations {
	if len(all) == 0 {
		return nil
	}
	o := &operations{base: strings.TrimRight(base, "/")}
	for _, one := range all {
		o.all = append(o.all, operation{one, strings.Split(one.Path, "/")})
	}
	slices.SortStableFunc(o.all, func(a, b operation) int { return compareLiteral(a.segments, b.segments) })
	return o
}

// compareLiteral puts templates with literal segments before those with a parameter in the same place.
func compareLiteral(a, b []string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	for i := range a {
		if x, y := strings.Contains(a[i], "{"), strings.Contains(b[i], "{"); x != y {
			if y {
				return -1
			}
			return 1
		}
	}
	return 0
}

var errNothingFits = errors.New("client: no alternative of the operation has all of its credentials")

// credentials are those for a request. A request for no operation gets none.
func (o *operations) credentials(method string, u *url.URL) ([]Credential, error) {
	path, ok := strings.CutPrefix(u.EscapedPath(), o.base)
	if !ok {
		return nil, nil
	}
	segments := strings.Split(path, "/")
	for _, one := range o.all {
		if one.Method == method && slices.EqualFunc(one.segments, segments, fits) {
			return one.choose()
		}
	}
	return nil, nil
}

// choose takes the first alternative that is complete. An empty one is the last resort: whoever has credentials uses them.
func (o operation) choose() ([]Credential, error) {
	anonymous := len(o.Security) == 0
	for _, alternative := range o.Security {
		switch {
		case len(alternative) == 0:
			anonymous = true
		case !slices.Contains(alternative, nil):
			return alternative, nil
		}
	}
	if !anonymous {
		return nil, errNothingFits
	}
	return nil, nil
}

// fits reports whether a segment of a path fits one of a template, which can have text around a parameter.
func fits(template, segment string) bool {
	for {
		literal, rest, found := strings.Cut(template, "{")
		if !found {
			return unescaped(segment) == template
		}
		var ok bool
		if segment, ok = strings.CutPrefix(segment, literal); !ok || segment == "" {
			return false
		}
		_, template, _ = strings.Cut(rest, "}")
		next, _, _ := strings.Cut(template, "{")
		if next == "" {
			return template == ""
		}
		at := strings.LastIndex(segment, next)
		if at <= 0 {
			return false
		}
		segment = segment[at:]
	}
}

func unescaped(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
