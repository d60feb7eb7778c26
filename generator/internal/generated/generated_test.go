package generated_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
)

// TestReserved keeps the list in step with the templates: whatever the guards of the golden cases declare, but for what has
// its name from a document, and nothing that none of them declares.
func TestReserved(t *testing.T) {
	paths, err := filepath.Glob("../../../testdata/golden/*/*/guards.gen.go")
	if err != nil || len(paths) < 30 {
		t.Fatal(paths, err)
	}
	declared := map[string]bool{"init": true, "denied": true, "changeOptions": true} // no package may have the first; hooks have the others
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "Templates replace blocks") || strings.Contains(path, "overridden") || strings.Contains(path, "hostile") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Walk(names(declared), file)
	}
	reserved := generated.Reserved()
	for name := range declared {
		if name == "OrderDeskStrictServer" || name == "ArchiveStrictServer" {
			continue // of tags
		}
		if !slices.Contains(reserved, name) {
			t.Errorf("%s is declared and not reserved", name)
		}
	}
	for _, name := range reserved {
		if !declared[name] {
			t.Errorf("%s is reserved and not declared", name)
		}
	}
}

// names collects the names that code declares.
type names map[string]bool

func (n names) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.InterfaceType, *ast.StructType:
		return nil // methods and fields shadow nothing, and parameters of methods are the document's
	case *ast.FuncDecl:
		n.function(node)
		ast.Walk(n, node.Body)
		return nil
	case *ast.Field:
		n.add(node.Names...)
	case *ast.TypeSpec:
		n.add(node.Name)
	case *ast.ValueSpec:
		n.add(node.Names...)
	case *ast.AssignStmt:
		if node.Tok == token.DEFINE && !readsPath(node) {
			n.expressions(node.Lhs...)
		}
	case *ast.RangeStmt:
		n.expressions(node.Key, node.Value)
	}
	return n
}

// function adds a function's name and parameters. Of a method that implements oapi-codegen's interface, only the receiver's
// and the framework's are ours; the document names the others.
func (n names) function(f *ast.FuncDecl) {
	if f.Recv == nil {
		n.add(f.Name)
		ast.Walk(n, f.Type)
		if f.Type.TypeParams != nil {
			ast.Walk(n, f.Type.TypeParams)
		}
		return
	}
	ast.Walk(n, f.Recv)
	for _, p := range f.Type.Params.List {
		switch name := p.Names[0].Name; name {
		case "w", "r", "c", "ctx", "request", "server":
			n.add(p.Names[0])
		}
	}
}

func (n names) expressions(all ...ast.Expr) {
	for _, e := range all {
		if id, ok := e.(*ast.Ident); ok {
			n.add(id)
		}
	}
}

// readsPath reports whether a path parameter is read, which has its name from the document.
func readsPath(s *ast.AssignStmt) bool {
	call, ok := s.Rhs[0].(*ast.CallExpr)
	if !ok {
		return false
	}
	generic, ok := call.Fun.(*ast.IndexExpr)
	if !ok {
		return false
	}
	selector, ok := generic.X.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "PathValue"
}

var constant = regexp.MustCompile(`^op[A-Z]`)

func (n names) add(all ...*ast.Ident) {
	for _, id := range all {
		if fromDocument := constant.MatchString(id.Name) || strings.HasPrefix(id.Name, "Role") || strings.HasSuffix(id.Name, "Handler") && id.Name != "Handler" && id.Name != "errHandler" ||
			strings.HasPrefix(id.Name, "Guarded") || strings.HasPrefix(id.Name, "webhook") || strings.HasPrefix(id.Name, "callback"); id.Name != "_" && !fromDocument {
			n[id.Name] = true
		}
	}
}
