package spec

import (
	"fmt"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Document has the parts of an OpenAPI document that guards depend on. Its parts are resolved: no reference
// needs to be followed.
type Document struct {
	// Path is the file's name as it was given.
	Path string
	// Overlay is the file of the overlay that was applied, or empty.
	Overlay string
	// Version is the value of the field openapi, for example "3.1.0".
	Version string
	// Title and APIVersion are those of the Info Object.
	Title, APIVersion string
	// Root is the whole document.
	Root *Node
	// RequiredRoles is the extension with the required roles.
	RequiredRoles string
	// Operations are those of paths that the filters leave, in the order of the paths and sorted by
	// method within each.
	Operations []*Operation
	// Dropped are the operations of paths that a filter leaves out.
	Dropped []*Operation
	// Webhooks are the operations of webhooks, on which no filter works, and Callbacks those in the callbacks
	// of Operations, once for each operation that has them. oapi-codegen generates a receiver for every one.
	Webhooks, Callbacks []*Operation
	// NestedCallbacks are the operations in callbacks of webhooks and of callbacks. oapi-codegen generates nothing for
	// them.
	NestedCallbacks []*Operation
	// Schemes are the members of components.securitySchemes in order.
	Schemes []Scheme

	// loader finds what operations say, later too.
	loader *loader
	// crossCheck is nil when loading found errors.
	crossCheck func(*Document) diag.List
}

// CrossCheck reads the document a second time, with kin-openapi as oapi-codegen does, and reports every
// operation on which the two readings differ. After errors of [Load] it reports nothing. Call it
// when nothing else is wrong, because kin-openapi reports errors without positions.
func (d *Document) CrossCheck() diag.List {
	if d.crossCheck == nil {
		return nil
	}
	diags := d.crossCheck(d)
	diags.Sort()
	return diags
}

// Misspelt reports whether an extension looks like one of those that guards know, which [Load] reports.
func (d *Document) Misspelt(key string) bool {
	words := newVocabulary(d.RequiredRoles)
	return !words.has(key) && words.near(key) != ""
}

// Sound reports whether loading found no error, so that what the document does not say is not only misread.
func (d *Document) Sound() bool { return d.crossCheck != nil }

// AtLeast reports whether the document is of OpenAPI 3.minor or later.
func (d *Document) AtLeast(minor byte) bool { return d.Version[2] >= '0'+minor }

// Operation is one operation of the document.
type Operation struct {
	// Method is in upper case; Path is the key in paths, webhooks or a callback object.
	Method, Path string
	// Source is the name of the webhook or callback, the key in webhooks or callbacks; empty for an operation
	// of a path.
	Source string
	// Within is the operation that has the callback.
	Within *Operation
	// AliasOf is the path to which the path item's $ref leads, when that is one of the same document.
	AliasOf string
	// Position is that of the method's key.
	Position diag.Position
	// Node is the Operation Object.
	Node *Node
	// PathItem is the Path Item Object, with the target of its $ref merged in.
	PathItem *Node
}

// ID is the operationId, or "".
func (o *Operation) ID() string { return o.Node.StringAt("operationId") }

// Received reports whether the operation is one of a webhook or a callback.
func (o *Operation) Received() bool { return o.Source != "" || o.Within != nil }

// String is "GET /orders", or a unique description of a webhook's or callback's operation.
func (o *Operation) String() string {
	switch {
	case o.Within != nil:
		return fmt.Sprintf("%s callback %q of %s (%s)", o.Method, o.Source, o.Within, o.Path)
	case o.Received():
		return fmt.Sprintf("%s webhook %q", o.Method, o.Source)
	}
	return o.Method + " " + o.Path
}

// Scheme is a security scheme.
type Scheme struct {
	Name string
	// Position is the name's.
	Position diag.Position
	Node     *Node
}
