package oapicodegen

import (
	"go/ast"
	"go/token"
	"net/http"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// registrations reads every route in the body of the register function: a call with the pattern and
// wrapper.Method among its arguments. Any other use of wrapper would be a route that goes unseen, so it is an
// error.
func (r *reader) registrations(function *ast.FuncDecl) []server.Registration {
	var registrations []server.Registration
	// methods holds the HTTP methods that gorilla sets on a route after it was made.
	methods, unseen := map[ast.Expr]string{}, map[*ast.SelectorExpr]bool{}
	ast.Inspect(function.Body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.SelectorExpr:
			if _, seen := unseen[node]; !seen && isWrapper(node) {
				unseen[node] = true
			}
		case *ast.CallExpr:
			noteMethods(node, methods)
			if route, handler := r.registration(node, methods); handler != nil {
				registrations = append(registrations, route)
				unseen[handler] = false
			}
		}
		return true
	})
	for selector, lost := range unseen {
		if lost {
			r.diags.Report(r.source.position(selector), ruleRegistration,
				"wrapper.%s is used in a way that oapi-codegen's own templates do not: the route cannot be guarded", selector.Sel.Name)
		}
	}
	return registrations
}

// noteMethods remembers the argument of a call like route.Methods(http.MethodGet).
func noteMethods(call *ast.CallExpr, methods map[ast.Expr]string) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Methods" || len(call.Args) != 1 {
		return
	}
	if method, ok := text(call.Args[0]); ok {
		methods[selector.X] = method
	}
}

// registration reads a call as a route; the handler is nil if it is not one.
func (r *reader) registration(call *ast.CallExpr, methods map[ast.Expr]string) (server.Registration, *ast.SelectorExpr) {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 2 {
		return server.Registration{}, nil
	}
	handler, ok := call.Args[1].(*ast.SelectorExpr)
	if !ok || !isWrapper(handler) {
		return server.Registration{}, nil
	}
	pattern, ok := text(call.Args[0])
	if !ok {
		return server.Registration{}, nil
	}
	method, rest, prefixed := strings.Cut(pattern, " ")
	switch {
	case r.options.Framework == framework.StdHTTP && prefixed:
		pattern = rest
	case r.options.Framework == framework.Gorilla:
		method = methods[call]
	default:
		method = strings.ToUpper(function.Sel.Name)
	}
	return server.Registration{
		HTTPMethod: method, Pattern: pattern, Handler: handler.Sel.Name, Key: optionsKey(call),
		Position: r.source.position(call.Args[0]), Framework: r.options.Framework,
	}, handler
}

// optionsKey is the index of the middlewares that echo registers with a route.
func optionsKey(call *ast.CallExpr) string {
	if index, ok := call.Args[len(call.Args)-1].(*ast.IndexExpr); ok {
		key, _ := text(index.Index)
		return key
	}
	return ""
}

func isWrapper(selector *ast.SelectorExpr) bool {
	x, ok := selector.X.(*ast.Ident)
	return ok && x.Name == "wrapper"
}

// text is the value of a concatenation of string literals and method constants; the base URL counts as empty.
func text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		value, err := strconv.Unquote(e.Value)
		return value, err == nil && e.Kind == token.STRING
	case *ast.SelectorExpr:
		return selectorText(e)
	case *ast.BinaryExpr:
		left, okLeft := text(e.X)
		right, okRight := text(e.Y)
		return left + right, okLeft && okRight && e.Op == token.ADD
	}
	return "", false
}

func selectorText(e *ast.SelectorExpr) (string, bool) {
	if e.Sel.Name == "BaseURL" {
		return "", true
	}
	method := strings.ToUpper(strings.TrimPrefix(e.Sel.Name, "Method"))
	return method, knownMethod(method) && strings.HasPrefix(e.Sel.Name, "Method")
}

// knownMethod reports whether net/http has a constant for the method.
func knownMethod(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}
