package policy

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// Options are choices that the document does not make.
type Options struct {
	// ExplicitRoles refuses a bare list of two roles or more, which some read as any-of and some as all-of.
	ExplicitRoles bool
}

// Build makes the policy of a document. The list, which is sorted, has all problems of the document. When
// it, or the list of [spec.Load], has an error, the policy must not be used.
func Build(document *spec.Document, options Options) (*Policy, diag.List) {
	if document == nil {
		return &Policy{}, nil
	}
	b := &builder{document: document, options: options, schemes: map[string]*declared{}, empty: map[diag.Position]bool{}}
	b.declareSchemes()
	b.readCatalogue()
	b.inheritedSecurity()
	b.inheritedConcealment()
	p := &Policy{Title: document.Title, Version: document.APIVersion, Overlay: document.Overlay}
	p.Operations = b.operations(document.Operations)
	p.Webhooks = b.operations(document.Webhooks)
	p.Callbacks = b.operations(document.Callbacks)
	p.Schemes = b.checkSchemes()
	b.invalidOnOperations(slices.Concat(document.Operations, document.Webhooks, document.Callbacks), p.All())
	b.unusedExtensions(p)
	b.ignores()
	p.Roles = b.catalogue.finish(p.All())
	p.Checks = b.checks(p.Operations)
	b.emptySecurity()
	b.deniedPreflights(p.Operations)
	b.unreachablePaths(p.Operations)
	b.rolesOfNobody()
	if !b.diags.HasErrors() {
		b.foreignRoles(slices.Concat(document.Operations, document.Webhooks, document.Callbacks), p.All())
		b.unusedRoles(p)
		b.publicBySilence(document.Operations, p.Operations)
		b.publicBySilence(document.Webhooks, p.Webhooks)
		b.publicBySilence(document.Callbacks, p.Callbacks)
		b.unusedSchemes(p)
	}
	b.withoutReceiver(document.NestedCallbacks)
	if !b.diags.HasErrors() {
		b.diags.Add(document.CrossCheck())
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
	// concealment is the document's own x-conceal.
	concealment concealment
	// implicitlyPublic are the operations that are public by their silence alone, although the document has
	// x-required-roles.
	implicitlyPublic []*spec.Operation
	// empty are the places of security that consists of {} only.
	empty map[diag.Position]bool
}

func (b *builder) operations(from []*spec.Operation) []*Operation {
	var all []*Operation
	for _, o := range from {
		all = append(all, b.operation(o))
	}
	return all
}

func (b *builder) operation(from *spec.Operation) *Operation {
	o := &Operation{
		ID: from.ID(), Tags: from.Tags(), Method: from.Method, Source: from.Source, AliasOf: from.AliasOf, Position: from.Position,
		SecurityPosition: from.Position,
	}
	switch {
	case from.Within != nil:
		o.Path, o.Within = from.Path, from.Within.String()
	case !from.Received():
		o.Path, o.PathParameters = from.Path, pathParameters(from.Path)
	}
	if security, ok := b.security(from); ok {
		o.SecurityPosition, o.SecurityLevel = security.Position, levelOf(from, "security")
		o.Alternatives = b.alternatives(security)
	}
	if o.Roles = b.requiredRoles(from, o); o.Roles.Position.Line > 0 {
		o.RolesLevel = levelOf(from, b.document.RequiredRoles)
	}
	if from.Received() {
		b.withoutResource(from)
		return o
	}
	b.resourceCheck(from, o)
	b.conceal(from, o)
	return o
}

// levelOf is the nearest object that has the member: the document when neither the operation nor its path item has it.
func levelOf(o *spec.Operation, key string) Level {
	if _, own := o.Node.Member(key); own {
		return InOperation
	}
	if _, inherited := o.PathItem.Member(key); inherited {
		return InPathItem
	}
	return InDocument
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
