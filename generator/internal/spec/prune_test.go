package spec

import (
	"bytes"
	"slices"
	"testing"
)

// TestCrossCheckOfOddValues: values that say nothing are alike for both readers, and no fault of the other reader is
// kept silent.
func TestCrossCheckOfOddValues(t *testing.T) {
	const refuses = "openapi.yaml: " + reader + " refuses it: "
	tests := []struct {
		name, text string
		want       []string
	}{
		{"path item null", "paths: {/a: null}", nil},
		{"operation null", "paths: {/a: {get: null}}", nil},
		{"additional operation null", "paths: {/a: {additionalOperations: {COPY: null}}}", nil},
		{"parameters null", "paths: {/a: {parameters: null, get: {}}}", nil},
		{"security null", "security: null\npaths: {/a: {get: {}}}", nil},
		{"extension null", "x-conceal: forbidden\npaths: {/a: {get: {x-conceal: null}}}", nil},
		{"extension of any type", "paths: {/a: {get: {x-conceal: {a: [1, 1.5, True, FALSE, null, \"\\n\"]}}}}", nil},
		{"webhook null", "webhooks: {sent: null}", nil},
		{"webhook null in a file", "webhooks: {sent: {$ref: null.yaml}}", nil},
		{"extension of webhooks", "webhooks: {x-note: true}", nil},
		{"extension of callbacks", "paths: {/a: {get: {callbacks: {x-note: true}}}}", nil},
		{"callback null", "paths: {/a: {get: {callbacks: {done: null}}}}", []string{refuses + "invalid callback: value MUST be an object"}},
		{"callback null in a file", "paths: {/a: {get: {callbacks: {done: {$ref: null.yaml}}}}}", nil},
		{"scheme null", "components: {securitySchemes: {a: null}}", []string{refuses + "invalid securityScheme: value MUST be an object"}},
		{"scheme null in a file", "components: {securitySchemes: {a: {$ref: null.yaml}}}", nil},
		{"parameter null", "paths: {/a: {get: {parameters: [null]}}}", []string{refuses + "invalid parameter: value MUST be an object"}},
		{"name that is a number", "components: {securitySchemes: {a: {type: apiKey, in: header, name: 1}}}", nil},
		{"tag that is a list", "tags: [[x], x, {name: x}]", nil},
		{"title that is a list", "info: {title: [x]}", []string{refuses + "json: cannot unmarshal array into field Info.title of type string"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, map[string]string{"openapi.yaml": "openapi: 3.2.0\n" + test.text + "\n", "null.yaml": "null\n"})
			document, diags := Load(Options{Path: "openapi.yaml"})
			if got := said(append(diags, document.CrossCheck()...)); !slices.Equal(got, test.want) {
				t.Errorf("said %q, want %q", got, test.want)
			}
		})
	}
}

// TestWriteJSON: booleans of YAML are written as JSON has them, and numbers as strings.
func TestWriteJSON(t *testing.T) {
	n, diags := parseText("f.yaml", "a: [true, True, TRUE, false, False, null, 1.0, \"é\\\"\", {}]\nb: {c: []}\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var b bytes.Buffer
	writeJSON(&b, n, func(m Member) bool { return m.Key == "c" })
	if want := `{"a":[true,true,true,false,false,null,"1.0","é\"",{}],"b":{}}`; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
}
