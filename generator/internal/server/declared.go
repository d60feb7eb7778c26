package server

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// declared are the package-level names of the server's package. Files for other systems or tags count too:
// what is generated must not collide with them either.
func (r *reader) declared(server *Server) map[string]diag.Position {
	names := map[string]diag.Position{}
	add := func(name string, at diag.Position) {
		if _, ok := names[name]; !ok {
			names[name] = at
		}
	}
	r.source.names(add)
	entries, err := os.ReadDir(server.Dir)
	if err != nil && r.options.Content == nil {
		r.diags.Report(r.file(), ruleFile, "the folder of the server file cannot be read: %s", cause(err))
	}
	for _, entry := range entries {
		path := filepath.Join(server.Dir, entry.Name())
		if !goFile(entry.Name()) || sameFile(path, r.options.File) || sameFile(path, r.options.Output) {
			continue
		}
		if other := r.neighbour(path, server.Package); other != nil {
			other.names(add)
		}
	}
	return names
}

// serving are the names of the server file that serve without a guard: its functions and variables, and the types that
// bind requests to a server.
func (s *source) serving() []string {
	names := []string{"ServerInterfaceWrapper", "strictHandler"}
	for _, d := range s.declarations {
		if d.keyword == "func" && d.name != "" {
			names = append(names, d.name)
		}
	}
	for _, d := range s.tree.Decls {
		group, ok := d.(*ast.GenDecl)
		for i := 0; ok && group.Tok == token.VAR && i < len(group.Specs); i++ {
			for _, id := range specNames(group.Specs[i]) {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// goFile reports whether the go command takes the file for part of a package, tests excluded.
func goFile(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".")
}

// sameFile reports whether two paths are one file, links followed. Neither need exist.
func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// neighbour reads another file of the package, or nothing if it belongs to another one.
func (r *reader) neighbour(path, pkg string) *source {
	content, err := os.ReadFile(path)
	if err != nil {
		r.diags.Report(diag.Position{File: path}, ruleFile, "this file of the server's package cannot be read: %s", cause(err))
		return nil
	}
	other := parseSource(path, content, func(string) bool { return false }, &r.diags)
	if other == nil || other.tree.Name.Name != pkg {
		return nil
	}
	return other
}
