package oapicodegen

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// methods reads ServerInterface.
func (r *reader) methods() []server.Method {
	var methods []server.Method
	fields, _ := r.interfaceFields("ServerInterface", ruleInterface)
	for _, field := range fields {
		method := server.Method{Name: field.Names[0].Name, Position: r.source.position(field)}
		method.Params, _ = r.boundParams(method.Name, method.Position, field.Type.(*ast.FuncType))
		r.comments[method.Name] = field.Doc
		methods = append(methods, method)
	}
	return methods
}

// interfaceFields are the methods of an interface of the server's file, complete unless something was reported.
func (r *reader) interfaceFields(name string, rule diag.Rule) (methods []*ast.Field, complete bool) {
	spec := r.source.findType(name)
	if spec == nil {
		r.diags.Report(r.file(), rule, "the server file has no %s: %s", name, again)
		return nil, false
	}
	declared, ok := spec.Type.(*ast.InterfaceType)
	if !ok {
		r.diags.Report(r.source.position(spec), rule, "%s is not an interface type: %s", name, again)
		return nil, false
	}
	complete = true
	for _, field := range declared.Methods.List {
		if _, ok := field.Type.(*ast.FuncType); !ok || len(field.Names) != 1 {
			r.diags.Report(r.source.position(field), rule, "%s embeds another type, which oapi-codegen never writes: %s", name, again)
			complete = false
			continue
		}
		methods = append(methods, field)
	}
	return methods, complete
}

// boundParams are the parameters behind those of the framework.
func (r *reader) boundParams(method string, at diag.Position, signature *ast.FuncType) (bound []server.Param, ok bool) {
	var params []server.Param
	for _, field := range signature.Params.List {
		for _, name := range field.Names {
			params = append(params, server.Param{Name: name.Name, Type: r.typeOf(field.Type)})
		}
	}
	f := r.options.Framework
	own := f.HandlerParamTypes()
	returnsError := f.Handler().Results != ""
	if len(params) < len(own) || !rendersAs(params, own) || (signature.Results.NumFields() == 1) != returnsError {
		r.diags.Report(at, ruleSignature, "%s does not begin with the parameters that oapi-codegen writes for %s: %s", method, f, again)
		return nil, false
	}
	return params[len(own):], true
}

func (r *reader) typeOf(e ast.Expr) server.Type { return typeExpr{e, &r.scope} }

// fullPaths qualifies names by their import paths, for comparison.
type fullPaths struct{}

func (fullPaths) Local(name string) string     { return "." + name }
func (fullPaths) Import(path, _ string) string { return path }

func rendersAs(params []server.Param, want []string) bool {
	for i := range want {
		if got, err := params[i].Type.Render(fullPaths{}); err != nil || got != want[i] {
			return false
		}
	}
	return true
}

// routeLine is the line that names a method's operation.
var routeLine = regexp.MustCompile(`^// \(([^ ()]+) (.*)\)$`)

// route is an operation as a comment names it.
type route struct{ method, path string }

// routes are the operations that a comment may mean. oapi-codegen writes the line last, or before the Deprecated
// paragraph; but the summary above it and the reason of the deprecation are the document's, and may imitate it.
func routes(comment *ast.CommentGroup) []route {
	if comment == nil {
		return nil
	}
	var named []route
	for i, line := range comment.List {
		match := routeLine.FindStringSubmatch(strings.TrimRight(line.Text, "\r"))
		if match != nil && endsComment(comment.List[i+1:]) {
			named = append(named, route{match[1], match[2]})
		}
	}
	return named
}

// endsComment reports whether oapi-codegen writes such lines behind the route: none, or an empty line and the
// Deprecated paragraph.
func endsComment(rest []*ast.Comment) bool {
	return len(rest) == 0 ||
		len(rest) > 1 && strings.TrimSpace(rest[0].Text) == "//" && strings.HasPrefix(rest[1].Text, "// Deprecated:")
}

// join finds each method's operation, and checks that methods and registered routes belong together.
func (r *reader) join(s *server.Server) {
	routesOf := map[string][]server.Registration{}
	for _, registration := range s.Registrations {
		routesOf[registration.Handler] = append(routesOf[registration.Handler], registration)
	}
	for i := range s.Methods {
		method := &s.Methods[i]
		r.identify(method, routes(r.comments[method.Name]), routesOf[method.Name])
		delete(routesOf, method.Name)
	}
	for _, left := range routesOf {
		r.diags.Report(left[0].Position, ruleRegistration,
			"%s is registered but is not a method of ServerInterface: %s", left[0].Handler, again)
	}
	r.distinct(s.Methods)
}

// identify sets the operation that the method's comment names, if that is registered.
func (r *reader) identify(method *server.Method, named []route, registered []server.Registration) {
	var matches []route
	for _, operation := range named {
		isRegistered := slices.ContainsFunc(registered, func(g server.Registration) bool { return g.Matches(operation.method, operation.path) })
		if isRegistered && !slices.Contains(matches, operation) {
			matches = append(matches, operation)
		}
	}
	switch {
	case len(named) == 0:
		r.diags.Report(method.Position, ruleComment, "the comment of %s has no line \"// (METHOD /path)\": %s", method.Name, again)
	case len(matches) == 0:
		r.diags.Report(method.Position, ruleRegistration, "%s is %s %s, which the file does not register: %s",
			method.Name, named[0].method, named[0].path, again)
	case len(matches) > 1:
		r.diags.Report(method.Position, ruleComment, "%s may be %s %s or %s %s: remove the line that looks like a route from the summary or x-deprecated-reason",
			method.Name, matches[0].method, matches[0].path, matches[1].method, matches[1].path)
	default:
		method.HTTPMethod, method.Path = matches[0].method, matches[0].path
	}
}

// distinct refuses two methods for one operation.
func (r *reader) distinct(methods []server.Method) {
	first := map[route]string{}
	for _, method := range methods {
		operation := route{method.HTTPMethod, method.Path}
		if other, ok := first[operation]; ok && method.Path != "" {
			r.diags.Report(method.Position, ruleRegistration, "%s and %s are both %s %s: %s",
				other, method.Name, method.HTTPMethod, method.Path, again)
		}
		first[operation] = method.Name
	}
}
