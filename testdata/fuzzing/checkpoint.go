package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// finished are the targets that a checkpoint has for a time.
func finished(file, wanted string) (map[string]bool, error) {
	done := map[string]bool{}
	if file == "" {
		return done, nil
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	for line := range strings.Lines(string(content)) {
		if words := strings.Fields(line); len(words) > 2 && words[2] == wanted {
			done[words[0]+" "+words[1]] = true
		}
	}
	return done, err
}

var execs = regexp.MustCompile(`execs: (\d+) `)

// inputs is the last number of inputs that Go told.
func inputs(said string) string {
	all := execs.FindAllStringSubmatch(said, -1)
	if len(all) == 0 {
		return "?"
	}
	return all[len(all)-1][1]
}

// note adds a finished target to a checkpoint: folder, name, time, number of inputs, date, commit.
func note(file string, t target, wanted, said string, now time.Time) error {
	if file == "" {
		return nil
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s %s %s inputs, %s, commit %s\n", t, wanted, inputs(said), now.UTC().Format(time.DateOnly), commit())
	return errors.Join(err, f.Close())
}

// commit is the one that is checked out, "unknown" outside of a repository.
func commit() string {
	out, _ := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	return cmp.Or(strings.TrimSpace(string(out)), "unknown")
}
