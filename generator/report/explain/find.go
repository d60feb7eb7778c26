package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Find is the operation of an operationId, or of "METHOD /path". Webhooks and callbacks have operationIds only.
func Find(p *policy.Policy, name string) (*policy.Operation, error) {
	method, path, isRoute := strings.Cut(strings.TrimSpace(name), " ")
	method, path = strings.ToUpper(method), strings.TrimSpace(path)
	for _, o := range p.All() {
		if o.ID != "" && o.ID == name || isRoute && o.Source == "" && o.Method == method && samePath(o.Path, path) {
			return o, nil
		}
	}
	if isRoute {
		return nil, fmt.Errorf("the document has no operation %s %s%s", method, path, meant(p, method, path))
	}
	var ids []string
	for _, o := range p.All() {
		if o.ID != "" {
			ids = append(ids, o.ID)
		}
	}
	return nil, fmt.Errorf("the document has no operation %q%s", name, diag.DidYouMean(name, ids))
}

// samePath compares paths without the names of their parameters.
func samePath(a, b string) bool { return a == b || shape(a) == shape(b) }

func shape(path string) string {
	var b strings.Builder
	for path != "" {
		before, after, ok := strings.Cut(path, "{")
		b.WriteString(before)
		if !ok {
			break
		}
		b.WriteString("{}")
		_, path, _ = strings.Cut(after, "}")
	}
	return b.String()
}

// meant are the methods that the path has, or a path that is like it.
func meant(p *policy.Policy, method, path string) string {
	var methods, routes []string
	for _, o := range p.Operations {
		if samePath(o.Path, path) && !slices.Contains(methods, o.Method) {
			methods = append(methods, o.Method)
		}
		if o.Method == method {
			routes = append(routes, o.Path)
		}
	}
	if len(methods) > 0 {
		return "; the path has " + strings.Join(methods, ", ")
	}
	return diag.DidYouMean(path, routes)
}
