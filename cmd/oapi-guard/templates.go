package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "templates",
		Short: "List, dump and compare the templates of the guards",
		Long: `Templates make the guards, and a folder of your own may change them: it fills hooks, and replaces blocks.
The folder is templates in oapi-guard.yaml. docs/TEMPLATES.md has the hooks, with examples, and the data of
templates.`,
		Example: `  oapi-guard templates ls                  # what there is, and what is overridden
  oapi-guard templates dump admitted       # a hook to fill
  oapi-guard templates dump roles.tmpl     # a copy to edit
  oapi-guard templates diff                # what the overrides change`,
		Args: onlyVerbs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
		// How many letters a misspelt verb may be off.
		SuggestionsMinimumDistance: 2,
	}
	command.AddCommand(a.templatesLsCommand(), a.templatesDumpCommand(), a.templatesDiffCommand(), a.templatesAcceptCommand())
	return command
}

// onlyVerbs refuses words that are no verb of a command that has some.
func onlyVerbs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	if similar := c.SuggestionsFor(args[0]); len(similar) > 0 {
		message += ", did you mean " + strings.Join(similar, " or ") + "?"
	}
	return usageError{c.CommandPath(), message}
}

// templateFolder is where the configuration in use has its templates, and how they are read. The folder is empty when
// nothing names one, also for lack of a configuration.
func (a *app) templateFolder(c *cobra.Command) (folder string, options generator.OverrideOptions, err error) {
	if len(a.configs) > 1 {
		return "", options, usageError{c.CommandPath(), c.Name() + " reads one configuration: give -c once"}
	}
	path := a.configPaths()[0]
	if _, err := os.Stat(path); len(a.configs) == 0 && errors.Is(err, fs.ErrNotExist) {
		a.progress("there is no %s", path)
		return a.templates, options, nil
	}
	a.progress("reading %s", path)
	folder, options, list := generator.TemplateFolder(path)
	if list.HasErrors() {
		return "", options, a.finish(list)
	}
	return cmp.Or(a.templates, folder), options, nil
}

// overrides are those of the configuration in use, nil when it has no folder of templates.
func (a *app) overrides(c *cobra.Command) (*generator.Overrides, error) {
	folder, options, err := a.templateFolder(c)
	if err != nil || folder == "" {
		return nil, err
	}
	options.Inspect = true
	loaded, list := generator.LoadOverrides(folder, options)
	if loaded == nil {
		return nil, a.finish(list)
	}
	return loaded, nil
}

// someOverrides are the overrides, and the names of those that the arguments ask for: all without arguments.
func (a *app) someOverrides(c *cobra.Command, args []string) (*generator.Overrides, []string, error) {
	names, err := templateNames(c, args)
	if err != nil {
		return nil, nil, err
	}
	overrides, err := a.overrides(c)
	switch {
	case err != nil:
		return nil, nil, err
	case overrides == nil:
		return nil, nil, usageError{c.CommandPath(), "nothing is overridden: no configuration names a folder of templates, nor does --templates"}
	case len(args) == 0:
		return overrides, overrides.Names(), nil
	}
	for _, name := range names {
		if overrides.Path(name) == "" {
			return nil, nil, usageError{c.CommandPath(), fmt.Sprintf("%s does not override %s; it overrides %s",
				overrides.Dir, name, orNothing(overrides.Names()))}
		}
	}
	return overrides, names, nil
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// templateNames are the built-in templates that the arguments name, each once; all without arguments.
func templateNames(c *cobra.Command, args []string) ([]string, error) {
	all := templates.Names()
	if len(args) == 0 {
		return all, nil
	}
	asked := make([]string, len(args))
	for i, arg := range args {
		asked[i] = filepath.ToSlash(arg)
		if !slices.Contains(all, asked[i]) {
			return nil, usageError{c.CommandPath(), unknownTemplate(asked[i])}
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return !slices.Contains(asked, name) }), nil
}

// unknownTemplate says what was probably meant: a name without its ending, a block, or a misspelt name.
func unknownTemplate(name string) string {
	message := fmt.Sprintf("there is no template %s", name)
	hint := diag.DidYouMean(name, templates.Names())
	if similar := diag.Suggest(name+".tmpl", templates.Names()); hint == "" && similar != "" {
		hint = fmt.Sprintf("; did you mean %q?", similar)
	}
	for _, t := range templates.List() {
		if hint == "" && slices.Contains(t.Blocks, name) {
			hint = fmt.Sprintf("; it is a block of %s", t.Name)
		}
	}
	return message + hint + "; known are " + strings.Join(templates.Names(), ", ")
}

// completeTemplates completes the names of built-in templates that are not on the command line yet, for dump those of hooks as well.
func completeTemplates(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	names := templates.Names()
	if c.Name() == "dump" {
		names = append(names, templates.Blocks(templates.Hook)...)
	}
	left := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) })
	return left, cobra.ShellCompDirectiveNoFileComp
}
