package spec

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Kind is the kind of a [Node].
type Kind uint8

// The kinds of nodes: those of JSON.
const (
	Null Kind = iota
	Bool
	Number
	String
	Sequence
	Mapping
)

// String is the kind in words, with its article: "a list".
func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "a mapping"}[k]
}

// Node is a value of a document with its position. A nil Node is a value that is not there: it is Null and
// holds nothing.
type Node struct {
	kind     Kind
	text     string
	members  []Member
	items    []*Node
	position diag.Position
	// unread reads the node's contents when somebody asks for them.
	unread unread
	// followed says that a reference leads into or through this node.
	followed bool
	// anchored says that the YAML text gives this node a name, so that other places may use it too.
	anchored bool
	// borrowed says that the YAML text has this value in another place, and an alias or a merge key here.
	borrowed bool
}

// Member is an entry of a mapping.
type Member struct {
	Key string
	// Position is the key's.
	Position diag.Position
	Value    *Node
}

type unread interface{ read(into *Node) }

func (n *Node) read() *Node {
	if n == nil {
		return &Node{}
	}
	if source := n.unread; source != nil {
		n.unread = nil
		source.read(n)
	}
	return n
}

// Borrowed reports whether the document has the value in another place, and a YAML alias or a merge key here.
func (n *Node) Borrowed() bool { return n.read().borrowed }

// Kind is the kind of the node.
func (n *Node) Kind() Kind { return n.read().kind }

// Text is a string's value, and the spelling of a number or boolean.
func (n *Node) Text() string { return n.read().text }

// Members are a mapping's entries in the document's order, repeated keys included.
func (n *Node) Members() []Member { return n.read().members }

// Items are a list's values.
func (n *Node) Items() []*Node { return n.read().items }

// Position is where the value begins, or its key where the value is an empty place in a YAML file.
func (n *Node) Position() diag.Position {
	if n == nil {
		return diag.Position{}
	}
	return n.position
}

// Member is the first entry with that key.
func (n *Node) Member(key string) (Member, bool) {
	for _, m := range n.Members() {
		if m.Key == key {
			return m, true
		}
	}
	return Member{}, false
}

// Get is the value of the first entry with that key, or nil.
func (n *Node) Get(key string) *Node {
	m, _ := n.Member(key)
	return m.Value
}

// StringAt is the text of the string at that key, or "".
func (n *Node) StringAt(key string) string {
	if v := n.Get(key); v.Kind() == String {
		return v.Text()
	}
	return ""
}
