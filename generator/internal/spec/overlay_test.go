package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// TestOverlayKeepsKinds: a document without changes is the same behind an overlay, with its kinds and places.
func TestOverlayKeepsKinds(t *testing.T) {
	root, diags := parseText("f.yaml", "a: null\nb: true\nc: 1\nd: 1.5\ne: 'true'\nf: '1'\ng: 'null'\nh: text\ni: [~, 'null', {'1': '2'}]\nj:\nk: ''\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	o := &overlaying{written: map[[2]string]diag.Position{}}
	if got, want := render(o.fromYAML("", o.toYAML(root))), render(root); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestOverlayPlaces: what an action writes has the place of the action's value, and nothing points outside.
func TestOverlayPlaces(t *testing.T) {
	o := &overlaying{written: map[[2]string]diag.Position{}}
	here, there := diag.Position{File: "a.yaml", Line: 1, Column: 1}, diag.Position{File: "overlay.yaml", Line: 2, Column: 2}
	mark := o.mark(here, "old")
	o.written[[2]string{"key", "new"}] = there
	o.written[[2]string{"key", "old"}] = there
	for _, test := range []struct {
		mark, key, value string
		want             diag.Position
	}{
		{mark, "key", "old", here}, {mark, "key", "new", there}, {mark, "other", "new", here}, {"1", "key", "old", diag.Position{}}, {"-1", "key", "old", diag.Position{}}, {"", "key", "old", diag.Position{}},
	} {
		if got := o.positionOf(test.key, &yaml.Node{Value: test.value, FootComment: test.mark}); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	actions, _ := parseText("overlay.yaml", "a: x\nb: {a: x, c: [y, y]}\n")
	o.note("", actions)
	if at := o.written[[2]string{"a", "x"}]; at.Line != 1 {
		t.Errorf("the first place is kept: %v", at)
	}
	if at := o.written[[2]string{"c", "y"}]; at.Line != 2 || at.Column != 15 {
		t.Errorf("members of a list have the key of the list: %v", at)
	}
	if at, found := o.written[[2]string{"b", ""}]; found {
		t.Errorf("a mapping is no value: %v", at)
	}
}

// TestOverlayRefused: an overlay that is not one changes nothing, and says why.
func TestOverlayRefused(t *testing.T) {
	for text, want := range map[string]string{
		"overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: []\n":                                 "not a valid OpenAPI Overlay",
		"overlay: 1.0.0\ninfo: {version: '1'}\nactions: [{target: $, update: {}}]\n":                    "not a valid OpenAPI Overlay",
		"overlay: 7.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: $, update: {}}]\n":          "not a valid OpenAPI Overlay",
		"overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: '$[', update: {}}]\n":       "not a valid JSONPath",
		"overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: $.info, remove: [true]}]\n": "not a valid OpenAPI Overlay",
	} {
		dir := t.TempDir()
		document, actions := filepath.Join(dir, "openapi.yaml"), filepath.Join(dir, "overlay.yaml")
		for file, content := range map[string]string{document: "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n", actions: text} {
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, diags := Load(Options{Path: document, Overlay: actions})
		if !diags.HasErrors() || !strings.Contains(diags[0].Message, want) || diags[0].Position.File != actions {
			t.Errorf("%s%v; want %s", text, diags, want)
		}
	}
}
