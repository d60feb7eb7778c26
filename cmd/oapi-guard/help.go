package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// helpCommand is cobra's, but an unknown topic is a usage error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "Print the help of a command, as -h does",
		Example: "  oapi-guard help init",
		RunE: func(c *cobra.Command, args []string) error {
			topic, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return usageError{c.Root().CommandPath(), fmt.Sprintf("no help for %q", strings.Join(args, " "))}
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}

// completeCompletion gives cobra's own commands an example, and an error for unknown arguments.
func completeCompletion(root *cobra.Command) {
	examples := map[string]string{
		"bash":       "  oapi-guard completion bash > /etc/bash_completion.d/oapi-guard",
		"zsh":        `  oapi-guard completion zsh > "${fpath[1]}/_oapi-guard"`,
		"fish":       "  oapi-guard completion fish > ~/.config/fish/completions/oapi-guard.fish",
		"powershell": "  oapi-guard completion powershell | Out-String | Invoke-Expression",
	}
	for _, completion := range root.Commands() {
		if completion.Name() != "completion" {
			continue
		}
		completion.Example = "  source <(oapi-guard completion bash)"
		completion.Args = noArguments
		completion.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
		for _, shell := range completion.Commands() {
			shell.Args, shell.Example = noArguments, examples[shell.Name()]
		}
	}
}
