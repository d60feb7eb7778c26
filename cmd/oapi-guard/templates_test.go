package main

import (
	"maps"
	"slices"
	"testing"
	"text/template"

	"github.com/oapi-guard/oapi-guard/templates"
)

func TestCutBlocks(t *testing.T) {
	tests := map[string]struct {
		text string
		want map[string]string
	}{
		"none":     {"text {{if .X}}x{{end}}", nil},
		"two":      {"{{define \"a\"}}x{{end}}\n{{- define `b` -}}{{- end -}}\n", map[string]string{"a": `{{define "a"}}x{{end}}`, "b": "{{- define `b` -}}{{- end -}}"}},
		"nested":   {`{{define "a"}}{{range .}}{{with .}}{{if .}}x{{else if .}}y{{end}}{{else}}{{end}}{{end}}{{end}}`, map[string]string{"a": `{{define "a"}}{{range .}}{{with .}}{{if .}}x{{else if .}}y{{end}}{{else}}{{end}}{{end}}{{end}}`}},
		"inside":   {`{{define "a"}}{{block "b" .}}x{{end}}{{end}}`, map[string]string{"a": `{{define "a"}}{{block "b" .}}x{{end}}{{end}}`, "b": `{{block "b" .}}x{{end}}`}},
		"comments": {"{{/* {{define \"x\"}} */}}{{define \"a\"}}{{- /* }} {{end}} */ -}}x{{end}}", map[string]string{"a": "{{define \"a\"}}{{- /* }} {{end}} */ -}}x{{end}}"}},
		"strings":  {"{{define \"a\"}}{{\"}}{{end}}\\\"\"}}{{`}}{{end}}`}}{{'\\''}}{{end}}", map[string]string{"a": "{{define \"a\"}}{{\"}}{{end}}\\\"\"}}{{`}}{{end}}`}}{{'\\''}}{{end}}"}},
		"escaped":  {`{{define "a\"b"}}{{end}}`, map[string]string{`a"b`: `{{define "a\"b"}}{{end}}`}},
		"words":    {`{{define "a"}}{{.end}}{{$if := 1}}{{- $if}}{{end}}`, map[string]string{"a": `{{define "a"}}{{.end}}{{$if := 1}}{{- $if}}{{end}}`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := template.New("").Parse(test.text); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for block, text := range test.want {
				want[block] = text + "\n"
			}
			if got := cutBlocks(test.text); !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// TestCutBuiltIn: what is cut of every built-in template are the blocks that it lists.
func TestCutBuiltIn(t *testing.T) {
	for _, builtIn := range templates.List() {
		got := slices.Sorted(maps.Keys(cutBlocks(templates.Source(builtIn.Name))))
		want := slices.Sorted(slices.Values(builtIn.Blocks))
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", builtIn.Name, got, want)
		}
	}
}
