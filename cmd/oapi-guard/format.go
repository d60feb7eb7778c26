package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

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
