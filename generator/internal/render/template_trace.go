package render

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"text/template"
	"text/template/parse"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Origin is where a piece of the output comes from: a node of a block.
type Origin struct {
	File  *TemplateFile
	Block string
	pos   parse.Pos
	// text says that the piece is a copy of the template, byte by byte.
	text bool
}

// Trace records which node wrote which bytes, and the type of the data at the node that runs. It adds a call
// of a function in front of every node; a template cannot call it itself, since it does not parse with it.
type Trace struct {
	origins []Origin
	spans   []span
	output  bytes.Buffer
	data    reflect.Type
}

// span is where the output of an origin begins.
type span struct{ offset, origin int }

const traceFunc = "oapiGuardTrace"

// instrument adds the calls to a block.
func (t *Trace) instrument(f *TemplateFile, block string, tree *parse.Tree) *parse.Tree {
	tree = tree.Copy()
	walkLists(tree.Root, func(list *parse.ListNode) {
		var nodes []parse.Node
		for _, node := range list.Nodes {
			nodes = append(nodes, t.call(Origin{f, block, node.Position(), node.Type() == parse.NodeText}), node)
		}
		list.Nodes = nodes
	})
	return tree
}

// call is a node that records an origin.
func (t *Trace) call(from Origin) parse.Node {
	t.origins = append(t.origins, from)
	text := fmt.Sprintf("{{%s %d .}}", traceFunc, len(t.origins)-1)
	trees, err := parse.Parse("trace", text, "", "", t.funcs())
	if err != nil {
		return &parse.CommentNode{NodeType: parse.NodeComment} // it does parse; without the node only messages are less exact
	}
	return trees["trace"].Root.Nodes[0]
}

func (t *Trace) funcs() template.FuncMap {
	return template.FuncMap{traceFunc: func(id int, data any) string {
		t.spans = append(t.spans, span{t.output.Len(), id})
		t.data = reflect.TypeOf(data)
		return ""
	}}
}

// At is the node that wrote the byte at an offset.
func (t *Trace) At(offset int) (Origin, parse.Pos) {
	i, _ := slices.BinarySearchFunc(t.spans, offset+1, func(s span, offset int) int { return cmp.Compare(s.offset, offset) })
	if i == 0 {
		return Origin{}, 0
	}
	s := t.spans[i-1]
	from := t.origins[s.origin]
	if from.text {
		return from, from.pos + parse.Pos(offset-s.offset)
	}
	return from, from.pos
}

// Own is the place in the user's templates that a piece of the output comes from: the first in it, or else the last
// before it.
func (t *Trace) Own(from, to int) (diag.Position, bool) {
	last := -1
	for i, s := range t.spans {
		end := t.output.Len()
		if i+1 < len(t.spans) {
			end = t.spans[i+1].offset
		}
		if s.offset >= to {
			break
		}
		if o := t.origins[s.origin]; o.File.own && end > s.offset {
			last = i
			if end > from {
				break
			}
		}
	}
	if last < 0 {
		return diag.Position{}, false
	}
	o := t.origins[t.spans[last].origin]
	pos := o.pos
	if o.text && from > t.spans[last].offset {
		pos += parse.Pos(min(from-t.spans[last].offset, t.textLength(last)))
	}
	return o.File.position(pos), true
}

// textLength is the length of what a span wrote.
func (t *Trace) textLength(i int) int {
	end := t.output.Len()
	if i+1 < len(t.spans) {
		end = t.spans[i+1].offset
	}
	return max(end-t.spans[i].offset-1, 0)
}

// Blocks are the blocks that wrote a piece of the output, sorted, each once.
func (t *Trace) Blocks(from, to int) []string {
	var blocks []string
	for i, s := range t.spans {
		end := t.output.Len()
		if i+1 < len(t.spans) {
			end = t.spans[i+1].offset
		}
		if s.offset < to && end > max(from, s.offset) {
			blocks = append(blocks, t.origins[s.origin].Block)
		}
	}
	slices.Sort(blocks)
	return slices.Compact(blocks)
}
