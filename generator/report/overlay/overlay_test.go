package overlay_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	library "github.com/speakeasy-api/openapi/overlay"
	"gopkg.in/yaml.v3"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
)

var update = flag.Bool("update", false, "rewrite the overlaid document: read the diff")

// TestOverlaid compares a document of everything with what the overlay makes of it.
func TestOverlaid(t *testing.T) {
	content, diags := make(t, "testdata/openapi.yaml", overlay.Options{})
	if len(diags) > 0 {
		t.Error(diags)
	}
	got := apply(t, content, read(t, "testdata/openapi.yaml"))
	if *update {
		if err := os.WriteFile("testdata/overlaid.yaml", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, "testdata/overlaid.yaml"); !bytes.Equal(got, want) {
		t.Errorf("the overlaid document changed: run with -update, and read the diff\n%s", got)
	}
}

// TestPublic401: a public operation gets a 401 when a linter has to be content, and says that it is never sent.
func TestPublic401(t *testing.T) {
	content, _ := make(t, "testdata/openapi.yaml", overlay.Options{Public401: true})
	document := decode(t, apply(t, content, read(t, "testdata/openapi.yaml")))
	got := at(document, "paths", "/health", "get", "responses", "401", "$ref")
	if got != "#/components/responses/Guard2_401Never" {
		t.Errorf("refers to %v", got)
	}
	if text, _ := at(document, "components", "responses", "Guard2_401Never", "description").(string); !strings.HasPrefix(text, "Never sent") {
		t.Errorf("it says %q", text)
	}
}

// TestPolicyChanges: of a document with an overlay of an older policy, nothing of it is left.
func TestPolicyChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "openapi.yaml")
	content, _ := make(t, "testdata/openapi.yaml", overlay.Options{})
	older := apply(t, content, read(t, "testdata/openapi.yaml"))
	newer := strings.NewReplacer("anyOf: [support, auditor], allOf: [admin]", "anyOf: [auditor]").Replace(string(older))
	if newer == string(older) {
		t.Fatal("the document has another form than this test expects")
	}
	put(t, path, []byte(newer))
	content, _ = make(t, path, overlay.Options{})
	operation := at(decode(t, apply(t, content, []byte(newer))), "paths", "/orders", "post")
	want := "**Access:** `oauth` with the scope `orders:write`, or `signature` together with `key`. The caller needs the role `auditor`."
	if got := at(operation, "description"); got != want {
		t.Errorf("describes %q", got)
	}
	names := ""
	for _, badge := range at(operation, "x-badges").([]any) {
		names += at(badge, "name").(string) + "\n"
	}
	if names != "role: auditor\nscope: orders:write\n" {
		t.Errorf("badges %q", names)
	}
}

// TestHostileNames: names are code in Markdown, whatever they hold.
func TestHostileNames(t *testing.T) {
	for name, want := range map[string]string{
		"`":                   "`` ` ``",
		"a``b":                "```a``b```",
		"<img onerror=x>":     "`<img onerror=x>`",
		"[a](javascript:x)":   "`[a](javascript:x)`",
		"\u202ecba":           "`\ufffdcba`",
		"a\nb":                "`a\ufffdb`",
		"--> <!-- @everyone ": "` --> <!-- @everyone  `",
	} {
		quoted, _ := json.Marshal(name)
		document := `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"security":[{` + string(quoted) + `:[]}],` +
			`"paths":{"/a":{"get":{"responses":{}}}},"components":{"securitySchemes":{` + string(quoted) + `:{"type":"http","scheme":"bearer"}}}}`
		path := filepath.Join(t.TempDir(), "openapi.json")
		put(t, path, []byte(document))
		content, diags := make(t, path, overlay.Options{})
		got := at(decode(t, apply(t, content, []byte(document))), "paths", "/a", "get", "description")
		if got != "**Access:** "+want+". No role or scope is needed." {
			t.Errorf("%q becomes %q %v", name, got, diags)
		}
	}
}

// TestOutOfReach: what an overlay would break is reported and left alone.
func TestOutOfReach(t *testing.T) {
	for _, test := range []struct{ name, paths, want string }{
		{"operation in another file", "/a: {$ref: 'other.yaml'}", "other.yaml:1:1: warning: the operation is in another file"},
		{"operation behind an alias", "/a: {get: &get {responses: {'200': {description: ok}}}, post: *get}", "openapi.yaml:6:59: warning: the operation is in another file or behind a YAML alias"},
		{"path item behind an alias", "/a: &a {get: {responses: {'200': {description: ok}}}}\n  /b: *a", "openapi.yaml:6:11: warning: the operation is in another file or behind"},
		{"operation by a merge key", "/a: &a {get: {responses: {'200': {description: ok}}}}\n  /b: {<<: *a}", "openapi.yaml:6:11: warning: the operation is in another file or behind"},
		{"responses behind an alias", "/a: {get: {responses: &r {'200': {description: ok}}}, post: {responses: *r}}", "openapi.yaml:6:25: warning: the responses are behind a YAML alias"},
		{"response behind an alias", "/a: {get: {responses: {'401': &r {description: who}}}, post: {responses: {'401': *r}}}", "openapi.yaml:6:33: warning: the response is behind a YAML alias"},
		{"response by a merge key", "/a: {get: {responses: &r {'401': {description: who}}}, post: {responses: {<<: *r, '200': {description: ok}}}}", "openapi.yaml:6:36: warning: the response is behind a YAML alias"},
		{"response in another file", "/a: {get: {responses: {'401': {$ref: 'other.yaml#/x'}}}}", "openapi.yaml:6:33: warning: the response is in another file"},
		{"response that leads to itself", "/a: {get: {responses: {'401': {$ref: '#/paths/~1a/get/responses/401'}}}}", "openapi.yaml:6:33: warning: the response is in another file"},
		{"path with a control character", "\"/a\\u0007\": {get: {responses: {}}}", "openapi.yaml:6:16: warning: the operation is in another file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			document := "openapi: 3.1.0\ninfo: {title: t, version: '1'}\nsecurity: [{b: []}]\ncomponents: {securitySchemes: {b: {type: http, scheme: bearer}}}\npaths:\n  " + test.paths + "\n"
			put(t, "openapi.yaml", []byte(document))
			put(t, "other.yaml", []byte("get: {responses: {'200': {description: ok}}}\nx: {description: who}\n"))
			content, diags := make(t, "openapi.yaml", overlay.Options{})
			if len(diags) != 1 || !strings.HasPrefix(diags[0].String(), test.want) {
				t.Errorf("%v, want %s", diags, test.want)
			}
			keeps(t, decode(t, []byte(document)), decode(t, apply(t, content, []byte(document))), "$")
		})
	}
}

// TestComponentsBehindAnAlias refuses the document: everything would refer to components that an overlay destroys.
func TestComponentsBehindAnAlias(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "openapi.yaml", []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\nx-c: &c {A: {description: a}}\nsecurity: [{b: []}]\n"+
		"paths: {/a: {get: {responses: {}}}}\ncomponents: {responses: *c, securitySchemes: {b: {type: http, scheme: bearer}}}\n"))
	content, diags := generator.Overlay(generator.OverlayOptions{PolicyOptions: generator.PolicyOptions{Spec: "openapi.yaml"}})
	if content != nil || !strings.Contains(diags[len(diags)-1].String(), "error: these components are behind a YAML alias") {
		t.Errorf("%s%v", content, diags)
	}
}

// TestNothingToSay: an overlay without an action is not valid.
func TestNothingToSay(t *testing.T) {
	t.Chdir(t.TempDir())
	document := []byte("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n")
	put(t, "openapi.yaml", document)
	content, _ := make(t, "openapi.yaml", overlay.Options{})
	keeps(t, decode(t, apply(t, content, document)), decode(t, document), "$")
}

func make(t *testing.T, path string, options overlay.Options) ([]byte, diag.List) {
	t.Helper()
	content, diags := generator.Overlay(generator.OverlayOptions{PolicyOptions: generator.PolicyOptions{Spec: path}, Options: options})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var own diag.List
	for _, d := range diags {
		if d.Rule.ID == "overlay-unreachable" {
			own = append(own, d)
		}
	}
	return content, own
}

// apply applies an overlay as oapi-codegen does under strict.
func apply(t *testing.T, content, document []byte) []byte {
	t.Helper()
	var o library.Overlay
	if err := yaml.Unmarshal(content, &o); err != nil {
		t.Fatal(err)
	}
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ApplyToStrict(&root); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(&root); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keeps fails unless everything of before is there after, but for texts and lists that grew.
func keeps(t *testing.T, before, after any, where string) {
	t.Helper()
	switch b := before.(type) {
	case map[string]any:
		a, ok := after.(map[string]any)
		if !ok {
			t.Errorf("%s: no mapping any more", where)
			return
		}
		for key, value := range b {
			if _, ok := a[key]; !ok {
				t.Errorf("%s: lost %s", where, key)
			}
			keeps(t, value, a[key], where+"."+key)
		}
	case []any:
		a, _ := after.([]any)
		if len(a) < len(b) || len(a) > len(b) && !strings.HasSuffix(where, ".x-badges") {
			t.Errorf("%s: %d items, not %d", where, len(a), len(b))
			return
		}
		for i := range b {
			keeps(t, b[i], a[i], where)
		}
	case string:
		a, _ := after.(string)
		if a != b && (!strings.HasSuffix(where, ".description") || !strings.HasPrefix(a, grown(b))) {
			t.Errorf("%s: %q, not %q", where, a, b)
		}
	default:
		if before != after {
			t.Errorf("%s: %v, not %v", where, after, before)
		}
	}
}

// grown is the beginning of a description with a paragraph about access.
func grown(description string) string {
	if description = strings.TrimRight(description, " \t\r\n"); description != "" {
		description += "\n\n"
	}
	return description + "**Access:** "
}

func decode(t *testing.T, content []byte) any {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal(content, &node); err != nil {
		t.Fatal(err)
	}
	return plain(&node)
}

// plain is a node with texts as keys, and aliases and merge keys written out.
func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.SequenceNode:
		all := []any{}
		for _, item := range n.Content {
			all = append(all, plain(item))
		}
		return all
	case yaml.MappingNode:
		all := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Tag == "!!merge" {
				for key, value := range plain(n.Content[i+1]).(map[string]any) {
					all[key] = value
				}
			}
		}
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Tag != "!!merge" {
				all[n.Content[i].Value] = plain(n.Content[i+1])
			}
		}
		return all
	}
	return n.Value
}

// at is the value at the keys.
func at(value any, keys ...string) any {
	for _, key := range keys {
		m, _ := value.(map[string]any)
		value = m[key]
	}
	return value
}

// surrogates are escapes of JSON that the library, for which every document is YAML, does not read.
var surrogates = regexp.MustCompile(`\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}`)

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return surrogates.ReplaceAllFunc(content, func(escapes []byte) []byte {
		var text string
		_ = json.Unmarshal([]byte(`"`+string(escapes)+`"`), &text)
		return []byte(text)
	})
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
