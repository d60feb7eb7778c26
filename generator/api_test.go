package generator_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAPI compares the public packages' documentation with testdata/api, so that a surface that grows shows in
// review.
func TestAPI(t *testing.T) {
	packages := map[string]string{
		"runtime":       "../runtime",
		"apikey":        "../runtime/authn/apikey",
		"basic":         "../runtime/authn/basic",
		"introspection": "../runtime/authn/introspection",
		"redis":         "../runtime/authn/introspection/redis",
		"session":       "../runtime/authn/session",
		"gen":           "../runtime/gen",
		"guardtest":     "../runtime/guardtest",
		"metadata":      "../runtime/metadata",
		"otelguard":     "../runtime/otelguard",
		"verdict":       "../runtime/verdict",
		"client":        "../runtime/client",
		"jwt":           "../runtime/authn/jwt",
		"generator":     ".",
		"diag":          "./diag",
		"policy":        "./policy",
		"view":          "./view",
		"write":         "./write",
		"difference":    "./report/difference",
		"explain":       "./report/explain",
		"lint":          "./report/lint",
		"matrix":        "./report/matrix",
		"overlay":       "./report/overlay",
		"probe":         "./report/probe",
	}
	for name, dir := range packages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := exec.Command("go", "doc", "-all")
			command.Dir = dir
			got, err := command.Output()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("../testdata/api", name+".txt")
			if *update {
				put(t, path, string(got))
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the public API or its documentation changed: make generate, and read the diff of %s", path)
			}
		})
	}
}

// TestNoReplace keeps the root module installable: `go install …@version` refuses a replace directive.
func TestNoReplace(t *testing.T) {
	content, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("replace")) {
		t.Error("go.mod has a replace directive")
	}
}

// TestOnlyProgram: `go install ./...` at the top, which pre-commit runs, installs the command and nothing else.
func TestOnlyProgram(t *testing.T) {
	command := exec.Command("go", "list", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	command.Dir = ".."
	out, err := command.Output()
	if got := string(bytes.TrimSpace(out)); err != nil || got != "github.com/oapi-guard/oapi-guard/cmd/oapi-guard" {
		t.Errorf("%s (%v)", got, err)
	}
}

// TestModulesStayApart keeps the generator free of the runtime, and the runtime free of everything but the
// standard library.
func TestModulesStayApart(t *testing.T) {
	own := []byte("github.com/oapi-guard/oapi-guard/runtime")
	for _, path := range dependencies(t, "..") {
		if bytes.HasPrefix(path, own) {
			t.Errorf("the generator depends on the runtime: %s", path)
		}
	}
	for _, path := range dependencies(t, "../runtime") {
		if !bytes.HasPrefix(path, own) {
			t.Errorf("the runtime depends on %s", path)
		}
	}
}

// dependencies are the packages outside the standard library that the module in dir needs.
func dependencies(t *testing.T, dir string) [][]byte {
	t.Helper()
	command := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./...")
	command.Dir = dir
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Fields(output)
}
