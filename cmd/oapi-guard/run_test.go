package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// commands are all commands, cobra's own included.
func commands(t *testing.T) []*cobra.Command {
	t.Helper()
	a := &app{stdout: &stickyWriter{w: io.Discard}, stderr: io.Discard}
	root := a.rootCommand()
	a.addCommands(root)
	all := []*cobra.Command{root}
	for i := 0; i < len(all); i++ {
		all = append(all, all[i].Commands()...)
	}
	return all
}

func TestEveryCommandIsDocumented(t *testing.T) {
	for _, c := range commands(t) {
		if c.Short == "" || !strings.Contains(c.Example, "oapi-guard") {
			t.Errorf("%s: short %q, example %q", c.CommandPath(), c.Short, c.Example)
		}
		for _, line := range strings.Split(c.Long, "\n") {
			if len(line) > 110 {
				t.Errorf("%s: a line of the help has %d characters: %s", c.CommandPath(), len(line), line)
			}
		}
	}
}

func TestVerbs(t *testing.T) {
	var verbs []string
	for _, c := range commands(t)[0].Commands() {
		verbs = append(verbs, c.Name())
	}
	want := []string{"check", "completion", "diff", "explain", "generate", "help", "init", "matrix", "overlay", "probe", "schema", "templates", "version", "vet"}
	if slices.Sort(verbs); !slices.Equal(verbs, want) {
		t.Errorf("verbs = %v, want %v", verbs, want)
	}
}

// brokenWriter is a full disk, or a pipe that nobody reads.
type brokenWriter struct{ writes int }

func (w *brokenWriter) Write([]byte) (int, error) {
	w.writes++
	return 0, errors.New("no space left")
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"schema"}, {"matrix", "../../testdata/golden/checks/openapi.yaml"}, {"templates", "ls"}, {"-h"}, {"completion", "bash"}} {
		var stderr bytes.Buffer
		stdout := &brokenWriter{}
		if code := run(args, nil, stdout, &stderr); code != 2 {
			t.Errorf("%v: exit code %d, want 2", args, code)
		}
		if want := "oapi-guard: cannot write the output: no space left\n"; stderr.String() != want {
			t.Errorf("%v: stderr %q, want %q", args, stderr.String(), want)
		}
		if stdout.writes != 1 {
			t.Errorf("%v: %d writes after the first failed", args, stdout.writes-1)
		}
	}
}

// TestRunWithoutArguments: no arguments are no arguments, whatever the process was started with.
func TestRunWithoutArguments(t *testing.T) {
	t.Chdir(t.TempDir())
	defer func(args []string) { os.Args = args }(os.Args)
	os.Args = []string{"oapi-guard", "version"}
	var stdout, stderr bytes.Buffer
	if code := run(nil, nil, &stdout, &stderr); code != 2 {
		t.Errorf("exit code %d, want 2: %s%s", code, stdout.String(), stderr.String())
	}
	if !strings.Contains(stdout.String(), "oapi-guard init") {
		t.Errorf("stdout %q does not say what to do", stdout.String())
	}
}

func TestColored(t *testing.T) {
	terminal, err := os.Open(os.DevNull) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	tests := []struct {
		name          string
		stdout        io.Writer
		noColorFlag   bool
		noColor, term string
		want          bool
	}{
		{"terminal", terminal, false, "", "xterm", true},
		{"flag", terminal, true, "", "xterm", false},
		{"NO_COLOR", terminal, false, "1", "xterm", false},
		{"dumb terminal", terminal, false, "", "dumb", false},
		{"pipe", &bytes.Buffer{}, false, "", "xterm", false},
	}
	for _, test := range tests {
		t.Setenv("NO_COLOR", test.noColor)
		t.Setenv("TERM", test.term)
		a := &app{stdout: &stickyWriter{w: test.stdout}, noColor: test.noColorFlag}
		if got := a.colored(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
