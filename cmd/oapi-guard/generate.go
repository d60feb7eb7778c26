package main

import (
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

func (a *app) generateCommand() *cobra.Command {
	return a.addTemplatesFlag(&cobra.Command{
		Use:   "generate",
		Short: "Generate the guards (the default without a verb)",
		Long: `Reads the OpenAPI document and the server that oapi-codegen generated from it, and writes the guards.

All problems are reported in one run, with their positions, and nothing is written then. With several -c,
all of their guards are written or none. A file that oapi-guard did not generate is never replaced, and
an unchanged file is left alone.`,
		Example: `  oapi-guard
  oapi-guard generate -c orders/oapi-guard.yaml -c users/oapi-guard.yaml
  oapi-guard generate --format github     # in a GitHub workflow: findings appear on the lines they are about`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error { return a.generate() },
	})
}

func (a *app) generate() error {
	files, list := a.build()
	if list.HasErrors() {
		return a.finish(list)
	}
	changed, err := write.Commit(files)
	refused, err := refusals(err)
	if err != nil {
		return err
	}
	for _, path := range changed {
		a.progress("wrote %s", path)
	}
	if len(changed) == 0 && refused == nil {
		a.progress("everything is up to date")
	}
	return a.finish(append(list, refused...))
}

// build runs the generator for every configuration, in memory.
func (a *app) build() ([]write.File, diag.List) {
	var (
		files []write.File
		list  diag.List
	)
	for _, path := range a.configPaths() {
		a.progress("reading %s", path)
		result := generator.GenerateWith(path, generator.Options{Templates: a.templates})
		files = append(files, result.Files...)
		list = append(list, result.Diagnostics...)
	}
	return files, list
}

func (a *app) configPaths() []string {
	if len(a.configs) == 0 {
		return []string{defaultConfig}
	}
	return a.configs
}
