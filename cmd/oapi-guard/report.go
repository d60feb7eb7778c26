package main

import (
	"errors"
	"io"
	"os"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// finish prints the findings and turns them into an exit code.
func (a *app) finish(list diag.List) error {
	list.Sort()
	a.print(list)
	if !list.HasErrors() {
		return nil
	}
	return exitCode(list.Exit())
}

// refusals turns the refused targets of package write into findings; other errors stay errors.
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
		list.Report(diag.Position{File: refused.Path}, write.RuleForeign, "%s", refused.Reason)
	}
	return list, nil
}

// isTerminal reports whether a person reads the output.
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
