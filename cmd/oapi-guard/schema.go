package main

import (
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

func (a *app) schemaCommand() *cobra.Command {
	var ofMatrix bool
	command := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of oapi-guard.yaml for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of oapi-guard.yaml. Editors with a YAML language server use it
when the file names it:

  # yaml-language-server: $schema=./oapi-guard.schema.json

With --matrix it prints the schema of the output of matrix --format json.`,
		Example: "  oapi-guard schema > oapi-guard.schema.json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			schema := generator.Schema()
			if ofMatrix {
				schema = matrix.Schema()
			}
			_, _ = a.stdout.Write(schema)
			return nil
		},
	}
	command.Flags().BoolVar(&ofMatrix, "matrix", false, "print the schema of matrix --format json")
	return command
}
