package generator

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	gofmt "go/format"
	"go/parser"
	"go/token"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// marker is in every text of a benign document that may become a part of a name.
const marker = "benign"

// replacing says what literals say where a benign document's text stands.
type replacing struct {
	replacer *strings.Replacer // nil: anything
	but      string            // a literal with this text may say anything
}

// compare expects two files of one structure: the same kinds of nodes in the same order with the same tokens, and
// the same names and values but for those that the document gives, which are then exactly the document's.
func compare(t *testing.T, what string, want, got []byte, said replacing) {
	t.Helper()
	benignFile, hostileFile := parseGuards(t, what, want), parseGuards(t, what, got)
	visible(t, what, got)
	commentsOf(t, what, hostileFile)
	if again, err := gofmt.Source(got); err != nil || string(again) != string(got) {
		t.Errorf("%s: gofmt would change the file (%v)", what, err)
	}
	a, b := nodes(benignFile), nodes(hostileFile)
	for i := range min(len(a), len(b)) {
		if problem := differ(a[i], b[i], said); problem != "" {
			t.Fatalf("%s: node %d: %s", what, i, problem)
		}
	}
	if len(a) != len(b) {
		t.Fatalf("%s: %d nodes, and a benign document has %d", what, len(b), len(a))
	}
	renamedAlike(t, what, a, b)
}

func parseGuards(t *testing.T, what string, content []byte) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "guards.gen.go", content, parser.ParseComments|parser.DeclarationErrors)
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", what, err, content)
	}
	return file
}

// visible expects no character in the file that a reader does not see.
func visible(t *testing.T, what string, content []byte) {
	t.Helper()
	for i, r := range string(content) {
		if r == '\n' || r == '\t' {
			continue
		}
		ignorable := unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar || ignorable {
			start := max(0, i-60)
			t.Fatalf("%s: the hidden character %U in %q", what, r, content[start:min(len(content), i+20)])
		}
	}
}

// comments expects no comment that a tool may take for a directive.
func commentsOf(t *testing.T, what string, file *ast.File) {
	t.Helper()
	for _, group := range file.Comments {
		for _, comment := range group.List {
			text := comment.Text
			plain := text == "//" || strings.HasPrefix(text, "// ") || strings.HasPrefix(text, "//\t")
			if !plain || constraint.IsPlusBuild(text) || constraint.IsGoBuild(text) {
				t.Fatalf("%s: a comment that may be a directive: %q", what, text)
			}
		}
	}
}

// nodes are a file's nodes in order, without the text of comments.
func nodes(file *ast.File) []ast.Node {
	var all []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		all = append(all, n) // nil at the end of each
		_, comment := n.(*ast.CommentGroup)
		return !comment
	})
	return all
}

// differ says how two nodes differ otherwise than by what the document says.
func differ(want, got ast.Node, said replacing) string {
	if reflect.TypeOf(want) != reflect.TypeOf(got) {
		return fmt.Sprintf("%T instead of %T", got, want)
	}
	if !sameTokens(want, got) {
		return fmt.Sprintf("%T with another token than in a benign document", got)
	}
	switch w := want.(type) {
	case *ast.Ident:
		if g := got.(*ast.Ident); w.Name != g.Name && !strings.Contains(strings.ToLower(w.Name), marker) {
			return fmt.Sprintf("%s instead of %s", g.Name, w.Name)
		}
	case *ast.BasicLit:
		return differentLiteral(w.Value, got.(*ast.BasicLit).Value, said)
	}
	return ""
}

// differentLiteral expects the literal to say exactly what the document does, where a benign one stands for it.
func differentLiteral(want, got string, said replacing) string {
	a, err := strconv.Unquote(want)
	b, err2 := strconv.Unquote(got)
	if err != nil || err2 != nil {
		if want != got {
			return got + " instead of " + want
		}
		return ""
	}
	if said.replacer == nil || said.but != "" && strings.Contains(a, said.but) {
		return ""
	}
	if expected := said.replacer.Replace(a); b != expected {
		return fmt.Sprintf("the literal %.200s says %.200q and not %.200q", got, b, expected)
	}
	return ""
}

// sameTokens compares the operators and keywords of two nodes of one type: what is no node and no position.
func sameTokens(a, b ast.Node) bool {
	v, w := reflect.Indirect(reflect.ValueOf(a)), reflect.Indirect(reflect.ValueOf(b))
	if !v.IsValid() {
		return true
	}
	for i := range v.NumField() {
		switch v.Field(i).Interface().(type) {
		case token.Token, ast.ChanDir, bool:
			if !v.Field(i).Equal(w.Field(i)) {
				return false
			}
		}
	}
	return true
}

// renamedAlike expects one name of the hostile document for each of the benign one's, and the other way round.
func renamedAlike(t *testing.T, what string, want, got []ast.Node) {
	t.Helper()
	forth, back := map[string]string{}, map[string]string{}
	ofRuntime := map[*ast.Ident]bool{} // gen.Bearer is not the name of a scheme
	for i := range want {
		if s, ok := want[i].(*ast.SelectorExpr); ok {
			x, _ := s.X.(*ast.Ident)
			ofRuntime[s.Sel] = x != nil && x.Name == "gen"
		}
		w, ok := want[i].(*ast.Ident)
		if !ok || ofRuntime[w] {
			continue
		}
		g := got[i].(*ast.Ident)
		if name, known := forth[w.Name]; known && name != g.Name {
			t.Fatalf("%s: %s is %s in one place and %s in another", what, w.Name, name, g.Name)
		}
		if name, known := back[g.Name]; known && name != w.Name {
			t.Fatalf("%s: %s stands for %s and for %s", what, g.Name, name, w.Name)
		}
		forth[w.Name], back[g.Name] = g.Name, w.Name
	}
}
