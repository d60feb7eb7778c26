package overlay_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
)

const viewersDir = "../../../testdata/browser/documentation"

// TestViewers opens overlaid documents in Redoc, Scalar and Swagger UI, in a real Chromium.
func TestViewers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Chromium")
	}
	environment := []string{"CHROMIUM=" + chromium(t)}
	installed(t, "redoc")
	dir := t.TempDir()
	put(t, filepath.Join(dir, "plugin.js"), overlay.SwaggerUIPlugin())
	putJSON(t, filepath.Join(dir, "orders.json"), "testdata/openapi.yaml")
	putJSON(t, filepath.Join(dir, "hostile.json"), "testdata/hostile.yaml")
	command := exec.Command("node", "--test", "--test-reporter=spec", "viewers.test.js")
	command.Dir = viewersDir
	command.Env = append(os.Environ(), append(environment, "DOCUMENTS="+dir)...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	} else {
		t.Logf("%s", output)
	}
}

// TestSpectral: of the rules of Spectral's OWASP rule set that want a 401, none finds anything in the overlaid examples. The
// rule wants one of public operations too, which is what --public-401 is for.
func TestSpectral(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Node.js")
	}
	installed(t, "@stoplight/spectral-cli")
	dir, guarded := t.TempDir(), t.TempDir()
	examples, err := filepath.Glob("../../../examples/*/openapi.yaml")
	if err != nil || len(examples) < 5 {
		t.Fatal(examples, err)
	}
	for _, path := range examples {
		name := filepath.Base(filepath.Dir(path)) + ".yaml"
		content, _ := make(t, path, overlay.Options{Public401: true})
		put(t, filepath.Join(dir, name), apply(t, content, read(t, path)))
		content, _ = make(t, path, overlay.Options{})
		put(t, filepath.Join(guarded, name), apply(t, content, read(t, path)))
	}
	before := spectral(t, "../../../examples/*/openapi.yaml")
	if len(before) < 100 {
		t.Errorf("the rule finds %d in the examples as they are", len(before))
	}
	if found := spectral(t, filepath.Join(dir, "*.yaml")); len(found) > 0 {
		t.Errorf("with --public-401: %q", found)
	}
	for _, f := range spectral(t, filepath.Join(guarded, "*.yaml")) {
		document := decode(t, read(t, f.Source))
		keys := f.Path[:len(f.Path)-1] // up to the operation
		if security, _ := at(document, append(keys, "security")...).([]any); security == nil || len(security) > 0 {
			t.Errorf("%s: %q is not public, and has no 401", f.Source, f.Path)
		}
	}
	t.Logf("%d before, 0 after", len(before))
}

// finding is a finding of Spectral.
type finding struct {
	Code, Source string
	Path         []string
}

// spectral are the findings of OWASP rules about 401.
func spectral(t *testing.T, pattern string) []finding {
	t.Helper()
	pattern, err := filepath.Abs(pattern)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--ruleset", "spectral.yaml",
		"--format", "json", "--fail-severity", "error", "--quiet", pattern)
	command.Dir = viewersDir
	var problems strings.Builder
	command.Stderr = &problems
	output, _ := command.Output() // it fails when there are findings
	var all, about []finding
	if err := json.Unmarshal(output, &all); err != nil {
		t.Fatalf("%v\n%s%s", err, output, problems.String())
	}
	for _, f := range all {
		if strings.Contains(f.Code, "401") {
			about = append(about, f)
		}
	}
	return about
}

// chromium is the browser's program. Without what a test needs it is skipped, but not in CI.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "Chromium is missing: install it (Debian: apt-get install chromium), or name the program in CHROMIUM")
	return ""
}

func installed(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		missing(t, "node is missing: install Node.js 20 or later")
	}
	for _, path := range []string{"node_modules/" + name, "../node_modules/playwright-core"} {
		if _, err := os.Stat(filepath.Join(viewersDir, path)); err != nil {
			missing(t, name+" is missing: run npm ci in testdata/browser and in testdata/browser/documentation")
		}
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func putJSON(t *testing.T, path, document string) {
	t.Helper()
	content, _ := make(t, document, overlay.Options{})
	encoded, err := json.Marshal(decode(t, apply(t, content, read(t, document))))
	if err != nil {
		t.Fatal(err)
	}
	put(t, path, encoded)
}
