package verify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/render"
)

// hooks are the blocks to fill, by the declarations that they are parts of: the bodies of functions, and methods of
// interfaces. "header" and "declarations" are parts of none.
var hooks = map[string]string{
	"func admitted":      "admitted",
	"func denied":        "denied",
	"func changeOptions": "options",
	"func bindingError":  "binding-error",
	"func requestError":  "request-error",
	"func responseError": "response-error",
	"type Principal":     "principal-methods",
	"type Authenticator": "authenticator-methods",
}

// piece is what a hook says, parsed on its own.
type piece struct {
	*render.HookText
	file   *ast.File
	offset int // where the hook's text begins in the file
}

// checkHooks checks every hook that is filled, and returns what the hook "declarations" declares, as text.
func (v *verifier) checkHooks(built *ast.File) map[string]bool {
	added := map[string]bool{}
	v.parseHook("header", "", "\npackage p")
	p := v.parseHook("declarations", "package p\n", "")
	pieces := []*piece{p}
	for i := 0; p != nil && i < len(p.file.Decls); i++ {
		v.checkAdded(p, p.file.Decls[i])
		added[printed(p.file.Decls[i])] = true
	}
	for _, d := range built.Decls {
		if block := hooks[keyOf(d)]; block != "" {
			head := printed(without(d, func(string) bool { return true }))
			p := v.parseHook(block, "package p\n"+strings.TrimSuffix(head, "}"), "\n}")
			v.checkPlace(p, block)
			pieces = append(pieces, p)
		}
	}
	for _, p := range pieces {
		v.checkReferences(p)
	}
	return added
}

// parseHook parses what a hook says between a head and a tail; nil when it says nothing, or what does not parse.
func (v *verifier) parseHook(block, head, tail string) *piece {
	text := v.got.Hook(block)
	if text == nil {
		return nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", head+text.Source+tail, 0)
	if err != nil {
		v.report(text.At(0), "the hook %s must end in the place where it began: %v", block, err)
		return nil
	}
	return &piece{text, file, len(head)}
}

// checkPlace checks that a hook ends in the declaration in which it began, and adds methods to an interface, nothing else.
func (v *verifier) checkPlace(p *piece, block string) {
	if p == nil {
		return
	}
	if len(p.file.Decls) != 1 {
		v.reportHook(p, p.file.Decls[1], "the hook %s leaves its place: the hook for declarations is declarations", block)
		return
	}
	g, ok := p.file.Decls[0].(*ast.GenDecl)
	for i := 0; ok && i < len(g.Specs); i++ {
		for _, m := range g.Specs[i].(*ast.TypeSpec).Type.(*ast.InterfaceType).Methods.List {
			if len(m.Names) != 1 {
				v.reportHook(p, m, "the hook %s may add methods, and nothing else", block)
				continue
			}
			v.names.hookMethods[m.Names[0].Name] = true
		}
	}
}

// checkAdded checks a declaration in addition: its names must be new to the built-in code.
func (v *verifier) checkAdded(p *piece, d ast.Decl) {
	key := keyOf(d)
	switch key {
	case "import":
		v.reportHook(p, d, "write {{import PATH}} where the name of a package is needed")
	case "func init", "func main":
		v.reportHook(p, d, "%s may not be declared: it would run on its own", key)
	}
	for _, name := range namesOf(d) {
		if v.names.taken(name) {
			v.reportHook(p, d, "the name %s has a meaning in the built-in code: choose another one", name)
		}
		v.names.added[name] = true
	}
}

// reportHook reports a part of a hook, at its place in the template.
func (v *verifier) reportHook(p *piece, n ast.Node, form string, args ...any) {
	v.report(p.At(max(int(n.Pos())-1-p.offset, 0)), form, args...)
}
