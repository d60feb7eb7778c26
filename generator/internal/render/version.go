package render

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/templates"
)

// onlyVersion1 are the files and blocks that version 1 of the templates had and version 2 has not.
var onlyVersion1 = []string{
	"guards.tmpl", "policy.tmpl", "principal.tmpl", "routes.tmpl", "server.tmpl",
	"guards", "holdings", "link", "routes", "strict-arguments", "strict-prepare",
}

// checkVersion returns one error for all overrides that were written for version 1, and nothing when there are none. It can go
// by the blocks alone.
func (o *Overrides) checkVersion(byBlocks bool) diag.List {
	var at diag.Position
	var outdated []string
	for _, f := range o.Files {
		record, _ := templates.CutRecord(f.text)
		old := !byBlocks && record.Version == 1
		for _, name := range append([]string{f.Name}, f.blocks()...) {
			old = old || slices.Contains(onlyVersion1, name)
		}
		if !old {
			continue
		}
		outdated = append(outdated, f.Name)
		if at.File == "" {
			at = diag.Position{File: f.Path, Line: 1, Column: 1}
		}
	}
	if outdated == nil {
		return nil
	}
	var one diag.List
	one.Report(at, ruleVersion, "%s: written for version 1 of the templates, and this is version %d. "+
		"Overrides no longer copy the guards: move what yours add into hooks (%s; oapi-guard templates dump HOOK), and delete the copies. "+
		"Dump blocks of comments again. docs/TEMPLATES.md says which hook stands for which block of version 1",
		strings.Join(outdated, ", "), templates.Version, strings.Join(templates.Blocks(templates.Hook), ", "))
	return one
}
