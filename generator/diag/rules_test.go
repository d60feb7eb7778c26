package diag_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Every rule that the readers of documents report is explained, and nothing else is.
func TestRulesAreThoseInUse(t *testing.T) {
	used := map[string]bool{}
	for _, folder := range []string{"../spec", "../policy"} {
		rulesOf(t, folder, used)
	}
	want := slices.Sorted(maps.Keys(used))
	got := slices.Sorted(maps.Keys(diag.Rules()))
	if !slices.Equal(got, want) {
		t.Errorf("explained: %q\nin use:    %q", got, want)
	}
	for id, text := range diag.Rules() {
		if !strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
			t.Errorf("%s: %q is no sentence on one line", id, text)
		}
	}
}

// rulesOf collects the string in second place of every call of Errorf and Warnf, and that of unguarded.
func rulesOf(t *testing.T, folder string, used map[string]bool) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if id := ruleOf(call); id != "" {
					used[id] = true
				}
			}
			return true
		})
	}
}

func ruleOf(call *ast.CallExpr) string {
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) < 3 || !slices.Contains([]string{"Errorf", "Warnf", "unguarded"}, function.Sel.Name) {
		return ""
	}
	literal, ok := call.Args[1].(*ast.BasicLit)
	if !ok {
		return ""
	}
	id, _ := strconv.Unquote(literal.Value)
	return id
}
