package verify_test

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// dataOf is the template data of a golden case, and what of its server serves without a guard.
func dataOf(t *testing.T, golden string) (*view.File, []string) {
	t.Helper()
	c, diags := config.Load("../../../testdata/golden/" + golden + "/oapi-guard.yaml")
	if c == nil {
		t.Fatal(diags)
	}
	document, diags := spec.Load(spec.Options{Path: c.Spec, Overlay: c.Overlay})
	if document == nil {
		t.Fatal(diags)
	}
	p, _ := policy.Build(document, policy.Options{})
	s, diags := oapicodegen.Read(oapicodegen.Options{File: c.ServerFile, Output: c.Output, Framework: c.Framework, Strict: c.Strict})
	if s == nil {
		t.Fatal(diags)
	}
	to := join.Target{Package: c.Package, SeparatePackage: !c.InServerPackage, Framework: c.Framework, Strict: c.Strict, ServerFile: c.ServerFile}
	joined, diags := join.Join(p, s, to)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	data, diags := join.Build(p, s, joined, to)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return data, s.Serving
}

// TestEveryLineCounts drops, doubles and redirects every line of the guards in turn: what still parses must be refused,
// but for comments.
func TestEveryLineCounts(t *testing.T) {
	for _, golden := range []string{"checks", "checks-gin", "webhooks-std-http", "fiber3-strict"} {
		t.Run(golden, func(t *testing.T) {
			t.Parallel()
			data, serving := dataOf(t, golden)
			r, diags := render.Execute(data, "guards.gen.go", &render.Overrides{})
			if r == nil {
				t.Fatal(diags)
			}
			lines := strings.SplitAfter(string(r.Source), "\n")
			tried := 0
			for i := 1; i < len(lines); i += max(1, len(lines)/120) { // long files by samples
				if isFree(strings.TrimSpace(lines[i])) {
					continue
				}
				for _, line := range append(redirected(data, lines[i]), "", lines[i]+lines[i]) {
					mutant := *r
					mutant.Source = []byte(strings.Join(lines[:i], "") + line + strings.Join(lines[i+1:], ""))
					if _, err := parser.ParseFile(token.NewFileSet(), "", mutant.Source, 0); err != nil {
						continue
					}
					tried++
					if !verify.Overrides(&mutant, &render.Overrides{}, mutant.Source, serving).HasErrors() {
						t.Errorf("line %d, %q, is accepted in place of %q", i+1, line, lines[i])
					}
				}
			}
			if tried < 50 {
				t.Errorf("only %d changes parsed", tried)
			}
		})
	}
}

// isFree reports whether a line may change: a comment, or nothing.
func isFree(line string) bool { return line == "" || strings.HasPrefix(line, "//") }

// redirected is a line with the name of an operation replaced by that of another one.
func redirected(data *view.File, line string) []string {
	for i, o := range data.Operations {
		if other := data.Operations[(i+1)%len(data.Operations)]; strings.Contains(line, o.Name) {
			return []string{strings.ReplaceAll(line, o.Name, other.Name), strings.Replace(line, o.Name, other.Name, 1)}
		}
	}
	return nil
}

// TestVerifyPolicy: the last check knows no templates; it finds an operation without its guard in the code alone.
func TestVerifyPolicy(t *testing.T) {
	for _, golden := range []string{"checks", "checks-gin", "public-only", "webhooks-echo", "same-package"} {
		data, _ := dataOf(t, golden)
		_, content, diags := render.Guards(data, "guards.gen.go", nil)
		if content == nil {
			t.Fatalf("%s: %v", golden, diags)
		}
		if diags := verify.Policy(data, content, "guards.gen.go"); len(diags) > 0 {
			t.Errorf("%s: %v", golden, diags)
		}
	}
	data, _ := dataOf(t, "checks")
	_, content, diags := render.Guards(data, "guards.gen.go", nil)
	if content == nil {
		t.Fatal(diags)
	}
	for _, test := range []struct{ old, new, want string }{
		{"(*wrapper).DeleteOrder", "(*wrapper).GetOrder", "operation DeleteOrder: operations lacks"},
		{`"/orders/{orderId}", (*wrapper).DeleteOrder`, `"/orders/", (*wrapper).DeleteOrder`, "operation DeleteOrder: operations lacks"},
		{`"mayDelete"`, `"ownsOrder"`, "operation DeleteOrder: operations lacks"},
		{"Roles:    []guard.AnyRole{{RoleAdmin}},\n", "", "operation DeleteOrder: operations lacks"},
		{"Security: []guard.Alternative{{{Scheme: \"bearerAuth\"}}},\n\t\t}, \"/orders\"", "Public: true,\n\t\t}, \"/orders\"", "operation ListOrders: operations lacks"},
		{"\treturn []operation{\n", "\treturn []operation{\n{guard.Operation{Public: true}, \"/x\", (*wrapper).DeleteOrder},\n", "operations has `{guard.Operation{Public: true}, \"/x\", (*wrapper).DeleteOrder}`"},
		{"\treturn []operation{\n", "\tif true { return nil }\n\treturn []operation{\n", "operation GetHealth: operations lacks"},
		{") DeleteOrder(w http.ResponseWriter, r *http.Request, orderId string) {\n\tcheck", ") Other(w http.ResponseWriter, r *http.Request, orderId string) {\n\tcheck", "operation DeleteOrder: checkedRequest lacks"},
		{"const _ = gen.Generation2", "", "does not name the generation"},
	} {
		changed := strings.Replace(string(content), test.old, test.new, 1)
		diags := verify.Policy(data, []byte(changed), "guards.gen.go")
		if changed == string(content) || len(diags) == 0 || !strings.Contains(diags[0].Message, test.want) {
			t.Errorf("%q in place of %q: %v", test.new, test.old, diags)
		}
	}
}
