package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
)

// fault is a mistake that somebody could make, as an edit of one file.
type fault struct {
	name, what string // what becomes possible
	file       string
	old, new   string
	tests      []string // a module, a package and a regular expression of tests
	generate   []string // the golden cases to generate anew, for faults of the generator
	at         string   // where it is written
}

// readFaults reads the tables of a folder. A fault looks like a diff:
//
//	== name: what becomes possible
//	file: runtime/guard.go
//	test: runtime . TestBehaviour
//	 a line that stays
//	-a line that goes
//	+a line that comes
//
// A fault of the generator that shows in generated code names the golden cases to generate anew ("generate: std-http").
func readFaults(dir string) ([]*fault, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.diff"))
	if err != nil {
		return nil, err
	}
	t := table{names: map[string]bool{}}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for i, line := range strings.Split(string(text), "\n") {
			at := fmt.Sprintf("%s:%d", path, i+1)
			if err := t.read(line, at); err != nil {
				return nil, fmt.Errorf("%s: %w", at, err)
			}
		}
	}
	return t.faults, nil
}

// table is what was read of the faults.
type table struct {
	faults []*fault
	names  map[string]bool
}

func (t *table) read(line, at string) error {
	head, begins := strings.CutPrefix(line, "== ")
	switch {
	case begins:
		name, what, _ := strings.Cut(head, ": ")
		if t.names[name] || what == "" {
			return fmt.Errorf("the fault %q is there twice, or does not say what becomes possible", name)
		}
		t.names[name] = true
		t.faults = append(t.faults, &fault{name: name, what: what, at: at})
	case len(t.faults) > 0 && line != "" && line[0] != '#':
		return t.faults[len(t.faults)-1].add(line)
	}
	return nil
}

func (f *fault) add(line string) error {
	key, value, _ := strings.Cut(line, ": ")
	switch {
	case line[0] == ' ':
		f.old, f.new = f.old+line[1:]+"\n", f.new+line[1:]+"\n"
	case line[0] == '-':
		f.old += line[1:] + "\n"
	case line[0] == '+':
		f.new += line[1:] + "\n"
	case key == "file":
		f.file = value
	case key == "test":
		if len(strings.Fields(value)) != 3 {
			return fmt.Errorf("%q is not a module, a package and a regular expression", value)
		}
		f.tests = append(f.tests, value)
	case key == "generate":
		f.generate = strings.Fields(value)
	default:
		return fmt.Errorf("%q is no part of a fault", line)
	}
	return nil
}

// apply is the file with the fault. It is an error when the old text is not there exactly once, when nothing changes,
// and when Go code does not parse.
func (f *fault) apply(root string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(f.file)))
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", f.at, f.name, err)
	}
	text := append([]byte("\n"), source...)
	old := []byte("\n" + f.old)
	switch n := bytes.Count(text, old); {
	case f.old == f.new || len(f.tests) == 0:
		return nil, fmt.Errorf("%s: %s changes nothing, or names no test", f.at, f.name)
	case n != 1:
		return nil, fmt.Errorf("%s: %s does not apply any more: its old text stands %d times in %s", f.at, f.name, n, f.file)
	}
	text = bytes.Replace(text, old, []byte("\n"+f.new), 1)[1:]
	if strings.HasSuffix(f.file, ".go") {
		if _, err := format.Source(text); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", f.at, f.name, err)
		}
	}
	return text, nil
}
