package view

import "strings"

// Resource is the API as a protected resource (RFC 9728).
type Resource struct {
	// IdentifierLiteral is the identifier where the program's options have none, or empty.
	IdentifierLiteral string
	// Fields are those of the metadata, in the order of metadata.Document.
	Fields []ResourceField
}

// ResourceField is a field of metadata.Document.
type ResourceField struct{ Name, Literal string }

// Add adds a field with a value that is a Go expression.
func (r *Resource) Add(name, literal string) {
	r.Fields = append(r.Fields, ResourceField{name, literal})
}

// AddList adds a field with strings, unless there are none.
func (r *Resource) AddList(name string, values []string) {
	if len(values) == 0 {
		return
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = Quote(v)
	}
	const indent, head = 2, "[]string{"
	literal := head + strings.Join(quoted, ", ") + "}"
	if columns(indent, name+": "+literal+",") > width {
		separator := "\n" + strings.Repeat("\t", indent+1)
		literal = head + separator + strings.Join(fill(indent+1, quoted, ", ", ","), ","+separator) + ",\n" + strings.Repeat("\t", indent) + "}"
	}
	r.Add(name, literal)
}
