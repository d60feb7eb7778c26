package oapicodegen

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// scope is the meaning of the names in a file.
type scope struct {
	source   *source
	imports  importTable
	declared map[string]diag.Position
	// dotted are the packages whose names need no qualifier.
	dotted []dotted
}

// importTable is the meaning of the package names in a file.
type importTable struct {
	// named are the imports with an explicit name, by that name.
	named map[string]string
	// unnamed are the paths of those without, and dot of those whose names need no qualifier.
	unnamed, dot []string
}

func readImports(file *ast.File) importTable {
	table := importTable{named: map[string]string{}}
	for _, spec := range file.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil:
		case spec.Name == nil:
			table.unnamed = append(table.unnamed, target)
		case spec.Name.Name == ".":
			table.dot = append(table.dot, target)
		case spec.Name.Name != "_":
			table.named[spec.Name.Name] = target
		}
	}
	return table
}

// path is the import path of the package that the file calls name. For an import without a name, that is
// known for certain only from the package itself; as gofmt's companions do, it is derived from the path. The
// best match counts, and nothing when two are equally good.
func (t importTable) path(name string) (string, bool) {
	if target, ok := t.named[name]; ok {
		return target, true
	}
	found, best, tied := "", 0, false
	for _, target := range t.unnamed {
		switch quality := nameQuality(target, name); {
		case quality > best:
			found, best, tied = target, quality, false
		case quality == best && best > 0:
			tied = true
		}
	}
	return found, best > 0 && !tied
}

// has reports whether the file imports the path, under whatever name.
func (t importTable) has(target string) bool {
	return slices.Contains(t.unnamed, target) || slices.Contains(t.dot, target) ||
		slices.Contains(slices.Collect(maps.Values(t.named)), target)
}

var (
	majorVersion = regexp.MustCompile(`^v[0-9]+$`)
	gopkgVersion = regexp.MustCompile(`\.v[0-9]+(-unstable)?$`)
)

// nameQuality says how well a package at the import path may be called name: 2 for the path's last element
// (without its version), 1 for that without the "go" that repositories carry in their names, else 0.
func nameQuality(importPath, name string) int {
	base := path.Base(importPath)
	if majorVersion.MatchString(base) && path.Dir(importPath) != "." {
		base = path.Base(path.Dir(importPath))
	}
	base = gopkgVersion.ReplaceAllString(base, "")
	if base == name {
		return 2
	}
	plain := strings.TrimPrefix(base, "go-")
	plain = strings.TrimSuffix(strings.TrimSuffix(plain, ".go"), "-go")
	for _, variant := range []string{plain, strings.ReplaceAll(plain, "-", "_"), strings.ReplaceAll(plain, "-", "")} {
		if variant == name {
			return 1
		}
	}
	return 0
}

// declared are the package-level names of the server's package. Files for other systems or tags count too:
// guards must not collide with them either.
func (r *reader) declared(s *server.Server) map[string]diag.Position {
	names := map[string]diag.Position{}
	add := func(name string, at diag.Position) {
		if _, ok := names[name]; !ok {
			names[name] = at
		}
	}
	r.source.names(add)
	entries, err := os.ReadDir(s.Dir)
	if err != nil && r.options.Content == nil {
		r.diags.Report(r.file(), ruleFile, "the folder of the server file cannot be read: %s", cause(err))
	}
	for _, entry := range entries {
		path := filepath.Join(s.Dir, entry.Name())
		if !goFile(entry.Name()) || sameFile(path, r.options.File) || sameFile(path, r.options.Output) {
			continue
		}
		if other := r.neighbour(path, s.Package); other != nil {
			r.withoutStrict(other)
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
	other, diags := parseSource(path, content, func(string) bool { return false })
	if r.diags.Add(diags); other == nil || other.tree.Name.Name != pkg {
		return nil
	}
	return other
}

// predeclared reports whether name is a type, or a constant that an array's length can use, of the universe
// block (go.dev/ref/spec#Predeclared_identifiers).
func predeclared(name string) bool { return types.Universe.Lookup(name) != nil }
