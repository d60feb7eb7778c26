package golden

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const document = "orders.yaml"

// TestStaleGuardsDoNotCompile changes the document and generates oapi-codegen's part of every case anew, but not
// the guards.
func TestStaleGuardsDoNotCompile(t *testing.T) {
	const health = "  /health:\n"
	added := "  /added:\n    get:\n      operationId: getAdded\n      responses: {'204': {description: ok}}\n"
	removed := "    delete:\n      operationId: deleteOrder\n" +
		"      x-required-roles: {anyOf: [admin, auditor], allOf: [support]}\n      responses: {'200': {$ref: '#/components/responses/Answer'}}\n"
	all, one := "", "chi" // of one framework there is a plain and a strict server
	tests := []struct {
		name          string
		old, changed  string
		framework     string
		plain, strict string // the compiler's messages
	}{
		{"nothing", health, health, all, "", ""},
		{"an operation more", health, added + health, all, "missing method GetAdded", "missing method GetAdded"},
		{"an operation less", removed, "", all, "no field or method DeleteOrder", "undefined: api.DeleteOrderRequestObject"},
		{"an operation renamed", "operationId: getOrder", "operationId: findOrder", all, "missing method FindOrder", "missing method FindOrder"},
		// Strict servers get parameters in their request object, of which guards know nothing but what checks need.
		{"a parameter of another type", "{type: string, format: uuid}", "{type: integer}", all, "wrong type for method", ""},
		{"a parameter of a check of another type", "{format: uuid, type: string}", "{type: integer}", one, "wrong type for method", "wrong type for method"},
		{"a parameter of a public operation more", "      operationId: getHealth\n", "      operationId: getHealth\n      parameters: [{name: deep, in: query, schema: {type: boolean}}]\n",
			one, "wrong type for method GetHealth", ""},
	}
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := copyModule(t)
			replace(t, filepath.Join(dir, document), test.old, test.changed)
			tried := slices.DeleteFunc(slices.Clone(servers), func(s server) bool { return !strings.HasPrefix(s.framework, test.framework) })
			for _, s := range tried {
				copyCase(t, dir, s.name)
				generateServer(t, filepath.Join(dir, s.name))
			}
			failed := build(t, dir)
			for _, s := range tried {
				want := test.plain
				if s.strict {
					want = test.strict
				}
				got, fails := failed[s.name+"/apiguard"]
				if fails != (want != "") || !strings.Contains(got, want) {
					t.Errorf("%s: the compiler says %q, want %q", s.name, got, want)
				}
			}
		})
	}
}

// TestAnotherGenerationDoesNotCompile is the handshake with the runtime.
func TestAnotherGenerationDoesNotCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir := copyModule(t)
	for _, s := range servers {
		copyCase(t, dir, s.name)
		replace(t, filepath.Join(dir, s.name, "apiguard/guards.gen.go"), "gen.Generation2", "gen.Generation1")
	}
	failed := build(t, dir)
	for _, s := range servers {
		if got := failed[s.name+"/apiguard"]; !strings.Contains(got, "undefined: gen.Generation1") {
			t.Errorf("%s: the compiler says %q", s.name, got)
		}
	}
}

// TestNoAdapterCanBeMissing takes each method out that hands a caller on: what is embedded has the method with a caller in
// it, and does not stand in for it.
func TestNoAdapterCanBeMissing(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir := copyModule(t)
	adapter := regexp.MustCompile(`(?ms)^func \(q \*guarded(Request|Webhook|Callback)\[P\]\) (\w+)\(.*?^\}\n`)
	wanted := map[string]string{}
	for name, most := range map[string]int{"checks": 100, "webhooks-std-http": 100, "chi-strict": 3} {
		copyCase(t, dir, name)
		content, err := os.ReadFile(filepath.Join(name, "apiguard/guards.gen.go"))
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range adapter.FindAllSubmatchIndex(content, most) {
			without := slices.Concat(content[:at[0]], content[at[1]:])
			pkg := fmt.Sprintf("%s/without%d", name, i)
			wanted[pkg] = string(content[at[4]:at[5]])
			if err := os.MkdirAll(filepath.Join(dir, pkg), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, pkg, "guards.gen.go"), without, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	failed := build(t, dir)
	for pkg, method := range wanted {
		if got := failed[pkg]; !strings.Contains(got, "wrong type for method "+method+")") {
			t.Errorf("%s, without %s: the compiler says %q", pkg, method, got)
		}
	}
	if len(wanted) < 10 || len(failed) != len(wanted) {
		t.Errorf("%d methods were taken out, and %d packages do not compile", len(wanted), len(failed))
	}
}

// TestServersNoticeNewGuards: what implements a public operation does not compile any more once the operation has a guard.
func TestServersNoticeNewGuards(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir := copyModule(t)
	copyCase(t, dir, "chi")
	copyCase(t, dir, "chi-strict")
	for _, name := range []string{"chi", "chi-strict"} {
		if err := os.CopyFS(filepath.Join(dir, name, "before"), os.DirFS(filepath.Join(name, "apiguard"))); err != nil {
			t.Fatal(err)
		}
	}
	replace(t, filepath.Join(dir, document), "      operationId: getHealth\n      security: []\n", "      operationId: getHealth\n")
	for name, server := range map[string]string{"chi": "Server", "chi-strict": "StrictServer"} {
		tool(t, filepath.Join(dir, name), "oapi-guard")
		content := "package check\n\nimport (\n\tafter \"example.com/golden/" + name + "/apiguard\"\n\tbefore \"example.com/golden/" + name + "/before\"\n)\n\n" +
			"func still[P after.Principal](s before." + server + "[P]) after." + server + "[P] { return s }\n"
		if err := os.MkdirAll(filepath.Join(dir, name, "check"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "check", "check.go"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	failed := build(t, dir)
	for _, name := range []string{"chi/check", "chi-strict/check"} {
		if !strings.Contains(failed[name], "wrong type for method GetHealth") {
			t.Errorf("%s: the compiler says %q", name, failed[name])
		}
	}
	if len(failed) != 2 {
		t.Errorf("these do not compile: %q", failed)
	}
}

// copyCase copies a case into a module.
func copyCase(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(name)); err != nil {
		t.Fatal(err)
	}
}

// copyModule makes a module of the same name and requirements, with the document but without cases.
func copyModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, file := range []string{"go.mod", "go.sum", document} {
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, file), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime, err := filepath.Abs("../../runtime")
	if err != nil {
		t.Fatal(err)
	}
	replace(t, filepath.Join(dir, "go.mod"), "=> ../../runtime", "=> "+runtime)
	return dir
}

// replace changes a text that occurs once.
func replace(t *testing.T, file, old, changed string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(content), old); n != 1 {
		t.Fatalf("%s holds %q %d times", file, old, n)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(content), old, changed, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// generateServer runs oapi-codegen's own command where the configuration expects it: in its folder.
func generateServer(t *testing.T, dir string) {
	t.Helper()
	tool(t, dir, "oapi-codegen", "-config", "oapi-codegen.yaml", "../"+document)
}

// tool runs a tool of the examples' module in a folder.
func tool(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	which := exec.Command("go", "tool", "-n", name)
	which.Dir = "../../examples"
	path, err := which.Output()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(strings.TrimSpace(string(path)), args...)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// build builds everything and returns the compiler's messages by package, relative to the module.
func build(t *testing.T, dir string) map[string]string {
	t.Helper()
	command := exec.Command("go", "build", "-gcflags=-e", "./...")
	command.Dir = dir
	output, err := command.CombinedOutput()
	failed := map[string]string{}
	for part := range strings.SplitSeq("\n"+string(output), "\n# example.com/golden/") {
		if name, messages, found := strings.Cut(part, "\n"); found && name != "" {
			failed[name] = messages
		}
	}
	if (err != nil) != (len(failed) > 0) {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return failed
}
