// Package verify makes sure that templates of the user's own leave the guards what they are. It looks for no known
// mistakes, but compares:
//
//   - [Policy]: the table of operations, as it was rendered, is the policy, row by row. This knows the data alone and no
//     template, and runs for built-in templates, too.
//   - [Overrides]: every declaration that the built-in templates make is there once, with the same text but for comments.
//     Hooks fill the bodies of their functions, add methods to their interfaces, and add the declarations of the
//     hook "declarations". Blocks that the configuration calls unprotected are not compared.
//   - [Overrides]: a hook stays in its place, and neither names nor reaches a guard, the wrapper, a router or a method of
//     the server. So there is nothing that it could register or call without its guard.
package verify

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// verifier compares what templates with overrides made with what the built-in ones make of the same data.
type verifier struct {
	got, want *render.Rendering
	names     *names
	at        diag.Position // where something is reported that no template wrote
	diags     diag.List
}

// Overrides reports where the rendering would guard something else than the built-in templates' does, and hooks that
// could. The content is what formatting made of it. The names serve without a guard: they are of the server's package.
func Overrides(got *render.Rendering, overrides *render.Overrides, content []byte, serving []string) diag.List {
	want, diags := render.Execute(got.Data, got.Path, &render.Overrides{})
	if want == nil {
		return diags
	}
	v := &verifier{got: got, want: want, at: diag.Position{File: overrides.Dir}}
	gotFile, err := parser.ParseFile(token.NewFileSet(), "", got.Source, parser.ParseComments)
	wantFile, err2 := parser.ParseFile(token.NewFileSet(), "", want.Source, 0)
	if err != nil || err2 != nil {
		return nil // it was formatted
	}
	v.names = newNames(got.Data, wantFile, serving)
	v.checkPreamble(gotFile, content)
	if gotFile.Name.Name != wantFile.Name.Name {
		v.reportAt(gotFile.Name, "the package is %s, and must be %s", gotFile.Name.Name, wantFile.Name.Name)
	}
	added := v.checkHooks(wantFile)
	if len(v.diags) == 0 { // a hook that left its place may have broken anything
		v.compare(v.declarations(want), v.declarations(got), added)
	}
	return v.diags
}

var (
	// directives are comments that mean something to the compiler, the go command or cgo; linters are those that do not.
	directives = regexp.MustCompile(`^(/\*line |//(line|extern|export)(\s|$)|//\s*\+build|//[a-z0-9]+:)`)
	linters    = regexp.MustCompile(`^//(nolint|lint|revive):`)
)

// checkPreamble checks the header, and that no comment is a directive. Formatting makes directives of what looks like old
// ones.
func (v *verifier) checkPreamble(file *ast.File, content []byte) {
	header := false
	for _, group := range file.Comments {
		for _, comment := range group.List {
			header = header || comment.Text == write.Header && comment.End() < file.Package
			if directives.MatchString(comment.Text) && !linters.MatchString(comment.Text) {
				v.reportAt(comment, "%q is a directive, which could change what is compiled", view.Comment(comment.Text))
			}
		}
	}
	if !header {
		v.reportAt(file.Name, "the line %q must stand before the package clause: by it, the file is known as generated", write.Header)
	}
	if bytes.Contains(content, []byte("\n//go:build")) || bytes.HasPrefix(content, []byte("//go:build")) {
		v.reportAt(file.Name, "a build constraint is a directive, which could change what is compiled")
	}
}

// compare checks that every built-in declaration is there once, as it must be, and that nothing else is there but what
// was added.
func (v *verifier) compare(want, got []declaration, added map[string]bool) {
	wanted := map[string]declaration{}
	for _, d := range want {
		wanted[d.key] = d
	}
	seen := map[string]bool{}
	for _, d := range got {
		w, known := wanted[d.key]
		switch {
		case d.key != "import" && (known && v.isFree(v.want, w) || !known && v.isFree(v.got, d)), added[d.text]:
		case !known:
			v.reportAt(d.node, "%s may not be added here: the hook for it is declarations", d.key)
		case seen[d.key]:
			v.reportAt(d.node, "%s is declared twice", d.key)
		case w.text != d.text:
			needed, found := difference(w.text, d.text)
			v.reportAt(d.node, "%s has `%s` where the guards need `%s`", d.key, found, needed)
		}
		seen[d.key] = true
	}
	for _, d := range want {
		if !seen[d.key] && !v.isFree(v.want, d) {
			v.report(v.at, "%s is missing", d.key)
		}
	}
}

// isFree reports whether a block that the configuration calls unprotected wrote a part of a declaration.
func (v *verifier) isFree(r *render.Rendering, d declaration) bool {
	return slices.ContainsFunc(r.Trace.Blocks(int(d.node.Pos())-1, int(d.node.End())-1), func(block string) bool {
		return slices.Contains(r.Data.Unprotected, block)
	})
}

// difference is where two texts begin to differ, a few words each.
func difference(want, got string) (needed, found string) {
	w, g := strings.Fields(want), strings.Fields(got)
	first := 0
	for first < min(len(w), len(g)) && w[first] == g[first] {
		first++
	}
	excerpt := func(words []string) string { return strings.Join(words[max(first-1, 0):min(first+6, len(words))], " ") }
	return excerpt(w), excerpt(g)
}

// reportAt reports a piece of the generated code, at the place of the template that it comes from.
func (v *verifier) reportAt(n ast.Node, form string, args ...any) {
	at, ok := v.got.Trace.Own(int(n.Pos())-1, int(n.End())-1)
	if !ok {
		at = v.at
	}
	v.report(at, form, args...)
}

func (v *verifier) report(at diag.Position, form string, args ...any) {
	v.diags.Report(at, ruleUnguarded, form, args...)
}
