package golden

import (
	"os"
	"os/exec"
	"path/filepath"
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
	tests := []struct {
		name          string
		old, changed  string
		plain, strict string // the compiler's messages
	}{
		{"nothing", health, health, "", ""},
		{"an operation more", health, added + health, "missing method GetAdded", "missing method GetAdded"},
		{"an operation less", removed, "", "no field or method DeleteOrder", "undefined: api.DeleteOrderRequestObject"},
		{"an operation renamed", "operationId: getOrder", "operationId: findOrder", "missing method FindOrder", "missing method FindOrder"},
		{"a parameter of another type", "{type: string, format: uuid}", "{type: integer}", "wrong type for method", "wrong type for method"},
	}
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := copyModule(t)
			replace(t, filepath.Join(dir, document), test.old, test.changed)
			for _, s := range servers {
				copyCase(t, dir, s.name)
				generateServer(t, filepath.Join(dir, s.name))
			}
			failed := build(t, dir)
			for _, s := range servers {
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

// generateServer runs oapi-codegen's own command, which is a tool of the examples' module, where the
// configuration expects it: in its folder.
func generateServer(t *testing.T, dir string) {
	t.Helper()
	which := exec.Command("go", "tool", "-n", "oapi-codegen")
	which.Dir = "../../examples"
	tool, err := which.Output()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(strings.TrimSpace(string(tool)), "-config", "oapi-codegen.yaml", "../"+document)
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
