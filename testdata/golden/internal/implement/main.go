// Command implement writes the servers that the tests of this module mount: for every case of the shared
// document an implementation of the guards' own interface and one of oapi-codegen's, which only record that
// they ran and for whom. Types and signatures differ from case to case, so they are read from the generated
// guards. Run it by go generate, in the folder of the tests.
package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

//go:embed implement.tmpl
var text string

// frameworks are the folders of the cases, each of which has a strict one beside it, with the family that
// says how a handler of the framework looks.
var frameworks = [][2]string{
	{"std-http", "http"}, {"chi", "http"}, {"gorilla", "http"}, {"echo", "echo"}, {"echo5", "echo"},
	{"gin", "gin"}, {"fiber", "fiber"}, {"fiber3", "fiber"}, {"iris", "iris"},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	tmpl, err := template.New("implement.tmpl").Parse(text)
	if err != nil {
		return err
	}
	for _, framework := range frameworks {
		for _, strict := range []bool{false, true} {
			if err := write(tmpl, framework[0], framework[1], strict); err != nil {
				return err
			}
		}
	}
	return nil
}

// Case is one case: the data of the template.
type Case struct {
	Folder, Framework, Family string
	Strict                    bool
	// Prefix starts the names of the case's declarations.
	Prefix string
	// Imports are those of the candidates that are used; candidates are aliases, or nothing, by path.
	Imports    []string
	candidates map[string]string
	Methods    []Method
}

// Method is one method of the guards' server interface.
type Method struct {
	// Name is the method's name, ID the operation's in what the handlers record.
	Name, ID string
	// Parameters are all of them, Untyped those of oapi-codegen's interface, Results the results.
	Parameters, Untyped, Results string
	// Framework are the names of the framework's own parameters, Others those behind the caller.
	Framework, Others []string
	// Resource are the expressions for the path parameters.
	Resource []string
	// Caller is "none", "optional" or "required".
	Caller string
}

func write(tmpl *template.Template, framework, family string, strict bool) error {
	c := Case{Folder: framework, Framework: framework, Family: family, Strict: strict}
	if strict {
		c.Folder += "-strict"
	}
	if _, err := os.Stat(c.Folder); err != nil {
		return nil
	}
	c.Prefix = camel(c.Folder)
	if err := c.read(filepath.Join(c.Folder, "apiguard", "guards.gen.go")); err != nil {
		return err
	}
	if err := c.chooseImports(tmpl); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := tmpl.Execute(&out, c); err != nil {
		return err
	}
	source, err := format.Source(out.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", c.Folder, err, out.String())
	}
	return os.WriteFile(strings.ReplaceAll(c.Folder, "-", "_")+"_gen_test.go", source, 0o644)
}

// camel is the folder's name as the start of a Go name: std-http-strict becomes stdHttpStrict.
func camel(folder string) string {
	words := strings.Split(folder, "-")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// read takes the methods from the guards' server interface, and the imports that their signatures can need.
func (c *Case) read(path string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	name := "Server"
	if c.Strict {
		name = "StrictServer"
	}
	methods := interfaceMethods(file, name)
	if len(methods) == 0 {
		return fmt.Errorf("%s: no methods in %s", path, name)
	}
	resources, err := c.resources()
	if err != nil {
		return err
	}
	for _, field := range methods {
		m := c.method(field)
		m.Resource = resources[m.Name]
		c.Methods = append(c.Methods, m)
	}
	c.candidates = map[string]string{"context": "", "net/http": ""}
	for _, spec := range file.Imports {
		c.candidates[strings.Trim(spec.Path.Value, `"`)] = alias(spec)
	}
	c.candidates["example.com/golden/"+c.Folder+"/apiguard"] = ""
	if path := routers[c.Framework].path; c.candidates[path] == "" && path != "" {
		c.candidates[path] = routers[c.Framework].name
	}
	return nil
}

func alias(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return ""
}

// chooseImports keeps those candidates that the file uses.
func (c *Case) chooseImports(tmpl *template.Template) error {
	var out bytes.Buffer
	if err := tmpl.Execute(&out, c); err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", out.Bytes(), parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", c.Folder, err, out.String())
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	for _, path := range slices.SortedFunc(maps.Keys(c.candidates), standardFirst) {
		name := c.candidates[path]
		if name == "" {
			name = path[strings.LastIndexByte(path, '/')+1:]
		}
		if used[name] {
			c.Imports = append(c.Imports, fmt.Sprintf("%s %q", c.candidates[path], path))
		}
	}
	return nil
}

// standardFirst orders the standard library before everything else.
func standardFirst(a, b string) int {
	return cmp.Or(cmp.Compare(strings.Count(a, "."), 0)-cmp.Compare(strings.Count(b, "."), 0), cmp.Compare(a, b))
}

func interfaceMethods(file *ast.File, name string) []*ast.Field {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok && t.Name.Name == name {
				if i, ok := t.Type.(*ast.InterfaceType); ok {
					return i.Methods.List
				}
			}
		}
	}
	return nil
}

func (c *Case) method(field *ast.Field) Method {
	signature := field.Type.(*ast.FuncType)
	m := Method{Name: field.Names[0].Name, Caller: "none"}
	m.ID = strings.ToLower(m.Name[:1]) + m.Name[1:]
	framework := 1
	if c.Family == "http" && !c.Strict {
		framework = 2
	}
	var all, untyped []string
	for _, p := range signature.Params.List {
		written := source(p.Type)
		for _, name := range p.Names {
			caller := written == "*caller" || written == "guard.Optional[*caller]"
			all = append(all, name.Name+" "+written)
			switch {
			case caller && written == "*caller":
				m.Caller = "required"
			case caller:
				m.Caller = "optional"
			case len(m.Framework) < framework:
				m.Framework = append(m.Framework, name.Name)
			default:
				m.Others = append(m.Others, name.Name)
			}
			if !caller {
				untyped = append(untyped, name.Name+" "+written)
			}
		}
	}
	m.Parameters, m.Untyped = strings.Join(all, ", "), strings.Join(untyped, ", ")
	m.Results = results(signature)
	return m
}

func results(signature *ast.FuncType) string {
	if signature.Results == nil {
		return ""
	}
	var types []string
	for _, r := range signature.Results.List {
		types = append(types, source(r.Type))
	}
	return "(" + strings.Join(types, ", ") + ")"
}

// source writes a type with *caller for the type parameter P.
func source(e ast.Expr) string {
	var out strings.Builder
	_ = printer.Fprint(&out, token.NewFileSet(), e)
	switch written := out.String(); written {
	case "P":
		return "*caller"
	case "guard.Optional[P]":
		return "guard.Optional[*caller]"
	default:
		return written
	}
}

// Return is "return " when the method has results.
func (m Method) Return() string {
	if m.Results != "" {
		return "return "
	}
	return ""
}

// CallerName is the expression for the name of the caller.
func (m Method) CallerName() string {
	return map[string]string{"none": `"nobody"`, "optional": "optionalName(caller)", "required": "caller.name"}[m.Caller]
}

// Arguments are those of a call of the typed method, with the caller that is found in the context.
func (m Method) Arguments(context string) string {
	all := slices.Clone(m.Framework)
	switch m.Caller {
	case "optional":
		all = append(all, "optionalFrom("+context+")")
	case "required":
		all = append(all, "optionalFrom("+context+").Must()")
	}
	return strings.Join(append(all, m.Others...), ", ")
}

// FrameworkArguments are the framework's own parameters.
func (m Method) FrameworkArguments() string { return strings.Join(m.Framework, ", ") }
