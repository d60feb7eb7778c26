package main

import (
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of oapi-guard.yaml for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of oapi-guard.yaml. Editors with a YAML language server use it
when the file names it:

  # yaml-language-server: $schema=./oapi-guard.schema.json`,
		Example: "  oapi-guard schema > oapi-guard.schema.json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, _ = a.stdout.Write(generator.Schema())
			return nil
		},
	}
}
