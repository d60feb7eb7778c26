package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// inFolder makes a folder of these files the working directory.
func inFolder(t *testing.T, texts map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range texts {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// said are the findings, each with its position and message.
func said(diags diag.List) []string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Position.String()+": "+d.Message)
	}
	return all
}

// loaded is the document openapi.yaml of this text, in which nothing may be found.
func loaded(t *testing.T, text string) *Document {
	t.Helper()
	inFolder(t, map[string]string{"openapi.yaml": "openapi: 3.2.0\n" + text})
	document, diags := Load(Options{Path: "openapi.yaml"})
	if diags = append(diags, document.CrossCheck()...); len(diags) > 0 {
		t.Fatal(diags)
	}
	return document
}

func described(operations []*Operation) []string {
	var all []string
	for _, o := range operations {
		all = append(all, o.String())
	}
	return all
}

// TestLoadCleansPath: the document has one name, however its path is written.
func TestLoadCleansPath(t *testing.T) {
	inFolder(t, map[string]string{"openapi.yaml": "openapi: 3.1.0\npaths: {/a: {get: {}}}\n"})
	document, diags := Load(Options{Path: "./api/../openapi.yaml"})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if got := document.Path + " " + document.Operations[0].Position.String(); got != "openapi.yaml openapi.yaml:2:14" {
		t.Errorf("got %s", got)
	}
}

// TestSchemes: a security scheme is a member that is no extension, and whose reference leads somewhere.
func TestSchemes(t *testing.T) {
	inFolder(t, map[string]string{"openapi.yaml": `openapi: 3.1.0
components:
  securitySchemes:
    a: {type: http, scheme: basic}
    x-b: {type: http, scheme: basic}
    c: {$ref: '#/components/securitySchemes/a'}
    d: {$ref: '#/nowhere'}
`})
	document, diags := Load(Options{Path: "openapi.yaml"})
	var got []string
	for _, s := range document.Schemes {
		got = append(got, s.Position.String()+" "+s.Name+" "+s.Node.StringAt("type"))
	}
	if want := []string{"openapi.yaml:4:5 a http", "openapi.yaml:6:5 c http"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []string{`openapi.yaml:7:15: "#/nowhere" leads nowhere: the document has no "nowhere"`}; !slices.Equal(said(diags), want) {
		t.Errorf("said %q, want %q", said(diags), want)
	}
}

// TestReceivers: operations in callbacks of paths are callbacks, those deeper or in webhooks are nested, and none is
// listed in both.
func TestReceivers(t *testing.T) {
	tests := []struct {
		name, text        string
		callbacks, nested []string
	}{
		{"none", "paths: {/a: {get: {}}}", nil, nil},
		{"an extension", "paths: {/a: {get: {callbacks: {x-note: true}}}}", nil, nil},
		{"of a path", "paths: {/a: {get: {callbacks: {x-done: {'{$url}': {post: {}, x-note: {post: {}}}}}}}}",
			[]string{`POST callback "x-done" of GET /a ({$url})`}, nil},
		{"of a webhook", "webhooks: {sent: {post: {callbacks: {done: {'{$url}': {put: {}}}}}}}",
			nil, []string{`PUT callback "done" of POST webhook "sent" ({$url})`}},
		{"of a callback", "paths: {/a: {get: {callbacks: {done: {'{$url}': {post: {callbacks: {seen: {'{$other}': {put: {}}}}}}}}}}}",
			[]string{`POST callback "done" of GET /a ({$url})`}, []string{`PUT callback "seen" of POST callback "done" of GET /a ({$url}) ({$other})`}},
		{"twice of a webhook", `webhooks: {sent: {post: {callbacks: {a: {$ref: '#/components/callbacks/Done'}, b: {$ref: '#/components/callbacks/Done'}}}}}
components: {callbacks: {Done: {'{$url}': {put: {}}}}}`,
			nil, []string{`PUT callback "a" of POST webhook "sent" ({$url})`}},
		{"of itself", `paths: {/a: {get: {callbacks: {done: {$ref: '#/components/callbacks/Done'}}}}}
components: {callbacks: {Done: {'{$url}': {post: {callbacks: {again: {$ref: '#/components/callbacks/Done'}}}}}}}`,
			[]string{`POST callback "done" of GET /a ({$url})`}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document := loaded(t, test.text)
			if got := described(document.Callbacks); !slices.Equal(got, test.callbacks) {
				t.Errorf("callbacks %q, want %q", got, test.callbacks)
			}
			if got := described(document.NestedCallbacks); !slices.Equal(got, test.nested) {
				t.Errorf("nested %q, want %q", got, test.nested)
			}
		})
	}
}

// TestFilteredOperations: both readers leave out what a filter leaves out, in every place an operation can stand.
func TestFilteredOperations(t *testing.T) {
	inFolder(t, map[string]string{
		"openapi.yaml": `openapi: 3.2.0
paths:
  /a: {get: {tags: [out]}, put: {}}
  /b: {$ref: '#/paths/~1a'}
  /c: {$ref: item.yaml}
  /d: {additionalOperations: {COPY: {tags: [out]}, LINK: {}}}
  /e: {$ref: '#/components/pathItems/E'}
components: {pathItems: {E: {get: {tags: [out]}, put: {}}}}
`,
		"item.yaml": "get: {tags: [out]}\nput: {}\nadditionalOperations: {COPY: {tags: [out]}}\n",
	})
	document, diags := Load(Options{Path: "openapi.yaml", ExcludeTags: []string{"out"}})
	if diags = append(diags, document.CrossCheck()...); len(diags) > 0 {
		t.Fatal(diags)
	}
	if got, want := described(document.Operations), []string{"PUT /a", "PUT /b", "PUT /c", "LINK /d", "PUT /e"}; !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	if got, want := described(document.Dropped), []string{"GET /a", "GET /b", "COPY /c", "GET /c", "COPY /d", "GET /e"}; !slices.Equal(got, want) {
		t.Errorf("dropped %q, want %q", got, want)
	}
}

// TestMentions: an extension that stands in a part that no guard depends on is found among others that stand where they
// belong, in any number of files.
func TestMentions(t *testing.T) {
	inFolder(t, map[string]string{
		"openapi.yaml": "openapi: 3.1.0\nx-conceal: forbidden\npaths:\n  /a: {$ref: a.yaml}\n  /b: {$ref: b.yaml}\n  /c: {$ref: c.yaml}\n",
		"a.yaml":       "get: {x-conceal: not-found}\n",
		"b.yaml":       "get: {responses: {'200': {description: '', x-conceal: not-found}}}\n",
		"c.yaml":       "get: {x-conceal: not-found}\n",
	})
	_, diags := Load(Options{Path: "openapi.yaml"})
	want := []string{"b.yaml:1:44: x-conceal has no meaning in a response: it belongs in an operation, a path item or the document's root"}
	if !reflect.DeepEqual(said(diags), want) {
		t.Errorf("said %q, want %q", said(diags), want)
	}
}

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
