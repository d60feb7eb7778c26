package policy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// hostile are documents made to break a reader.
func hostile() map[string]string {
	const head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
	bomb := "x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		bomb += fmt.Sprintf("x-a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 10), ", "))
	}
	return map[string]string{
		"empty":               "",
		"zero bytes":          "\x00\x00",
		"only a BOM":          "\ufeff",
		"invalid UTF-8":       "openapi: \"\xff\xfe\"",
		"deep JSON":           strings.Repeat(`{"a":`, 100_000),
		"deep closed JSON":    strings.Repeat(`[`, 20_000) + strings.Repeat(`]`, 20_000),
		"deep JSON object":    `{"openapi":"3.1.0","paths":` + strings.Repeat(`{"a":`, 9_000) + "1" + strings.Repeat("}", 9_001),
		"deep YAML":           strings.Repeat("- ", 5_000) + "a",
		"deep flow YAML":      head + "paths: " + strings.Repeat("[", 20_000),
		"alias bomb":          head + bomb + "x-roles: *a12\npaths: {}\n",
		"alias bomb unread":   head + bomb + "paths: {/a: {get: {responses: *a12}}}\n",
		"alias circle":        head + "paths: &p {/a: {get: {responses: *p, callbacks: {c: *p}}}}\n",
		"merge circle":        head + "paths: &p {<<: *p}\n",
		"merge of a scalar":   head + "paths: {<<: 7, /a: {<<: [1, [2]]}}\n",
		"unknown alias":       head + "paths: *nothing\n",
		"huge number":         head + "x-roles: [" + strings.Repeat("9", 5_000) + ", 1e999999999, 0x" + strings.Repeat("f", 999) + "]\npaths: {}\n",
		"odd keys":            head + "paths: {\"\": {}, \"/\\u0000\": {get: {}}, \"/{\": {get: {}}, \"/}{\": {}, \"/{}\": {get: {}}, ~: {}, 1.5: {}, true: {}}\n",
		"unicode keys":        head + "ſecurity: []\n\"se\\u0441urity\": []\nSECURİTY: []\n\"x-required\\u2010roles\": [a]\npaths: {}\n",
		"security everywhere": head + "security: {security: {security: []}}\npaths: {/a: {get: {security: [[[{}]]]}}}\n",
		"callback circle":     head + "paths: {/a: {get: &g {callbacks: {c: {$ref: '#/components/callbacks/c'}}}}}\ncomponents: {callbacks: {c: {u: {get: {callbacks: {c: {$ref: '#/components/callbacks/c'}}}}}}}\n",
		"ref to the root":     head + "paths: {/a: {$ref: '#'}, /b: {$ref: '#/'}, /c: {$ref: ''}, /d: {$ref: 'openapi.yaml'}}\n",
		"ref to a folder":     head + "paths: {/a: {$ref: '.'}, /b: {$ref: '/'}, /c: {$ref: \"a\\0b\"}}\n",
		"role circles":        head + "x-roles: {a: {includes: [a, b, a]}, b: {includes: [a, b]}}\npaths: {/a: {get: {x-required-roles: [a]}}}\n",
		"tags and dates":      head + "x-roles: [2020-01-01, !foo a, !!binary YQ==, !!str 7, ! b]\npaths: !x {}\n",
		"almost JSON":         "{openapi: 3.1.0, info: {title: T, version: '1'}, paths: {},}",
		"lone surrogate":      `{"openapi": "3.1.0", "x-roles": ["\ud800"], "paths": {"/\udc00": {"get": {}}}}`,
		"JSON line breaks":    "{\"openapi\": \"3.1.0\",\r\n \"paths\": {\"/\u2028\": {\"get\": {}, \"Get\": {}}}}",
		"second value":        `{"openapi": "3.1.0"} {"paths": {}}`,
		"tab":                 "openapi:\t3.1.0\npaths:\n\t/a: {}\n",
	}
}

// Whatever a file holds, reading it ends, without a panic, and its positions are inside the file.
func TestHostileDocuments(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, file := range []string{"openapi.yaml", "openapi.json"} {
				read(t, file, text)
			}
		})
	}
}

// FuzzBuild has any document: a consistent policy, or errors inside the file.
//
//fuzzing:slow
func FuzzBuild(f *testing.F) {
	for _, text := range hostile() {
		f.Add(text)
	}
	archives, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	f.Chdir(f.TempDir())
	f.Fuzz(func(t *testing.T, text string) { read(t, "openapi.yaml", text) })
}

// FuzzOverlay has any document with any overlay.
//
//fuzzing:slow
func FuzzOverlay(f *testing.F) {
	const head = "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
	f.Add(head + "actions: [{target: $.paths, update: {/b: {get: {security: []}}}}]")
	f.Add(head + "actions: [{target: '$..security', remove: true}, {target: $, update: {x-roles: &a [a, *a]}}]")
	f.Add(strings.Replace(head, "1.0.0", "1.1.0", 1) + "actions: [{target: '$.paths[?@.get]', copy: $.info}]")
	f.Chdir(f.TempDir())
	f.Fuzz(func(t *testing.T, text string) {
		save(t, "openapi.yaml", "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {security: [{a: []}]}}}\ncomponents: {securitySchemes: {a: {type: http, scheme: basic}}}\n")
		save(t, "overlay.yaml", text)
		document, found := spec.Load(spec.Options{Path: "openapi.yaml", Overlay: "overlay.yaml"})
		p, more := policy.Build(document, policy.Options{})
		if document == nil && !found.HasErrors() {
			t.Error("nothing was read, and nothing said")
		}
		for _, d := range append(found, more...) {
			if !slices.Contains(documentRules(), d.Rule) || d.Message == "" {
				t.Errorf("%+v", d)
			}
		}
		if !append(found, more...).HasErrors() {
			consistent(t, p)
		}
	})
}

func read(t *testing.T, file, text string) {
	save(t, file, text)
	document, found := spec.Load(spec.Options{Path: file})
	p, more := policy.Build(document, policy.Options{})
	if document == nil && !found.HasErrors() {
		t.Error("nothing was read, and nothing said")
	}
	for _, d := range append(found, more...) {
		inside(t, d, text)
	}
	for _, o := range p.Operations {
		if o.Position.Line == 0 {
			t.Errorf("%s %s has no position", o.Method, o.Path)
		}
	}
	if !append(found, more...).HasErrors() {
		consistent(t, p)
	}
}

// consistent checks what guards take for granted in a policy.
func consistent(t *testing.T, p *policy.Policy) {
	for _, o := range p.All() {
		if (o.Public() || o.Source != "") && (o.Check != "" || o.Conceal != policy.ConcealNothing) {
			t.Errorf("%s %s%s has the check %q and conceals %q", o.Method, o.Path, o.Source, o.Check, o.Conceal)
		}
	}
	for _, o := range p.All() {
		if o.InvalidIsAnonymous && !o.Optional() {
			t.Errorf("%s %s%s takes invalid credentials for none, but does not serve anonymous callers", o.Method, o.Path, o.Source)
		}
	}
	for _, s := range p.Schemes {
		if s.SignedBody < 0 || s.SignedBody > 32<<20 || s.Opaque && s.Type != policy.HTTP || s.TryDuplicates && s.In != "cookie" {
			t.Errorf("scheme %s: %+v", s.Name, s)
		}
	}
	for _, c := range p.Checks {
		for _, o := range c.Operations {
			if o.Check != c.Name || !slices.Equal(o.PathParameters, c.Parameters) {
				t.Errorf("%s %s with %q has the check %q, and is listed as having %q with %q", o.Method, o.Path, o.PathParameters, o.Check, c.Name, c.Parameters)
			}
		}
	}
}

func inside(t *testing.T, d diag.Diagnostic, text string) {
	if lines := 1 + strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\u0085") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029"); d.Position.Line > lines+1 {
		t.Errorf("%s is past the end of the file", d.Position)
	}
	if !slices.Contains(documentRules(), d.Rule) {
		t.Errorf("the rule %q is not listed", d.Rule.ID)
	}
}

func save(t *testing.T, file, text string) {
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
