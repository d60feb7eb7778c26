package main

import (
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

func (a *app) schemaCommand() *cobra.Command {
	var extensions, ofMatrix, credentials bool
	command := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of oapi-guard.yaml for editors",
		Long: `Prints the JSON Schema (draft 2020-12) of oapi-guard.yaml. Editors with a YAML language server use it
when the file names it:

  # yaml-language-server: $schema=./oapi-guard.schema.json

With --extensions it is that of the extensions in an OpenAPI document, such as x-required-roles. It looks at
nothing else; a schema of both combines it with OpenAPI's:

  {"allOf": [{"$ref": "https://spec.openapis.org/oas/3.1/schema/2022-10-07"},
             {"$ref": "extensions.schema.json"}]}

With --matrix it is that of the output of matrix --format json, and with --credentials that of the file
that probe reads.`,
		Example: `  oapi-guard schema > oapi-guard.schema.json
  oapi-guard schema --extensions > extensions.schema.json`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			schema := generator.Schema()
			switch {
			case extensions:
				schema = generator.ExtensionSchema()
			case ofMatrix:
				schema = matrix.Schema()
			case credentials:
				schema = probe.Schema()
			}
			_, _ = a.stdout.Write(schema)
			return nil
		},
	}
	command.Flags().BoolVar(&extensions, "extensions", false, "the schema of the extensions in an OpenAPI document")
	command.Flags().BoolVar(&ofMatrix, "matrix", false, "print the schema of matrix --format json")
	command.Flags().BoolVar(&credentials, "credentials", false, "print the schema of the file that probe reads")
	command.MarkFlagsMutuallyExclusive("extensions", "matrix", "credentials")
	return command
}
