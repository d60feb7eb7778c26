package view

import (
	"slices"
	"strings"
)

// Plain reports whether the guards are for handlers of the program's own, because no server is generated.
func (f *File) Plain() bool { return f.Framework == "plain" }

// RoutesGuarded reports whether an operation of a path has a guard.
func (f *File) RoutesGuarded() bool {
	return slices.ContainsFunc(f.Methods, func(m *Method) bool { return !m.Public() })
}

// RouteTypeParameters and RouteTypeArguments are those of what is about operations of paths alone.
func (f *File) RouteTypeParameters() string { return f.ifRoutesGuarded("[P Principal]") }

// RouteTypeArguments are described at RouteTypeParameters.
func (f *File) RouteTypeArguments() string { return f.ifRoutesGuarded("[P]") }

func (f *File) ifRoutesGuarded(s string) string {
	if f.RoutesGuarded() {
		return s
	}
	return ""
}

// Serves reports whether a handler that is behind no resource check is served by a function of the generated code:
// serveKnown or serveOptional.
func (f *File) Serves(function string) bool {
	return slices.ContainsFunc(f.Guards(), func(g *GuardField) bool { return g.Serve == function+"[P]" })
}

// GuardField is a field of Guards, the guards of a program's own handlers: the guard of one operation.
type GuardField struct {
	*Method
	// Policy is the expression for the operation's policy in its table, and Serve the function that hands an admitted
	// request to a handler.
	Policy, Serve string
}

// Guards are the fields of Guards: one for each operation that is not public, those of receivers last.
func (f *File) Guards() []*GuardField {
	var all []*GuardField
	for _, m := range f.Methods {
		if !m.Public() {
			all = append(all, &GuardField{m, "table[" + m.Constant() + "].policy", m.serve()})
		}
	}
	for _, r := range f.AllReceivers() {
		if !r.Public() {
			all = append(all, &GuardField{r.Method, "receivers()[" + r.Constant + "]", r.serve()})
		}
	}
	return all
}

// serve is the function that serves the operation.
func (m *Method) serve() string {
	switch {
	case m.HasCheck():
		return "checked." + m.Name
	case m.Optional():
		return "serveOptional[P]"
	}
	return "serveKnown[P]"
}

// Element is the field in a literal.
func (g *GuardField) Element() string {
	return g.Name + ": newGuarded(linker.Guard(" + g.Policy + "), " + g.Serve + ")"
}

// FieldDeclaration declares the field.
func (g *GuardField) FieldDeclaration() string {
	return signature(1, g.Name+" Guarded[P, func", g.handlerParams(), "]")
}

// FieldDoc is the comment of the field, line by line.
func (g *GuardField) FieldDoc() []string {
	return doc(1, strings.Split(g.Name+" guards "+g.Route()+": it admits "+g.Callers()+".", " "))
}

// Constant is the operation's place in the table of a program's own handlers.
func (m *Method) Constant() string { return "op" + m.Name }

// Constant is the place of the route's operation in the table of a program's own handlers.
func (r Route) Constant() string { return "op" + r.Operation.Name }

// handlerParams are the parameters of the operation's own handler. Only a handler behind a resource check has more than
// the request and its caller: the path parameters that the check gets.
func (m *Method) handlerParams() []string {
	params := declared(m.prefix)
	if caller := m.callerType(); caller != "" {
		params = append(params, "caller "+caller)
	}
	return append(params, declared(m.Params)...)
}

// HandlerDeclaration is the operation's field of Handlers.
func (m *Method) HandlerDeclaration() string {
	if m.Public() {
		return m.Name + " http.HandlerFunc"
	}
	return signature(1, m.Name+" func", m.handlerParams(), "")
}

// HandlerDoc is the comment of that field, line by line.
func (m *Method) HandlerDoc() []string {
	return doc(1, strings.Split(m.Name+" serves "+m.Route()+" for "+m.Callers()+".", " "))
}

// MissingLiteral is what an error says about the operation when it has no handler, as the subject of "is nil".
func (m *Method) MissingLiteral() string {
	return Quote("handlers." + m.Name + ", the handler of " + m.title() + ",")
}

// Served is the handler of the operation behind its guard, as an element of a literal.
func (m *Method) Served() string {
	if m.Public() {
		return m.Constant() + ": handlers." + m.Name
	}
	return m.Constant() + ": guards." + m.Name + ".Wrap(handlers." + m.Name + ")"
}

// Binding is a path parameter that is read for a resource check.
type Binding struct {
	Param
	// NameLiteral is the wildcard of the route's pattern that has the value.
	NameLiteral string
}

// Bindings are the path parameters of a program's own handler.
func (c *CheckedMethod) Bindings() []Binding {
	var all []Binding
	for i, p := range c.Bound() {
		if i < len(c.wildcards) {
			all = append(all, Binding{p, Quote(c.wildcards[i])})
		}
	}
	return all
}

// ServeDeclaration begins the method that serves the operation when the check admits the request.
func (c *CheckedMethod) ServeDeclaration(receiver string) string {
	params := append([]string{"g *guard.Guard[P]"}, declared(c.prefix)...)
	params = append(params, "caller guard.Optional[P]", "handler func("+strings.Join(c.handlerParams(), ", ")+")")
	return signature(0, "func ("+receiver+") "+c.Name, params, " {")
}

// ServeDoc is the comment of that method, line by line.
func (c *CheckedMethod) ServeDoc() []string {
	return doc(0, strings.Split(c.Name+" has "+c.Check.Label+" decide about "+c.Route()+" before the handler does anything.", " "))
}

// HandlerArguments call the handler from there, and ResourceArguments the check.
func (c *CheckedMethod) HandlerArguments() string {
	return strings.Join(slices.Concat(names(c.prefix), []string{known(c.Optional())}, names(c.Params)), ", ")
}

// ResourceArguments are described at HandlerArguments.
func (c *CheckedMethod) ResourceArguments() string {
	return strings.Join(append([]string{"ctx", known(c.Check.Optional)}, names(c.Bound())...), ", ")
}

// known is the caller as a function wants it.
func known(optional bool) string {
	if optional {
		return "caller"
	}
	return "caller.Must()"
}
