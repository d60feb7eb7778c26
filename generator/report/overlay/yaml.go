package overlay

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// object is a mapping whose entries keep their order.
type object []entry

// entry is an entry of an object. The value is an object, a list ([]any), a string, a number, a boolean, or a node of the document.
type entry struct {
	key   string
	value any
}

// update is an action that merges a value into the target (Overlay 1.0.0 section 4.4.3).
func update(target string, value object) object {
	return object{{"target", target}, {"update", value}}
}

// remove is an action that removes the target.
func remove(target string) object { return object{{"target", target}, {"remove", true}} }

// encode is the value as YAML. Encoding fails on no value of these types.
func encode(value object) []byte {
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	_ = encoder.Encode(node(value))
	_ = encoder.Close()
	return b.Bytes()
}

func node(value any) *yaml.Node {
	switch v := value.(type) {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, e := range v {
			n.Content = append(n.Content, text(e.key), node(e.value))
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, item := range v {
			n.Content = append(n.Content, node(item))
		}
		return n
	case string:
		return text(v)
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(v)}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case *spec.Node:
		return written(v)
	}
	panic("overlay: a value of an unknown type")
}

func text(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

// written is a value of the document.
func written(n *spec.Node) *yaml.Node {
	switch n.Kind() {
	case spec.Mapping:
		var members object
		for _, m := range n.Members() {
			members = append(members, entry{m.Key, m.Value})
		}
		return node(members)
	case spec.Sequence:
		var items []any
		for _, item := range n.Items() {
			items = append(items, item)
		}
		return node(items)
	case spec.String:
		return text(n.Text())
	case spec.Null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: n.Text()}
}
