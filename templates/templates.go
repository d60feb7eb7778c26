// Package templates embeds the built-in templates of the generated guards.
//
// file.tmpl is the generated file; it lists its parts in order. The parts are blocks, in files that frameworks share.
// What frameworks differ in is a small set of blocks in the folder of the framework's family: family.tmpl has those
// that its frameworks share, and hooks.tmpl the family's hooks.
//
// A template begins with a comment that says what it is for, which [Kind] its blocks are of, and which type of package
// view their data has. [List] reads it there.
package templates

import (
	"embed"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Version is the version of what overrides rely on: the names of files and blocks, the data, and the functions. It
// changes when an override that worked no longer does.
const Version = 2

// Kind is what may be done with a block.
type Kind string

const (
	// Hook is a block to fill: it is empty, or the body of a function that answers something by default.
	Hook Kind = "hooks"
	// Appearance is a block that says how something looks. It may be replaced, and only comments may differ.
	Appearance Kind = "appearance"
	// Protected is a block that holds the guard. It is replaced only where the configuration names it as unprotected.
	Protected Kind = "protected"
)

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
	// Kind is what may be done with its blocks.
	Kind Kind
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
	firstComment = regexp.MustCompile(`^\{\{- /\* \S+: (.*)\. Kind: ([a-z]+)\. Data: (\S+?)( \([^)]*\))?\. \*/ -\}\}`)
	definition   = regexp.MustCompile(`\{\{-? *define "([^"]+)"`)
	otherData    = regexp.MustCompile(`([a-z-]+): ([A-Za-z.]+)`)
)

func describe(name string) Template {
	text := Source(name)
	t := Template{Name: name, blockData: map[string]string{}}
	if m := firstComment.FindStringSubmatch(text); m != nil {
		t.Purpose, t.Kind, t.Data = m[1], Kind(m[2]), m[3]
		for _, pair := range otherData.FindAllStringSubmatch(m[4], -1) {
			t.blockData[pair[1]] = pair[2]
		}
	}
	for _, m := range definition.FindAllStringSubmatch(text, -1) {
		t.Blocks = append(t.Blocks, m[1])
	}
	return t
}

// HookText is a hook as it is dumped: the block with what it is for, or with what it does by default.
func HookText(name, hook string) string {
	m := regexp.MustCompile(`(?s)\{\{define "` + regexp.QuoteMeta(hook) + `"\}\}(\{\{/\* .*? \*/\}\})(.*?)\{\{-? ?end\}\}`).FindStringSubmatch(Source(name))
	if m == nil {
		return ""
	}
	text := strings.TrimSuffix(m[2], "\n")
	if text == "" {
		text = "\n\t" + m[1]
	}
	return `{{define "` + hook + `"}}` + text + "\n{{- end}}\n"
}

// HookPurpose says what a hook is for, and which variables it has.
func HookPurpose(name, hook string) string {
	_, rest, _ := strings.Cut(Source(name), `{{define "`+hook+`"}}{{/* `)
	purpose, _, _ := strings.Cut(rest, " */}}")
	return purpose
}

// Names are the names of all built-in templates, as [List] orders them.
func Names() []string {
	var names []string
	for _, t := range List() {
		names = append(names, t.Name)
	}
	return names
}

// KindOf is the kind of a block, or of a template without blocks. It is empty for a name that nothing built in has.
func KindOf(block string) Kind {
	for _, t := range List() {
		if t.Name == block || slices.Contains(t.Blocks, block) {
			return t.Kind
		}
	}
	return ""
}

// Blocks are the names of all blocks of a kind, sorted, each once.
func Blocks(kind Kind) []string {
	var names []string
	for _, t := range List() {
		switch {
		case t.Kind != kind:
		case len(t.Blocks) == 0:
			names = append(names, t.Name)
		default:
			names = append(names, t.Blocks...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
