package oracle

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Document is the part of an OpenAPI document that guards depend on.
type Document struct {
	Schemes    []*Scheme // in the document's order; Index counts them
	Operations []*Operation
}

// Operation is one operation with its effective policy.
type Operation struct {
	ID, Method, Path string
	// Alternatives is the effective security. Without any the operation is public.
	Alternatives []Alternative
	// Roles are groups of the effective x-required-roles: the caller holds one role of each.
	Roles [][]string
	// Conceal is the effective x-conceal: not-found, forbidden or nothing.
	Conceal string
	// Stale is x-invalid-credentials: anonymous.
	Stale bool
	terms *Terms
}

// Alternative is one Security Requirement Object (OpenAPI 3.1.1 section 4.8.30).
type Alternative []Need

// Need is one scheme of an alternative, with the scopes or the roles that come with it.
type Need struct {
	Scheme *Scheme
	Scopes []string
	Roles  [][]string
}

// Optional reports whether {} is an alternative.
func (o *Operation) Optional() bool {
	return slices.ContainsFunc(o.Alternatives, func(a Alternative) bool { return len(a) == 0 })
}

// Schemes are those of the operation, each once.
func (o *Operation) Schemes() (all []*Scheme) {
	for _, a := range o.Alternatives {
		for _, n := range a {
			if !slices.Contains(all, n.Scheme) {
				all = append(all, n.Scheme)
			}
		}
	}
	return all
}

// methods are the fixed fields of a Path Item Object (OpenAPI 3.1.1 section 4.8.9) that hold operations.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// Parse reads a document. The terms are those of the application, for all of its operations.
func Parse(text []byte, terms *Terms) (*Document, error) {
	var file yaml.Node
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if len(file.Content) != 1 {
		return nil, fmt.Errorf("the document is empty")
	}
	root := file.Content[0]
	d := &Document{}
	for name, n := range entries(get(get(root, "components"), "securitySchemes")) {
		s, err := newScheme(name, n)
		if err != nil {
			return nil, err
		}
		s.Index = len(d.Schemes)
		d.Schemes = append(d.Schemes, s)
	}
	r := reader{d, root, catalogue(get(root, "x-roles")), terms}
	for path, item := range entries(get(root, "paths")) {
		for method, n := range entries(item) {
			if !slices.Contains(methods, method) {
				continue
			}
			op, err := r.operation(path, item, method, n)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			d.Operations = append(d.Operations, op)
		}
	}
	return d, nil
}

// Find is the operation with this operationId.
func (d *Document) Find(id string) *Operation {
	i := slices.IndexFunc(d.Operations, func(o *Operation) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return d.Operations[i]
}

// reader reads the operations of a document.
type reader struct {
	*Document
	root  *yaml.Node
	roles map[string][]string
	terms *Terms
}

func (r reader) operation(path string, item *yaml.Node, method string, n *yaml.Node) (*Operation, error) {
	op := &Operation{
		ID: text(get(n, "operationId")), Method: strings.ToUpper(method), Path: path,
		Stale: text(get(n, "x-invalid-credentials")) == "anonymous", terms: r.terms,
	}
	security := get(n, "security")
	if security == nil {
		security = get(r.root, "security")
	}
	if security != nil {
		for _, a := range security.Content {
			alternative, err := r.alternative(a)
			if err != nil {
				return nil, err
			}
			op.Alternatives = append(op.Alternatives, alternative)
		}
	}
	if required := nearest("x-required-roles", n, item, r.root); required != nil {
		op.Roles = r.required(required)
	}
	if conceal := text(nearest("x-conceal", n, item, r.root)); conceal == "not-found" || conceal == "forbidden" {
		op.Conceal = conceal
	}
	return op, nil
}

func (r reader) alternative(n *yaml.Node) (Alternative, error) {
	a := Alternative{}
	for name, list := range entries(n) {
		i := slices.IndexFunc(r.Schemes, func(s *Scheme) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("the scheme %q is not defined", name)
		}
		need := Need{Scheme: r.Schemes[i]}
		for _, word := range texts(list) {
			if need.Scheme.scoped {
				need.Scopes = append(need.Scopes, word)
			} else {
				need.Roles = append(need.Roles, r.including(word))
			}
		}
		a = append(a, need)
	}
	return a, nil
}

// required are the groups of x-required-roles: a list or a word is one of them, anyOf and allOf are both to hold.
func (r reader) required(n *yaml.Node) (groups [][]string) {
	if n.Kind != yaml.MappingNode {
		return r.anyOf(n)
	}
	groups = r.anyOf(get(n, "anyOf"))
	for _, role := range texts(get(n, "allOf")) {
		groups = append(groups, r.including(role))
	}
	return groups
}

func (r reader) anyOf(n *yaml.Node) [][]string {
	var group []string
	for _, role := range texts(n) {
		group = append(group, r.including(role)...)
	}
	if len(group) == 0 {
		return nil
	}
	return [][]string{group}
}

// including are the role and all that include it, directly or not.
func (r reader) including(role string) []string {
	all := []string{role}
	for i := 0; i < len(all); i++ {
		for name, includes := range r.roles {
			if slices.Contains(includes, all[i]) && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// catalogue is x-roles: for every role those that it includes.
func catalogue(n *yaml.Node) map[string][]string {
	roles := map[string][]string{}
	for name, role := range entries(n) {
		roles[name] = texts(get(role, "includes"))
	}
	return roles
}

// nearest is the value of the first of these objects that has the key: nothing is merged.
func nearest(key string, objects ...*yaml.Node) *yaml.Node {
	for _, n := range objects {
		if value := get(n, key); value != nil {
			return value
		}
	}
	return nil
}
