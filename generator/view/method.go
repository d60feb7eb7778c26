package view

import (
	"slices"
	"strings"
)

// Method is a method of oapi-codegen's interface, and of the typed server's.
type Method struct {
	*Operation
	// Params are the parameters that follow the request's own: path parameters and params, or the
	// strict request object. Results is the result list with a leading space, empty for a plain server.
	Params  []Param
	Results string

	prefix string
	names  []string
}

// Param is one parameter of a method.
type Param struct {
	// Name and Type are what the generated code calls them, the type qualified.
	Name, Type string
}

// NewMethod makes the view of a method. The prefix are the parameters that come before the caller
// ("w http.ResponseWriter, r *http.Request"), and names are their names.
func NewMethod(o *Operation, prefix []Param, params []Param, results string) *Method {
	m := &Method{Operation: o, Results: results, Params: slices.Clone(params)}
	for _, p := range prefix {
		m.names = append(m.names, p.Name)
	}
	m.prefix = list(prefix)
	m.renameShadowing()
	return m
}

// used are the names that the bodies of methods use.
var used = []string{"answered", "caller", "check", "context", "ctx", "error", "exchange", "gen", "guard", "nil", "q"}

// renameShadowing gives a parameter another name that the document gave the name of one of ours.
func (m *Method) renameShadowing() {
	taken := map[string]bool{"_": true}
	for _, n := range used {
		taken[n] = true
	}
	for _, n := range m.names {
		taken[n] = true
	}
	for i, p := range m.Params {
		for taken[p.Name] {
			p.Name += "Param"
		}
		taken[p.Name] = true
		m.Params[i] = p
	}
}

// PlainSignature is the parameter list of oapi-codegen's own method.
func (m *Method) PlainSignature() string { return join(m.prefix, list(m.Params)) }

// Signature is the parameter list with the caller inserted.
func (m *Method) Signature() string {
	switch {
	case m.Public():
		return m.PlainSignature()
	case m.Optional():
		return join(m.prefix, "caller guard.Optional[P]", list(m.Params))
	}
	return join(m.prefix, "caller P", list(m.Params))
}

// Arguments call the typed server from the request that carries the caller.
func (m *Method) Arguments() string {
	names := append([]string(nil), m.names...)
	switch {
	case m.Public():
	case m.Optional():
		names = append(names, "q.caller")
	default:
		names = append(names, "q.caller.Must()")
	}
	for _, p := range m.Params {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

func list(params []Param) string {
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = p.Name + " " + p.Type
	}
	return strings.Join(parts, ", ")
}

func join(parts ...string) string {
	var present []string
	for _, p := range parts {
		if p != "" {
			present = append(present, p)
		}
	}
	return strings.Join(present, ", ")
}

// Route is one registration: oapi-codegen's pattern, behind the operation's guard.
type Route struct {
	// Operation is what the route leads to; Binding is the method of oapi-codegen's wrapper that binds
	// its parameters, and Wrapper the qualified name of that wrapper.
	Operation        *Operation
	Binding, Wrapper string
	// Pattern is the route in the framework's own notation.
	Pattern string
	// Key is how oapi-codegen's options name the operation, empty where they have nothing for operations.
	Key string
}

// Method is the route's HTTP method.
func (r Route) Method() string { return r.Operation.policy.Method }

// MethodLiteral is Method as a constant of net/http.
func (r Route) MethodLiteral() string { return r.Operation.MethodLiteral() }

// PatternLiteral is the pattern as a Go literal.
func (r Route) PatternLiteral() string { return Quote(r.Pattern) }

// KeyLiteral is Key as a Go literal.
func (r Route) KeyLiteral() string { return Quote(r.Key) }

// Handler is the expression that serves the route: behind the guard of its operation, or directly when
// the operation is public.
func (r Route) Handler() string {
	if r.Operation.Public() {
		return "public." + r.Binding
	}
	return "guarded(g." + r.Operation.Name + ", (*" + r.Wrapper + ")." + r.Binding + ")"
}
