package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
)

// TestTemplatesPageExamples: what docs/TEMPLATES.md gives as examples does what the page says, all at once.
func TestTemplatesPageExamples(t *testing.T) {
	page, err := os.ReadFile("../../docs/TEMPLATES.md")
	if err != nil {
		t.Fatal(err)
	}
	example := func(beginning string) string {
		for _, match := range regexp.MustCompile("(?ms)^```\\w*\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
			if strings.HasPrefix(match[1], beginning) {
				return match[1]
			}
		}
		t.Fatalf("the page has no example that begins with %q", beginning)
		return ""
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"roles.tmpl": example(`{{define "roles"}}`),
		"hooks.tmpl": example(`{{define "admitted"}}`) + example(`{{define "denied"}}`) + example(`{{define "options"}}`) +
			example(`{{define "principal-methods"}}`),
		"nethttp/hooks.tmpl": example(`{{define "binding-error"}}`),
	} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	result := generator.GenerateWith("../../testdata/golden/chi/oapi-guard.yaml", generator.Options{Templates: folder})
	if result.Diagnostics.HasErrors() {
		t.Fatal(result.Diagnostics)
	}
	made := string(result.Files[len(result.Files)-1].Content)
	for _, want := range []string{
		"as the identity provider knows them", "options.DenialBody = deny", `"admitted", "operation", e.Operation`, `"denied", "operation", e.Operation`,
		"Tenant() string", `"malformed request"`,
	} {
		if !strings.Contains(made, want) {
			t.Errorf("the guards do not have %s", want)
		}
	}
}
