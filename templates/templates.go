// Package templates embeds the built-in templates of the generated guards.
//
// file.tmpl is the generated file; it lists its parts in order, and every part is a template of its own
// name. The parts are shared by all frameworks. What differs between them is a small set of blocks, which
// stand in the folder of the framework's family: family.tmpl has those that its frameworks share.
//
// A template begins with a comment that says what it is for and which type of package view its data has;
// [List] reads it there.
package templates

import (
	"embed"
	"io/fs"
	"regexp"
)

// Version is the version of what overrides rely on: the names of files and blocks, the data, and the functions. It
// changes when an override that worked no longer does.
const Version = 1

// FS holds the templates: *.tmpl for every framework, and a folder for each family of frameworks.
//
//go:embed *.tmpl */*.tmpl
var FS embed.FS

// Template is one built-in file.
type Template struct {
	// Name is its path: "guards.tmpl", "nethttp/chi.tmpl".
	Name string
	// Purpose is what it is for, one line; Data is the type of its data, "view.File".
	Purpose, Data string
	// Blocks are the names of the blocks that it defines, in its order. file.tmpl has none.
	Blocks []string

	blockData map[string]string
}

// BlockData is the type of the data of a block: Data, unless the file's comment says otherwise.
func (t Template) BlockData(block string) string {
	if data := t.blockData[block]; data != "" {
		return data
	}
	return t.Data
}

// List is every built-in template, sorted by name, those for all frameworks first.
func List() []Template {
	var list []Template
	for _, pattern := range []string{"*.tmpl", "*/*.tmpl"} {
		names, _ := fs.Glob(FS, pattern) // the pattern is well formed
		for _, name := range names {
			list = append(list, describe(name))
		}
	}
	return list
}

// Source is the text of a built-in template, empty when there is none of that name.
func Source(name string) string {
	text, _ := FS.ReadFile(name)
	return string(text)
}

var (
	firstComment = regexp.MustCompile(`^\{\{- /\* \S+: (.*)\. Data: (\S+?)( \([^)]*\))?\. (?:.* )?\*/ -\}\}`)
	definition   = regexp.MustCompile(`\{\{-? *define "([^"]+)"`)
	otherData    = regexp.MustCompile(`([a-z-]+): ([A-Za-z.]+)`)
)

func describe(name string) Template {
	text := Source(name)
	t := Template{Name: name, blockData: map[string]string{}}
	if m := firstComment.FindStringSubmatch(text); m != nil {
		t.Purpose, t.Data = m[1], m[2]
		for _, pair := range otherData.FindAllStringSubmatch(m[3], -1) {
			t.blockData[pair[1]] = pair[2]
		}
	}
	for _, m := range definition.FindAllStringSubmatch(text, -1) {
		t.Blocks = append(t.Blocks, m[1])
	}
	return t
}

// Names are the names of all built-in templates, as [List] orders them.
func Names() []string {
	var names []string
	for _, t := range List() {
		names = append(names, t.Name)
	}
	return names
}
