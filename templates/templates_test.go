package templates_test

import (
	"slices"
	"strings"
	"testing"
	"text/template"

	"github.com/oapi-guard/oapi-guard/templates"
)

// TestList compares what is read from comments and text with what text/template finds.
func TestList(t *testing.T) {
	list := templates.List()
	if len(list) < 20 || list[0].Name != "checks.tmpl" {
		t.Fatalf("%d templates, the first is %v", len(list), list[:1])
	}
	for _, item := range list {
		parsed, err := template.New("").Funcs(template.FuncMap{"quote": strings.ToUpper, "import": strings.ToUpper, "join": strings.Join}).Parse(templates.Source(item.Name))
		if err != nil {
			t.Fatal(err)
		}
		var blocks []string
		for _, block := range parsed.Templates() {
			if block.Name() != "" {
				blocks = append(blocks, block.Name())
			}
		}
		slices.Sort(blocks)
		if got := slices.Sorted(slices.Values(item.Blocks)); !slices.Equal(got, blocks) {
			t.Errorf("%s: blocks %q, want %q", item.Name, got, blocks)
		}
		if item.Purpose == "" || strings.Contains(item.Purpose, "*/") || item.Data != "view.File" ||
			item.Kind != templates.Hook && item.Kind != templates.Appearance && item.Kind != templates.Protected {
			t.Errorf("%s: purpose %q, kind %q, data %q", item.Name, item.Purpose, item.Kind, item.Data)
		}
	}
}

func TestBlockData(t *testing.T) {
	want := map[string]string{"guarded": "view.File", "check": "view.CheckedMethod", "receiver-parameters": "view.Receivers"}
	for _, item := range templates.List() {
		if !strings.HasSuffix(item.Name, "family.tmpl") {
			continue
		}
		for block, data := range want {
			if got := item.BlockData(block); got != data {
				t.Errorf("%s, %s: %q, want %q", item.Name, block, got, data)
			}
		}
	}
}

func TestSource(t *testing.T) {
	for _, name := range templates.Names() {
		if templates.Source(name) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	if templates.Source("../go.mod") != "" || templates.Source("none.tmpl") != "" {
		t.Error("there is text for names that no template has")
	}
}

// TestHooks: what a hook is for, and how it is dumped: as a block that parses, fills nothing by itself unless the hook does
// something by default, and has the names of the variables.
func TestHooks(t *testing.T) {
	for _, item := range templates.List() {
		if item.Kind != templates.Hook {
			continue
		}
		for _, hook := range item.Blocks {
			text := templates.HookText(item.Name, hook)
			parsed, err := template.New("").Parse(text)
			if err != nil {
				t.Fatalf("%s, %s: %v\n%s", item.Name, hook, err, text)
			}
			empty := strings.TrimSpace(parsed.Lookup(hook).Root.String()) == ""
			if byDefault := item.Name != "hooks.tmpl"; empty == byDefault || strings.Count(text, "\n") != 3 {
				t.Errorf("%s, %s is dumped as\n%s", item.Name, hook, text)
			}
			if purpose := templates.HookPurpose(item.Name, hook); !strings.HasSuffix(purpose, ".") || strings.ContainsAny(purpose, "{\n") {
				t.Errorf("%s, %s is for %q", item.Name, hook, purpose)
			}
		}
	}
}

func TestRecord(t *testing.T) {
	const text = "{{define \"x\"}}{{end}}\n"
	for _, want := range []templates.Record{templates.RecordOf("roles.tmpl"), {Name: "nethttp/chi.tmpl", Version: 12, Hash: templates.Hash("then")}} {
		for _, line := range []string{want.String(), strings.ReplaceAll(want.String(), "\n", "\r\n")} {
			if got, rest := templates.CutRecord(line + text); got != want || rest != text {
				t.Errorf("%q: %v and %q", line, got, rest)
			}
		}
	}
	for _, line := range []string{"", " " + templates.RecordOf("roles.tmpl").String(), "{{- /* oapi-guard template */ -}}\n", "\n" + templates.RecordOf("roles.tmpl").String()} {
		if got, rest := templates.CutRecord(line + text); got.Hash != "" || rest != line+text {
			t.Errorf("%q: %v", line, got)
		}
	}
}
