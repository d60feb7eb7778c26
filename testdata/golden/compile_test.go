package golden

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const document = "openapi.yaml"

// TestStaleGuardsDoNotCompile changes a document and generates oapi-codegen's part anew, but not the guards.
func TestStaleGuardsDoNotCompile(t *testing.T) {
	const health = "  /health:\n"
	added := "  /added:\n    get:\n      operationId: getAdded\n      responses: {'204': {description: ok}}\n"
	removed := "    delete:\n      operationId: deleteOrder\n" +
		"      x-required-roles: {anyOf: [admin, auditor], allOf: [support]}\n      responses: {'204': {description: gone}}\n"
	tests := []struct {
		name          string
		old, changed  string
		plain, strict string // the compiler's messages
	}{
		{"nothing", health, health, "", ""},
		{"an operation more", health, added + health, "missing method GetAdded", "missing method GetAdded"},
		{"an operation less", removed, "", "no field or method DeleteOrder", "undefined: api.DeleteOrderRequestObject"},
		{"an operation renamed", "operationId: getOrder", "operationId: findOrder", "missing method FindOrder", "missing method FindOrder"},
		// Parameters of a strict server travel inside of the request object: guards do not name their types.
		{"a parameter of another type", "{type: string, format: uuid}", "{type: integer}", "wrong type for method", ""},
	}
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	for _, test := range tests {
		for of, message := range map[string]string{"std-http": test.plain, "chi-strict": test.strict} {
			t.Run(test.name+"/"+of, func(t *testing.T) {
				t.Parallel()
				dir := copyCase(t, of)
				replace(t, filepath.Join(dir, of, document), test.old, test.changed)
				generateServer(t, filepath.Join(dir, of))
				checkBuild(t, dir, message)
			})
		}
	}
}

// TestAnotherGenerationDoesNotCompile is the handshake with the runtime.
func TestAnotherGenerationDoesNotCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the compiler")
	}
	dir := copyCase(t, "std-http")
	replace(t, filepath.Join(dir, "std-http/apiguard/guards.gen.go"), "guard.Generation1", "guard.Generation2")
	checkBuild(t, dir, "undefined: guard.Generation2")
}

// copyCase copies a case into a module of its own.
func copyCase(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(name)); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"go.mod", "go.sum"} {
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
	command := exec.Command(strings.TrimSpace(string(tool)), "-config", "oapi-codegen.yaml", document)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// checkBuild expects the build to fail with the message, or to succeed when there is none.
func checkBuild(t *testing.T, dir, message string) {
	t.Helper()
	command := exec.Command("go", "build", "./...")
	command.Dir = dir
	output, err := command.CombinedOutput()
	if failed := err != nil; failed != (message != "") || !strings.Contains(string(output), message) {
		t.Errorf("go build: %v, want an error: %t with %q\n%s", err, message != "", message, output)
	}
}
