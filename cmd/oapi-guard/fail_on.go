package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// failOn is the mildest severity that fails a run.
type failOn string

const (
	failOnError   failOn = "error"
	failOnWarning failOn = "warning"
)

// addFailOnFlag adds the flag of the commands that fail on findings.
func (a *app) addFailOnFlag(command *cobra.Command) *cobra.Command {
	command.Flags().Var(&a.failOn, "fail-on", "`severity` that fails the run: error, or warning, which makes errors of warnings")
	mustSucceed(command.RegisterFlagCompletionFunc("fail-on",
		cobra.FixedCompletions([]string{string(failOnError), string(failOnWarning)}, cobra.ShellCompDirectiveNoFileComp)))
	return command
}

// String, Set and Type are for the flag (pflag.Value).
func (f *failOn) String() string { return string(*f) }

// Set accepts the two severities only.
func (f *failOn) Set(value string) error {
	switch failOn(value) {
	case failOnError, failOnWarning:
		*f = failOn(value)
		return nil
	}
	return fmt.Errorf("must be one of %s, %s", failOnError, failOnWarning)
}

// Type is the name of the value in the help text.
func (f *failOn) Type() string { return "severity" }
