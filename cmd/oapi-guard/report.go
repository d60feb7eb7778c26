package main

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// finish prints the findings and turns them into an exit code.
func (a *app) finish(list diag.List) error {
	list.Sort()
	a.print(list)
	switch {
	case !list.HasErrors():
		return nil
	case aboutConfiguration(list):
		return exitFailure
	}
	return exitFindings
}

// aboutConfiguration reports whether an error is in oapi-guard.yaml or oapi-codegen's configuration, and
// not in the document or the server: such a run has found out nothing about the API.
func aboutConfiguration(list diag.List) bool {
	for _, d := range list {
		if d.Severity == diag.Error && (strings.HasPrefix(d.Rule, "config-") || d.Rule == "server-file") {
			return true
		}
	}
	return false
}

// refusals are the targets that write would not touch, as findings; other errors stay errors.
func refusals(err error) (diag.List, error) {
	problems := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		problems = joined.Unwrap()
	}
	var list diag.List
	for _, problem := range problems {
		var refused *write.RefusedError
		if !errors.As(problem, &refused) {
			return nil, err
		}
		list.Errorf(diag.Position{File: refused.Path}, write.RuleForeign, "%s", refused.Reason)
	}
	return list, nil
}

// isTerminal reports whether people read what is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colored reports whether the output may hold escape sequences (no-color.org).
func (a *app) colored() bool {
	return !a.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(a.stdout.w)
}
