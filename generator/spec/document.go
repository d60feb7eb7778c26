package spec

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Document is an OpenAPI document as far as a guard depends on it. Its parts are resolved: no reference
// needs to be followed.
type Document struct {
	// Path is the file's name as it was given.
	Path string
	// Version is the value of the field openapi, "3.1.0" say.
	Version string
	// Title and APIVersion are those of the Info Object.
	Title, APIVersion string
	// Root is the whole document.
	Root *Node
	// Operations are those below paths that the filters leave, in the order of the paths and sorted by
	// method within each.
	Operations []*Operation
	// Webhooks and Callbacks are the operations that the server calls instead of serving.
	Webhooks, Callbacks []*Operation
	// Schemes are the members of components.securitySchemes in order.
	Schemes []Scheme

	// crossCheck is nil when loading found errors.
	crossCheck func(*Document, *diag.List)
}

// CrossCheck reads the document a second time, with kin-openapi as oapi-codegen does, and reports every
// operation on which the two readings differ. Where [Load] found errors it says nothing. Call it
// when nothing else is wrong, as kin-openapi says it without positions.
func (d *Document) CrossCheck() diag.List {
	var diags diag.List
	if d.crossCheck != nil {
		d.crossCheck(d, &diags)
	}
	diags.Sort()
	return diags
}

// AtLeast reports whether the document is of OpenAPI 3.minor or later.
func (d *Document) AtLeast(minor byte) bool { return d.Version[2] >= '0'+minor }

// Operation is one operation of the document.
type Operation struct {
	// Method is in upper case; Path is the key below paths, webhooks or a callback object.
	Method, Path string
	// AliasOf is the path to which the path item's $ref leads, when that is one of the same document.
	AliasOf string
	// Position is that of the method's key.
	Position diag.Position
	// Node is the Operation Object.
	Node *Node
	// PathItem is the Path Item Object, with what its $ref leads to merged in.
	PathItem *Node
}

// ID is the operationId, or "".
func (o *Operation) ID() string { return o.Node.StringAt("operationId") }

// String is "GET /orders".
func (o *Operation) String() string { return o.Method + " " + o.Path }

// Scheme is a security scheme.
type Scheme struct {
	Name string
	// Position is the name's.
	Position diag.Position
	Node     *Node
}
