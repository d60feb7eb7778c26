package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/templates"
)

func (a *app) templatesDiffCommand() *cobra.Command {
	var since bool
	command := a.addTemplatesFlag(&cobra.Command{
		Use:   "diff [name...]",
		Short: "Show what overrides change, and what the built-in templates changed since",
		Long: `Prints a unified diff from each built-in template of today to its override, for those named or for all.
Where an override has only some blocks, or was not dumped, each block is compared with the built-in block.
Where a built-in template is not what it was when it was dumped, what changed in it comes first. Exits with
1 when there is a difference. Writes nothing.

That a built-in template changed is known from the first line of the override, and what changed from the
copy in the folder ` + keptFolder + `. Without the line neither can be told, and without the copy only that it
changed.`,
		Example: `  oapi-guard templates diff
  oapi-guard templates diff --since | patch -p1 -d templates   # take over what the built-in templates changed`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeTemplates,
		RunE:              func(c *cobra.Command, args []string) error { return a.diffTemplates(c, since, args) },
	})
	command.Flags().BoolVar(&since, "since", false, "only what the built-in templates changed since they were dumped")
	return command
}

func (a *app) diffTemplates(c *cobra.Command, since bool, args []string) error {
	overrides, names, err := a.someOverrides(c, args)
	if err != nil {
		return err
	}
	different := false
	for _, name := range names {
		changed := a.diffBuiltIn(overrides, name)
		different = different || changed
		if since {
			continue
		}
		changes := overrideDiff(overrides, name)
		_, _ = a.stdout.Write(changes)
		different = different || len(changes) > 0
	}
	if different {
		return exitFindings
	}
	return nil
}

// diffBuiltIn prints what changed in a built-in template since its override was dumped, and reports whether
// anything did.
func (a *app) diffBuiltIn(overrides *generator.Overrides, name string) bool {
	then, _ := templates.CutRecord(unixLines(overrides.Source(name)))
	now := templates.RecordOf(name)
	if then.Hash == "" || then == now {
		return false
	}
	at := overrides.Path(name)
	if then.Name != name {
		fmt.Fprintf(a.stderr, "oapi-guard: %s: the first line says that it was made from %s\n", at, then.Name)
		return true
	}
	if then.Version != now.Version {
		fmt.Fprintf(a.stderr, "oapi-guard: %s: made for version %d of the templates, today's is %d\n", at, then.Version, now.Version)
	}
	if then.Hash == now.Hash {
		return true
	}
	kept := filepath.Join(overrides.Dir, keptFolder, filepath.FromSlash(name))
	content, err := os.ReadFile(kept)
	old := unixLines(string(content))
	if err != nil || templates.Hash(old) != then.Hash {
		fmt.Fprintf(a.stderr, "oapi-guard: %s: the built-in template changed since this was dumped; "+
			"what changed is not known, since %s is not the template of then\n", at, kept)
		return true
	}
	fmt.Fprintf(a.stderr, "oapi-guard: %s: the built-in template changed since this was dumped\n", at)
	_, _ = a.stdout.Write(diff.Diff("dumped/"+name, []byte(old), "built-in/"+name, []byte(templates.Source(name))))
	return true
}

// overrideDiff is what an override changes: of the file when it has all of it, else of each block.
func overrideDiff(overrides *generator.Overrides, name string) []byte {
	then, text := templates.CutRecord(unixLines(overrides.Source(name)))
	builtIn := templates.Source(name)
	label := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(overrides.Path(name))), "/")
	blocks := overrides.Blocks(name)
	own, theirs := cutBlocks(builtIn), cutBlocks(text)
	if len(own) == 0 || then.Hash != "" && hasAll(blocks, own) {
		return diff.Diff("built-in/"+name, []byte(builtIn), label, []byte(text))
	}
	var all []byte
	for _, block := range blocks {
		from, old := builtInBlock(name, block)
		if from != "/dev/null" {
			from = "built-in/" + from + " block " + block
		}
		all = append(all, diff.Diff(from, []byte(old), label+" block "+block, []byte(theirs[block]))...)
	}
	return all
}

// hasAll reports whether every cut block is among the names.
func hasAll(names []string, blocks map[string]string) bool {
	for block := range blocks {
		if !slices.Contains(names, block) {
			return false
		}
	}
	return true
}

// keptFolder is the folder, below that of the templates, of the built-in templates as they were when they were dumped.
// Overrides are not looked for in hidden folders.
const keptFolder = ".dumped"

// unixLines takes the carriage returns out that version control may have put in.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
