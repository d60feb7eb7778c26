package render

import (
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"

	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/templates"
)

// FileTemplate is the template of the whole file.
const FileTemplate = "file.tmpl"

// templateSet are the blocks of one framework, overridden or not, ready to run.
type templateSet struct {
	// sources are the files by the names that their trees have, which errors of text/template begin with.
	sources map[string]*TemplateFile
	blocks  map[string]block
	// entry is the block that is run.
	entry string
}

type block struct {
	file *TemplateFile
	tree *parse.Tree
}

// newTemplateSet puts the blocks of a framework together: the built-in ones, and instead of them the user's.
func newTemplateSet(f framework.Framework, overrides *Overrides, diags *diag.List) *templateSet {
	set := &templateSet{sources: map[string]*TemplateFile{}, blocks: map[string]block{}, entry: FileTemplate}
	names := templateFiles(f)
	for _, name := range names {
		if file := parseTemplate(name, name+" (built in)", templates.Source(name), diags); file != nil {
			set.add(file)
		}
	}
	if overrides != nil {
		for _, name := range names {
			if file := overrides.file(name); file != nil {
				set.add(file)
			}
		}
	}
	set.refuseUndefined("the templates of "+string(f), diags)
	return set
}

// add adds the blocks of a file, in the place of those that are there.
func (s *templateSet) add(f *TemplateFile) {
	key := f.Name
	if f.own {
		key = "override of " + f.Name
	}
	s.sources[key] = f
	for name, tree := range f.Trees {
		if name == f.Name && name != s.entry {
			continue // what is outside of the blocks is white space and comments
		}
		tree.ParseName = key // which is what errors begin with
		s.blocks[name] = block{f, tree}
	}
}

// refuseUndefined refuses calls of blocks that the set does not have.
func (s *templateSet) refuseUndefined(what string, diags *diag.List) {
	for _, name := range SortedKeys(s.blocks) {
		b := s.blocks[name]
		for _, call := range callsIn(b.tree.Root) {
			if _, known := s.blocks[call.Name]; !known {
				diags.Report(b.file.position(call.Pos), ruleTemplateName, "there is no block %q in %s%s",
					call.Name, what, diag.DidYouMean(call.Name, SortedKeys(s.blocks)))
			}
		}
	}
}

// replaced are the blocks of a kind that the user's templates define, sorted. A hook that says nothing is not filled.
func (s *templateSet) replaced(kind templates.Kind) []string {
	var names []string
	for _, name := range SortedKeys(s.blocks) {
		b := s.blocks[name]
		if b.file.own && templates.KindOf(name) == kind && (kind != templates.Hook || !parse.IsEmptyTree(b.tree.Root)) {
			names = append(names, name)
		}
	}
	return names
}

// execute runs a block. With a trace, it is recorded there what wrote what.
func (s *templateSet) execute(entry string, data any, imported *imports.Set, t *Trace, diags *diag.List) []byte {
	root := template.New("").Funcs(templateFuncs(imported)).Funcs(t.funcs())
	for _, name := range SortedKeys(s.blocks) {
		b := s.blocks[name]
		tree := b.tree
		if t.origins != nil {
			tree = t.instrument(b.file, name, tree)
		}
		if _, err := root.AddParseTree(name, tree); err != nil {
			diags.Report(diag.Position{File: b.file.Path}, ruleTemplateSyntax, "%v", err)
			return nil
		}
	}
	if err := root.ExecuteTemplate(&t.output, entry, data); err != nil {
		at, message := s.executionError(err.Error(), t)
		diags.Report(at, ruleTemplateExecute, "%s", message)
		return nil
	}
	return t.output.Bytes()
}

var executionError = regexp.MustCompile(`(?s)^template: ([^:]*):(\d+):(\d+): executing "(.*?)" at (<.*>): (.*)$`)

// executionError takes position and message out of an error of text/template, and adds the type of the data.
func (s *templateSet) executionError(text string, t *Trace) (diag.Position, string) {
	match := executionError.FindStringSubmatch(text)
	if match == nil || s.sources[match[1]] == nil {
		return diag.Position{}, strings.TrimPrefix(text, "template: ")
	}
	f := s.sources[match[1]]
	number, _ := strconv.Atoi(match[2]) // digits
	bytes, _ := strconv.Atoi(match[3])
	line := f.line(number)
	at := diag.Position{File: f.Path, Line: number, Column: 1 + utf8.RuneCountInString(line[:min(bytes, len(line))])}
	message := fmt.Sprintf("%s: %s", strings.Trim(match[5], "<>"), match[6])
	if t.data != nil {
		message += fmt.Sprintf("; . is a %s here", t.data)
	}
	if match[4] != s.entry {
		message += fmt.Sprintf(" (block %q)", match[4])
	}
	return at, message
}
