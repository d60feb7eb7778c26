// Package render executes the templates: the built-in ones of a framework with the overrides of the user, and the
// templates of further outputs. It formats the results, and makes sure that their imports are the declared ones.
package render

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	goimports "golang.org/x/tools/imports"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/templates"
)

// templateFiles are the templates of a framework: the shared ones, those of its family, and its own.
func templateFiles(f framework.Framework) []string {
	files, _ := fs.Glob(templates.FS, "*.tmpl") // the pattern is well formed
	for _, name := range []string{f.Family() + "/family.tmpl", f.Family() + "/hooks.tmpl", f.Family() + "/" + string(f) + ".tmpl"} {
		if templates.Source(name) != "" {
			files = append(files, name)
		}
	}
	return files
}

// Rendering is what the templates made of the data.
type Rendering struct {
	Path   string
	Source []byte // as the templates wrote it
	Trace  *Trace
	Data   *view.File // with what the templates asked for: imports, hooks, unprotected blocks

	hooks map[string]*HookText
}

// Hook is what the templates fill a hook with, nil when they do not.
func (r *Rendering) Hook(block string) *HookText { return r.hooks[block] }

// HookText is what a filled hook wrote.
type HookText struct {
	Source string
	trace  *Trace
	file   diag.Position
}

// At is the place in the template that wrote a byte of the text.
func (h *HookText) At(offset int) diag.Position {
	if at, ok := h.trace.Own(offset, offset+1); ok {
		return at
	}
	return h.file
}

// Guards executes the templates of the file's framework, overridden where there are overrides, and formats the result.
// Nothing is formatted when there are errors.
func Guards(f *view.File, path string, overrides *Overrides) (r *Rendering, content []byte, diags diag.List) {
	r, diags = Execute(f, path, overrides)
	if r != nil {
		content = r.format(&diags)
	}
	return r, content, diags
}

// Execute runs the templates without formatting what they write.
func Execute(f *view.File, path string, overrides *Overrides) (*Rendering, diag.List) {
	var diags diag.List
	r := execute(f, path, overrides, &diags)
	return r, diags
}

// execute runs the templates, twice when they asked for imports: the second time the list has them.
func execute(f *view.File, path string, overrides *Overrides, diags *diag.List) *Rendering {
	known := len(*diags)
	set := newTemplateSet(framework.Framework(f.Framework), overrides, diags)
	if len(*diags) > known {
		return nil
	}
	if overrides.Overridden() {
		extended := *f
		extended.Filled, extended.Unprotected = set.replaced(templates.Hook), set.replaced(templates.Protected)
		f = &extended
	}
	imported := imports.SetOf(f.Imports)
	for {
		asked := imported.Asked()
		t := &Trace{}
		if overrides != nil {
			t.origins = []Origin{}
		}
		source := set.execute(FileTemplate, f, imported, t, diags)
		if source == nil {
			return nil
		}
		if imported.Asked() == asked {
			return &Rendering{path, source, t, f, set.hooks(f, imported)}
		}
		extended := *f
		extended.Imports = imported.List()
		f = &extended
	}
}

// hooks are the texts of the hooks that are filled.
func (s *templateSet) hooks(f *view.File, imported *imports.Set) map[string]*HookText {
	texts := map[string]*HookText{}
	for _, block := range s.replaced(templates.Hook) {
		t := &Trace{origins: []Origin{}}
		var diags diag.List // they ran as part of the file
		source := s.execute(block, f, imported, t, &diags)
		texts[block] = &HookText{string(source), t, s.blocks[block].file.DefinedAt(block)}
	}
	return texts
}

// Go formats Go code that no template of the user had a part in.
func Go(path string, source []byte) ([]byte, diag.List) {
	var diags diag.List
	r := &Rendering{Path: path, Source: source, Trace: &Trace{}}
	return r.format(&diags), diags
}

// format formats the result, or reports why it is none.
func (r *Rendering) format(diags *diag.List) []byte {
	content, err := format(r.Path, r.Source)
	var (
		syntax     scanner.ErrorList
		undeclared undeclaredImport
	)
	switch {
	case err == nil:
		return content
	case errors.As(err, &syntax) && len(syntax) > 0:
		r.reportSyntax(syntax[0], diags)
	case errors.As(err, &undeclared):
		r.reportImport(string(undeclared), diags)
	default:
		diags.Report(diag.Position{File: r.Path}, ruleRender, "the generated code cannot be formatted: %v", err)
	}
	return nil
}

// Overridden reports whether there are overrides at all.
func (o *Overrides) Overridden() bool { return o != nil && len(o.Files) > 0 }

// undeclaredImport is the path of a package that the code uses and no template imports.
type undeclaredImport string

func (u undeclaredImport) Error() string {
	return "the generated code needs the import " + string(u) + ", which no template declares"
}

// format formats generated Go code and makes sure that its imports are exactly the declared ones:
// goimports.Process guesses what is missing, and a guess has no place in a guard.
func format(path string, source []byte) ([]byte, error) {
	if _, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	formatted, err := goimports.Process(path, source, &goimports.Options{Comments: true, TabIndent: true, TabWidth: 8})
	if err != nil {
		return nil, err
	}
	declared, err := importSpecs(source)
	if err != nil {
		return nil, err
	}
	got, err := importSpecs(formatted)
	if err != nil {
		return nil, err
	}
	for _, spec := range got {
		if !slices.Contains(declared, spec) {
			return nil, undeclaredImport(spec)
		}
	}
	return formatted, nil
}

// reportSyntax reports generated code that does not parse: the lines around the place, and what wrote them.
func (r *Rendering) reportSyntax(first *scanner.Error, diags *diag.List) {
	offset := max(min(first.Pos.Offset, len(r.Source)-1), 0)
	at, wrote := diag.Position{File: r.Path}, " here"
	if from, pos := r.Trace.At(offset); from.File != nil {
		wrote = " by " + from.name()
		if from.File.own {
			at = from.File.position(pos)
		} else if own, ok := r.Trace.Own(offset, offset+1); ok {
			at = own // a built-in template is right: what stands before its output is not
		}
	}
	diags.Report(at, ruleTemplateCode, "the generated code does not parse: %s in line %d, written%s: %s", first.Msg, first.Pos.Line, wrote, excerpt(r.Source, first.Pos.Line))
}

// name is the block and the file that it stands in.
func (o Origin) name() string {
	if o.Block == FileTemplate {
		return o.File.Path
	}
	return fmt.Sprintf("block %q of %s", o.Block, o.File.Path)
}

// excerpt is a line and those around it, with their numbers: on one line, as findings are.
func excerpt(source []byte, line int) string {
	const around = 1
	lines := bytes.Split(source, []byte("\n"))
	var parts []string
	for n := max(line-around, 1); n <= min(line+around, len(lines)); n++ {
		parts = append(parts, fmt.Sprintf("%d | %s", n, bytes.TrimSpace(lines[n-1])))
	}
	return strings.Join(parts, " ⏎ ")
}

// reportImport reports a package that the code uses and no template imports, where it is used first.
func (r *Rendering) reportImport(spec string, diags *diag.List) {
	at := diag.Position{File: r.Path}
	if offset := bytes.Index(r.Source, []byte(imports.PackageName(spec)+".")); offset >= 0 {
		if own, ok := r.Trace.Own(offset, offset+1); ok {
			at = own
		}
	}
	hint := fmt.Sprintf("write {{import %q}} for the name of the package", spec)
	if r.Data == nil {
		hint = "write the import into the template"
	}
	diags.Report(at, RuleTemplateImport, "%v: %s", undeclaredImport(spec), hint)
}

// importSpecs are the imports of a file, by path.
func importSpecs(source []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	specs := make([]string, len(file.Imports))
	for i, spec := range file.Imports {
		specs[i], _ = strconv.Unquote(spec.Path.Value)
	}
	return specs, nil
}
