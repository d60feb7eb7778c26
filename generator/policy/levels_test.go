package policy_test

import (
	"os"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// built is the policy of a document without errors.
func built(t *testing.T, document string) *policy.Policy {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("openapi.json", []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	read, diags := spec.Load(spec.Options{Path: "openapi.json"})
	p, more := policy.Build(read, policy.Options{})
	if diags.HasErrors() || more.HasErrors() {
		t.Fatal(diags, more)
	}
	return p
}

// TestLevels: the nearest object that says something is named, also in a document of one line.
func TestLevels(t *testing.T) {
	p := built(t, `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "security": [{"a": []}], "x-required-roles": "r", "x-conceal": "not-found", "paths": {`+
		`"/document/{id}": {"get": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]}}, `+
		`"/item/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "x-required-roles": "r", "x-conceal": "forbidden", "x-resource-check": "c", "get": {}}, `+
		`"/operation/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "x-required-roles": "r", "x-conceal": "forbidden", "x-resource-check": "c", `+
		`"get": {"security": [{"a": []}], "x-required-roles": "r", "x-conceal": "not-found", "x-resource-check": "d"}}, `+
		`"/shown/{id}": {"get": {"x-conceal": false, "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]}}}, `+
		`"components": {"securitySchemes": {"a": {"type": "http", "scheme": "bearer"}}}}`)
	type levels struct{ security, roles, conceal, check policy.Level }
	for i, want := range []levels{
		{policy.InDocument, policy.InDocument, policy.InDocument, ""},
		{policy.InDocument, policy.InPathItem, policy.InPathItem, policy.InPathItem},
		{policy.InOperation, policy.InOperation, policy.InOperation, policy.InOperation},
		{policy.InDocument, policy.InDocument, "", ""},
	} {
		o := p.Operations[i]
		if got := (levels{o.SecurityLevel, o.RolesLevel, o.ConcealLevel, o.CheckLevel}); got != want {
			t.Errorf("%s: %+v, want %+v", o.Path, got, want)
		}
	}
}

// TestGoNames: x-go-name of a scheme and of a role.
func TestGoNames(t *testing.T) {
	p := built(t, `{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "x-roles": {"r": {"x-go-name": "Reader"}}, "paths": {"/a": {"get": {"security": [{"a": []}], "x-required-roles": "r"}}}, `+
		`"components": {"securitySchemes": {"a": {"type": "http", "scheme": "bearer", "x-go-name": "Token"}}}}`)
	if p.Roles[0].GoName != "Reader" || p.Schemes[0].GoName != "Token" {
		t.Errorf("%q %q", p.Roles[0].GoName, p.Schemes[0].GoName)
	}
}
