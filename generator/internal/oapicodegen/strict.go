package oapicodegen

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

const strictInterface = "StrictServerInterface"

// strict reads the strict server, if configuration and file agree on having one.
func (r *reader) strict(s *server.Server) {
	if r.options.Strict {
		r.strictMethods(s.Methods)
		return
	}
	if spec := r.source.findType(strictInterface); spec != nil {
		r.diags.Report(r.source.position(spec), ruleStrict,
			"the server file has a StrictServerInterface, but the configuration has no strict-server: run oapi-codegen again")
	}
}

// withoutStrict warns of a file of the server's package into which oapi-codegen wrote nothing: it does that where a
// configuration of its own asks for the strict server.
func (r *reader) withoutStrict(other *source) {
	header := other.header()
	if r.options.Strict || header == nil || !strings.Contains(header.Text, "oapi-codegen") || other.declares() {
		return
	}
	r.diags.Warn(diag.Position{File: other.path}, ruleStrict,
		"oapi-codegen wrote nothing into this file, so the guards have no strict server: strict-server has to be in the configuration of the server itself")
}

// declares reports whether the file declares anything.
func (s *source) declares() bool {
	return slices.ContainsFunc(s.declarations, func(d declaration) bool { return d.keyword != "package" && d.keyword != "import" })
}

// strictMethods adds the methods of StrictServerInterface to those of the same name.
func (r *reader) strictMethods(methods []server.Method) {
	strict, complete := r.readStrict()
	for i := range methods {
		methods[i].Strict = strict[methods[i].Name]
		// A method that is missing from an incomplete list may be one that is reported already.
		if methods[i].Strict == nil && complete {
			r.diags.Report(methods[i].Position, ruleStrict, "StrictServerInterface has no method %s: %s", methods[i].Name, again)
		}
		delete(strict, methods[i].Name)
	}
	for name, left := range strict {
		r.diags.Report(left.Request.Position(), ruleStrict, "StrictServerInterface has a method %s, but ServerInterface does not: %s", name, again)
	}
}

// readStrict are the methods of StrictServerInterface by name, complete unless something was reported.
func (r *reader) readStrict() (map[string]*server.StrictMethod, bool) {
	fields, complete := r.interfaceFields(strictInterface, ruleStrict)
	strict := map[string]*server.StrictMethod{}
	for _, field := range fields {
		signature := field.Type.(*ast.FuncType)
		if signature.Params.NumFields() != 2 || signature.Results.NumFields() != 2 {
			r.diags.Report(r.source.position(field), ruleSignature,
				"%s does not take a context and a request and return a response and an error: %s", field.Names[0].Name, again)
			complete = false
			continue
		}
		request := signature.Params.List[len(signature.Params.List)-1].Type
		strict[field.Names[0].Name] = &server.StrictMethod{
			Request: r.typeOf(request), Response: r.typeOf(signature.Results.List[0].Type),
		}
	}
	return strict, complete
}
