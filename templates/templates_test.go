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
		parsed, err := template.New("").Funcs(template.FuncMap{"quote": strings.ToUpper}).Parse(templates.Source(item.Name))
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
		if item.Purpose == "" || strings.Contains(item.Purpose, "*/") || item.Data != "view.File" {
			t.Errorf("%s: purpose %q, data %q", item.Name, item.Purpose, item.Data)
		}
	}
}

func TestBlockData(t *testing.T) {
	want := map[string]string{"guarded": "view.Handing", "check": "view.Checked", "mount": "view.File"}
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
