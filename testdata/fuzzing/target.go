package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// target is a fuzz target and the folder of its package.
type target struct {
	dir, name string
	slow      bool // so that it gets a tenth of a number of inputs
}

func (t target) String() string { return filepath.ToSlash(t.dir) + " " + t.name }

var declared = regexp.MustCompile(`(?m)^(//fuzzing:slow\n)?func (Fuzz\w*)\(`)

// time is the time for the target.
func (t target) time(wanted string) string {
	count, isCount := strings.CutSuffix(wanted, "x")
	if n, err := strconv.Atoi(count); t.slow && isCount && err == nil {
		return strconv.Itoa(max(n/10, 1)) + "x"
	}
	return wanted
}

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
			if t := (target{filepath.Dir(path), string(m[2]), len(m[1]) > 0}); only.MatchString(t.String()) {
				targets = append(targets, t)
			}
		}
		return err
	})
	return targets, err
}
