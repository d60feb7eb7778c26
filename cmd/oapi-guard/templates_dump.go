package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesDumpCommand() *cobra.Command {
	var folder string
	command := &cobra.Command{
		Use:   "dump [name...]",
		Short: "Write built-in templates into the folder of templates, ready to edit",
		Long: `Writes the named built-in templates, or all of them, into the folder of templates that the configuration
names, or into --dir. A file that is there already is never overwritten: nothing is written then.

Delete the blocks and the files that you do not change: what is not overridden follows the built-in
templates. The first line of a file says what it was made from, and the hidden folder ` + keptFolder + ` keeps that:
commit it, so that templates diff can show what the built-in templates changed since.`,
		Example: `  oapi-guard templates dump guards.tmpl
  oapi-guard templates dump --dir templates`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeTemplates,
		RunE:              func(c *cobra.Command, args []string) error { return a.dumpTemplates(c, folder, args) },
	}
	command.Flags().StringVar(&folder, "dir", "", "`folder` to write into in place of the configuration's")
	mustSucceed(command.MarkFlagDirname("dir"))
	return command
}

func (a *app) dumpTemplates(c *cobra.Command, folder string, args []string) error {
	names, err := templateNames(c, args)
	if err != nil {
		return err
	}
	if strings.Contains(folder, "://") {
		return usageError{c.CommandPath(), fmt.Sprintf("--dir %s is a URL: it must be a folder", folder)}
	}
	if folder == "" {
		if folder, _, err = a.templateFolder(c); err != nil {
			return err
		}
	}
	if folder == "" {
		return usageError{c.CommandPath(), "no configuration names a folder of templates: set templates there, or use --dir"}
	}
	if err := dump(folder, names); err != nil {
		return err
	}
	for _, name := range names {
		a.progress("wrote %s", filepath.Join(folder, filepath.FromSlash(name)))
	}
	return nil
}

// dump writes templates with their records, and copies of them to compare with later: all or none. It does not follow
// links that lead out of the folder.
func dump(folder string, names []string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := refuseTaken(root, names); err != nil {
		return err
	}
	d := dumping{root: root, replaced: map[string][]byte{}}
	for _, name := range names {
		d.write(name, recordOf(name).String()+templates.Source(name), os.O_EXCL)
		d.write(path.Join(keptFolder, name), templates.Source(name), os.O_TRUNC)
	}
	return d.finish()
}

// refuseTaken refuses to overwrite: it names every file that is there.
func refuseTaken(root *os.Root, names []string) error {
	var taken []string
	for _, name := range names {
		_, err := root.Lstat(name)
		switch {
		case err == nil:
			taken = append(taken, filepath.Join(root.Name(), filepath.FromSlash(name)))
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s: %w", root.Name(), err)
		}
	}
	if len(taken) == 0 {
		return nil
	}
	return fmt.Errorf("there already, and not overwritten: %s; nothing was written", strings.Join(taken, ", "))
}
