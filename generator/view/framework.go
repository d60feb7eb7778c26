package view

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// row is the framework's row of the table.
func (f *File) row() framework.Framework { return framework.Framework(f.Framework) }

// shape is the form of the framework's handlers.
func (f *File) shape() framework.Handler { return f.row().Handler() }

// HandlerType is the type of what is registered with the framework's router: "http.HandlerFunc".
func (f *File) HandlerType() string { return f.shape().Type }

// HandlerParams are the parameters of such a handler, which are the first ones of a plain server's methods.
func (f *File) HandlerParams() []Param {
	var params []Param
	for _, p := range f.shape().Params {
		params = append(params, Param{p.Name, p.Type})
	}
	return params
}

// HandlerParameters are HandlerParams as source: "w http.ResponseWriter, r *http.Request".
func (f *File) HandlerParameters() string { return strings.Join(declared(f.HandlerParams()), ", ") }

// HandlerTypes are the types of HandlerParams, comma-separated.
func (f *File) HandlerTypes() string {
	var types []string
	for _, p := range f.HandlerParams() {
		types = append(types, p.Type)
	}
	return strings.Join(types, ", ")
}

// HandlerArguments are the names of HandlerParams, comma-separated.
func (f *File) HandlerArguments() string { return strings.Join(names(f.HandlerParams()), ", ") }

// SetsStrictDefaults reports whether the options of strict handlers are completed: with error handlers, or with the
// answer to guard.NotFound.
func (f *File) SetsStrictDefaults() bool { return f.StrictOptions() != "" || f.UsesNotFound() }

// ReceiverType is what oapi-codegen's functions for receivers return.
func (f *File) ReceiverType() string {
	if f.Registers() {
		return f.HandlerType()
	}
	return "http.Handler"
}

// HandlerResults is the result list of a handler with a leading space, empty where it returns nothing.
func (f *File) HandlerResults() string { return f.shape().Results }

// Registers reports whether the constructors register routes on a router that they are given, as
// oapi-codegen's do for echo, gin, fiber and iris. The others return an http.Handler.
func (f *File) Registers() bool { return f.shape().Router != "" }

// RouterType is the type of that router.
func (f *File) RouterType() string {
	router := f.shape().Router
	if strings.Contains(router, ".") {
		return router
	}
	return f.API(router)
}

// ServerOptions is oapi-codegen's type of options for the framework, qualified.
func (f *File) ServerOptions() string { return f.API(f.row().OptionsType()) }

// StrictOptions is oapi-codegen's type of options for strict handlers, qualified, empty where it has none.
func (f *File) StrictOptions() string {
	if options := f.shape().StrictOptions; options != "" {
		return f.API(options)
	}
	return ""
}

// ShortName is the name of the constructor without oapi-codegen's options.
func (f *File) ShortName() string { return f.constructor("Handler", "RegisterHandlers", "") }

// LongName is the name of the constructor with them.
func (f *File) LongName() string { return f.constructor("Handler", "RegisterHandlers", "WithOptions") }

// PlainName is the name of the constructor for an implementation of oapi-codegen's own interface.
func (f *File) PlainName() string {
	return f.constructor("Handler", "RegisterHandlers", "FromServerInterface")
}

// constructor is a constructor's name. In the server's own package oapi-codegen has taken the plain name, so
// the guards' is prefixed.
func (f *File) constructor(serving, registering, suffix string) string {
	name := serving
	if f.Registers() {
		name = registering
	}
	if !f.OwnPackage {
		name = "Guarded" + name
	}
	return name + suffix
}

// RouteMethods are the HTTP methods of the routes, each once, sorted, as literals.
func (f *File) RouteMethods() []string {
	var methods []string
	for _, r := range f.Routes {
		methods = append(methods, r.Method())
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}
