package server

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Where guards have no server's package, they may lie beside other files of the program.

// DeclaredBeside are the package-level names of the files of a package beside an output. A file that does not parse is
// the compiler's to report.
func DeclaredBeside(output, name string) map[string]diag.Position {
	declared := map[string]diag.Position{}
	for _, path := range neighbours(output) {
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil || file.Name.Name != name {
			continue
		}
		for id, object := range file.Scope.Objects {
			at := files.Position(object.Pos())
			declared[id] = diag.Position{File: path, Line: at.Line, Column: at.Column}
		}
	}
	return declared
}

// neighbours are the Go files beside an output, tests excluded.
func neighbours(output string) []string {
	dir, own := filepath.Dir(output), filepath.Base(output)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // the folder is not there yet
	}
	var paths []string
	for _, entry := range entries {
		name := entry.Name()
		ignored := strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "_test.go")
		if strings.HasSuffix(name, ".go") && name != own && !ignored {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}
