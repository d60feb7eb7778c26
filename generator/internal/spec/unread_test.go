package spec

import (
	"fmt"
	"slices"
	"testing"
)

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

// TestUnreadHasItsPlace: a value that was left unread has its position before anybody reads it.
func TestUnreadHasItsPlace(t *testing.T) {
	for _, text := range []string{`{"schema": {"a": 1}, "examples":  [1]}`, "schema: {a: 1}\nexamples: [1]"} {
		n, _ := parseText("f.yaml", text)
		for _, m := range n.Members() {
			before := m.Value.Position()
			if m.Value.Kind(); before.Line == 0 || m.Value.Position() != before {
				t.Errorf("%s: %v, and %v when it was read", m.Key, before, m.Value.Position())
			}
		}
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
