package join

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Build makes the template data of the policy and the server that were joined.
func Build(p *policy.Policy, s *server.Server, j *Joined, to Target) (*view.File, diag.List) {
	guarded := guardsAny(p.All())
	imported := imports.NewSet()
	imported.Add(generated.Runtime, generated.RuntimeName)
	imported.Add(generated.Gen, generated.GenName)
	imported.Add("net/http", "http")
	if to.Resource != nil {
		imported.Add(generated.Metadata, generated.MetadataName)
	}
	switch plain := to.Framework == framework.Plain; {
	case plain:
		imported.Add("errors", "errors")
	case len(p.Checks) > 0:
		imported.Add("cmp", "cmp")
	}
	if to.Resource != nil && to.Resource.Identifier != "" {
		imported.Add("cmp", "cmp")
	}
	if guarded || to.Strict {
		imported.Add("context", "context")
	}
	if router := to.Framework.RouterImport(); router != "" {
		imported.Add(router, imports.PackageName(router))
	}
	types := typeWriter{qualify: imports.Qualifier{Imports: imported}}
	if to.SeparatePackage && s.ImportPath != "" {
		types.qualify.Prefix = imported.Add(s.ImportPath, s.Package) + "."
	}
	f := &view.File{
		Package: to.Package, OwnPackage: to.SeparatePackage, Title: view.Comment(p.Title), Source: view.Comment(to.Document), Handshake: generated.Handshake,
		Framework: string(to.Framework), Strict: to.Strict, Qualifier: types.qualify.Prefix,
		Guarded: guarded, Unimplemented: to.Unimplemented,
	}
	diags := addCallers(f, p, j)
	served := servedMethods(s, j, to)
	addMethods(f, served, &types)
	if f.Untagged = f.Methods; to.ServerPerTag {
		f.Untagged = nil
		diags.Add(addParts(f, j))
	}
	addRoutes(f, j)
	diags.Add(addResource(f, p, to))
	diags.Add(addChecks(f, p, j, served, &types))
	addReceivers(f, "Webhook", j.Webhooks, &types)
	addReceivers(f, "Callback", j.Callbacks, &types)
	if f.Strict && f.UsesNotFound() {
		imported.Add("slices", "slices")
	}
	f.Imports = imported.List()
	diags.Add(types.diags)
	return f, diags
}

// addCallers adds everything about callers: roles, schemes, and the operations' policies.
func addCallers(f *view.File, p *policy.Policy, j *Joined) diag.List {
	n := newNames(p)
	for _, r := range p.Roles {
		f.Roles = append(f.Roles, view.Role{Constant: n.roles[r.Name], Doc: roleDoc(n.roles[r.Name], r), Literal: view.Quote(r.Name)})
	}
	for _, s := range p.Schemes {
		f.Schemes = append(f.Schemes, n.schemeView(s))
	}
	f.Combinations = n.combinations(p)
	for _, o := range p.All() {
		f.UsesRoles = f.UsesRoles || !o.Roles.Empty()
		for _, a := range o.Alternatives {
			for _, r := range a.Requirements {
				f.UsesScopes = f.UsesScopes || len(r.Scopes) > 0
				f.UsesRoles = f.UsesRoles || !r.Roles.Empty()
			}
		}
	}
	for _, pair := range j.Pairs {
		f.Operations = append(f.Operations, view.NewOperation(pair.Operation, pair.Name, n.roles))
	}
	for _, pair := range slices.Concat(j.Webhooks, j.Callbacks) {
		f.Operations = append(f.Operations, view.NewOperation(pair.Operation, pair.Name, n.roles))
	}
	return n.diags
}

// roleDoc is the comment of a role's constant.
func roleDoc(constant string, r *policy.Role) []string {
	first := constant + " is the role " + view.Quote(r.Name)
	if len(r.Includes) > 0 {
		first += ", which includes " + view.Comment(strings.Join(r.Includes, ", "))
	}
	text := view.CommentLines(r.Description)
	if len(text) == 0 {
		return []string{first + "."}
	}
	return append([]string{first + ":"}, text...)
}

// servedMethod is a method of the server's interface under the name of its operation.
type servedMethod struct {
	name string
	*server.Method
	pattern string
}

// servedMethods are the methods of the server's interface, in its order. Without a generated server, every route has a
// handler of its own, aliases included.
func servedMethods(s *server.Server, j *Joined, to Target) []servedMethod {
	var all []servedMethod
	if to.Framework == framework.Plain {
		for _, r := range j.Routes {
			all = append(all, servedMethod{r.Pair.Name, r.Pair.Method, r.Pattern})
		}
		return all
	}
	for i := range s.Methods {
		all = append(all, servedMethod{name: s.Methods[i].Name, Method: &s.Methods[i]})
	}
	return all
}

func operationsByName(f *view.File) map[string]*view.Operation {
	byName := map[string]*view.Operation{}
	for _, o := range f.Operations {
		byName[o.Name] = o
	}
	return byName
}

// addMethods adds the server's methods.
func addMethods(f *view.File, served []servedMethod, types *typeWriter) {
	byName := operationsByName(f)
	for _, m := range served {
		if o := byName[m.name]; o != nil { // otherwise join has reported it
			f.Methods = append(f.Methods, methodView(f, o, *m.Method, types))
		}
	}
}

// addRoutes adds the server's routes.
func addRoutes(f *view.File, j *Joined) {
	byName := operationsByName(f)
	for _, r := range j.Routes {
		f.Routes = append(f.Routes, view.Route{
			Operation: byName[r.Pair.Name], Binding: r.Pair.Method.Name, Pattern: r.Pattern, Key: r.Key,
		})
	}
}

// addReceivers adds the receivers of one kind.
func addReceivers(f *view.File, kind string, pairs []ReceiverPair, types *typeWriter) {
	var receivers []*view.Receiver
	for _, pair := range pairs {
		i := slices.IndexFunc(f.Operations, func(o *view.Operation) bool { return o.Name == pair.Name })
		r := pair.Receiver
		receivers = append(receivers, &view.Receiver{
			Method:      view.NewMethod(f.Operations[i], r.Method, f.HandlerParams(), types.params(r.Method, r.Position, r.Params), f.HandlerResults()),
			Constructor: r.Constructor, ConstructorName: f.ConstructorName(r.Constructor), Constant: strings.ToLower(kind) + r.Name,
		})
	}
	if len(receivers) > 0 {
		f.Receivers = append(f.Receivers, view.NewReceivers(f, kind, receivers))
	}
}

func methodView(f *view.File, o *view.Operation, m server.Method, types *typeWriter) *view.Method {
	if f.Strict {
		request := types.params(m.Name, m.Position, []server.Param{{Name: "request", Type: m.Strict.Request}, {Type: m.Strict.Response}})
		return view.NewMethod(o, m.Name, []view.Param{{Name: "ctx", Type: "context.Context"}}, request[:1], " ("+request[1].Type+", error)")
	}
	return view.NewMethod(o, m.Name, f.HandlerParams(), types.params(m.Name, m.Position, m.Params), f.HandlerResults())
}

// typeWriter writes the types of the server's signatures for the guards' package.
type typeWriter struct {
	qualify imports.Qualifier
	diags   diag.List
}

// params are the parameters of a method, as the guards' package writes them.
func (w *typeWriter) params(method string, at diag.Position, params []server.Param) []view.Param {
	var bound []view.Param
	for _, p := range params {
		text, err := p.Type.Render(w.qualify)
		if err != nil {
			w.diags.Report(at, ruleType, "%s: %v", method, err)
		}
		bound = append(bound, view.Param{Name: p.Name, Type: text})
	}
	return bound
}
