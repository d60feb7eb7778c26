package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// choice is a flag that has one of a few values.
type choice struct {
	value  string
	values []string
	kind   string
}

// addTo adds the flag to a command, with completion.
func (c *choice) addTo(command *cobra.Command, name, usage string) {
	command.Flags().Var(c, name, usage+": "+strings.Join(c.values, ", "))
	mustSucceed(command.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(c.values, cobra.ShellCompDirectiveNoFileComp)))
}

// String, Set and Type are for the flag (pflag.Value).
func (c *choice) String() string { return c.value }

// Set accepts the values only.
func (c *choice) Set(value string) error {
	if !slices.Contains(c.values, value) {
		return fmt.Errorf("must be one of %s", strings.Join(c.values, ", "))
	}
	c.value = value
	return nil
}

// Type is the name of the value in the help text.
func (c *choice) Type() string { return c.kind }
