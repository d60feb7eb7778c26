package main

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/templates"
)

// TestTemplatesPage keeps docs/TEMPLATES.md in step: what stands between <!-- generated: NAME --> and
// <!-- end --> is made of the templates, the function map and the source of their data.
func TestTemplatesPage(t *testing.T) {
	const path = "../../docs/TEMPLATES.md"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{
		"version":   fmt.Sprintf("Today's version is %d.\n", templates.Version),
		"hooks":     hooksTable(),
		"templates": templatesTable(),
		"blocks":    blocksTable(),
		"functions": functionsTable(),
		"data":      dataSections(t),
	}
	region := regexp.MustCompile(`(?s)(<!-- generated: ([a-z]+) -->\n).*?(<!-- end -->)`)
	want := region.ReplaceAllStringFunc(string(content), func(all string) string {
		match := region.FindStringSubmatch(all)
		text, known := made[match[2]]
		if !known {
			t.Errorf("%s: nothing makes %q", path, match[2])
		}
		delete(made, match[2])
		return match[1] + "\n" + text + "\n" + match[3]
	})
	for missing := range made {
		t.Errorf("%s has no place for %q", path, missing)
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(content) {
		t.Errorf("%s is not what the templates are: make generate", path)
	}
}

// hooksTable lists the hooks, with the files that they stand in and what they are for.
func hooksTable() string {
	var b strings.Builder
	b.WriteString("| hook | in | what it is |\n| --- | --- | --- |\n")
	for _, t := range templates.List() {
		for _, hook := range t.Blocks {
			if t.Kind == templates.Hook {
				fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", hook, t.Name, cell(variables.ReplaceAllString(templates.HookPurpose(t.Name, hook), "$1 `$2`.")))
			}
		}
	}
	return b.String()
}

var variables = regexp.MustCompile(`(Variables?:) ([^:]*)\.`)

func templatesTable() string {
	var b strings.Builder
	b.WriteString("| template | what it is | kind | data | blocks |\n| --- | --- | --- | --- | --- |\n")
	for _, t := range templates.List() {
		blocks := "none: overridden as a whole"
		if len(t.Blocks) > 0 {
			blocks = code(t.Blocks)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", t.Name, cell(t.Purpose), t.Kind, linkType(t.Data), blocks)
	}
	return b.String()
}

var callAction = regexp.MustCompile(`\{\{-? *template "([^"]+)"`)

// blocksTable lists the blocks by name, with the types of their data, and who calls them.
func blocksTable() string {
	callers, files, data := map[string][]string{}, map[string][]string{}, map[string][]string{}
	for _, t := range templates.List() {
		source := templates.Source(t.Name)
		parts := cutBlocks(source)
		if len(t.Blocks) == 0 {
			parts[t.Name] = source
		}
		for caller, text := range parts {
			for _, match := range callAction.FindAllStringSubmatch(text, -1) {
				callers[match[1]] = append(callers[match[1]], caller)
			}
		}
		for _, block := range t.Blocks {
			files[block] = append(files[block], t.Name)
			data[block] = append(data[block], linkType(t.BlockData(block)))
		}
	}
	var b strings.Builder
	b.WriteString("| block | in | data | called by |\n| --- | --- | --- | --- |\n")
	for _, block := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", block, code(files[block]),
			strings.Join(once(data[block]), ", "), code(once(callers[block])))
	}
	return b.String()
}

func functionsTable() string {
	var b strings.Builder
	b.WriteString("| function | what it gives |\n| --- | --- |\n")
	functions := generator.Functions()
	for _, name := range slices.Sorted(maps.Keys(functions)) {
		call, meaning, _ := strings.Cut(functions[name], ": ")
		fmt.Fprintf(&b, "| `%s` | %s |\n", call, cell(meaning))
	}
	return b.String()
}

func once(names []string) []string { return slices.Compact(slices.Sorted(slices.Values(names))) }

func code(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// linkType is a type of the template data as a link to its section.
func linkType(name string) string {
	return fmt.Sprintf("[`%s`](#%s)", name, strings.ToLower(strings.ReplaceAll(name, ".", "")))
}

var docLink = regexp.MustCompile(`(^|\W)\[([A-Z][a-z]\w*)\]`)

// cell is documentation as one line that may stand in a table.
func cell(text string) string {
	text = strings.Join(strings.Fields(docLink.ReplaceAllString(text, "$1$2")), " ")
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "{{", "`{{", "}}", "}}`").Replace(text)
}

// dataSections has a section for every type that templates see: those of package view, File and Operation first.
func dataSections(t *testing.T) string {
	view := packageDoc(t, "view")
	rank := func(t *doc.Type) int { return slices.Index([]string{"Operation", "File"}, t.Name) }
	slices.SortStableFunc(view.Types, func(a, b *doc.Type) int { return rank(b) - rank(a) })
	var b strings.Builder
	for _, typ := range view.Types {
		writeType(t, &b, view, typ)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func packageDoc(t *testing.T, name string) *doc.Package {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("../../generator", name, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(set, files, "github.com/oapi-guard/oapi-guard/generator/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

func writeType(t *testing.T, b *strings.Builder, pkg *doc.Package, typ *doc.Type) {
	t.Helper()
	fmt.Fprintf(b, "### %s.%s\n\n%s\n\n", pkg.Name, typ.Name, cell(typ.Doc))
	var rows []string
	if fields, ok := typ.Decl.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType); ok {
		rows = fieldRows(t, typ, fields.Fields.List)
	}
	for _, group := range typ.Consts {
		for _, spec := range group.Decl.Specs {
			value := spec.(*ast.ValueSpec)
			rows = append(rows, fmt.Sprintf("| `%s` | one value | %s |", value.Values[0].(*ast.BasicLit).Value, value.Names[0].Name))
		}
	}
	for _, method := range typ.Methods {
		if method.Doc == "" {
			t.Errorf("%s.%s has no documentation", typ.Name, method.Name)
		}
		signature := strings.TrimPrefix(source(method.Decl.Type), "func")
		parameters, _, _ := strings.Cut(signature, ")")
		if parameters += ")"; parameters == "()" {
			parameters = ""
		}
		result := source(method.Decl.Type.Results.List[0].Type)
		rows = append(rows, fmt.Sprintf("| `.%s%s` | %s | %s |", method.Name, parameters, typeCell(result), cell(method.Doc)))
	}
	fmt.Fprintf(b, "| | type | |\n| --- | --- | --- |\n%s\n\n", strings.Join(rows, "\n"))
}

// fieldRows are the exported fields. One comment may be about several of them: it names them then, but for one
// name alone.
func fieldRows(t *testing.T, typ *doc.Type, fields []*ast.Field) []string {
	t.Helper()
	var rows []string
	last := ""
	for _, field := range fields {
		if text := field.Doc.Text(); text != "" {
			last = text
		}
		if len(field.Names) == 0 {
			embedded := strings.TrimPrefix(source(field.Type), "*")
			rows = append(rows, fmt.Sprintf("| `.%s` | %s | All that it has, this has too. |", embedded, linkType("view."+embedded)))
			continue
		}
		for _, name := range field.Names {
			if alone := field.Doc != nil && len(field.Names) == 1; !alone && !regexp.MustCompile(`\b`+name.Name+`\b`).MatchString(last) {
				t.Errorf("%s.%s has no documentation", typ.Name, name.Name)
			}
			rows = append(rows, fmt.Sprintf("| `.%s` | %s | %s |", name.Name, typeCell(source(field.Type)), cell(last)))
		}
	}
	return rows
}

var typeName = regexp.MustCompile(`^(\[\]|\*)*([A-Z]\w*)$`)

// typeCell is a type, with a link where it has a section.
func typeCell(typ string) string {
	match := typeName.FindStringSubmatch(typ)
	if match == nil {
		return "`" + typ + "`"
	}
	name := "view." + match[2]
	return strings.Replace(linkType(name), "`"+name+"`", "`"+strings.Replace(typ, match[2], name, 1)+"`", 1)
}

func source(node ast.Node) string {
	var b strings.Builder
	if err := printer.Fprint(&b, token.NewFileSet(), node); err != nil {
		return ""
	}
	return b.String()
}
