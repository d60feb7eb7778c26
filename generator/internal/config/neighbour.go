package config

import (
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// checkNeighbours refuses a package name that the other Go files in the output's folder do not have: a folder holds one
// package.
func (l *loader) checkNeighbours() {
	file, other := neighbour(l.Output, l.Package)
	if file == "" {
		return
	}
	l.diags.Report(l.packagePosition(), rulePackage, "the folder of output holds the package %s (%s), and a folder holds one package: set package to %s, or output to another folder than %s",
		other, file, other, filepath.Dir(l.Output))
}

// neighbour is a file of another package than name in the folder of output, and that package; without a name, a file of
// any package. Files that are built for
// no system, those with "//go:build ignore" for example, do not count, and neither does the test of the guards.
func neighbour(output, name string) (file, other string) {
	entries, err := os.ReadDir(filepath.Dir(output))
	if err != nil {
		return "", ""
	}
	folder := filepath.Dir(output)
	for _, entry := range entries {
		base := entry.Name()
		path := filepath.Join(folder, base)
		if match, err := build.Default.MatchFile(folder, base); err != nil || !match || samePath(path, output) || samePath(path, testFile(output)) {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly)
		if err == nil && !joins(parsed.Name.Name, base, name) {
			return base, strings.TrimSuffix(parsed.Name.Name, "_test")
		}
	}
	return "", ""
}

// joins reports whether a file of the package can lie beside one of the package name: a test from outside can, and the
// go command ignores the package documentation.
func joins(pkg, base, name string) bool {
	return pkg == name || pkg == "documentation" || strings.HasSuffix(base, "_test.go") && pkg == name+"_test"
}
