// Package transcript holds the README of a program to what the program says: it runs the commands of all console
// blocks, and compares what they print.
package transcript

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the transcripts of README.md again")

var console = regexp.MustCompile("(?s)```console\n(.*?)```")

// Shell runs a command and returns what it prints.
type Shell func(t *testing.T, command string) string

// Check runs the commands of README.md: the lines of console blocks that begin with "$ ", one after the other. With
// -update it writes what they print.
func Check(t *testing.T, shell Shell) {
	t.Helper()
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	got := console.ReplaceAllStringFunc(string(content), func(block string) string {
		var b strings.Builder
		b.WriteString("```console\n")
		for line := range strings.Lines(block) {
			if command, found := strings.CutPrefix(line, "$ "); found {
				b.WriteString(line + shell(t, strings.TrimSpace(command)))
			}
		}
		return b.String() + "```"
	})
	switch {
	case got == string(content):
	case !*update:
		t.Errorf("README.md is not what the program says (-update writes it):\n%s", firstDifference(got, string(content)))
	default:
		if err := os.WriteFile("README.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func firstDifference(got, want string) string {
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i, line := range gotLines {
		if i >= len(wantLines) || line != wantLines[i] {
			return "the program: " + line + "\nREADME.md:   " + strings.Join(wantLines[min(i, len(wantLines)):min(i+1, len(wantLines))], "")
		}
	}
	return "README.md goes on"
}
