package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// target is a fuzz target and the folder of its package.
type target struct{ dir, name string }

func (t target) String() string { return filepath.ToSlash(t.dir) + " " + t.name }

var declared = regexp.MustCompile(`(?m)^func (Fuzz\w*)\(`)

// find lists the targets below a folder, in the order of their files.
func find(root string, only *regexp.Regexp) (targets []target, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "node_modules"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			if t := (target{filepath.Dir(path), string(m[1])}); only.MatchString(t.String()) {
				targets = append(targets, t)
			}
		}
		return err
	})
	return targets, err
}
