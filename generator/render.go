package generator

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/imports"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/server"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/templates"
)

// families are the folders of the templates that frameworks share.
var families = map[server.Framework]string{
	server.StdHTTP: "nethttp", server.Chi: "nethttp", server.Gorilla: "nethttp",
	server.Echo: "echo", server.Echo5: "echo", server.Fiber: "fiber", server.Fiber3: "fiber",
	server.Gin: "gin", server.Iris: "iris",
}

// templateFiles are the templates of a framework: the shared ones, those of its family, and its own.
func templateFiles(framework server.Framework) []string {
	files, _ := fs.Glob(templates.FS, "*.tmpl") // the pattern is well formed
	folder := families[framework]
	for _, name := range []string{folder + "/family.tmpl", folder + "/" + string(framework) + ".tmpl"} {
		if templates.Source(name) != "" {
			files = append(files, name)
		}
	}
	return files
}

// rendering is what the templates made of the data.
type rendering struct {
	path   string
	source []byte // as the templates wrote it
	trace  *trace
	data   *view.File // with the imports that the templates asked for
}

// render executes the built-in templates of the file's framework and formats the result.
func render(f *view.File, path string) ([]byte, error) {
	var diags diag.List
	content := renderWith(f, path, nil, nil, &diags)
	if diags.HasErrors() {
		return nil, errors.New(diags[0].Message)
	}
	return content, nil
}

// renderWith executes the templates of the file's framework, overridden where there are overrides, formats the result
// and verifies that it guards what the built-in templates would. The server is the file that oapi-codegen wrote.
func renderWith(f *view.File, path string, overrides *Overrides, server []byte, diags *diag.List) []byte {
	r := execute(f, path, overrides, diags)
	if r == nil {
		return nil
	}
	content := r.format(diags)
	if content == nil {
		return nil
	}
	known := len(*diags)
	if overrides != nil && len(overrides.files) > 0 {
		verify(r, overrides, content, server, diags)
	}
	if len(*diags) == known {
		verifyPolicy(r.data, content, path, diags)
	}
	if len(*diags) > known {
		return nil
	}
	return content
}

// execute runs the templates, twice when they asked for imports: the second time the list has them.
func execute(f *view.File, path string, overrides *Overrides, diags *diag.List) *rendering {
	known := len(*diags)
	set := newTemplateSet(f.Framework, overrides, diags)
	if len(*diags) > known {
		return nil
	}
	imported := importSetOf(f.Imports)
	for {
		asked := len(imported.asked)
		t := &trace{}
		if overrides != nil {
			t.origins = []origin{}
		}
		source := set.execute(f, imported, t, diags)
		if source == nil {
			return nil
		}
		if len(imported.asked) == asked {
			return &rendering{path, source, t, f}
		}
		extended := *f
		extended.Imports = imported.list()
		f = &extended
	}
}

// format formats the result, or reports why it is none.
func (r *rendering) format(diags *diag.List) []byte {
	content, err := format(r.path, r.source)
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
		diags.Errorf(diag.Position{File: r.path}, ruleRender, "the generated code cannot be formatted: %v", err)
	}
	return nil
}

// undeclaredImport is the path of a package that the code uses and no template imports.
type undeclaredImport string

func (u undeclaredImport) Error() string {
	return "the generated code needs the import " + string(u) + ", which no template declares"
}

// format formats generated Go code and makes sure that its imports are exactly the declared ones:
// imports.Process guesses what is missing, and a guess has no place in a guard.
func format(path string, source []byte) ([]byte, error) {
	if _, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution); err != nil {
		return nil, err
	}
	formatted, err := imports.Process(path, source, &imports.Options{Comments: true, TabIndent: true, TabWidth: 8})
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
func (r *rendering) reportSyntax(first *scanner.Error, diags *diag.List) {
	offset := max(min(first.Pos.Offset, len(r.source)-1), 0)
	at, wrote := diag.Position{File: r.path}, " here"
	if from, pos := r.trace.at(offset); from.file != nil {
		wrote = " by " + from.name()
		if from.file.own {
			at = from.file.position(pos)
		} else if own, ok := r.trace.own(offset, offset+1); ok {
			at = own // a built-in template is right: what stands before its output is not
		}
	}
	diags.Errorf(at, ruleTemplateCode, "the generated code does not parse: %s in line %d, written%s: %s", first.Msg, first.Pos.Line, wrote, excerpt(r.source, first.Pos.Line))
}

// name is the block and the file that it stands in.
func (o origin) name() string {
	if o.block == fileTemplate {
		return o.file.path
	}
	return fmt.Sprintf("block %q of %s", o.block, o.file.path)
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
func (r *rendering) reportImport(spec string, diags *diag.List) {
	at := diag.Position{File: r.path}
	if offset := bytes.Index(r.source, []byte(packageName(spec)+".")); offset >= 0 {
		if own, ok := r.trace.own(offset, offset+1); ok {
			at = own
		}
	}
	hint := fmt.Sprintf("write {{import %q}} for the name of the package", spec)
	if r.data == nil {
		hint = "write the import into the template"
	}
	diags.Errorf(at, ruleTemplateImport, "%v: %s", undeclaredImport(spec), hint)
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

// declaredNames are the package-level names of a generated file, sorted.
func declaredNames(source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil // format has parsed it already
	}
	var names []string
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				names = append(names, specNames(spec)...)
			}
		}
	}
	slices.Sort(names)
	return names
}

func specNames(spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				names = append(names, name.Name)
			}
		}
	}
	return names
}
