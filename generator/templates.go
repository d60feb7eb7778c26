package generator

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// Overrides are templates of a folder that replace built-in ones.
type Overrides = render.Overrides

// OverrideOptions say how a folder of overrides is read.
type OverrideOptions = render.OverrideOptions

// LoadOverrides reads the templates of a folder. The overrides are nil when there are errors.
func LoadOverrides(dir string, options OverrideOptions) (*Overrides, diag.List) {
	return render.LoadOverrides(dir, options)
}

// TemplateFolder is the folder of templates that a configuration names, empty when it names none, and how it is read.
func TemplateFolder(configPath string) (folder string, options OverrideOptions, diags diag.List) {
	c, diags := config.Load(configPath)
	if c == nil {
		return "", OverrideOptions{}, diags
	}
	return c.Templates, overrideOptions(c), diags
}

func overrideOptions(c *config.Config) OverrideOptions {
	return OverrideOptions{Unprotected: c.Unprotected, At: c.Position("templates.unprotected"), Others: c.OutputTemplates()}
}

// Functions describes the functions that templates have beside those of text/template, by name.
func Functions() map[string]string { return render.Functions() }

// Schema is the JSON Schema (draft 2020-12) of oapi-guard.yaml, for editors.
func Schema() []byte { return config.Schema() }

// ExtensionSchema is the JSON Schema (draft 2020-12) of the extensions of OpenAPI documents that guards know, for
// editors. It looks at nothing else, and is meant to be combined with the schema of OpenAPI.
func ExtensionSchema() []byte { return spec.ExtensionSchema() }
