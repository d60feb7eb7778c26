package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesDumpCommand() *cobra.Command {
	var folder string
	command := &cobra.Command{
		Use:   "dump [name...]",
		Short: "Write hooks or built-in templates into the folder of templates, ready to edit",
		Long: `Writes the named hooks and built-in templates, or all templates, into the folder of templates that the
configuration names, or into --dir. A file that is there already is never overwritten: nothing is written
then.

A hook is the three lines that it takes. Of templates, delete the blocks and the files that you do not
change: those follow the built-in templates. The first line of a file names its origin, and the hidden
folder ` + keptFolder + ` keeps a copy: commit it, so that templates diff can show later changes.`,
		Example: `  oapi-guard templates dump admitted denied
  oapi-guard templates dump roles.tmpl
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
	files, err := filesToDump(c, args)
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
	if err := dump(folder, files); err != nil {
		return err
	}
	for _, file := range files {
		a.progress("wrote %s", filepath.Join(folder, filepath.FromSlash(file.name)))
	}
	return nil
}

// dumped is a file to write. One of hooks has no origin to compare with later.
type dumped struct{ name, text, origin string }

// filesToDump are the templates and hooks that the arguments name, all templates without arguments.
func filesToDump(c *cobra.Command, args []string) ([]dumped, error) {
	var names []string
	var files []dumped
	for _, arg := range args {
		if templates.KindOf(arg) != templates.Hook || strings.HasSuffix(arg, ".tmpl") {
			names = append(names, arg)
			continue
		}
		owner, err := hookOwner(c, arg)
		if err != nil {
			return nil, err
		}
		files = addHook(files, owner, arg)
	}
	if len(args) > 0 && len(names) == 0 {
		return files, nil
	}
	names, err := templateNames(c, names)
	for _, name := range names {
		source := templates.Source(name)
		files = append(files, dumped{name, templates.RecordOf(name).String() + source, source})
	}
	return files, err
}

// hookOwner is the template that has a hook.
func hookOwner(c *cobra.Command, hook string) (string, error) {
	var owners []string
	for _, t := range templates.List() {
		if slices.Contains(t.Blocks, hook) {
			owners = append(owners, t.Name)
		}
	}
	if len(owners) > 1 {
		return "", usageError{c.CommandPath(), fmt.Sprintf("%s is a hook of %s: dump the one for your framework", hook, strings.Join(owners, " and "))}
	}
	return owners[0], nil
}

// addHook adds a hook to the file for its template.
func addHook(files []dumped, owner, hook string) []dumped {
	text := templates.HookText(owner, hook)
	for i := range files {
		if files[i].name == owner {
			files[i].text += "\n" + text
			return files
		}
	}
	return append(files, dumped{name: owner, text: text})
}

// dump writes templates with their records, and copies of them to compare with later: all or none. It does not follow
// links that lead out of the folder.
func dump(folder string, files []dumped) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	if err := refuseTaken(root, files); err != nil {
		return err
	}
	d := rollback{root: root, replaced: map[string][]byte{}}
	for _, file := range files {
		d.write(file.name, file.text, os.O_EXCL)
		if file.origin != "" {
			d.write(path.Join(keptFolder, file.name), file.origin, os.O_TRUNC)
		}
	}
	return d.finish()
}

// refuseTaken refuses to overwrite: it names every file that is there.
func refuseTaken(root *os.Root, files []dumped) error {
	var taken []string
	for _, file := range files {
		_, err := root.Lstat(file.name)
		switch {
		case err == nil && file.origin == "":
			return fmt.Errorf("%s is there already, and not overwritten: add this to it\n%s", filepath.Join(root.Name(), filepath.FromSlash(file.name)), file.text)
		case err == nil:
			taken = append(taken, filepath.Join(root.Name(), filepath.FromSlash(file.name)))
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("%s: %w", root.Name(), err)
		}
	}
	if len(taken) == 0 {
		return nil
	}
	return fmt.Errorf("there already, and not overwritten: %s; nothing was written", strings.Join(taken, ", "))
}
