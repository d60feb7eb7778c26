package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// TestInstall runs the commands that the README has for adding oapi-guard to a service, with this tree in the place of a
// release. They must leave the service's own requirements alone, but for the runtime.
func TestInstall(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the command in a module of its own")
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "## Add it to your service")
	block := regexp.MustCompile("(?s)```console\n(.*?)```").FindStringSubmatch(section)
	if block == nil {
		t.Fatal("no commands under this heading of the README")
	}
	dir := t.TempDir()
	if err := copyMissing(filepath.Join(scriptDir, "project"), dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"oapi-guard.yaml", "go.mod.txt", "apiguard/guards.gen.go"} {
		_ = os.Remove(filepath.Join(dir, name))
	}
	writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/orders\n\ngo 1.26.0\n")
	writeFile(t, filepath.Join(dir, "generate.go"), "package orders\n\n//go:generate go tool oapi-codegen -config oapi-codegen.yaml openapi.yaml\n")
	environment := proxied(t)
	for line := range strings.Lines(block[1]) {
		command, _, _ := strings.Cut(strings.TrimPrefix(line, "$ "), "#")
		words := strings.Fields(command)
		if strings.HasPrefix(command, "go generate") {
			words = append([]string{"go", "generate", "-run", "oapi-guard"}, words[2:]...) // oapi-codegen is not installed here
		}
		run := exec.Command(words[0], words[1:]...)
		run.Dir, run.Env = dir, environment
		if output, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, output)
		}
	}
	requirements := readFile(t, filepath.Join(dir, "go.mod"))
	if strings.Contains(requirements, "kin-openapi") || !strings.Contains(requirements, "oapi-guard/runtime v0.1.0") {
		t.Errorf("go.mod: %s", requirements)
	}
	if guards := readFile(t, filepath.Join(dir, "apiguard", "guards.gen.go")); !strings.Contains(guards, "func Policy()") {
		t.Errorf("guards: %s", guards)
	}
}

// proxied is the environment of a go command that finds this tree as version 0.1.0, and every other module where it has
// been downloaded already.
func proxied(t *testing.T) []string {
	t.Helper()
	proxy := t.TempDir()
	for path, dir := range map[string]string{"github.com/oapi-guard/oapi-guard": "../..", "github.com/oapi-guard/oapi-guard/runtime": "../../runtime"} {
		folder := filepath.Join(proxy, path, "@v")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(folder, "list"), "v0.1.0\n")
		writeFile(t, filepath.Join(folder, "v0.1.0.info"), `{"Version":"v0.1.0"}`)
		writeFile(t, filepath.Join(folder, "v0.1.0.mod"), readFile(t, filepath.Join(dir, "go.mod")))
		archive, err := os.Create(filepath.Join(folder, "v0.1.0.zip"))
		if err != nil {
			t.Fatal(err)
		}
		if err := zip.CreateFromDir(archive, module.Version{Path: path, Version: "v0.1.0"}, dir); err != nil {
			t.Fatal(err)
		}
		if err := archive.Close(); err != nil {
			t.Fatal(err)
		}
	}
	downloaded, err := exec.Command("go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "GOWORK=off", "GOSUMDB=off", "GOFLAGS=-modcacherw -trimpath", "GOMODCACHE="+t.TempDir(),
		fmt.Sprintf("GOPROXY=file://%s,file://%s/cache/download", proxy, strings.TrimSpace(string(downloaded))))
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
