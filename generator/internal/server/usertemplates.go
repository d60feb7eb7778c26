package server

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// readTemplates replaces the paths among the templates of a configuration by what the files hold. As in
// oapi-codegen, a value of several lines is a template itself; unlike there, a path is never taken for a URL.
func readTemplates(options GenerateOptions, diags *diag.List) map[string]string {
	given := options.Config.OutputOptions.UserTemplates
	read := make(map[string]string, len(given))
	for _, name := range codegen.SortedMapKeys(given) {
		value := given[name]
		if !strings.Contains(value, "\n") {
			value = readTemplate(name, value, options, diags)
		}
		read[name] = value
	}
	return read
}

func readTemplate(name, path string, options GenerateOptions, diags *diag.List) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(options.Dir, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		diags.Report(diag.Position{File: options.ConfigFile}, ruleTemplate,
			"the template %s cannot be read (%s: %s): user-templates names local files, nothing is downloaded", name, path, cause(err))
		return ""
	}
	if strings.Contains(string(content), "\n") {
		return string(content)
	}
	// oapi-codegen takes a text of one line for a path. This comment makes two lines of it, and prints nothing.
	return string(content) + "{{/*\n*/}}"
}
