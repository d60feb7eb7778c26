package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/spec"
)

// Options are choices that the document cannot make.
type Options struct {
	// ExplicitRoles refuses a bare list of two roles or more, which some read as any-of and some as all-of.
	ExplicitRoles bool
}

// Build makes the policy of a document. The list, which is sorted, has everything that is wrong with the
// document at once; with an error in it, or in what [spec.Load] returned, the policy is not to be used.
func Build(document *spec.Document, options Options) (*Policy, diag.List) {
	if document == nil {
		return &Policy{}, nil
	}
	b := &builder{document: document, options: options, schemes: map[string]*declared{}, empty: map[diag.Position]bool{}}
	b.declareSchemes()
	b.catalogue = b.readCatalogue()
	b.inheritedSecurity()
	p := &Policy{Title: document.Title, Version: document.APIVersion}
	for _, o := range document.Operations {
		p.Operations = append(p.Operations, b.operation(o))
	}
	p.Schemes = b.checkSchemes()
	p.Roles = b.catalogue.finish(p.Operations)
	b.emptySecurity()
	b.rolesOfNobody()
	b.publicBySilence(p)
	b.unsupported(document.Root, "x-conceal")
	b.unguarded(document.Webhooks, "unguarded-webhook", "webhook")
	b.unguarded(document.Callbacks, "unguarded-callback", "callback")
	if !b.diags.HasErrors() {
		b.diags = append(b.diags, document.CrossCheck()...)
	}
	b.diags.Sort()
	return p, b.diags
}

// builder is the state of one Build.
type builder struct {
	document  *spec.Document
	options   Options
	diags     diag.List
	schemes   map[string]*declared
	catalogue *catalogue
	// exposed are the public operations that nothing but their silence makes so, under a document's
	// x-required-roles.
	exposed []*spec.Operation
	// silent are the operations for which no security stands anywhere.
	silent []*spec.Operation
	// empty are the places of security that consists of {} only.
	empty map[diag.Position]bool
}

func (b *builder) operation(from *spec.Operation) *Operation {
	o := &Operation{
		ID: from.ID(), Method: from.Method, Path: from.Path, AliasOf: from.AliasOf, Position: from.Position,
		SecurityPosition: from.Position, PathParameters: pathParameters(from.Path),
	}
	if security, ok := b.security(from); ok {
		o.SecurityPosition = security.Position
		o.Alternatives = b.alternatives(security)
	} else {
		b.silent = append(b.silent, from)
	}
	o.Roles = b.requiredRoles(from, o)
	for _, n := range []*spec.Node{from.Node, from.PathItem} {
		b.unsupported(n, "x-resource-check", "x-conceal")
	}
	return o
}

// publicBySilence warns of operations that nobody said to be public, in a document that asks for credentials
// elsewhere: a forgotten security looks exactly like this.
func (b *builder) publicBySilence(p *Policy) {
	guarded := slices.ContainsFunc(p.Operations, func(o *Operation) bool { return !o.Public() })
	if !guarded || len(b.silent) == 0 || b.diags.HasErrors() {
		return
	}
	first, others := b.silent[0], ""
	if n := len(b.silent) - 1; n > 0 {
		others = fmt.Sprintf(" (and %d more of this document)", n)
	}
	b.diags.Warnf(first.Position, "public-by-silence", "%s is public, because neither it nor the document has security%s: write security: [] on it if that is meant, or give the document a default",
		first, others)
}

// security is the Security Requirement list that applies: the operation's own, or the document's.
func (b *builder) security(o *spec.Operation) (spec.Member, bool) {
	if m, ok := o.Node.Member("security"); ok {
		return m, true
	}
	return b.document.Root.Member("security")
}

// inheritedSecurity checks the document's own requirements also when every operation has others.
func (b *builder) inheritedSecurity() {
	if m, ok := b.document.Root.Member("security"); ok {
		b.alternatives(m)
	}
}

// pathParameters are the names between the braces of a path template (OpenAPI 3.1.1 section 4.8.8.2).
func pathParameters(path string) []string {
	var names []string
	for {
		_, after, ok := strings.Cut(path, "{")
		if !ok {
			return names
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return names
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		path = rest
	}
}

// unsupported refuses extensions whose meaning is decided and that are not implemented yet, so that
// nobody takes them for enforced.
func (b *builder) unsupported(n *spec.Node, keys ...string) {
	for _, key := range keys {
		if m, ok := n.Member(key); ok {
			b.diags.Errorf(m.Position, "not-supported-yet", "%s is not enforced by this version, so it is refused: remove it and check in the handler", key)
		}
	}
}

// unguarded warns of operations that this server calls: others serve them.
func (b *builder) unguarded(operations []*spec.Operation, rule, kind string) {
	for _, o := range operations {
		b.unsupported(o.Node, "x-resource-check", "x-conceal")
		for _, m := range []spec.Member{member(o.Node, "security"), member(o.Node, requiredKey), member(o.PathItem, requiredKey)} {
			if demands(m.Value) {
				b.diags.Warnf(m.Position, rule, "%s of the %s %q is not enforced: a server receives it that is not generated from this document's paths", m.Key, kind, o.Path)
			}
		}
	}
}

func member(n *spec.Node, key string) spec.Member {
	m, _ := n.Member(key)
	return m
}

// demands reports whether a value of security or x-required-roles asks for anything.
func demands(n *spec.Node) bool {
	return n.Kind() == spec.String || len(n.Items())+len(n.Members()) > 0
}
