package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// TestRules: every rule that a package declares is listed once, explained in one sentence, and leads to an exit status.
func TestRules(t *testing.T) {
	var listed []string
	for _, r := range generator.Rules() {
		listed = append(listed, r.ID)
		if !strings.HasSuffix(r.Text, ".") || strings.Contains(r.Text, "\n") || r.Exit == diag.ExitFine {
			t.Errorf("%+v", r)
		}
	}
	declared := declaredRules(t)
	if !slices.Equal(listed, declared) {
		t.Errorf("listed:   %q\ndeclared: %q", listed, declared)
	}
}

// declaredRules are the IDs of all values of type diag.Rule in the source, sorted.
func declaredRules(t *testing.T) []string {
	t.Helper()
	var ids []string
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id := ruleID(n); id != "" {
				ids = append(ids, id)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

// ruleID is the ID of a composite literal of a rule, or nothing.
func ruleID(n ast.Node) string {
	literal, ok := n.(*ast.CompositeLit)
	if !ok {
		return ""
	}
	if of, ok := literal.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "Rule" {
		return ""
	}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok && pair.Key.(*ast.Ident).Name == "ID" {
			if literal, ok := pair.Value.(*ast.BasicLit); ok { // those of diff have the names of classes, and are its own
				id, _ := strconv.Unquote(literal.Value)
				return id
			}
		}
	}
	return ""
}
