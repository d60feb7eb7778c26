package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/templates"
)

// checkProtection refuses overrides of blocks that hold the guard, but for those that the configuration names, at a
// position: those are warned of.
func (o *Overrides) checkProtection(named diag.Position, diags *diag.List) {
	protected := templates.Blocks(templates.Protected)
	for _, block := range o.unprotected {
		if !slices.Contains(protected, block) {
			diags.Report(named, ruleTemplateName, "unprotected: %q is not a protected block%s", block, knownNames(block, protected))
		}
	}
	for _, f := range o.Files {
		replaced := f.protected()
		left := slices.DeleteFunc(slices.Clone(replaced), func(block string) bool { return slices.Contains(o.unprotected, block) })
		switch {
		case len(left) > 0:
			diags.Report(f.firstOf(left), ruleProtected, "%s of the guard: fill a hook instead (oapi-guard templates ls lists them), "+
				"or name the block in oapi-guard.yaml, templates: {unprotected: [%s]}", parts(left), strings.Join(left, ", "))
		case len(replaced) > 0:
			diags.Report(f.firstOf(replaced), ruleUnprotected, "%s of the guard and replaced: nothing verifies what is written there", parts(replaced))
		}
	}
}

// protected are the protected blocks that a file replaces, sorted; file.tmpl is itself one.
func (f *TemplateFile) protected() []string {
	owners, names := blockOwners(), f.blocks()
	if f.Name == FileTemplate {
		names = append(names, FileTemplate)
	}
	return slices.DeleteFunc(names, func(block string) bool {
		return templates.KindOf(block) != templates.Protected || block != f.Name && !MayDefine(f.Name, owners[block])
	})
}

// firstOf is where the first of some blocks is defined.
func (f *TemplateFile) firstOf(blocks []string) diag.Position {
	var all []diag.Position
	for _, block := range blocks {
		all = append(all, f.DefinedAt(block))
	}
	return slices.MinFunc(all, diag.Position.Compare)
}

// parts names blocks as the subject of a sentence.
func parts(blocks []string) string {
	words := make([]string, len(blocks))
	for i, block := range blocks {
		words[i] = strconv.Quote(block)
	}
	if len(words) == 1 {
		return "the block " + words[0] + " is a part"
	}
	return "the blocks " + strings.Join(words, ", ") + " are parts"
}
