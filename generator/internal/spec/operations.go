package spec

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// operations lists the operations of a map of path items; names says which keys are not extensions.
func (l *loader) operations(paths located, names func(Member) bool) []*Operation {
	var all []*Operation
	for _, m := range paths.Members() {
		if names(m) {
			all = append(all, l.pathItem(m.Key, located{m.Value, paths.base})...)
		}
	}
	return all
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

// isNoExtension reports whether a member is one of an object that may be extended.
func isNoExtension(m Member) bool { return !isExtension(m.Key) }

// isName reports whether a member is one of a map from names, which OpenAPI does not let be extended: readers take
// a key that looks like an extension for a name.
func isName(m Member) bool {
	return !isExtension(m.Key) || m.Value.Kind() == Mapping
}

func (l *loader) pathItem(path string, item located) []*Operation {
	alias := aliasOf(item.StringAt("$ref"))
	merged, ok := l.merged(item)
	if !ok {
		return nil
	}
	var operations []*Operation
	for _, m := range operationMembers(merged.Node) {
		operations = append(operations, &Operation{
			Method: methodOf(m), Path: path, AliasOf: alias,
			Position: m.Position, Node: m.Value, PathItem: merged.Node,
		})
		l.bases[m.Value] = merged.base
	}
	slices.SortStableFunc(operations, func(a, b *Operation) int { return cmp.Compare(a.Method, b.Method) })
	return operations
}

// operationMembers are the operations of a path item, additionalOperations included.
func operationMembers(item *Node) []Member {
	var members []Member
	for _, m := range item.Members() {
		switch {
		case slices.Contains(methods[:], m.Key) && m.Value.Kind() == Mapping:
			members = append(members, m)
		case m.Key == "additionalOperations":
			for _, o := range m.Value.Members() {
				if o.Value.Kind() == Mapping {
					members = append(members, o)
				}
			}
		}
	}
	return members
}

// methodOf is the method's name: fields are its lower case, keys of additionalOperations are it.
func methodOf(m Member) string {
	if slices.Contains(methods[:], m.Key) {
		return strings.ToUpper(m.Key)
	}
	return m.Key
}

// aliasOf is the path that a reference to a path item of the same document names.
func aliasOf(ref string) string {
	pointer, ok := strings.CutPrefix(ref, "#/paths/")
	if !ok {
		return ""
	}
	tokens, ok := pointerTokens("/" + pointer)
	if !ok {
		return ""
	}
	return tokens[0]
}

// merged is the path item with the target of its $ref. Fields that stand beside the $ref win, as they do in
// kin-openapi; OpenAPI 3.1.1 section 4.8.9 leaves it open, so those that matter must not be in both.
func (l *loader) merged(item located) (located, bool) {
	seen := map[*Node]bool{}
	var own []Member
	for {
		l.clashes(own, item.Node)
		own = addMissing(own, item.Members())
		m, ok := item.Member("$ref")
		if !ok {
			return located{&Node{kind: Mapping, members: own, position: item.Position()}, item.base}, true
		}
		if m.Value.Kind() != String || seen[item.Node] {
			return located{}, false
		}
		seen[item.Node] = true
		if item, ok = l.files.step(m.Value, item.base); !ok {
			return located{}, false
		}
	}
}

// clashes reports fields that stand beside a $ref and again in its target.
func (l *loader) clashes(own []Member, target *Node) {
	for _, m := range own {
		if !slices.Contains(methods[:], m.Key) && m.Key != "additionalOperations" && !l.files.words.has(m.Key) {
			continue
		}
		if t, ok := target.Member(m.Key); ok {
			l.diags.Report(m.Position, ruleBadRef, "%s stands beside a $ref and again in its target, at %s: OpenAPI does not say which one counts, so remove one of them", m.Key, t.Position)
		}
	}
}

func addMissing(own, more []Member) []Member {
	for _, m := range more {
		if !slices.ContainsFunc(own, func(o Member) bool { return o.Key == m.Key }) {
			own = append(own, m)
		}
	}
	return own
}

// webhooks lists the operations of all webhooks.
func (l *loader) webhooks(webhooks located) []*Operation {
	all := l.operations(webhooks, isName)
	for _, o := range all {
		o.Source = o.Path
	}
	return all
}

// callbacks lists the operations of the callbacks of operations, as often as operations have them.
func (l *loader) callbacks(outer []*Operation) []*Operation {
	var callbacks []*Operation
	for _, within := range outer {
		for _, c := range within.Node.Get("callbacks").Members() {
			callback, _ := l.files.follow(located{c.Value, l.bases[within.Node]})
			for _, o := range l.operations(callback, isNoExtension) {
				o.Source, o.Within = c.Key, within
				callbacks = append(callbacks, o)
			}
		}
	}
	return callbacks
}

// nestedCallbacks lists the operations of callbacks in callbacks and in webhooks, to every depth. One that is among the
// outer ones already, by a reference, is not listed again.
func (l *loader) nestedCallbacks(outer []*Operation) []*Operation {
	var nested []*Operation
	seen := map[*Node]bool{}
	for _, o := range outer {
		seen[o.Node] = true
	}
	for len(outer) > 0 {
		var deeper []*Operation
		for _, o := range l.callbacks(outer) {
			if !seen[o.Node] {
				seen[o.Node] = true
				deeper = append(deeper, o)
			}
		}
		nested = append(nested, deeper...)
		outer = deeper
	}
	return nested
}

// outputFilter is an output option of oapi-codegen that leaves operations out.
type outputFilter struct {
	name   string
	values []string
	match  func(*Operation, string) bool
	// keep says that matching operations are kept, and not left out.
	keep bool
}

func filters(options Options) []outputFilter {
	byTag := func(o *Operation, tag string) bool { return slices.Contains(o.Tags(), tag) }
	byID := func(o *Operation, id string) bool { return o.ID() == id }
	return []outputFilter{
		{"exclude-tags", options.ExcludeTags, byTag, false},
		{"include-tags", options.IncludeTags, byTag, true},
		{"exclude-operation-ids", options.ExcludeOperationIDs, byID, false},
		{"include-operation-ids", options.IncludeOperationIDs, byID, true},
	}
}

// filter keeps the operations that oapi-codegen keeps under its output options of the same names.
func filter(all []*Operation, options Options) []*Operation {
	kept := slices.Clone(all)
	for _, f := range filters(options) {
		if len(f.values) == 0 {
			continue
		}
		kept = slices.DeleteFunc(kept, func(o *Operation) bool {
			return f.keep != slices.ContainsFunc(f.values, func(v string) bool { return f.match(o, v) })
		})
	}
	return kept
}

// uselessFilters reports values of the output options that no operation has.
func uselessFilters(all []*Operation, options Options) diag.List {
	var diags diag.List
	at := options.FilterPosition
	if at == nil {
		at = func(string, string) diag.Position { return diag.Position{File: options.Path} }
	}
	for _, f := range filters(options) {
		for _, v := range f.values {
			if !slices.ContainsFunc(all, func(o *Operation) bool { return f.match(o, v) }) {
				diags.Report(at(f.name, v), ruleFilterWithoutEffect, "%s of the oapi-codegen configuration names %q, which no operation has", f.name, v)
			}
		}
	}
	return diags
}

// Tags are the operation's tags, in order.
func (o *Operation) Tags() []string {
	var tags []string
	for _, t := range o.Node.Get("tags").Items() {
		tags = append(tags, t.Text())
	}
	return tags
}
