package main

import (
	"os"
	"path"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesAcceptCommand() *cobra.Command {
	return a.addTemplatesFlag(&cobra.Command{
		Use:   "accept [name...]",
		Short: "Record that overrides have what the built-in templates changed",
		Long: `Renews the first line of overrides, of those named or of all, and the copies in the folder ` + keptFolder + `, as if
they had been dumped today. An override without such a line gets one. Nothing else of it changes: first apply
what templates diff --since shows. Files of hooks need no such line, and get one only by name.`,
		Example: `  oapi-guard templates diff --since roles.tmpl | patch -p1 -d templates
  oapi-guard templates accept roles.tmpl`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeTemplates,
		RunE:              func(c *cobra.Command, args []string) error { return a.acceptTemplates(c, args) },
	})
}

func (a *app) acceptTemplates(c *cobra.Command, args []string) error {
	overrides, names, err := a.someOverrides(c, args)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(overrides.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	d := rollback{root: root, replaced: map[string][]byte{}}
	var renewedPaths []string
	for _, name := range names {
		if len(args) == 0 && hasHooks(name) {
			continue // a hook copies nothing
		}
		d.write(path.Join(keptFolder, name), templates.Source(name), os.O_TRUNC)
		source := overrides.Source(name)
		_, body := templates.CutRecord(source)
		if renewed := templates.RecordOf(name).String() + body; renewed != source {
			d.write(name, renewed, os.O_TRUNC)
			renewedPaths = append(renewedPaths, overrides.Path(name))
		}
	}
	if err := d.finish(); err != nil {
		return err
	}
	for _, path := range renewedPaths {
		a.progress("wrote %s", path)
	}
	return nil
}

// hasHooks reports whether the blocks of a built-in template are hooks.
func hasHooks(name string) bool {
	for _, t := range templates.List() {
		if t.Name == name {
			return t.Kind == templates.Hook
		}
	}
	return false
}
