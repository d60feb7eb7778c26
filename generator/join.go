package generator

import (
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/server"
)

// A pair is an operation of the document with the method that oapi-codegen generated for it.
type pair struct {
	operation *policy.Operation
	// name is the Go name: the method's, with a suffix for a path item that refers to another path.
	name   string
	method *server.Method
}

// A route is one registration of oapi-codegen with the operation that it leads to.
type route struct {
	pair    *pair
	pattern string
	key     string // how oapi-codegen's options name the operation
}

// joined is the document and the server, matched one to one.
type joined struct {
	pairs  []*pair // in the order of the document
	routes []route // in the order of the server
	// webhooks and callbacks are in the order of the document; there are none where none is guarded.
	webhooks, callbacks []receiverPair
}

// join matches every operation with a method and a registration, and refuses whatever has no partner: a
// guard that is bound to the wrong operation is worse than none.
func join(p *policy.Policy, s *server.Server, to target, diags *diag.List) *joined {
	j := &joined{}
	j.matchMethods(p, s, to, diags)
	j.refuseUnknownMethods(s, diags)
	j.matchRoutes(s, to, diags)
	j.matchReceivers(p, s, to, diags)
	return j
}

// matchMethods finds the method of each operation by HTTP method and path.
func (j *joined) matchMethods(p *policy.Policy, s *server.Server, to target, diags *diag.List) {
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
			diags.Errorf(o.Position, ruleStale, "%s has no method for %s %s: run oapi-codegen again, then oapi-guard", to.serverFile, o.Method, path)
			continue
		}
		if renamed(o.ID, m.Name) {
			diags.Errorf(o.Position, ruleStale, "%s serves %s %s as %s, but its operationId is %s: run oapi-codegen again, then oapi-guard", to.serverFile, o.Method, path, m.Name, o.ID)
		}
		name := m.Name
		if o.AliasOf != "" {
			name = unique(names, name+"Alias")
			names = append(names, name)
		}
		j.pairs = append(j.pairs, &pair{o, name, m})
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
func (j *joined) refuseUnknownMethods(s *server.Server, diags *diag.List) {
	known := map[string]bool{}
	for _, p := range j.pairs {
		known[p.method.Name] = true
	}
	for _, m := range s.Methods {
		if !known[m.Name] {
			diags.Errorf(m.Position, ruleStale, "%s serves %s %s, which the document does not have: run oapi-codegen again, then oapi-guard", m.Name, m.HTTPMethod, m.Path)
		}
	}
}

// matchRoutes finds the operation of each registration by its handler, method and path. The pattern is taken
// as oapi-codegen wrote it.
func (j *joined) matchRoutes(s *server.Server, to target, diags *diag.List) {
	byMethod := map[string][]*pair{}
	for _, p := range j.pairs {
		byMethod[p.method.Name] = append(byMethod[p.method.Name], p)
	}
	registered := map[*pair]bool{}
	for _, r := range s.Registrations {
		pairs := byMethod[r.Handler]
		if len(pairs) == 0 {
			continue // an unknown method, which is reported already
		}
		i := slices.IndexFunc(pairs, func(p *pair) bool { return r.Matches(p.operation.Method, p.operation.Path) })
		switch {
		case i < 0:
			diags.Errorf(r.Position, ruleStale, "%s is registered at %s %s, which is not its route in the document: run oapi-codegen again, then oapi-guard", r.Handler, r.HTTPMethod, r.Pattern)
		case registered[pairs[i]]:
			diags.Errorf(r.Position, ruleMismatch, "%s is registered twice at %s %s", r.Handler, r.HTTPMethod, r.Pattern)
		default:
			registered[pairs[i]] = true
			j.routes = append(j.routes, route{pairs[i], r.Pattern, r.Key})
		}
	}
	for _, p := range j.pairs {
		if !registered[p] {
			diags.Errorf(p.operation.Position, ruleMismatch, "%s registers no route for %s %s", to.serverFile, p.operation.Method, p.operation.Path)
		}
	}
}
