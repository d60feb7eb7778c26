package generator_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
)

var update = flag.Bool("update", false, "write what the generator makes of the golden cases")

const goldenDir = "../testdata/golden"

// goldenCases are the configurations below testdata/golden.
func goldenCases(t *testing.T) []string {
	t.Helper()
	configs, err := filepath.Glob(goldenDir + "/*/oapi-guard.yaml")
	if err != nil || len(configs) < 10 {
		t.Fatalf("golden cases: %v, %v", configs, err)
	}
	return configs
}

// TestGolden compares oapi-codegen's output and the guards of every case with the committed files.
func TestGolden(t *testing.T) {
	for _, config := range goldenCases(t) {
		t.Run(filepath.Base(filepath.Dir(config)), func(t *testing.T) {
			t.Parallel()
			result := generate(t, config)
			for _, file := range result.Files {
				if *update {
					writeGolden(t, file)
				}
				want, err := os.ReadFile(file.Path)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(file.Content, want) {
					t.Errorf("%s differs from what the generator makes now: make generate, and read the diff", file.Path)
				}
			}
		})
	}
}

// TestPieces does the same for the models of the case pieces, which have a package of their own: oapi-codegen alone makes
// them.
func TestPieces(t *testing.T) {
	dir := goldenDir + "/pieces/"
	text, err := os.ReadFile(dir + "models.yaml")
	if err != nil {
		t.Fatal(err)
	}
	options := oapicodegen.RunOptions{Spec: dir + "openapi.yaml", ConfigFile: dir + "models.yaml", Dir: dir}
	if err := yaml.Unmarshal(text, &options.Config); err != nil {
		t.Fatal(err)
	}
	content, diags := oapicodegen.Run(options)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	file := generator.File{Path: dir + "models/models.gen.go", Content: content}
	if *update {
		writeGolden(t, file)
	}
	if want, err := os.ReadFile(file.Path); err != nil || !bytes.Equal(content, want) {
		t.Errorf("%s differs from what oapi-codegen makes now: make generate (%v)", file.Path, err)
	}
}

func writeGolden(t *testing.T, file generator.File) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file.Path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file.Path, file.Content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// generate fails the test when there is anything to report but warnings.
func generate(t *testing.T, config string) *generator.Result {
	t.Helper()
	result := generator.Generate(config)
	if result.Diagnostics.HasErrors() || len(result.Files) == 0 {
		t.Fatalf("diagnostics: %v", result.Diagnostics)
	}
	return result
}

// TestGoldenCompiles accepts a golden case only when it compiles and go vet finds nothing.
func TestGoldenCompiles(t *testing.T) {
	t.Parallel()
	command := exec.Command("go", "vet", "./...")
	command.Dir = goldenDir
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// TestDeterministic generates the same bytes a hundred times.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	config := goldenDir + "/schemes/oapi-guard.yaml"
	first := generate(t, config)
	for range 99 {
		again := generate(t, config)
		for i := range first.Files {
			if !bytes.Equal(again.Files[i].Content, first.Files[i].Content) {
				t.Fatalf("%s differs between two runs", first.Files[i].Path)
			}
		}
	}
}
