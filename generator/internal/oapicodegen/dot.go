package oapicodegen

import (
	"go/ast"
	"os"
	"path/filepath"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// dotted is a package that the server's file imports with a dot: its names need no qualifier there. oapi-codegen's own
// advice for models in a package of their own is such an import.
type dotted struct {
	path string
	// name is the package's name, empty when its files are in another module.
	name string
	// declared are the package's names, nil likewise.
	declared map[string]diag.Position
}

// dotImports reads the packages that a file of the folder imports with a dot.
func (r *reader) dotImports(table importTable, dir string) []dotted {
	var all []dotted
	for _, target := range table.dot {
		d := dotted{path: target}
		if folder := server.PackageDir(target, dir); folder != "" {
			r.readDotted(&d, folder)
		}
		all = append(all, d)
	}
	return all
}

// readDotted reads the names of a package from its folder. One that cannot be read is the compiler's to report.
func (r *reader) readDotted(d *dotted, folder string) {
	entries, _ := os.ReadDir(folder)
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		content, err := os.ReadFile(path)
		if err != nil || !goFile(entry.Name()) {
			continue
		}
		file, diags := parseSource(path, content, func(string) bool { return false })
		if r.diags.Add(diags); file == nil {
			continue
		}
		if d.declared == nil {
			d.declared = map[string]diag.Position{}
		}
		d.name = file.tree.Name.Name
		file.names(func(name string, at diag.Position) { d.declared[name] = at })
	}
}

// from is the package with a dot that a name comes from. A package of another module is the only possible one when none
// of the others declares the name.
func (s *scope) from(name string) (dotted, bool) {
	var unread []dotted
	for _, d := range s.dotted {
		if _, ok := d.declared[name]; ok {
			return d, true
		}
		if d.declared == nil {
			unread = append(unread, d)
		}
	}
	if len(unread) == 1 && ast.IsExported(name) {
		return unread[0], true
	}
	return dotted{}, false
}

// dottedNames are the exported names of all those packages.
func (s *scope) dottedNames() map[string]diag.Position {
	names := map[string]diag.Position{}
	for _, d := range s.dotted {
		for name, at := range d.declared {
			if ast.IsExported(name) {
				names[name] = at
			}
		}
	}
	return names
}
