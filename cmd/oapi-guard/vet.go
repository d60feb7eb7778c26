package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
)

func (a *app) vetCommand() *cobra.Command {
	return a.addFailOnFlag(&cobra.Command{
		Use:   "vet [document]...",
		Short: "Find policies that are valid and seldom meant",
		Long: `Reports everything about the document that generate refuses or warns of, and policies that are valid and
seldom meant: public operations that change something, keys in queries, 401 and 403 mixed up, and more.

Without a document it looks at those of the configurations, where vet: {rule: off} switches rules. In the
document, x-guard-ignore: {rule: reason} says that a finding is meant to be so. Warnings do not fail the run
without --fail-on warning.`,
		Example: `  oapi-guard vet
  oapi-guard vet --fail-on warning --format github
  oapi-guard vet openapi.yaml             # a document without a configuration
  oapi-guard explain public-write         # the rule behind a finding`,
		RunE: func(_ *cobra.Command, documents []string) error { return a.vet(documents) },
	})
}

func (a *app) vet(documents []string) error {
	if err := readable(documents); err != nil {
		return err
	}
	var list diag.List
	for _, options := range a.policyOptions(documents) {
		done := a.reading(options.Config + options.Spec)
		list.Add(generator.Vet(generator.VetOptions{PolicyOptions: options, FailOn: string(a.failOn)}))
		done()
	}
	return a.finish(list)
}

// readable fails for files that are not there: the command line is wrong then, and not the document.
func readable(documents []string) error {
	for _, document := range documents {
		if _, err := os.Stat(document); err != nil {
			return fmt.Errorf("the OpenAPI document cannot be read: %w", err)
		}
	}
	return nil
}

// policyOptions are the documents that are named, each with the configuration that is named, or else the documents of the
// configurations.
func (a *app) policyOptions(documents []string) []generator.PolicyOptions {
	var all []generator.PolicyOptions
	if len(documents) == 0 {
		documents = []string{""}
	}
	for _, document := range documents {
		configs := a.configs
		switch {
		case document == "":
			configs = a.configPaths()
		case len(configs) == 0:
			configs = []string{""}
		}
		for _, config := range configs {
			all = append(all, generator.PolicyOptions{Config: config, Spec: document})
		}
	}
	return all
}
