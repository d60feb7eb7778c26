package spec

import (
	"cmp"
	"slices"
	"strings"
)

// operations lists the operations of a map of path items.
func (l *loader) operations(paths located) []*Operation {
	var all []*Operation
	for _, m := range paths.Members() {
		if !isExtension(m.Key) {
			all = append(all, l.pathItem(m.Key, located{m.Value, paths.base})...)
		}
	}
	return all
}

func isExtension(key string) bool { return strings.HasPrefix(key, "x-") }

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
	var found []Member
	for _, m := range item.Members() {
		switch {
		case slices.Contains(methods[:], m.Key) && m.Value.Kind() == Mapping:
			found = append(found, m)
		case m.Key == "additionalOperations":
			for _, o := range m.Value.Members() {
				if o.Value.Kind() == Mapping {
					found = append(found, o)
				}
			}
		}
	}
	return found
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

// merged is the path item with what its $ref leads to. Fields that stand beside the $ref win, as they do in
// kin-openapi; OpenAPI 3.1.1 section 4.8.9 leaves it open, so those that matter must not stand in both.
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

// clashes reports what stands beside a $ref and again in what it leads to.
func (l *loader) clashes(own []Member, target *Node) {
	for _, m := range own {
		if !slices.Contains(methods[:], m.Key) && m.Key != "additionalOperations" && !isVocabulary(m.Key) {
			continue
		}
		if t, ok := target.Member(m.Key); ok {
			l.diags.Errorf(m.Position, "bad-ref", "%s stands beside a $ref, and again in what that leads to, at %s: OpenAPI does not say which one counts, so remove one of them", m.Key, t.Position)
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

// callbacks lists the operations of the callbacks of operations, those of callbacks in callbacks included.
func (l *loader) callbacks(operations []*Operation) []*Operation {
	var found []*Operation
	seen := map[*Node]bool{}
	for len(operations) > 0 {
		o := operations[0]
		operations = operations[1:]
		for _, c := range o.Node.Get("callbacks").Members() {
			callback, ok := l.files.follow(located{c.Value, l.bases[o.Node]})
			if !ok || isExtension(c.Key) || seen[callback.Node] {
				continue
			}
			seen[callback.Node] = true
			nested := l.operations(callback)
			found = append(found, nested...)
			operations = append(operations, nested...)
		}
	}
	return found
}
