package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesLsCommand() *cobra.Command {
	return a.addTemplatesFlag(&cobra.Command{
		Use:   "ls",
		Short: "List the built-in templates, and say which are overridden",
		Long: `Lists every built-in template with the type of its data and its purpose, its blocks after their kind, and
what the folder of templates in use overrides of it. Hooks are blocks to fill. Blocks of appearance may be
replaced if only comments change. Protected ones hold the guard. A block has the template's data unless
another type stands behind its name. Works without a configuration too: nothing is overridden then.`,
		Example: `  oapi-guard templates ls
  oapi-guard templates ls --templates ../shared/templates`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.listTemplates(c) },
	})
}

func (a *app) listTemplates(c *cobra.Command) error {
	overrides, err := a.overrides(c)
	if err != nil {
		return err
	}
	all := templates.List()
	known, width := map[string]bool{}, 0
	for _, t := range all {
		width = max(width, len(t.Name))
		for _, block := range t.Blocks {
			known[block] = true
		}
	}
	for _, t := range all {
		fmt.Fprintf(a.stdout, "%-*s  %s  %s\n", width, t.Name, t.Data, t.Purpose)
		fmt.Fprintf(a.stdout, "  %s\n", describeBlocks(t))
		if overridden := describeOverride(overrides, t, known); overridden != "" {
			fmt.Fprintf(a.stdout, "  %s\n", overridden)
		}
	}
	return nil
}

// describeBlocks lists the blocks of a template after their kind, with the type of their data where it is not the template's.
func describeBlocks(t templates.Template) string {
	if len(t.Blocks) == 0 {
		return string(t.Kind) + ": no blocks, overridden as a whole"
	}
	var blocks []string
	for _, block := range t.Blocks {
		if data := t.BlockData(block); data != t.Data {
			block += " (" + data + ")"
		}
		blocks = append(blocks, block)
	}
	return string(t.Kind) + ": " + strings.Join(blocks, ", ")
}

// describeOverride says what is overridden of a template and where, empty when nothing is. Blocks that are not built
// in serve the others.
func describeOverride(overrides *generator.Overrides, t templates.Template, known map[string]bool) string {
	if overrides == nil || overrides.Path(t.Name) == "" {
		return ""
	}
	blocks := slices.DeleteFunc(overrides.Blocks(t.Name), func(block string) bool { return !known[block] })
	if len(t.Blocks) == 0 {
		return "overridden by " + overrides.Path(t.Name) + ": as a whole"
	}
	missing := slices.ContainsFunc(t.Blocks, func(block string) bool { return !slices.Contains(blocks, block) })
	if !missing && len(t.Blocks) > 1 {
		return "overridden by " + overrides.Path(t.Name) + ": every block"
	}
	return "overridden by " + overrides.Path(t.Name) + ": " + orNothing(blocks)
}
