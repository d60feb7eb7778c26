package generator

import (
	"cmp"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/server"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// handshake is the constant of the runtime that the generated code needs to compile. It changes when a
// runtime can no longer serve older guards.
const handshake = "Generation2"

// target is where the generated file goes and what it must fit.
type target struct {
	pkg        string // the package's name
	own        bool   // false: the server's own package
	serverFile string // what oapi-codegen wrote
	framework  server.Framework
	strict     bool
}

// build makes the template data of the policy and the server that were joined.
func build(p *policy.Policy, s *server.Server, j *joined, to target, diags *diag.List) *view.File {
	guarded := guardsAny(p.All())
	imports := newImportSet()
	imports.add(runtimePath, "guard")
	imports.add(genPath, "gen")
	imports.add("net/http", "http")
	if guarded || to.strict {
		imports.add("context", "context")
	}
	if router := to.framework.RouterImport(); router != "" {
		imports.add(router, packageName(router))
	}
	qualify := qualifier{imports: imports}
	if to.own {
		qualify.prefix = imports.add(s.ImportPath, s.Package) + "."
	}
	f := &view.File{
		Package: to.pkg, OwnPackage: to.own, Title: view.Comment(p.Title), Handshake: handshake,
		Framework: to.framework, Strict: to.strict, Qualifier: qualify.prefix,
		Guarded: guarded,
	}
	addCallers(f, p, j, diags)
	addMethods(f, s, j, qualify, diags)
	addChecks(f, p, s, j, qualify, diags)
	addReceivers(f, "Webhook", j.webhooks, qualify, diags)
	addReceivers(f, "Callback", j.callbacks, qualify, diags)
	if f.Strict && f.FindsOut() {
		imports.add("slices", "slices")
	}
	f.Imports = imports.list()
	return f
}

// addCallers adds all that is said of callers: roles, schemes, and the operations' policies.
func addCallers(f *view.File, p *policy.Policy, j *joined, diags *diag.List) {
	n := newNames(p, diags)
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
	for _, pair := range j.pairs {
		f.Operations = append(f.Operations, view.NewOperation(pair.operation, pair.name, n.roles))
	}
	for _, pair := range slices.Concat(j.webhooks, j.callbacks) {
		f.Operations = append(f.Operations, view.NewOperation(pair.operation, pair.name, n.roles))
	}
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

// addMethods adds the server's methods and routes.
func addMethods(f *view.File, s *server.Server, j *joined, qualify qualifier, diags *diag.List) {
	byName := map[string]*view.Operation{}
	for _, o := range f.Operations {
		byName[o.Name] = o
	}
	for _, m := range s.Methods {
		o := byName[m.Name]
		if o == nil {
			continue // reported by join
		}
		f.Methods = append(f.Methods, methodView(f, o, m, qualify, diags))
	}
	for _, r := range j.routes {
		f.Routes = append(f.Routes, view.Route{
			Operation: byName[r.pair.name], Binding: r.pair.method.Name,
			Wrapper: f.API("ServerInterfaceWrapper"), Pattern: r.pattern, Key: r.key,
		})
	}
}

// addReceivers adds the receivers of one kind.
func addReceivers(f *view.File, kind string, pairs []receiverPair, qualify qualifier, diags *diag.List) {
	var receivers []*view.Receiver
	for _, pair := range pairs {
		i := slices.IndexFunc(f.Operations, func(o *view.Operation) bool { return o.Name == pair.name })
		r := pair.receiver
		receivers = append(receivers, &view.Receiver{
			Method:     view.NewMethod(f.Operations[i], f.HandlerParams(), boundParams(r.Method, r.Position, r.Params, qualify, diags), f.HandlerResults()),
			MethodName: r.Method, Constructor: r.Constructor,
		})
	}
	if len(receivers) > 0 {
		f.Receivers = append(f.Receivers, view.NewReceivers(f, kind, receivers))
	}
}

func methodView(f *view.File, o *view.Operation, m server.Method, qualify qualifier, diags *diag.List) *view.Method {
	if f.Strict {
		request := boundParams(m.Name, m.Position, []server.Param{{Name: "request", Type: m.Strict.Request}, {Type: m.Strict.Response}}, qualify, diags)
		return view.NewMethod(o, []view.Param{{Name: "ctx", Type: "context.Context"}}, request[:1], " ("+request[1].Type+", error)")
	}
	return view.NewMethod(o, f.HandlerParams(), boundParams(m.Name, m.Position, m.Params, qualify, diags), f.HandlerResults())
}

// boundParams writes the types of parameters for the guards' package.
func boundParams(method string, at diag.Position, params []server.Param, qualify qualifier, diags *diag.List) []view.Param {
	var bound []view.Param
	for _, p := range params {
		text, err := p.Type.Render(qualify)
		if err != nil {
			diags.Errorf(at, ruleType, "%s: %v", method, err)
		}
		bound = append(bound, view.Param{Name: p.Name, Type: text})
	}
	return bound
}

// packageName is the name of a well-known framework's package: the last element that is not a version.
func packageName(importPath string) string {
	base := path.Base(importPath)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		return path.Base(path.Dir(importPath))
	}
	return base
}

// refuseCollisions lists the names that the server's own package declares already. The names of imports
// count: a package may not declare what one of its files imports.
func refuseCollisions(content []byte, f *view.File, s *server.Server, output string, diags *diag.List) {
	names := declaredNames(content)
	for _, i := range f.Imports {
		names = append(names, cmp.Or(i.Name, packageName(i.Path)))
	}
	slices.Sort(names)
	var taken []string
	for _, name := range names {
		if at, ok := s.Declared[name]; ok {
			taken = append(taken, name+" ("+filepath.Base(at.File)+":"+strconv.Itoa(at.Line)+")")
		}
	}
	if len(taken) > 0 {
		diags.Errorf(diag.Position{File: output}, ruleCollision, "the package declares %s already: give the guards a package of their own (output: apiguard/guards.gen.go)", strings.Join(taken, ", "))
	}
}
