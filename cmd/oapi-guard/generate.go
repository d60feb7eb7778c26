package main

import (
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

func (a *app) generateCommand() *cobra.Command {
	return a.addFailOnFlag(a.addTemplatesFlag(&cobra.Command{
		Use:   "generate",
		Short: "Generate the guards (the default without a verb)",
		Long: `Reads the OpenAPI document and the server that oapi-codegen generated from it, if there is one, and writes
the guards.

All problems are reported in one run, with their positions, and nothing is written then. With several -c,
all of their guards are written or none. A file that oapi-guard did not generate is never replaced, and
an unchanged file is left alone.`,
		Example: `  oapi-guard
  oapi-guard generate -c orders/oapi-guard.yaml -c users/oapi-guard.yaml
  oapi-guard generate --format github     # in a GitHub workflow: findings appear on the lines they are about`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return a.generate() },
	}))
}

func (a *app) generate() error { return a.withFiles(a.commit) }

// commit writes the files, and returns those that must not be replaced as findings.
func (a *app) commit(files []write.File) (diag.List, error) {
	changed, err := write.Commit(files)
	if err != nil {
		return refusals(err)
	}
	for _, path := range changed {
		a.progress("wrote %s", path)
	}
	if len(changed) == 0 {
		a.progress("everything is up to date")
	}
	return nil, nil
}

func (a *app) configPaths() []string {
	if len(a.configs) == 0 {
		return []string{defaultConfig}
	}
	return a.configs
}
