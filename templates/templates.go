// Package templates embeds the built-in templates of the generated guards.
//
// file.tmpl is the generated file; it lists its parts in order, and every part is a template of its own
// name. The parts are shared by all frameworks. What differs between frameworks is the small set of
// blocks in the folder of the framework.
package templates

import "embed"

// FS holds the templates: *.tmpl for every framework, and a folder for each family of frameworks.
//
//go:embed *.tmpl nethttp/*.tmpl
var FS embed.FS
