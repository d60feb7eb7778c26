package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a", "a_test.go"), "package a\n\nfunc FuzzOne(f *testing.F) {}\n\n// func FuzzNone(f *testing.F) {}\nfunc FuzzTwo(f *testing.F) {\n}\n")
	put(t, filepath.Join(dir, "a", "a.go"), "package a\n\nfunc FuzzNotATest(f int) {}\n")
	put(t, filepath.Join(dir, ".git", "a_test.go"), "func FuzzHidden(f *testing.F) {}\n")
	put(t, filepath.Join(dir, "node_modules", "a_test.go"), "func FuzzForeign(f *testing.F) {}\n")
	for only, want := range map[string]string{"": "FuzzOne FuzzTwo", "a FuzzT": "FuzzTwo", "x": ""} {
		targets, err := find(dir, regexp.MustCompile(only))
		var names []string
		for _, one := range targets {
			names = append(names, one.name)
		}
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", only, got, err, want)
		}
	}
}

// A slow target gets a tenth of a number, and all of a time.
func TestSlow(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a_test.go"), "package a\n\n//fuzzing:slow\nfunc FuzzOne(f *testing.F) {}\n\nfunc FuzzTwo(f *testing.F) {}\n")
	targets, err := find(dir, regexp.MustCompile(""))
	if err != nil || len(targets) != 2 {
		t.Fatal(targets, err)
	}
	for wanted, want := range map[string]string{"1000x": "100x 1000x", "3x": "1x 3x", "1h": "1h 1h"} {
		if got := targets[0].time(wanted) + " " + targets[1].time(wanted); got != want {
			t.Errorf("%s: %s, want %s", wanted, got, want)
		}
	}
}

// An interrupted run goes on: what a checkpoint has is not run again, unless another time is asked for.
func TestCheckpoint(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fuzz.txt")
	if done, err := finished(file, "1h"); err != nil || len(done) > 0 {
		t.Error(done, err)
	}
	said := "fuzz: elapsed: 3s, execs: 12 (4/sec), new interesting: 1 (total: 2)\nfuzz: elapsed: 6s, execs: 345 (4/sec), new interesting: 1 (total: 2)\nPASS\n"
	for _, one := range []target{{dir: "a", name: "FuzzOne"}, {dir: "a/b", name: "FuzzTwo"}} {
		if err := note(file, one, "1h", said, time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	content, _ := os.ReadFile(file)
	if want := "a FuzzOne 1h 345 inputs, 2026-11-27, commit "; !strings.HasPrefix(string(content), want) {
		t.Errorf("%q, want %q", content, want)
	}
	done, err := finished(file, "1h")
	if err != nil || len(done) != 2 || !done["a FuzzOne"] || !done["a/b FuzzTwo"] {
		t.Error(done, err)
	}
	if done, _ := finished(file, "2h"); len(done) > 0 {
		t.Error(done)
	}
}

// A target that fails does not end the run, and makes it fail.
func TestRun(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "go.mod", "module m\n")
	const head, body = "package p\n\nimport \"testing\"\n\nfunc ", "(f *testing.F) { f.Fuzz(func(t *testing.T, _ int) { %s }) }\n"
	put(t, "a/a_test.go", head+"FuzzBad"+strings.ReplaceAll(body, "%s", "t.Error(1)"))
	put(t, "b/b_test.go", head+"FuzzGood"+strings.ReplaceAll(body, "%s", ""))
	var out strings.Builder
	err := run([]string{"-time", "2x", "-parallel", "1", "-checkpoint", "done.txt"}, &out)
	if err == nil || err.Error() != "1 of 2 targets failed: a FuzzBad" {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	if err := run([]string{"-time", "2x", "-parallel", "1", "-checkpoint", "done.txt", "-only", "Good"}, &out); err != nil || !strings.Contains(out.String(), "earlier run") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := run([]string{"-only", "nothing"}, &out); err == nil {
		t.Error("a run of nothing succeeds")
	}
	if err := run([]string{"-only", "("}, &out); err == nil {
		t.Error("a bad expression is accepted")
	}
}

// docs/FUZZING.md says of every target which law it holds.
func TestTargetsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/FUZZING.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	targets, err := find(".", regexp.MustCompile(""))
	if err != nil || len(targets) < 30 {
		t.Fatal(targets, err)
	}
	for _, one := range targets {
		if !strings.Contains(string(page), "| "+strings.ReplaceAll(one.String(), " ", " | ")+" | ") {
			t.Errorf("%s is not there", one)
		}
	}
	if rows := strings.Count(string(page), " | Fuzz"); rows != len(targets) {
		t.Errorf("%d rows, and %d targets", rows, len(targets))
	}
}
