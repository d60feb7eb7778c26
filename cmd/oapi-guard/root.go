package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// defaultConfig is the configuration that is read when -c is not given.
const defaultConfig = "oapi-guard.yaml"

// app is one run of the command: its streams and its global flags.
type app struct {
	stdout  *stickyWriter
	stderr  io.Writer
	configs []string
	// templates is a folder of templates to use in place of the configuration's.
	templates string
	// failOn is the mildest severity that fails a run; empty leaves it to the configuration.
	failOn  failOn
	format  format
	verbose bool
	noColor bool
}

// run executes the command line and returns the exit code: 0 fine, 1 findings or stale guards, 2 usage,
// configuration or input and output.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdout: &stickyWriter{w: stdout}, stderr: stderr, format: formatText}
	root := a.rootCommand()
	root.SetArgs(append([]string{}, args...)) // cobra reads os.Args when it gets nil
	root.SetIn(stdin)
	root.SetOut(a.stdout)
	root.SetErr(stderr)
	a.addCommands(root)
	return a.exit(root.Execute())
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "oapi-guard",
		Short: "Generate typed guards for oapi-codegen servers",
		Long: `oapi-guard generates guards for the servers that oapi-codegen generates: every operation asks
for the credentials and roles that the OpenAPI document demands before its handler runs.

A 401 answers a caller who has not proved their identity, and says how to; a 403 answers a known caller
who may not do this.

Without a verb, oapi-guard generates.`,
		Example: `  oapi-guard init                 # detect oapi-codegen's configuration, write oapi-guard.yaml
  oapi-guard                      # generate the guards that oapi-guard.yaml describes
  oapi-guard check                # in CI: fail when the committed guards are stale`,
		Args:          noArguments,
		RunE:          func(*cobra.Command, []string) error { return a.generate() },
		SilenceErrors: true,
		SilenceUsage:  true,
		// SuggestionsMinimumDistance is the number of letters that a misspelt verb may differ in.
		SuggestionsMinimumDistance: 2,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{c.CommandPath(), err.Error()} })
	a.addGlobalFlags(root)
	a.addTemplatesFlag(root)
	a.addFailOnFlag(root)
	return root
}

func (a *app) addGlobalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.SortFlags = false
	flags.StringArrayVarP(&a.configs, "config", "c", nil,
		"configuration `file`, may be repeated (default "+defaultConfig+")")
	flags.Var(&a.format, "format", "output format of findings: "+strings.Join(formatNames(), ", "))
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "print on stderr which files are read and written")
	flags.BoolVar(&a.noColor, "no-color", false, "no colours on a terminal (like NO_COLOR)")
	mustSucceed(root.MarkPersistentFlagFilename("config", "yaml", "yml"))
	mustSucceed(root.RegisterFlagCompletionFunc("format",
		cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)))
}

// addTemplatesFlag adds the flag of the commands that run templates.
func (a *app) addTemplatesFlag(command *cobra.Command) *cobra.Command {
	command.Flags().StringVar(&a.templates, "templates", "", "`folder` of templates to use in place of the configuration's")
	mustSucceed(command.MarkFlagDirname("templates"))
	return command
}

// mustSucceed is for calls that fail only when this program is wrong, at start-up, every time.
func mustSucceed(err error) {
	if err != nil {
		panic(err)
	}
}

func (a *app) addCommands(root *cobra.Command) {
	root.AddCommand(a.generateCommand(), a.checkCommand(), a.diffCommand(), a.explainCommand(), a.initCommand(), a.matrixCommand(),
		a.overlayCommand(), a.probeCommand(), a.schemaCommand(), a.templatesCommand(), a.vetCommand(), a.versionCommand())
	root.SetHelpCommand(helpCommand())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	completeCompletion(root)
}

// noArguments refuses words after a command; on the root they are verbs that do not exist.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if c.HasParent() {
		return usageError{c.CommandPath(), fmt.Sprintf("%s takes no arguments, got %q", c.Name(), args[0])}
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	if similar := c.SuggestionsFor(args[0]); len(similar) > 0 {
		message += ", did you mean " + strings.Join(similar, " or ") + "?"
	}
	return usageError{c.CommandPath(), message}
}

// progress prints a step on stderr with -v.
func (a *app) progress(form string, args ...any) {
	if a.verbose {
		fmt.Fprintf(a.stderr, "oapi-guard: "+form+"\n", args...)
	}
}
