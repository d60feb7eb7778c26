package spec

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/yamlerror"
)

// expansionLimit bounds the nodes that aliases may add to a file: documents use a few thousand, an alias
// bomb more than there is memory.
const expansionLimit = 500_000

// yamlReader turns a YAML document into nodes (YAML 1.2.2), with aliases and merge keys resolved.
type yamlReader struct {
	file string
	// diags is shared with the file, because parts may be read later.
	diags    *diag.List
	expanded int
	// open are the anchors that are being expanded.
	open map[*yaml.Node]bool
}

func readYAML(file string, data []byte, diags *diag.List) *Node {
	var document, next yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&document); err != nil {
		diags.Add(yamlFailure(file, data, err))
		return nil
	}
	r := &yamlReader{file: file, diags: diags, open: map[*yaml.Node]bool{}}
	if err := decoder.Decode(&next); err == nil {
		diags.Report(r.position(&next), ruleLoad, "a second YAML document begins here: one file holds one OpenAPI document")
		return nil
	} else if !errors.Is(err, io.EOF) {
		diags.Add(yamlFailure(file, data, err))
		return nil
	}
	n := &Node{}
	r.value(n, document.Content[0])
	return n
}

func yamlFailure(file string, data []byte, err error) diag.List {
	var diags diag.List
	if errors.Is(err, io.EOF) {
		diags.Report(diag.Position{File: file}, ruleLoad, "the file is empty")
		return diags
	}
	position, message := yamlerror.Locate(file, data, err)
	diags.Report(position, ruleLoad, "this is not valid YAML: %s", message)
	return diags
}

func (r *yamlReader) position(n *yaml.Node) diag.Position {
	return diag.Position{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *yamlReader) value(n *Node, from *yaml.Node) {
	n.position, n.anchored = r.position(from), from.Anchor != ""
	switch from.Kind {
	case yaml.AliasNode:
		r.alias(n, from)
	case yaml.MappingNode:
		n.kind = Mapping
		n.members = r.mapping(from)
	case yaml.SequenceNode:
		n.kind = Sequence
		for _, c := range from.Content {
			item := &Node{}
			r.value(item, c)
			n.items = append(n.items, item)
		}
	case yaml.ScalarNode:
		n.kind, n.text = scalarKind(from), from.Value
	}
	if len(r.open) > 0 {
		r.expanded++
	}
}

func scalarKind(n *yaml.Node) Kind {
	switch n.ShortTag() {
	case "!!null":
		return Null
	case "!!bool":
		return Bool
	case "!!int", "!!float":
		return Number
	}
	return String
}

// alias puts the value of an alias into n, with the positions that it has at its anchor.
func (r *yamlReader) alias(n *Node, from *yaml.Node) {
	target := from.Alias
	switch {
	case r.open[target]:
		r.diags.Report(r.position(from), ruleLoad, "the alias *%s stands inside the value that it stands for", from.Value)
	case r.expanded > expansionLimit:
		r.diags.Report(diag.Position{File: r.file}, ruleLoad, "the aliases of this file stand for more than %d values: write them out", expansionLimit)
	default:
		r.open[target] = true
		r.value(n, target)
		n.borrowed = true
		delete(r.open, target)
	}
}

// mapping is the mapping's own members, then those that merge keys ("<<") add.
func (r *yamlReader) mapping(from *yaml.Node) []Member {
	members := make([]Member, 0, len(from.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		if m, ok := r.member(key, value); ok {
			members = append(members, m)
		}
	}
	for _, m := range merged {
		members = r.merge(members, m)
	}
	return members
}

// commented are keys after a comment of JavaScript, which YAML reads as their beginning.
var commented = regexp.MustCompile(`^/\*([^/]+\*/|.*\*/.*[ "])`)

func (r *yamlReader) member(key, value *yaml.Node) (Member, bool) {
	position := r.position(key)
	if key.Kind == yaml.AliasNode {
		key = key.Alias
	}
	if key.Kind != yaml.ScalarNode {
		r.diags.Report(position, ruleLoad, "a key must be a string")
		return Member{}, false
	}
	if key.Style == 0 && commented.MatchString(key.Value) {
		r.diags.Report(position, ruleLoad, "YAML has no comments of this form, so this one is part of the key: begin comments with #")
	}
	m := Member{Key: key.Value, Position: position, Value: &Node{position: r.position(value)}}
	switch {
	case leftUnread(m.Key) && len(r.open) == 0:
		m.Value.unread, m.Value.anchored = yamlPart{r, value}, value.Anchor != ""
	default:
		r.value(m.Value, value)
	}
	if value.Kind == yaml.ScalarNode && value.Value == "" && value.Style == 0 {
		m.Value.position = position
	}
	return m, true
}

// merge adds the members of a merge key's value that are not there yet.
func (r *yamlReader) merge(members []Member, from *yaml.Node) []Member {
	var n Node
	r.value(&n, from)
	sources := n.items
	if n.kind == Mapping {
		sources = []*Node{&n}
	}
	if len(sources) == 0 || slices.ContainsFunc(sources, func(s *Node) bool { return s.kind != Mapping }) {
		r.diags.Report(r.position(from), ruleLoad, "the merge key << needs a mapping, or a list of mappings")
		return members
	}
	known := map[string]bool{}
	for _, m := range members {
		known[m.Key] = true
	}
	for _, source := range sources {
		for _, m := range source.members {
			if !known[m.Key] {
				known[m.Key] = true
				m.Value.borrowed = true
				members = append(members, m)
			}
		}
	}
	return members
}

// yamlPart is a value that was left unread.
type yamlPart struct {
	reader *yamlReader
	node   *yaml.Node
}

func (p yamlPart) read(into *Node) { p.reader.value(into, p.node) }
