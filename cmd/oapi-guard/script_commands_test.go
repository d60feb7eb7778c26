package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exit is the script command "exit CODE COMMAND ...".
func exit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit code command ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exited *exec.ExitError
		if !errors.As(err, &exited) {
			ts.Fatalf("%v", err)
		}
		got = exited.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// replace is the script command "replace FILE OLD NEW": OLD, which FILE has once, becomes NEW.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace file old new")
	}
	content := ts.ReadFile(args[0])
	if count := strings.Count(content, args[1]); count != 1 {
		ts.Fatalf("%s has %q %d times", args[0], args[1], count)
	}
	content = strings.Replace(content, args[1], args[2], 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content), 0o644))
}

// fileState is what must not change of a file.
type fileState struct {
	mode    fs.FileMode
	content string
	changed time.Time
}

// remembered is the key of the state that the script command remember keeps.
type remembered struct{}

func remember(ts *testscript.TestScript, _ bool, _ []string) {
	*ts.Value(remembered{}).(*map[string]fileState) = readTree(ts)
}

func untouched(ts *testscript.TestScript, _ bool, _ []string) {
	before := *ts.Value(remembered{}).(*map[string]fileState)
	after := readTree(ts)
	for path, state := range after {
		if old, known := before[path]; !known {
			ts.Fatalf("%s is new", path)
		} else if old != state {
			ts.Fatalf("%s was written", path)
		}
	}
	for path := range before {
		if _, there := after[path]; !there {
			ts.Fatalf("%s is gone", path)
		}
	}
}

// readTree reads every file of the script's folder, hidden ones too: a temporary file would be one.
func readTree(ts *testscript.TestScript) map[string]fileState {
	tree := map[string]fileState{}
	root := ts.MkAbs(".")
	ts.Check(filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == ".tmp": // testscript's own
			return filepath.SkipDir
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		state := fileState{mode: info.Mode()}
		if entry.Type().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			state.content, state.changed = string(content), info.ModTime()
		}
		tree[strings.TrimPrefix(path, root)] = state
		return nil
	}))
	return tree
}

// copyMissing copies a tree, except for files that are there.
func copyMissing(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimSuffix(relative, ".txt"))
		if _, err := os.Lstat(target); err == nil {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
}
