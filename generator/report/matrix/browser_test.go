package matrix_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

const browserDir = "../../../testdata/browser"

// TestBrowser opens pages in a real Chromium: hostile names, accessibility, keyboard, print, and the time that a key press
// takes with 1,223 operations and 50 roles. testdata/browser has the tests.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Chromium")
	}
	environment := browser(t)
	pages := t.TempDir()
	writePage(t, pages, "orders", orders(), matrix.Options{})
	writePage(t, pages, "byrole", orders(), matrix.Options{ByRole: true})
	writePage(t, pages, "hostile", hostile(), matrix.Options{})
	writePage(t, pages, "empty", &policy.Policy{}, matrix.Options{})
	writePage(t, pages, "many", large(250, 12), matrix.Options{})
	writePage(t, pages, "large", large(1223, 50), matrix.Options{})
	names, err := json.Marshal(hostileNames())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pages, "hostile.json"), names, 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("node", "--test", "--test-reporter=spec", "matrix.test.js")
	command.Dir = browserDir
	command.Env = append(os.Environ(), append(environment, "PAGES="+pages)...)
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	} else {
		t.Logf("%s", output)
	}
}

// browser is the environment of the tests. Without Chromium or the packages they are skipped, but not in CI.
func browser(t *testing.T) []string {
	missing := t.Skipf
	if os.Getenv("CI") != "" {
		missing = t.Fatalf
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing("node is missing: install Node.js 20 or later")
	}
	if _, err := os.Stat(filepath.Join(browserDir, "node_modules/playwright-core")); err != nil {
		missing("playwright-core is missing: run npm ci in testdata/browser")
	}
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return []string{"CHROMIUM=" + path}
		}
	}
	missing("Chromium is missing: install it (Debian: apt-get install chromium), or name the program in CHROMIUM")
	return nil
}

func writePage(t *testing.T, dir, name string, p *policy.Policy, options matrix.Options) {
	t.Helper()
	var out bytes.Buffer
	if err := matrix.HTML(&out, newMatrix(t, p, options)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".html"), out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
