// Package plain makes the model of a server from the OpenAPI document alone: for handlers that nobody generates, on
// net/http. It takes the place of oapi-codegen's reader when the configuration says "server: none".
//
// There are no methods to read, so the model has one for each operation, with the Go name that oapi-codegen would give
// it. The patterns are those of a ServeMux. Only a resource check needs parameters: it gets those of the path, with the
// types that their schemas have ([goType]).
package plain

import (
	"cmp"
	"go/token"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Generator is a document as a [server.Generator] that generates nothing.
type Generator struct {
	// Document and Policy are the document and what was built of it: their operations have the same order.
	Document *spec.Document
	Policy   *policy.Policy
	// Output is the file of the guards, and Package the name of its package.
	Output, Package string
}

var _ server.Generator = Generator{}

// Generate generates nothing.
func (g Generator) Generate() ([]byte, diag.List) { return nil, nil }

// OperationName is the name that oapi-codegen gives the operation, made exported where it is not.
func (g Generator) OperationName(id, method, path string) string {
	name := oapicodegen.Generator{}.OperationName(id, method, path)
	name = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, name)
	switch {
	case name == "" && id != "":
		return g.OperationName("", method, path)
	case !token.IsExported(name):
		return "X" + name
	}
	return name
}

// Read makes the model. Of files it reads only those beside the guards, for the names that they declare.
func (g Generator) Read([]byte) (*server.Server, diag.List) {
	r := reader{Generator: g, refused: map[diag.Position]bool{}}
	s := &server.Server{Dir: filepath.Dir(g.Output), Package: g.Package, Declared: server.DeclaredBeside(g.Output, g.Package)}
	for i, o := range g.Policy.Operations {
		r.operation(s, g.Document.Operations[i], o)
	}
	s.Webhooks, s.Callbacks = g.receivers(g.Policy.Webhooks), g.receivers(g.Policy.Callbacks)
	if r.diags.Sort(); r.diags.HasErrors() {
		return nil, r.diags
	}
	return s, r.diags
}

// reader collects the findings about one document.
type reader struct {
	Generator
	diags diag.List
	// refused are the places of parameters that were reported.
	refused map[diag.Position]bool
}

// operation adds the method and the route of an operation. A path item that refers to another path has a route of its
// own to that path's method.
func (r *reader) operation(s *server.Server, from *spec.Operation, o *policy.Operation) {
	method := r.OperationName(o.ID, o.Method, cmp.Or(o.AliasOf, o.Path))
	if o.AliasOf == "" {
		s.Methods = append(s.Methods, server.Method{
			Name: method, HTTPMethod: o.Method, Path: o.Path, Params: r.params(from, o), Position: o.Position,
		})
	}
	s.Registrations = append(s.Registrations, server.Registration{
		HTTPMethod: o.Method, Pattern: framework.Plain.Pattern(o.Path), Handler: method,
		Position: o.Position, Framework: framework.Plain,
	})
}

// receivers have the names of their operations.
func (g Generator) receivers(operations []*policy.Operation) []server.Receiver {
	var all []server.Receiver
	for _, o := range operations {
		name := g.OperationName(cmp.Or(o.ID, o.Source), o.Method, o.Path)
		all = append(all, server.Receiver{Name: name, Method: name, HTTPMethod: o.Method, Source: o.Source, Position: o.Position})
	}
	return all
}
