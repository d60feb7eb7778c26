package render

import (
	"slices"
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
		for _, block := range f.replacing() {
			switch {
			case templates.KindOf(block) != templates.Protected:
			case slices.Contains(o.unprotected, block):
				diags.Report(f.DefinedAt(block), ruleUnprotected, "%q holds the guard and is replaced: nothing verifies what it writes", block)
			default:
				diags.Report(f.DefinedAt(block), ruleProtected, "%q holds the guard. Fill a hook instead (%s), or name the block in oapi-guard.yaml under templates, unprotected",
					block, strings.Join(templates.Blocks(templates.Hook), ", "))
			}
		}
	}
}

// replacing are the blocks of a file, or the file itself where it has no blocks built in.
func (f *TemplateFile) replacing() []string {
	if f.Name == FileTemplate {
		return append([]string{FileTemplate}, f.blocks()...)
	}
	return f.blocks()
}
