package generator

import (
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/config"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/spec"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// dataOf is the template data of a golden case, and oapi-codegen's file.
func dataOf(t *testing.T, golden string) (*view.File, []byte) {
	t.Helper()
	c, diags := config.Load("../testdata/golden/" + golden + "/oapi-guard.yaml")
	if c == nil {
		t.Fatal(diags)
	}
	document, diags := spec.Load(specOptions(c))
	if document == nil {
		t.Fatal(diags)
	}
	r := &Result{}
	r.Policy, _ = policy.Build(document, policy.Options{})
	s := r.server(c)
	to := target{pkg: c.Package, own: !c.InServerPackage, framework: c.Framework, strict: c.Strict, serverFile: c.ServerFile}
	data := build(r.Policy, s, join(r.Policy, s, to, &r.Diagnostics), to, &r.Diagnostics)
	if r.Diagnostics.HasErrors() {
		t.Fatal(r.Diagnostics)
	}
	source, err := os.ReadFile(c.ServerFile)
	if err != nil {
		t.Fatal(err)
	}
	return data, source
}

// TestEveryLineCounts drops, doubles and redirects every line of the guards in turn: what still parses must be refused,
// but for comments, imports, and the functions that may answer as they like.
func TestEveryLineCounts(t *testing.T) {
	for _, golden := range []string{"checks", "checks-gin", "webhooks-std-http", "fiber3-strict"} {
		t.Run(golden, func(t *testing.T) {
			t.Parallel()
			data, server := dataOf(t, golden)
			var diags diag.List
			r := execute(data, "guards.gen.go", &Overrides{}, &diags)
			if r == nil {
				t.Fatal(diags)
			}
			lines := strings.SplitAfter(string(r.source), "\n")
			tried := 0
			for i := 1; i < len(lines); i += max(1, len(lines)/120) { // long files by samples
				if isFree(strings.TrimSpace(lines[i])) {
					continue
				}
				for _, line := range append(redirected(data, lines[i]), "", lines[i]+lines[i]) {
					mutant := *r
					mutant.source = []byte(strings.Join(lines[:i], "") + line + strings.Join(lines[i+1:], ""))
					if _, err := parser.ParseFile(token.NewFileSet(), "", mutant.source, 0); err != nil {
						continue
					}
					tried++
					var found diag.List
					if verify(&mutant, &Overrides{}, mutant.source, server, &found); !found.HasErrors() {
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

// isFree reports whether a line may change: a comment, an import, an answer to what cannot be bound, or what is done with an
// admitted request.
func isFree(line string) bool {
	return line == "" || strings.HasPrefix(line, "//") || strings.HasPrefix(line, "http.Error(") || strings.HasPrefix(line, "c.JSON(") || strings.HasPrefix(line, "c.SetContext(") ||
		strings.HasSuffix(line, `"`) && !strings.ContainsAny(line, "={}(")
}

// redirected is a line with the name of an operation replaced by that of another one.
func redirected(data *view.File, line string) []string {
	guarded := data.GuardedOperations()
	for i, o := range guarded {
		if other := guarded[(i+1)%len(guarded)]; strings.Contains(line, o.Name) {
			return []string{strings.ReplaceAll(line, o.Name, other.Name), strings.Replace(line, o.Name, other.Name, 1)}
		}
	}
	return nil
}

// TestVerifyPolicy: the last check knows no templates; it finds an operation without its guard in the code alone.
func TestVerifyPolicy(t *testing.T) {
	for _, golden := range []string{"checks", "checks-gin", "public-only", "webhooks-echo", "same-package"} {
		data, _ := dataOf(t, golden)
		content, err := render(data, "guards.gen.go")
		if err != nil {
			t.Fatalf("%s: %v", golden, err)
		}
		var diags diag.List
		if verifyPolicy(data, content, "guards.gen.go", &diags); len(diags) > 0 {
			t.Errorf("%s: %v", golden, diags)
		}
	}
	data, _ := dataOf(t, "checks")
	content, err := render(data, "guards.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, want string }{
		{"guarded(g.DeleteOrder, (*api.ServerInterfaceWrapper).DeleteOrder)", "public.DeleteOrder", "operation DeleteOrder: routes lacks"},
		{"guarded(g.DeleteOrder,", "guarded(g.GetOrder,", "operation DeleteOrder: routes lacks"},
		{"DeleteOrder: linker.Guard(deleteOrderPolicy())", "DeleteOrder: linker.Guard(getOrderPolicy())", "operation DeleteOrder: newGuards lacks"},
		{"\t\tdeleteOrderPolicy(),\n", "", "operation DeleteOrder: Policy lacks"},
		{"\t\tdeleteOrderPolicy(),\n", "\t\tdeleteOrderPolicy(),\ndeleteOrderPolicy(),\n", "Policy has `deleteOrderPolicy()`"},
		{"Pattern: baseURL + \"/orders/{orderId}\", Handler: guarded(g.DeleteOrder", "Pattern: \"/orders/{orderId}\", Handler: guarded(g.DeleteOrder", "operation DeleteOrder: routes lacks"},
		{"const _ = gen.Generation2", "", "does not name the generation"},
	} {
		changed := strings.Replace(string(content), test.old, test.new, 1)
		var diags diag.List
		verifyPolicy(data, []byte(changed), "guards.gen.go", &diags)
		if changed == string(content) || len(diags) == 0 || !strings.Contains(diags[0].Message, test.want) {
			t.Errorf("%q in place of %q: %v", test.new, test.old, diags)
		}
	}
}
