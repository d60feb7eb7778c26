// Package join matches the policy of the document and the server that was generated from it, names what the document
// names, and builds the data of the templates.
package join

import (
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
	// Key is how oapi-codegen's options name the operation.
	Key string
}

// Joined is the document and the server, matched one to one.
type Joined struct {
	Pairs  []*Pair // in the order of the document
	Routes []Route // in the order of the server
	// Webhooks and Callbacks are in the order of the document; there are none where none is guarded.
	Webhooks, Callbacks []ReceiverPair
}

// Target is where the generated file goes and what it must fit.
type Target struct {
	// Package is the name of its package. SeparatePackage is false when that is the server's own.
	Package         string
	SeparatePackage bool
	// ServerFile is the file that oapi-codegen wrote, and Document the file name of the OpenAPI document.
	ServerFile, Document string
	Framework            framework.Framework
	Strict               bool
}

// Join matches every operation with a method and a registration, and refuses whatever has no partner: a
// guard that is bound to the wrong operation is worse than none.
func Join(p *policy.Policy, s *server.Server, to Target) (*Joined, diag.List) {
	var diags diag.List
	j := &Joined{}
	j.matchMethods(p, s, to, &diags)
	j.refuseUnknownMethods(s, &diags)
	j.matchRoutes(s, to, &diags)
	j.matchReceivers(p, s, to, &diags)
	diags.Add(to.Framework.Router().CheckRoutes(j.routerRoutes()))
	return j, diags
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

// matchMethods finds the method of each operation by HTTP method and path.
func (j *Joined) matchMethods(p *policy.Policy, s *server.Server, to Target, diags *diag.List) {
	methods := map[string]*server.Method{}
	var names []string
	for i := range s.Methods {
		m := &s.Methods[i]
		methods[m.HTTPMethod+" "+m.Path] = m
		names = append(names, m.Name)
	}
	for _, o := range p.Operations {
		path := o.Path
		if o.AliasOf != "" {
			path = o.AliasOf
		}
		m := methods[o.Method+" "+path]
		if m == nil {
			diags.Report(o.Position, ruleStale, "%s has no method for %s %s: run oapi-codegen again, then oapi-guard", to.ServerFile, o.Method, path)
			continue
		}
		if renamed(o.ID, m.Name) {
			diags.Report(o.Position, ruleStale, "%s serves %s %s as %s, but its operationId is %s: run oapi-codegen again, then oapi-guard", to.ServerFile, o.Method, path, m.Name, o.ID)
		}
		name := m.Name
		if o.AliasOf != "" {
			name = unique(names, name+"Alias")
			names = append(names, name)
		}
		j.Pairs = append(j.Pairs, &Pair{o, name, m})
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
func (j *Joined) refuseUnknownMethods(s *server.Server, diags *diag.List) {
	known := map[string]bool{}
	for _, p := range j.Pairs {
		known[p.Method.Name] = true
	}
	for _, m := range s.Methods {
		if !known[m.Name] {
			diags.Report(m.Position, ruleStale, "%s serves %s %s, which the document does not have: run oapi-codegen again, then oapi-guard", m.Name, m.HTTPMethod, m.Path)
		}
	}
}

// matchRoutes finds the operation of each registration by its handler, method and path. The pattern is taken
// as oapi-codegen wrote it.
func (j *Joined) matchRoutes(s *server.Server, to Target, diags *diag.List) {
	byMethod := map[string][]*Pair{}
	for _, p := range j.Pairs {
		byMethod[p.Method.Name] = append(byMethod[p.Method.Name], p)
	}
	registered := map[*Pair]bool{}
	for _, r := range s.Registrations {
		pairs := byMethod[r.Handler]
		if len(pairs) == 0 {
			continue // an unknown method, which is reported already
		}
		i := slices.IndexFunc(pairs, func(p *Pair) bool { return r.Matches(p.Operation.Method, p.Operation.Path) })
		switch {
		case i < 0:
			diags.Report(r.Position, ruleStale, "%s is registered at %s %s, which is not its route in the document: run oapi-codegen again, then oapi-guard", r.Handler, r.HTTPMethod, r.Pattern)
		case registered[pairs[i]]:
			diags.Report(r.Position, ruleMismatch, "%s is registered twice at %s %s", r.Handler, r.HTTPMethod, r.Pattern)
		default:
			registered[pairs[i]] = true
			j.Routes = append(j.Routes, Route{pairs[i], r.Pattern, r.Key})
		}
	}
	for _, p := range j.Pairs {
		if !registered[p] {
			diags.Report(p.Operation.Position, ruleMismatch, "%s registers no route for %s %s", to.ServerFile, p.Operation.Method, p.Operation.Path)
		}
	}
}
