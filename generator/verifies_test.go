package generator_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// TestGenerateVerifies: Generate refuses what the verification of overrides and the checks of names refuse, and hands out
// no file then. The packages of the stages test what they find; here somebody has to ask them.
func TestGenerateVerifies(t *testing.T) {
	const row = `{guard.Operation{{.Operation.PolicyLiteral}}, `
	for _, test := range []struct {
		name, config, template string
		edit                   [2]string // of the built-in template; the whole text when the old one is empty
		rule                   string
		operation              string // that the finding names
	}{
		{"a hook that registers", "", "hooks.tmpl", [2]string{"", "{{define \"admitted\"}}\n\thttp.HandleFunc(\"/back-door\", nil)\n{{- end}}\n"}, "template-unguarded", ""},
		{"a hook that declares init", "", "hooks.tmpl", [2]string{"", "{{define \"declarations\"}}\nfunc init() {}\n{{end}}\n"}, "template-unguarded", ""},
		{"a declaration that guards need, changed", "", "interfaces.tmpl", [2]string{"HasRole(guard.Role) bool", "HasRole(string) bool"}, "template-unguarded", ""},
		{"a protected block", "", "operations.tmpl", [2]string{row, "{guard.Operation{Public: true}, "}, "template-protected", ""},
		{"a table that is not the policy", "{path: templates, unprotected: [operations, policy, linker, entitlements]}", "operations.tmpl", [2]string{row, "{guard.Operation{Public: true}, "}, "template-unguarded", "GetOrder"},
		{"a table that lacks a row", "{path: templates, unprotected: [operations, policy, linker, entitlements]}", "operations.tmpl", [2]string{"{{- range .Routes}}", "{{- range slice .Routes 1}}"}, "template-unguarded", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := workspace(t, "same-package", nil)
			edit(t, config, "output:", "templates: "+strings.Replace(test.config+"templates", "}templates", "}", 1)+"\noutput:")
			text := test.edit[1]
			if test.edit[0] != "" {
				built, err := os.ReadFile(filepath.Join("..", "templates", test.template))
				if err != nil {
					t.Fatal(err)
				}
				if text = strings.Replace(string(built), test.edit[0], test.edit[1], 1); text == string(built) {
					t.Fatalf("%s does not contain %q", test.template, test.edit[0])
				}
			}
			if err := os.Mkdir(filepath.Join(filepath.Dir(config), "templates"), 0o755); err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(filepath.Dir(config), "templates", test.template), text)
			result := generator.Generate(config)
			lines := strings.Join(found(result, filepath.Dir(config)), "\n")
			if len(result.Files) != 0 || !result.Diagnostics.HasErrors() || !strings.Contains(lines, ": "+test.rule+": ") || !strings.Contains(lines, test.operation) {
				t.Errorf("%d files to write, and\n%s\nwant %s", len(result.Files), lines, test.rule)
			}
		})
	}
}
