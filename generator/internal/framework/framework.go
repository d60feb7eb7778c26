// Package framework is the table of the server frameworks that oapi-codegen generates code for: everything in which
// they differ, one row each. [Plain] is beside them: net/http, without a generated server.
//
// A further framework is a row of the table (table.go), a file of package routers for the limits of its
// router, and a folder of templates.
package framework

import (
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
)

// Framework is the key of a row: the name of a framework in messages, templates and the names of their files.
type Framework string

// All lists the frameworks of oapi-codegen in the order of the table.
func All() []Framework {
	all := make([]Framework, len(table))
	for i := range table {
		all[i] = table[i].key
	}
	return all
}

// row is the framework's row. A key that the table lacks has an empty one.
func (f Framework) row() row {
	if f == Plain {
		return plain()
	}
	for i := range table {
		if table[i].key == f {
			return table[i]
		}
	}
	return row{}
}

// GenerateKey is the key that selects the framework under "generate" in oapi-codegen's configuration.
func (f Framework) GenerateKey() string { return f.row().generateKey }

// Selected reports whether oapi-codegen's configuration selects the framework.
func (f Framework) Selected(options codegen.GenerateOptions) bool { return f.row().selected(options) }

// Words are the names that people use for the framework, in lower case and without separators.
func (f Framework) Words() []string { return f.row().words }

// Pattern is the route pattern that oapi-codegen registers for a path of the OpenAPI document.
func (f Framework) Pattern(path string) string { return f.row().pattern(path) }

// Router says which operations the framework's router cannot hold.
func (f Framework) Router() routers.Router { return f.row().router }

// Family is the folder of the templates that the framework shares with others.
func (f Framework) Family() string { return f.row().family }

// RouterImport is the import path of the framework's router, empty for net/http.
func (f Framework) RouterImport() string { return f.row().routerImport }

// Handler describes the handlers of the framework.
func (f Framework) Handler() Handler { return f.row().handler }

// OptionsType is the type of the last parameter of RegisterFunc.
func (f Framework) OptionsType() string { return f.row().optionsType }

// UsesNetHTTP reports whether handlers are those of net/http.
func (f Framework) UsesNetHTTP() bool { return f.Handler().Router == "" }

// RegisterFunc is the function in which oapi-codegen's output registers every operation.
func (f Framework) RegisterFunc() string {
	if f.UsesNetHTTP() {
		return "HandlerWithOptions"
	}
	return "RegisterHandlersWithOptions"
}

// ReceiverParams is the number of parameters of oapi-codegen's functions that make a handler of a receiver: the
// receivers, for net/http the error handler, and for net/http and echo the middlewares.
func (f Framework) ReceiverParams() int { return f.row().receiverParams }

// Declarations are the package-level names, beside ServerInterface, that guards need from oapi-codegen's output.
func (f Framework) Declarations(strict bool) []string {
	names := []string{"ServerInterfaceWrapper", f.OptionsType(), f.RegisterFunc()}
	if f.row().middlewareFunc {
		names = append(names, "MiddlewareFunc")
	}
	if !strict {
		return names
	}
	names = append(names, "NewStrictHandler", "StrictMiddlewareFunc")
	if f.UsesNetHTTP() {
		names = append(names, "NewStrictHandlerWithOptions", "StrictHTTPServerOptions")
	}
	return names
}

// HandlerParamTypes are the types of a handler's own parameters, qualified by import path: "*net/http.Request".
func (f Framework) HandlerParamTypes() []string {
	importPath := f.RouterImport()
	if f.UsesNetHTTP() {
		importPath = "net/http"
	}
	var types []string
	for _, p := range f.Handler().Params {
		pkg, name, _ := strings.Cut(p.Type, ".")
		pointer := pkg[:len(pkg)-len(strings.TrimLeft(pkg, "*"))]
		types = append(types, pointer+importPath+"."+name)
	}
	return types
}

// Handler is the form of a framework's handlers and of oapi-codegen's constructors for them.
type Handler struct {
	// Type is the type that routes are registered with.
	Type string
	// Params are a handler's own parameters, in front of those that are bound.
	Params []Param
	// Results is the result list with a leading space, empty when a handler returns nothing.
	Results string
	// Router is the type that handlers are registered on, empty when a constructor returns the handler.
	Router string
	// StrictOptions is the type of oapi-codegen's options of strict handlers, empty when there are none.
	StrictOptions string
}

// Param is a parameter of a handler.
type Param struct{ Name, Type string }
