// Package templates embeds the built-in templates of the generated guards.
//
// file.tmpl is the generated file; it lists its parts in order, and every part is a template of its own
// name. The parts are shared by all frameworks. What differs between them is a small set of blocks, which
// stand in the folder of the framework's family: family.tmpl has those that its frameworks share.
package templates

import "embed"

// FS holds the templates: *.tmpl for every framework, and a folder for each family of frameworks.
//
//go:embed *.tmpl */*.tmpl
var FS embed.FS
