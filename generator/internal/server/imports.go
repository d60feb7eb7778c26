package server

import (
	"go/ast"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// importTable says what the package names in a file mean.
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
