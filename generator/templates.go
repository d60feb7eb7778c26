package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
)

// Overrides are templates of a folder that replace built-in ones.
type Overrides = render.Overrides

// LoadOverrides reads the templates of a folder, without those at the paths of others. The overrides are nil when there
// are errors.
func LoadOverrides(dir string, others ...string) (*Overrides, diag.List) {
	return render.LoadOverrides(dir, others...)
}

// TemplateFolder is the folder of templates that a configuration names, empty when it names none, and the templates of
// its other outputs, which may lie there too.
func TemplateFolder(configPath string) (folder string, others []string, diags diag.List) {
	c, diags := config.Load(configPath)
	if c == nil {
		return "", nil, diags
	}
	return c.Templates, c.OutputTemplates(), diags
}

// Functions describes the functions that templates have beside those of text/template, by name.
func Functions() map[string]string { return render.Functions() }

// Schema is the JSON Schema (draft 2020-12) of oapi-guard.yaml, for editors.
func Schema() []byte { return config.Schema() }
