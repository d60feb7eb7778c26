package render

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/imports"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// testBlock is the block of the test of the guards.
const testBlock = "guard-test"

// Test executes the built-in template of the test of the guards, and formats the result. Imports that it does not use are
// left out, for it has those of the guards.
func Test(f *view.File, path string) ([]byte, diag.List) {
	var diags diag.List
	set := newTemplateSet(framework.Framework(f.Framework), nil, &diags)
	data := *f
	for imported, asked := imports.SetOf(f.Imports), -1; len(diags) == 0; data.Imports = imported.List() {
		r := &Rendering{Path: path, Trace: &Trace{}, Data: &data}
		if r.Source = set.execute(testBlock, &data, imported, r.Trace, &diags); r.Source == nil {
			break
		}
		if imported.Asked() == asked {
			return r.format(&diags), diags
		}
		asked = imported.Asked()
	}
	return nil, diags
}
