package spec

import (
	"fmt"
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
		_, diags := loadTexts(map[string]string{"openapi.yaml": "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n", "overlay.yaml": text}, Options{Overlay: "overlay.yaml"})
		if !diags.HasErrors() || !strings.Contains(diags[0].Message, want) || diags[0].Position.File != "overlay.yaml" {
			t.Errorf("%s%v; want %s", text, diags, want)
		}
	}
}

const overlayHead = "overlay: 1.0.0\ninfo: {title: Test, version: '1'}\nactions:\n"

// TestOverlayGivesNoDocument: an overlay with an error gives no document, and its error is the only one.
func TestOverlayGivesNoDocument(t *testing.T) {
	for actions, want := range map[string]string{
		"  - target: $.info\n    update: {[a]: b}\n":                                     "overlay.yaml:5:14: error: a key must be a string",
		"  - target: $.paths[\n    remove: true\n  - target: $.info\n    remove: true\n": `overlay.yaml:4:5: error: the target "$.paths[" is not a valid JSONPath: unmatched [ at position 8, following ".paths["`,
	} {
		document, diags := loadTexts(map[string]string{
			"openapi.yaml": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n", "overlay.yaml": overlayHead + actions,
		}, Options{Overlay: "overlay.yaml"})
		wantSaid(t, diags, want)
		if document != nil {
			t.Error("there is a document")
		}
	}
}

// TestOverlayWritesOver: what an overlay writes over a null, a boolean or a number has the kind of its text, and what it
// writes over a string is a string, as in the library.
func TestOverlayWritesOver(t *testing.T) {
	document, diags := loadTexts(map[string]string{"openapi.yaml": `openapi: 3.1.0
paths: {}
x-written: {null: ~, boolean: false, number: 1, string: text}
`, "overlay.yaml": overlayHead + `  - target: $
    update:
      x-written: {null: owns, boolean: owns, number: owns, string: false}
`}, Options{Overlay: "overlay.yaml"})
	wantSaid(t, diags)
	for key, want := range map[string]string{"null": "owns", "boolean": "owns", "number": "owns", "string": "false"} {
		if n := document.Root.Get("x-written").Get(key); n.Kind() != String || n.Text() != want {
			t.Errorf("the %s is %s, %q", key, n.Kind(), n.Text())
		}
	}
}

// TestOverlayKeepsAliases: after an overlay, too, it is known which values a YAML alias brings, and which have an anchor.
func TestOverlayKeepsAliases(t *testing.T) {
	document, diags := loadTexts(map[string]string{"openapi.yaml": `openapi: 3.1.0
paths:
  /a:
    get: {responses: &shared {'200': {description: OK}}}
    put: {responses: *shared}
`, "overlay.yaml": overlayHead + "  - target: $\n    update: {x-added: 1}\n"}, Options{Overlay: "overlay.yaml"})
	wantSaid(t, diags)
	get, put := document.Operations[0].Node.Get("responses"), document.Operations[1].Node.Get("responses")
	if got, want := fmt.Sprint(get.anchored, get.Borrowed(), put.Borrowed()), "true false true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
