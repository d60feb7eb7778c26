// Package join matches the policy of the document with the server that was generated from it, and builds the data of
// the templates.
//
//   - [CheckDocument] reports operations that no server of the framework can have (document.go).
//   - [Join] matches operations with methods and routes (join.go), and those of webhooks and callbacks with
//     receivers (receivers.go). Nothing is left without a partner: a guard that is bound to the wrong operation is
//     worse than none.
//   - [Build] makes the data: it decides all Go names (names.go), describes the authenticator (authenticator.go) and
//     the resource checks (checks.go), and writes types for the guards' package.
//   - [Collisions] compares the names of rendered guards with those that the server's package has (names.go).
package join

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// A Pair is an operation of the document with the method that oapi-codegen generated for it.
type Pair struct {
	Operation *policy.Operation
	// Name is the Go name: the method's, with a suffix for a path item that refers to another path.
	Name   string
	Method *server.Method
}

// A Route is one registration of oapi-codegen with the operation that it leads to.
type Route struct {
	Pair    *Pair
	Pattern string
	// Key names the operation in oapi-codegen's options.
	Key string
}

// Joined is the document and the server, matched one to one.
type Joined struct {
	Pairs  []*Pair // in the order of the document
	Routes []Route // in the order of the server
	// Webhooks and Callbacks are in the order of the document. They are empty when none is guarded.
	Webhooks, Callbacks []ReceiverPair
}

// Target is the place of the generated file, and the server that it must fit.
type Target struct {
	// Output is the file, and OutputPosition the place that names it.
	Output         string
	OutputPosition diag.Position
	// Package is the name of its package. SeparatePackage is false when that is the server's own.
	Package         string
	SeparatePackage bool
	// ServerFile is the file that oapi-codegen wrote, and Document the file name of the OpenAPI document.
	ServerFile, Document string
	Framework            framework.Framework
	Strict               bool
	// Unimplemented asks for a server that answers 501, ServerPerTag for one interface for each tag.
	Unimplemented, ServerPerTag bool
	// Resource asks for protected resource metadata, or is nil.
	Resource *Resource
}

// matcher matches one policy with one server.
type matcher struct {
	Joined
	policy *policy.Policy
	server *server.Server
	target Target
	diags  diag.List
}

// Join matches every operation with a method and a registration.
func Join(p *policy.Policy, s *server.Server, to Target) (*Joined, diag.List) {
	m := &matcher{policy: p, server: s, target: to}
	m.checkImport()
	m.matchMethods()
	m.refuseUnknownMethods()
	m.matchRoutes()
	m.matchReceivers()
	m.diags.Add(to.Framework.Router().CheckRoutes(m.routerRoutes()))
	return &m.Joined, m.diags
}

// checkImport reports an output from which Go does not allow to import the server's package
// (go.dev/doc/go1.4#internalpackages).
func (m *matcher) checkImport() {
	path := "/" + m.server.ImportPath + "/"
	i := strings.LastIndex(path, "/internal/")
	if !m.target.SeparatePackage || i < 0 {
		return
	}
	output, err := server.ImportPath(filepath.Dir(m.target.Output))
	if err != nil || strings.HasPrefix("/"+output+"/", path[:i+1]) {
		return
	}
	possible := filepath.Join(filepath.Dir(filepath.Dir(m.target.ServerFile)), "apiguard", filepath.Base(m.target.Output))
	m.diags.Report(m.target.OutputPosition, ruleInternal, "%s cannot import %s: only packages in or below %s can; set output to a folder there, %s",
		output, m.server.ImportPath, strings.TrimPrefix(path[:i], "/"), possible)
}

// matchMethods finds the method of each operation by HTTP method and path.
func (m *matcher) matchMethods() {
	methods := map[string]*server.Method{}
	var names []string
	for i := range m.server.Methods {
		method := &m.server.Methods[i]
		methods[method.HTTPMethod+" "+method.Path] = method
		names = append(names, method.Name)
	}
	for _, o := range m.policy.Operations {
		path := cmp.Or(o.AliasOf, o.Path)
		method := methods[o.Method+" "+path]
		if method == nil {
			m.diags.Report(o.Position, ruleStale, "%s has no method for %s %s: run oapi-codegen again, then oapi-guard", m.target.ServerFile, o.Method, path)
			continue
		}
		if renamed(o.ID, method.Name) {
			m.diags.Report(o.Position, ruleStale, "%s serves %s %s as %s, but its operationId is %s: run oapi-codegen again, then oapi-guard", m.target.ServerFile, o.Method, path, method.Name, o.ID)
		}
		name := method.Name
		if o.AliasOf != "" {
			name = unique(names, name+"Alias")
			names = append(names, name)
		}
		m.Pairs = append(m.Pairs, &Pair{o, name, method})
	}
}

// renamed reports whether a method cannot have its name from the operationId. Every normaliser of
// oapi-codegen keeps ASCII letters and digits in their order; for other names it is not this simple, and
// nothing is said.
func renamed(id, method string) bool {
	if id == "" || !asciiLetter(id[0]) || strings.ContainsFunc(id, notPlain) {
		return false
	}
	plain := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r == '.' || r == ' ' {
			return -1
		}
		return r
	}, id)
	return !strings.EqualFold(plain, strings.ReplaceAll(method, "_", ""))
}

func asciiLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func notPlain(r rune) bool {
	plain := r <= unicode.MaxASCII && (asciiLetter(byte(r)) || unicode.IsDigit(r) || strings.ContainsRune("_-. ", r))
	return !plain
}

// refuseUnknownMethods reports methods for operations that the document does not have (any more).
func (m *matcher) refuseUnknownMethods() {
	known := map[string]bool{}
	for _, p := range m.Pairs {
		known[p.Method.Name] = true
	}
	for _, method := range m.server.Methods {
		if !known[method.Name] {
			m.diags.Report(method.Position, ruleStale, "%s serves %s %s, which the document does not have: run oapi-codegen again, then oapi-guard", method.Name, method.HTTPMethod, method.Path)
		}
	}
}

// matchRoutes finds the operation of each registration by its handler, method and path. The pattern is taken
// as oapi-codegen wrote it.
func (m *matcher) matchRoutes() {
	byMethod := map[string][]*Pair{}
	for _, p := range m.Pairs {
		byMethod[p.Method.Name] = append(byMethod[p.Method.Name], p)
	}
	registered := map[*Pair]bool{}
	for _, r := range m.server.Registrations {
		pairs := byMethod[r.Handler]
		if len(pairs) == 0 {
			continue // an unknown method, which is reported already
		}
		i := slices.IndexFunc(pairs, func(p *Pair) bool { return r.Matches(p.Operation.Method, p.Operation.Path) })
		switch {
		case i < 0:
			m.diags.Report(r.Position, ruleStale, "%s is registered at %s %s, which is not its route in the document: run oapi-codegen again, then oapi-guard", r.Handler, r.HTTPMethod, r.Pattern)
		case registered[pairs[i]]:
			m.diags.Report(r.Position, ruleMismatch, "%s is registered twice at %s %s", r.Handler, r.HTTPMethod, r.Pattern)
		default:
			registered[pairs[i]] = true
			m.Routes = append(m.Routes, Route{pairs[i], r.Pattern, r.Key})
		}
	}
	for _, p := range m.Pairs {
		if !registered[p] {
			m.diags.Report(p.Operation.Position, ruleMismatch, "%s registers no route for %s %s", m.target.ServerFile, p.Operation.Method, p.Operation.Path)
		}
	}
}

// routerRoutes are the routes as a router sees them.
func (j *Joined) routerRoutes() []routers.Route {
	routes := make([]routers.Route, len(j.Routes))
	for i, r := range j.Routes {
		routes[i] = routers.Route{Operation: routerOperation(r.Pair.Operation), Pattern: r.Pattern}
	}
	return routes
}

func routerOperation(o *policy.Operation) routers.Operation {
	return routers.Operation{Method: o.Method, Path: o.Path, Parameters: o.PathParameters, Position: o.Position}
}
