// Package spec reads the parts of an OpenAPI document that access to its operations depends on.
//
// # How a document is read
//
// [Load] reads the file once into a tree of [Node] values that know their file, line and column, for YAML
// and for JSON alike. Parts that no guard depends on (schemas, bodies, responses, examples) are checked for
// syntax and left unread until somebody asks, so that reading costs a fraction of the time that a complete OpenAPI
// library needs. An overlay is applied to the tree: untouched nodes keep their positions, added ones have their
// position in the overlay's file. References to local files are followed for path items, parameters,
// callbacks and security schemes.
//
// # Two readings
//
// The part of the tree that matters is then handed to kin-openapi, the library with which oapi-codegen
// reads the document, and both readings are compared: the same operations with the same security
// requirements and roles, and the same schemes, or an error. Values are always taken from the tree, which
// keeps order and positions.
//
// # Refused documents
//
// A document is refused when a reader could see another policy than the author: keys given twice, keys that are spelt
// almost like one that matters, extensions in places where they have no meaning, references that lead nowhere or that
// readers ignore, and unknown versions of OpenAPI.
package spec
