package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

func (a *app) checkCommand() *cobra.Command {
	return a.addFailOnFlag(a.addTemplatesFlag(&cobra.Command{
		Use:   "check",
		Short: "Fail when the committed guards are stale, and show how",
		Long: `Generates in memory, compares the result with the files, and prints a unified diff of the changes that
generate would make; with another --format, one finding for each stale file. Exits with 1 when there is a
difference. Writes nothing.`,
		Example: `  oapi-guard check
  oapi-guard check | git apply            # the same as generate
  oapi-guard check --fail-on warning      # no finding at all
  oapi-guard check --format sarif > guards.sarif`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return a.check() },
	}))
}

func (a *app) check() error {
	var changes []write.Change
	finished := a.withFiles(func(files []write.File) (list diag.List, err error) {
		if changes, err = write.Plan(files); err != nil {
			return refusals(err)
		}
		if a.format != formatText {
			list, changes = stale(changes), nil
		}
		return list, nil
	})
	return a.printChanges(changes, finished)
}

// printChanges prints the diffs, and the remedy on stderr.
func (a *app) printChanges(changes []write.Change, finished error) error {
	if len(changes) == 0 {
		return finished
	}
	for _, change := range changes {
		_, _ = a.stdout.Write(unified(change))
	}
	fmt.Fprintf(a.stderr, "oapi-guard: stale: run go generate, and commit %s\n", names(changes))
	return exitFindings
}

// unified is the change as git prints one; a new file comes from /dev/null.
func unified(change write.Change) []byte {
	path := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(change.Path)), "/")
	old := "a/" + path
	if change.Missing {
		old = "/dev/null"
	}
	return diff.Diff(old, change.Old, "b/"+path, change.Content)
}

// stale are the changes as findings, for the formats that hold nothing else.
func stale(changes []write.Change) diag.List {
	var list diag.List
	for _, change := range changes {
		message := "the file is stale: run go generate, and commit it"
		if change.Missing {
			message = "the file is missing: run go generate, and commit it"
		}
		list.Report(diag.Position{File: change.Path}, write.RuleStale, "%s", message)
	}
	return list
}

func names(changes []write.Change) string {
	var paths []string
	for _, change := range changes {
		paths = append(paths, change.Path)
	}
	return strings.Join(paths, ", ")
}
