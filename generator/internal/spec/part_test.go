package spec

import (
	"fmt"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// loadTexts loads openapi.yaml of the files that are given by name.
func loadTexts(files map[string]string, options Options) (*Document, diag.List) {
	options.Path = "openapi.yaml"
	options.Read = func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("there is no %s", name)
		}
		return []byte(text), nil
	}
	return Load(options)
}

// wantSaid compares findings by position, severity and message.
func wantSaid(t *testing.T, diags diag.List, want ...string) {
	t.Helper()
	var got []string
	for _, d := range diags {
		got = append(got, fmt.Sprintf("%s: %s: %s", d.Position, d.Severity, d.Message))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestCrossCheckSorts: what the two readings differ in is told in the document's order.
func TestCrossCheckSorts(t *testing.T) {
	document, diags := loadTexts(map[string]string{"openapi.yaml": `openapi: 3.1.0
security: [{a: []}]
paths:
  /a: {get: {security: []}}
components: {securitySchemes: {a: {type: http, scheme: basic}}}
`}, Options{})
	wantSaid(t, diags)
	document.Operations[0].Node, document.Schemes[0].Node = &Node{kind: Mapping}, &Node{kind: Mapping}
	wantSaid(t, document.CrossCheck(),
		"openapi.yaml:4:8: error: "+reader+` reads the security of this operation as [], but this program reads [{"a": []}]`,
		"openapi.yaml:5:32: error: "+reader+` reads type, scheme, in and name of this security scheme as ["http" "basic" "" ""], but this program reads ["" "" "" ""]`)
}

// TestLeftUnread: the values of these keys are read when somebody asks for them, and all others at once.
func TestLeftUnread(t *testing.T) {
	unread := []string{
		"schema", "schemas", "content", "requestBody", "requestBodies", "responses", "headers", "links", "example",
		"examples", "x-webhooks",
	}
	for _, key := range append(unread, "paths", "security", "parameters", "callbacks", "x-required-roles") {
		want := slices.Contains(unread, key)
		for _, text := range []string{`{%q: {"a": 1}}`, `{%q: [{"a": 1}]}`, "%s:\n a: 1\n"} {
			root, diags := parseText("f", fmt.Sprintf(text, key))
			if got := root.Get(key).unread != nil; got != want || len(diags) > 0 {
				t.Errorf("%s in %s is left unread: %v, want %v; said %v", key, text, got, want, diags)
			}
		}
	}
}

// TestUnreadFaults: a fault in a part that nobody asks for refuses no document, and the same fault elsewhere does.
func TestUnreadFaults(t *testing.T) {
	for _, key := range []string{"content", "requestBody", "requestBodies", "headers", "links", "example", "examples", "x-webhooks"} {
		_, diags := parseText("f.yaml", key+": &a [*a]\n")
		wantSaid(t, diags)
	}
	_, diags := parseText("f.yaml", "paths: &a [*a]\n")
	wantSaid(t, diags, "f.yaml:1:12: error: the alias *a stands inside the value that it stands for")
}

// TestJSONEnds: a text that ends too early is refused at its last character.
func TestJSONEnds(t *testing.T) {
	tests := []struct{ text, want string }{
		{"{", "f.json:1:1"}, {"\n {", "f.json:2:2"}, {"{\n", "f.json:1:2"}, {"{\"a\": [1,\n2", "f.json:2:1"},
	}
	for _, test := range tests {
		_, diags := parseText("f.json", test.text)
		wantSaid(t, diags, test.want+": error: this is not valid JSON: unexpected end of JSON input")
	}
}

// TestExpansionLimit: every value that an alias brings counts, in one level of aliases too, and no alias is followed beyond
// the limit.
func TestExpansionLimit(t *testing.T) {
	tests := []struct {
		name             string
		before, expanded int
		want             []string
	}{
		{"at the start", 0, 6, nil},
		{"at the limit", expansionLimit - 3, expansionLimit + 3, nil},
		{"beyond the limit after the first alias", expansionLimit - 2, expansionLimit + 1, []string{
			"f.yaml: error: the aliases of this file stand for more than 500000 values: write them out",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var document yaml.Node
			if err := yaml.Unmarshal([]byte("a: &a [1, 2]\nb: *a\nc: {d: 1, e: *a}\n"), &document); err != nil {
				t.Fatal(err)
			}
			var diags diag.List
			r := &yamlReader{file: "f.yaml", diags: &diags, open: map[*yaml.Node]bool{}, expanded: test.before}
			r.value(&Node{}, document.Content[0])
			if r.expanded != test.expanded {
				t.Errorf("%d values are expanded, want %d", r.expanded, test.expanded)
			}
			wantSaid(t, diags, test.want...)
		})
	}
}

// TestAnchoredParts: a value with an anchor in an extension of somebody else is a part for other places, whatever its key.
func TestAnchoredParts(t *testing.T) {
	for _, key := range []string{"shared", "schema", "responses"} {
		_, diags := loadTexts(map[string]string{"openapi.yaml": `openapi: 3.1.0
x-parts:
  ` + key + `: &part {a: {x-conceal: not-found}}
  other: {a: {x-roles: []}}
`}, Options{})
		wantSaid(t, diags, "openapi.yaml:4:15: warning: x-roles has no meaning in x-parts: it belongs in the document's root")
	}
}

// TestIndex: an index of a list has one spelling, without zeros or a sign before it.
func TestIndex(t *testing.T) {
	n, _ := parseText("f.yaml", "[x, y]")
	for token, want := range map[string]bool{"0": true, "1": true, "2": false, "01": false, "+1": false, "-0": false, "-": false} {
		if got := n.child(token) != nil; got != want {
			t.Errorf("%q is an index: %v", token, got)
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
