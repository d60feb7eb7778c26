package view

import (
	"slices"
	"strings"
)

// Method is a method of oapi-codegen's interface, and of the typed server's.
type Method struct {
	*Operation
	// MethodName is the method's name: the operation's, or that of a receiver.
	MethodName string
	// Params are the parameters that follow the request's own: path parameters and params, or the
	// strict request object. Results is the result list with a leading space, empty for a plain server.
	Params  []Param
	Results string

	prefix []Param
}

// Param is one parameter of a method.
type Param struct {
	// Name and Type are what the generated code calls them, the type qualified.
	Name, Type string
}

// NewMethod makes the view of a method. The prefix are the parameters that come before the caller
// ("w http.ResponseWriter, r *http.Request").
func NewMethod(o *Operation, name string, prefix, params []Param, results string) *Method {
	m := &Method{Operation: o, MethodName: name, Results: results, prefix: slices.Clone(prefix), Params: slices.Clone(params)}
	m.renameShadowing()
	return m
}

// used are the names that the bodies of methods use.
var used = []string{"answered", "bindingError", "caller", "check", "context", "ctx", "err", "error", "exchange", "g", "gen", "guard", "handler", "nil", "q"}

// renameShadowing gives a parameter another name that the document gave the name of one of ours.
func (m *Method) renameShadowing() {
	taken := map[string]bool{"_": true}
	for _, n := range used {
		taken[n] = true
	}
	for _, p := range m.prefix {
		taken[p.Name] = true
	}
	for i, p := range m.Params {
		for taken[p.Name] {
			p.Name += "Param"
		}
		taken[p.Name] = true
		m.Params[i] = p
	}
}

// Doc is the comment of the typed method, line by line.
func (m *Method) Doc() []string {
	return doc(1, strings.Split(m.MethodName+" serves "+m.Route()+" for "+m.Callers()+".", " "))
}

// Declaration is the method of the typed interface, with the caller inserted.
func (m *Method) Declaration() string { return m.typed(1, "", "") }

// typed is the head of a method of the typed server, below a number of tabs, with text around it.
func (m *Method) typed(indent int, before, after string) string {
	params := declared(m.prefix)
	if caller := m.callerType(); caller != "" {
		params = append(params, "caller "+caller)
	}
	return signature(indent, before+m.MethodName, append(params, declared(m.Params)...), m.Results+after)
}

// callerType is the type of the caller that the operation gets, empty where it gets none.
func (m *Method) callerType() string {
	switch {
	case m.Public():
		return ""
	case m.Optional():
		return "guard.Optional[P]"
	}
	return "P"
}

// Adapter begins the method of oapi-codegen's own interface, for a receiver: "func (q *guardedRequest[P]) GetOrder(…) {".
func (m *Method) Adapter(receiver string) string {
	return signature(0, "func ("+receiver+") "+m.MethodName, append(declared(m.prefix), declared(m.Params)...), m.Results+" {")
}

// Arguments call the typed method from the request that carries the caller.
func (m *Method) Arguments() string {
	arguments := names(m.prefix)
	switch {
	case m.Public():
	case m.Optional():
		arguments = append(arguments, "q.caller")
	default:
		arguments = append(arguments, "q.caller.Must()")
	}
	return strings.Join(append(arguments, names(m.Params)...), ", ")
}

// declared are parameters as they are declared.
func declared(params []Param) []string {
	var all []string
	for _, p := range params {
		all = append(all, p.Name+" "+p.Type)
	}
	return all
}

// names are the names of parameters.
func names(params []Param) []string {
	var all []string
	for _, p := range params {
		all = append(all, p.Name)
	}
	return all
}
