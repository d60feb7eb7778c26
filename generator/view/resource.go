package view

import "strings"

// Resource is the API as a protected resource (RFC 9728).
type Resource struct {
	// IdentifierLiteral is the identifier where the program's options have none, or empty.
	IdentifierLiteral string
	// Fields are those of the metadata, in the order of metadata.Document.
	Fields []ResourceField
}

// ResourceField is a field of metadata.Document, with its value as a Go expression.
type ResourceField struct {
	// Name is the field's, and Literal its value.
	Name, Literal string
}

// ResourceList is a field of metadata.Document with strings.
func ResourceList(name string, values []string) ResourceField {
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
	return ResourceField{name, literal}
}
