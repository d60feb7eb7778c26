package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// matrixFlags are the flags of matrix.
type matrixFlags struct {
	format matrixFormat
	by     matrixOrder
	roles  []string
	output string
}

func (a *app) matrixCommand() *cobra.Command {
	var flags matrixFlags
	command := &cobra.Command{
		Use:   "matrix [document]",
		Short: "Show which role may call which operation",
		Long: `Prints a table of operations and roles, with the schemes, scopes and resource checks of each operation. The
document is that of oapi-guard.yaml, read with its overlay and filters, or the one that is given.

A cell is about a caller who holds this role and no other, and has the credentials and scopes that the
operation asks for:

  public  everybody gets in, without credentials too
  any     every authenticated caller gets in, whatever the role
  allow   the role gets in
  owner   gets in where the resource check (x-resource-check) passes
  partly  denied with this role alone: another role is needed as well
  deny    does not get in

The format html is one page that needs no network and no other file.`,
		Example: `  oapi-guard matrix
  oapi-guard matrix openapi.yaml --role support --role admin
  oapi-guard matrix --by role --format markdown
  oapi-guard matrix -o access.html        # the format is that of the file's name`,
		Args: atMostOneDocument,
		RunE: func(c *cobra.Command, args []string) error { return a.matrix(c, args, flags) },
	}
	set := command.Flags()
	set.SortFlags = false
	set.Var(&flags.format, "format", "output format: "+strings.Join(matrixFormats(), ", ")+" (default: text, or that of the output's name)")
	set.Var(&flags.by, "by", "order of the output: operation, or role, which lists what each role may call (default operation)")
	set.StringArrayVar(&flags.roles, "role", nil, "show this `role` only, may be repeated")
	set.StringVarP(&flags.output, "output", "o", "", "`file` to write in place of the standard output")
	mustSucceed(command.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(matrixFormats(), cobra.ShellCompDirectiveNoFileComp)))
	mustSucceed(command.RegisterFlagCompletionFunc("by", cobra.FixedCompletions(matrixOrders(), cobra.ShellCompDirectiveNoFileComp)))
	return command
}

func atMostOneDocument(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError{c.CommandPath(), fmt.Sprintf("%s reads one document, got %q too", c.Name(), args[1])}
	}
	return nil
}

func (a *app) matrix(c *cobra.Command, args []string, flags matrixFlags) error {
	p, err := a.policy(c, args)
	if err != nil {
		return err
	}
	m, err := matrix.New(p, matrix.Options{Roles: flags.roles, ByRole: flags.by == "role"})
	if err != nil {
		return err
	}
	if flags.output == "" {
		return a.writeMatrix(a.stdout, m, flags.format, matrix.TextOptions{Color: a.colored(), Width: terminalWidth(a.stdout.w)})
	}
	var content bytes.Buffer
	if err := a.writeMatrix(&content, m, flags.chosenFormat(), matrix.TextOptions{}); err != nil {
		return err
	}
	changed, err := write.Replace([]write.File{{Path: flags.output, Content: content.Bytes()}})
	for _, path := range changed {
		a.progress("wrote %s", path)
	}
	return err
}

// policy is that of the document in the arguments, or of the configuration. Errors of the document are printed; warnings
// are for generate and check.
func (a *app) policy(c *cobra.Command, args []string) (*policy.Policy, error) {
	if len(a.configs) > 1 {
		return nil, usageError{c.CommandPath(), c.Name() + " reads one configuration: give -c once"}
	}
	options := a.policyOptions(args)[0]
	done := a.reading(options.Config + options.Spec)
	p, list := generator.LoadPolicy(options)
	done()
	if list.HasErrors() {
		list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
		a.print(list)
		return nil, exitFailure
	}
	return p, nil
}

// chosenFormat is the flag's, or that of the output's name.
func (f matrixFlags) chosenFormat() matrixFormat {
	if f.format != "" {
		return f.format
	}
	switch strings.ToLower(filepath.Ext(f.output)) {
	case ".html", ".htm":
		return "html"
	case ".md", ".markdown":
		return "markdown"
	case ".csv":
		return "csv"
	case ".json":
		return "json"
	}
	return "text"
}

func (a *app) writeMatrix(w io.Writer, m *matrix.Matrix, format matrixFormat, options matrix.TextOptions) error {
	switch format {
	case "markdown":
		return matrix.Markdown(w, m)
	case "csv":
		return matrix.CSV(w, m)
	case "json":
		return matrix.JSON(w, m)
	case "html":
		return matrix.HTML(w, m)
	}
	return matrix.Text(w, m, options)
}

// terminalWidth is the number of columns of a terminal, or 0 where the output is none.
func terminalWidth(w io.Writer) int {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns < 1 {
		return 80
	}
	return max(columns, 40)
}

func matrixFormats() []string { return []string{"text", "markdown", "csv", "json", "html"} }

func matrixOrders() []string { return []string{"operation", "role"} }

// The values of the flags.
type (
	matrixFormat string
	matrixOrder  string
)

// String, Set and Type are for the flag (pflag.Value).
func (f *matrixFormat) String() string { return string(*f) }

// Set accepts the names of the formats only.
func (f *matrixFormat) Set(value string) error {
	if !slices.Contains(matrixFormats(), value) {
		return fmt.Errorf("must be one of %s", strings.Join(matrixFormats(), ", "))
	}
	*f = matrixFormat(value)
	return nil
}

// Type is the name of the value in the help text.
func (f *matrixFormat) Type() string { return "format" }

// String, Set and Type are for the flag (pflag.Value).
func (o *matrixOrder) String() string { return string(*o) }

// Set accepts the names of the orders only.
func (o *matrixOrder) Set(value string) error {
	if !slices.Contains(matrixOrders(), value) {
		return fmt.Errorf("must be one of %s", strings.Join(matrixOrders(), ", "))
	}
	*o = matrixOrder(value)
	return nil
}

// Type is the name of the value in the help text.
func (o *matrixOrder) Type() string { return "order" }
