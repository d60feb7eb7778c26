package spec

import (
	"strconv"
	"strings"

	"github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// overlaying applies an OpenAPI Overlay with the library that oapi-codegen uses. That library works on
// nodes without files, and its copies lose their lines; it keeps comments, though. So every node carries,
// as its comment, a number under which its origin is noted here.
type overlaying struct {
	diags   diag.List
	origins []origin
	// written finds the origin of a value that an action wrote into a node of the document, by key and text.
	written map[[2]string]diag.Position
}

type origin struct {
	position diag.Position
	text     string
}

// applyOverlay returns the document with the overlay's actions applied; nil when the overlay is refused.
func (l *loader) applyOverlay(root *Node) *Node {
	file := l.options.Overlay
	actions := l.files.open(file, diag.Position{})
	if actions == nil || l.files.diags.HasErrors() {
		return nil
	}
	o := &overlaying{written: map[[2]string]diag.Position{}}
	defer func() { l.diags.Add(o.diags) }()
	var parsed overlay.Overlay
	err := o.toYAML(actions).Decode(&parsed)
	if err == nil {
		err = parsed.Validate()
	}
	if err != nil {
		l.diags.Report(diag.Position{File: file}, ruleOverlay, "this is not a valid OpenAPI Overlay: %s", oneLine(err))
		return nil
	}
	o.note("", actions)
	document := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{o.toYAML(root)}}
	for i, at := range actions.Get("actions").Items() {
		if !o.apply(parsed, i, at.Position(), document, l.options.OverlayStrict) {
			return nil
		}
	}
	return o.fromYAML("", document.Content[0])
}

// apply applies one action.
func (o *overlaying) apply(all overlay.Overlay, i int, at diag.Position, document *yaml.Node, strict bool) bool {
	action := all.Actions[i]
	all.Actions = []overlay.Action{action}
	path, err := all.NewPath(action.Target, nil)
	if err != nil {
		o.diags.Report(at, ruleOverlay, "the target %q is not a valid JSONPath: %v", action.Target, err)
		return false
	}
	if len(path.Query(document)) == 0 && !strict {
		o.diags.Warn(at, ruleOverlay, "the target %q selects nothing in the document", action.Target)
	}
	if strict {
		_, err = all.ApplyToStrict(document)
	} else {
		err = all.ApplyTo(document)
	}
	if err != nil {
		o.diags.Report(at, ruleOverlay, "the action cannot be applied: %s", oneLine(err))
	}
	return err == nil
}

func (o *overlaying) note(key string, n *Node) {
	for _, m := range n.Members() {
		o.note(m.Key, m.Value)
	}
	for _, item := range n.Items() {
		o.note(key, item)
	}
	if at := [2]string{key, n.Text()}; n.Kind() != Mapping && n.Kind() != Sequence && o.written[at].Line == 0 {
		o.written[at] = n.Position()
	}
}

func (o *overlaying) mark(position diag.Position, text string) string {
	o.origins = append(o.origins, origin{position, text})
	return strconv.Itoa(len(o.origins) - 1)
}

func (o *overlaying) toYAML(n *Node) *yaml.Node {
	y := &yaml.Node{
		Kind: yaml.ScalarNode, Value: n.Text(), Line: n.Position().Line, Column: n.Position().Column,
		FootComment: o.mark(n.Position(), n.Text()),
	}
	if n.anchored {
		y.LineComment = "anchored"
	}
	if n.Borrowed() {
		y.HeadComment = "borrowed"
	}
	switch n.Kind() {
	case Mapping:
		y.Kind, y.Tag = yaml.MappingNode, "!!map"
		for _, m := range n.Members() {
			key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: m.Key, Line: m.Position.Line,
				Column: m.Position.Column, FootComment: o.mark(m.Position, m.Key)}
			y.Content = append(y.Content, key, o.toYAML(m.Value))
		}
	case Sequence:
		y.Kind, y.Tag = yaml.SequenceNode, "!!seq"
		for _, item := range n.Items() {
			y.Content = append(y.Content, o.toYAML(item))
		}
	case String:
		y.Tag = "!!str"
	}
	return y
}

func (o *overlaying) fromYAML(key string, y *yaml.Node) *Node {
	n := &Node{position: o.positionOf(key, y), anchored: y.LineComment != "", borrowed: y.HeadComment != ""}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = Mapping
		for i := 0; i+1 < len(y.Content); i += 2 {
			k := y.Content[i]
			n.members = append(n.members, Member{k.Value, o.positionOf("", k), o.fromYAML(k.Value, y.Content[i+1])})
		}
	case yaml.SequenceNode:
		n.kind = Sequence
		for _, item := range y.Content {
			n.items = append(n.items, o.fromYAML(key, item))
		}
	default:
		n.kind, n.text = overlaidKind(y), y.Value
	}
	return n
}

func (o *overlaying) positionOf(key string, y *yaml.Node) diag.Position {
	i, err := strconv.Atoi(y.FootComment)
	if err != nil || i < 0 || i >= len(o.origins) {
		return diag.Position{}
	}
	from := o.origins[i]
	if at, ok := o.written[[2]string{key, y.Value}]; ok && y.Value != from.text {
		return at
	}
	return from.position
}

func oneLine(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(strings.TrimPrefix(l, "yaml: "))
	}
	return strings.Join(lines, " ")
}

func overlaidKind(y *yaml.Node) Kind {
	switch y.ShortTag() {
	case "!!null":
		return Null
	case "!!bool":
		return Bool
	case "!!int", "!!float":
		return Number
	}
	return String
}
