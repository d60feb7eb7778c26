package spec

import (
	"bytes"
	"strconv"
	"strings"
)

// writePruned writes n as JSON, reduced to the parts that a guard depends on according to the shape. References stay,
// dropped nodes do not.
func writePruned(b *bytes.Buffer, s *shape, n *Node, dropped map[*Node]bool) {
	switch {
	case s.whole:
		writeJSON(b, n, nil)
	case n.Kind() == Sequence && s.items != nil:
		writeList(b, '[', ']', n.Items(), func(item *Node) { writePruned(b, s.items, item, dropped) })
	case n.Kind() == Mapping && s.items == nil:
		writeList(b, '{', '}', s.kept(n, dropped), func(m Member) {
			b.Write(quote(m.Key))
			b.WriteByte(':')
			if m.Key == "$ref" {
				writeJSON(b, m.Value, nil)
				return
			}
			writePruned(b, s.field(m), m.Value, dropped)
		})
	default:
		b.WriteString("null")
	}
}

func (s *shape) field(m Member) *shape {
	if s.each != nil && (isNoExtension(m) || s.names && isName(m)) {
		return s.each
	}
	return s.members[m.Key]
}

func (s *shape) kept(n *Node, dropped map[*Node]bool) []Member {
	var kept []Member
	for _, m := range n.Members() {
		if !dropped[m.Value] && s.field(m) != nil || s.reference && m.Key == "$ref" {
			kept = append(kept, m)
		}
	}
	return kept
}

// writeJSON writes n as JSON, without the members that omit drops.
func writeJSON(b *bytes.Buffer, n *Node, omit func(Member) bool) {
	switch n.Kind() {
	case Mapping:
		var members []Member
		for _, m := range n.Members() {
			if omit == nil || !omit(m) {
				members = append(members, m)
			}
		}
		writeList(b, '{', '}', members, func(m Member) {
			b.Write(quote(m.Key))
			b.WriteByte(':')
			writeJSON(b, m.Value, omit)
		})
	case Sequence:
		writeList(b, '[', ']', n.Items(), func(item *Node) { writeJSON(b, item, omit) })
	case String:
		b.Write(quote(n.Text()))
	case Bool: // YAML has True and TRUE too
		b.WriteString(strconv.FormatBool(strings.EqualFold(n.Text(), "true")))
	case Number: // where OpenAPI has strings, YAML writes "version: 1.0"
		b.Write(quote(n.Text()))
	default:
		b.WriteString("null")
	}
}

func writeList[T any](b *bytes.Buffer, open, end byte, all []T, write func(T)) {
	b.WriteByte(open)
	for i, v := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		write(v)
	}
	b.WriteByte(end)
}
