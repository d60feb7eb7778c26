package server

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// ImportPath is the path by which other packages import the one in dir: the module path of the nearest go.mod
// in dir or above it, and the folders from there (go.dev/ref/mod#module-path). Dir need not exist yet.
func ImportPath(dir string) (string, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	root, module, err := findModule(absolute)
	if err != nil {
		return "", err
	}
	below, err := filepath.Rel(root, absolute)
	if err != nil {
		return "", err
	}
	return path.Join(module, filepath.ToSlash(below)), nil
}

// PackageDir is the folder of the package at an import path, as seen from a folder of the same module, or empty when the
// path is another module's.
func PackageDir(importPath, from string) string {
	absolute, err := filepath.Abs(from)
	if err != nil {
		return ""
	}
	root, module, err := findModule(absolute)
	below, inside := strings.CutPrefix(importPath+"/", module+"/")
	if err != nil || !inside {
		return ""
	}
	return filepath.Join(root, filepath.FromSlash(below))
}

// findModule is the folder and the module path of the nearest go.mod.
func findModule(dir string) (root, module string, err error) {
	for root = dir; ; root = filepath.Dir(root) {
		file := filepath.Join(root, "go.mod")
		content, err := os.ReadFile(file)
		if err == nil {
			return readModule(root, file, content)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", "", err
		}
		if root == filepath.Dir(root) {
			return "", "", fmt.Errorf("no go.mod in %s or above it: run go mod init", dir)
		}
	}
}

func readModule(root, file string, content []byte) (string, string, error) {
	module := modfile.ModulePath(content)
	if module == "" {
		return "", "", fmt.Errorf("%s has no module line", file)
	}
	return root, module, nil
}
