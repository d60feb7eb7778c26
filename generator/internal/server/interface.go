package server

import (
	"go/ast"
	"regexp"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Method is a method of ServerInterface: one operation of the document.
type Method struct {
	// Name is the operation's Go name.
	Name string
	// HTTPMethod and Path are the operation's, as the OpenAPI document has them: "GET", "/orders/{order-id}".
	HTTPMethod, Path string
	// Params are the bound parameters: those that follow the framework's own (w and r for net/http).
	Params []Param
	// Strict is the method of StrictServerInterface with the same name, nil without a strict server.
	Strict   *StrictMethod
	Position diag.Position
}

// Param is a parameter of a method.
type Param struct {
	Name string
	Type Type
}

// StrictMethod is what a method of StrictServerInterface takes and returns, besides context and error.
type StrictMethod struct {
	Request, Response Type
}

// methods reads ServerInterface.
func (r *reader) methods() []Method {
	var found []Method
	for _, field := range r.interfaceFields("ServerInterface", ruleInterface) {
		signature := field.Type.(*ast.FuncType)
		method := Method{Name: field.Names[0].Name, Position: r.source.position(field)}
		method.Params = r.boundParams(method, signature)
		r.comments[method.Name] = field.Doc
		found = append(found, method)
	}
	return found
}

// interfaceFields are the methods of an interface of the server's file.
func (r *reader) interfaceFields(name string, rule diag.Rule) []*ast.Field {
	spec := r.source.findType(name)
	if spec == nil {
		r.diags.Report(r.file(), rule, "there is no %s in the server file: %s", name, again)
		return nil
	}
	declared, ok := spec.Type.(*ast.InterfaceType)
	if !ok {
		r.diags.Report(r.source.position(spec), rule, "%s is not an interface type: %s", name, again)
		return nil
	}
	var methods []*ast.Field
	for _, field := range declared.Methods.List {
		if _, ok := field.Type.(*ast.FuncType); !ok || len(field.Names) != 1 {
			r.diags.Report(r.source.position(field), rule, "%s embeds another type, which oapi-codegen never writes: %s", name, again)
			continue
		}
		methods = append(methods, field)
	}
	return methods
}

// boundParams are the parameters behind those of the framework.
func (r *reader) boundParams(method Method, signature *ast.FuncType) []Param {
	var params []Param
	for _, field := range signature.Params.List {
		for _, name := range field.Names {
			params = append(params, Param{name.Name, r.typeOf(field.Type)})
		}
	}
	own := r.options.Framework.HandlerParamTypes()
	if len(params) < len(own) || !rendersAs(params, own) || (signature.Results.NumFields() == 1) != (r.options.Framework.Handler().Results != "") {
		r.diags.Report(method.Position, ruleSignature,
			"%s does not begin with the parameters that oapi-codegen writes for %s: %s", method.Name, r.options.Framework, again)
		return nil
	}
	return params[len(own):]
}

func (r *reader) typeOf(e ast.Expr) Type { return Type{e, &r.scope} }

// fullPaths qualifies names by their import paths, for comparison.
type fullPaths struct{}

func (fullPaths) Local(name string) string        { return "." + name }
func (fullPaths) Import(path, name string) string { return path }

func rendersAs(params []Param, want []string) bool {
	for i := range want {
		if got, err := params[i].Type.Render(fullPaths{}); err != nil || got != want[i] {
			return false
		}
	}
	return true
}

// strictMethods adds what StrictServerInterface says to the methods.
func (r *reader) strictMethods(methods []Method) {
	strict, reported := map[string]*StrictMethod{}, len(r.diags)
	for _, field := range r.interfaceFields("StrictServerInterface", ruleStrict) {
		signature := field.Type.(*ast.FuncType)
		if signature.Params.NumFields() != 2 || signature.Results.NumFields() != 2 {
			r.diags.Report(r.source.position(field), ruleSignature,
				"%s does not take a context and a request and return a response and an error: %s", field.Names[0].Name, again)
			continue
		}
		request := signature.Params.List[len(signature.Params.List)-1].Type
		strict[field.Names[0].Name] = &StrictMethod{r.typeOf(request), r.typeOf(signature.Results.List[0].Type)}
	}
	complete := len(r.diags) == reported // otherwise a method that is missing may be one that is reported
	for i := range methods {
		methods[i].Strict = strict[methods[i].Name]
		if methods[i].Strict == nil && complete {
			r.diags.Report(methods[i].Position, ruleStrict, "StrictServerInterface has no method %s: %s", methods[i].Name, again)
		}
		delete(strict, methods[i].Name)
	}
	for name, left := range strict {
		r.diags.Report(left.Request.Position(), ruleStrict, "ServerInterface has no method %s, and StrictServerInterface does: %s", name, again)
	}
}

// routeLine is the line that names a method's operation.
var routeLine = regexp.MustCompile(`^// \(([^ ()]+) (.*)\)$`)

// route is an operation as a comment names it.
type route struct{ method, path string }

// routes are the operations that a comment may mean. oapi-codegen writes the line last, or before the
// Deprecated paragraph; but both the summary above and the reason of the deprecation are the document's, and
// may imitate it.
func routes(comment *ast.CommentGroup) []route {
	if comment == nil {
		return nil
	}
	var found []route
	for i, line := range comment.List {
		match := routeLine.FindStringSubmatch(strings.TrimRight(line.Text, "\r"))
		if match != nil && endsComment(comment.List[i+1:]) {
			found = append(found, route{match[1], match[2]})
		}
	}
	return found
}

// endsComment reports whether these lines are what oapi-codegen writes behind the route: nothing, or an empty
// line and the Deprecated paragraph.
func endsComment(rest []*ast.Comment) bool {
	return len(rest) == 0 ||
		len(rest) > 1 && strings.TrimSpace(rest[0].Text) == "//" && strings.HasPrefix(rest[1].Text, "// Deprecated:")
}
