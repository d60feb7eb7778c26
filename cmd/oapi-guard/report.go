package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// withFiles generates for every configuration, in memory, and hands the files on. It prints the findings of the generator
// and those of use together. With an error among the generator's, there are no files to use.
func (a *app) withFiles(use func([]write.File) (diag.List, error)) error {
	var (
		files []write.File
		list  diag.List
	)
	for _, path := range a.configPaths() {
		done := a.during("reading " + path)
		result := generator.GenerateWith(path, generator.Options{Templates: a.templates, FailOn: string(a.failOn)})
		done()
		files = append(files, result.Files...)
		list.Add(result.Diagnostics)
	}
	if list.HasErrors() {
		return a.finish(list)
	}
	more, err := use(files)
	if err != nil {
		return err
	}
	list.Add(more)
	return a.finish(list)
}

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

// format is the output format of findings.
type format string

const (
	formatText   format = "text"
	formatJSON   format = "json"
	formatGitHub format = "github"
	formatSARIF  format = "sarif"
)

func formatNames() []string {
	return []string{string(formatText), string(formatJSON), string(formatGitHub), string(formatSARIF)}
}

// String, Set and Type are for the flag (pflag.Value).
func (f *format) String() string { return string(*f) }

// Set accepts the names of the formats only.
func (f *format) Set(value string) error {
	if !slices.Contains(formatNames(), value) {
		return fmt.Errorf("must be one of %s", strings.Join(formatNames(), ", "))
	}
	*f = format(value)
	return nil
}

// Type is the name of the value in the help text.
func (f *format) Type() string { return "format" }

// print writes the findings in the chosen format. The machine-readable ones are complete documents even
// without findings. a.stdout remembers a failing output.
func (a *app) print(list diag.List) {
	switch a.format {
	case formatJSON:
		_ = diag.JSON(a.stdout, list)
	case formatGitHub:
		_ = diag.GitHub(a.stdout, list)
	case formatSARIF:
		_ = diag.SARIF(a.stdout, list, diag.Tool{
			Name: "oapi-guard", Version: moduleVersion(), InformationURI: "https://" + modulePath, Rules: generator.Rules(),
		})
	default:
		_ = diag.Text(a.stdout, list, a.textOptions())
	}
}

// textOptions show source lines to people only: programs read one finding per line.
func (a *app) textOptions() diag.TextOptions {
	options := diag.TextOptions{Color: a.colored()}
	if isTerminal(a.stdout.w) {
		options.Source = os.ReadFile
	}
	return options
}
