package golden

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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
			dir := t.TempDir()
			writeReplaced(t, document, filepath.Join(dir, document), test.old, test.changed)
			replaced := map[string]string{}
			for _, s := range servers {
				replaced[s.name+"/api/api.gen.go"] = generateServer(t, dir, s.name)
			}
			failed := build(t, replaced)
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
	dir, replaced := t.TempDir(), map[string]string{}
	for _, s := range servers {
		guards := s.name + "/apiguard/guards.gen.go"
		replaced[guards] = filepath.Join(dir, s.name+".go")
		writeReplaced(t, guards, replaced[guards], "guard.Generation1", "guard.Generation2")
	}
	failed := build(t, replaced)
	for _, s := range servers {
		if got := failed[s.name+"/apiguard"]; !strings.Contains(got, "undefined: guard.Generation2") {
			t.Errorf("%s: the compiler says %q", s.name, got)
		}
	}
}

// writeReplaced writes a file's content elsewhere, with a text replaced that occurs once.
func writeReplaced(t *testing.T, file, to, old, changed string) {
	t.Helper()
	content := read(t, file)
	if n := strings.Count(content, old); n != 1 {
		t.Fatalf("%s holds %q %d times", file, old, n)
	}
	write(t, to, strings.Replace(content, old, changed, 1))
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// codegen is the path of oapi-codegen's own command, which is a tool of the examples' module.
var codegen = sync.OnceValues(func() (string, error) {
	command := exec.Command("go", "tool", "-n", "oapi-codegen")
	command.Dir = "../../examples"
	path, err := command.Output()
	return strings.TrimSpace(string(path)), err
})

// generateServer runs oapi-codegen with a case's configuration on the document in dir, and returns the path of its output.
func generateServer(t *testing.T, dir, name string) string {
	t.Helper()
	tool, err := codegen()
	if err != nil {
		t.Fatal(err)
	}
	const config, made = "oapi-codegen.yaml", "api/api.gen.go" // the first says where the second is
	folder := filepath.Join(dir, name)
	write(t, filepath.Join(folder, config), read(t, filepath.Join(name, config)))
	write(t, filepath.Join(folder, made), "")
	command := exec.Command(tool, "-config", config, filepath.Join(dir, document))
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return filepath.Join(folder, made)
}

// build builds the servers' guards with some files of this module replaced by others, and returns the compiler's messages
// by package. The files replace them where they are, so that whatever did not change is in the build cache.
func build(t *testing.T, replaced map[string]string) map[string]string {
	t.Helper()
	arguments := []string{"build", "-gcflags=-e", "-overlay", overlay(t, replaced)}
	for _, s := range servers {
		arguments = append(arguments, "./"+s.name+"/apiguard")
	}
	output, err := exec.Command("go", arguments...).CombinedOutput()
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

// overlay writes the file that tells the go command which files stand in for others, and returns its path.
func overlay(t *testing.T, replaced map[string]string) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	absolute := map[string]string{}
	for file, by := range replaced {
		absolute[filepath.Join(here, filepath.FromSlash(file))] = by
	}
	content, err := json.Marshal(map[string]any{"Replace": absolute})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "overlay.json")
	write(t, path, string(content))
	return path
}
