package spec

import (
	"slices"
	"testing"
)

// TestWalk: findings of one document, each with its place.
func TestWalk(t *testing.T) {
	const schemes = "components: {securitySchemes: {a: {type: http, scheme: basic, "
	const operation = "paths: {/a: {get: {operationId: g, "
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a key thrice", operation + "security: [], security: [], security: []}}}", []string{
			`openapi.yaml:2:50: "security" stands here twice, first at openapi.yaml:2:36: one of them would be ignored`,
		}},
		{"x-go-name in another case", schemes + "X-Go-Name: A}}}", []string{`openapi.yaml:2:63: "X-Go-Name" is unknown; did you mean "x-go-name"?`}},
		{"x-go-name", schemes + "x-go-name: A}}}", nil},
		{"x-go-name where it is not the guard's", operation + "x-goname: A}}}", nil},
		{"required roles of an operation", operation + "required-roles: []}}}", []string{`openapi.yaml:2:36: "required-roles" is unknown; did you mean "x-required-roles"?`}},
		{"required roles of a parameter", operation + "parameters: [{name: p, in: query, required-roles: []}]}}}", nil},
		{"two letters of security", operation + "sekuritty: []}}}", []string{`openapi.yaml:2:36: "sekuritty" would be ignored; did you mean "security"?`}},
		{"three letters of security", operation + "sekurittyy: []}}}", nil},
		{"null", "paths: {/a: {get: null, parameters: null}}\ntags: null\nwebhooks: null\ncomponents: {securitySchemes: null}", nil},
		{"wrong types", "paths: {/a: {get: [], parameters: {p: {$ref: x}}}}\ntags: a\nwebhooks: 1", []string{
			"openapi.yaml:2:19: an operation must be a mapping, but this is a list",
			"openapi.yaml:2:35: parameters must be a list, but this is a mapping",
			"openapi.yaml:3:7: tags must be a list, but this is a string",
			"openapi.yaml:4:11: webhooks must be a mapping, but this is a number",
		}},
		{"tags of any form", "tags: [[{name: a}], a, {name: [x]}]", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, map[string]string{"openapi.yaml": "openapi: 3.1.0\n" + test.text + "\n"})
			_, diags := Load(Options{Path: "openapi.yaml"})
			if got := said(diags); !slices.Equal(got, test.want) {
				t.Errorf("said %q, want %q", got, test.want)
			}
		})
	}
}
