package oapicodegen

import (
	"go/ast"
	"os"

	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

const strictInterface = "StrictServerInterface"

// strict reads the strict server. It is in the server file where the configuration says so, or in a file of its own in the
// same package, which another configuration generates.
func (r *reader) strict(s *server.Server) {
	in := &r.scope
	if spec := r.source.findType(strictInterface); spec != nil && !r.options.Strict {
		r.diags.Report(r.source.position(spec), ruleStrict,
			"the server file has a StrictServerInterface, but the configuration has no strict-server: run oapi-codegen again")
		return
	} else if spec == nil {
		if separate := r.strictFile(s); separate != nil {
			in = separate
		}
	}
	if s.Strict = r.options.Strict || in != &r.scope; s.Strict {
		r.strictMethods(in, s.Methods)
	}
}

// strictFile is the generated file beside the server's that has the strict server, nil when there is none.
func (r *reader) strictFile(s *server.Server) *scope {
	at, ok := s.Declared[strictInterface]
	if !ok {
		return nil
	}
	content, err := os.ReadFile(at.File)
	if err != nil {
		return nil // it has just been read
	}
	file, diags := parseSource(at.File, content, matters)
	if r.diags.Add(diags); file == nil || file.header() == nil {
		return nil
	}
	s.Serving = append(s.Serving, file.serving()...)
	in := r.scopeOf(file, s)
	return &in
}

// strictMethods adds the methods of StrictServerInterface to those of the same name.
func (r *reader) strictMethods(in *scope, methods []server.Method) {
	strict, complete := r.readStrict(in)
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
func (r *reader) readStrict(in *scope) (map[string]*server.StrictMethod, bool) {
	fields, complete := r.interfaceFields(in.source, strictInterface, ruleStrict)
	strict := map[string]*server.StrictMethod{}
	for _, field := range fields {
		signature := field.Type.(*ast.FuncType)
		if signature.Params.NumFields() != 2 || signature.Results.NumFields() != 2 {
			r.diags.Report(in.source.position(field), ruleSignature,
				"%s does not take a context and a request and return a response and an error: %s", field.Names[0].Name, again)
			complete = false
			continue
		}
		request := signature.Params.List[len(signature.Params.List)-1].Type
		strict[field.Names[0].Name] = &server.StrictMethod{
			Request: typeExpr{request, in}, Response: typeExpr{signature.Results.List[0].Type, in},
		}
	}
	return strict, complete
}
