package generator_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
)

// BenchmarkGenerate compares the generation of the guards with what kin-openapi takes to load the same document,
// and with oapi-codegen's own run, both in this process. The three are measured in turns, and the medians
// count: the metrics are ratios. Promised are at most 1.35 of the load and 0.65 of the run.
func BenchmarkGenerate(b *testing.B) {
	for _, name := range []string{"kubernetes.json", "github.json"} {
		b.Run(name, func(b *testing.B) {
			project := newProject(b, name)
			contenders := []func() error{project.generate, project.load, project.codegen}
			samples := make([][]time.Duration, len(contenders))
			for b.Loop() {
				for i, run := range contenders {
					samples[i] = append(samples[i], timed(b, run))
				}
			}
			guards, load, codegen := median(samples[0]), median(samples[1]), median(samples[2])
			b.ReportMetric(float64(guards)/1e6, "guards-ms")
			b.ReportMetric(float64(load)/1e6, "kin-load-ms")
			b.ReportMetric(float64(codegen)/1e6, "oapi-codegen-ms")
			b.ReportMetric(guards/load, "of-kin-load")
			b.ReportMetric(guards/codegen, "of-oapi-codegen")
		})
	}
}

// timed starts with a collected heap, so that nobody pays for somebody else's garbage.
func timed(b *testing.B, run func() error) time.Duration {
	b.StopTimer()
	runtime.GC()
	b.StartTimer()
	start := time.Now()
	if err := run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func median(samples []time.Duration) float64 {
	slices.Sort(samples)
	return float64(samples[len(samples)/2])
}

// project is a folder with a configuration for a real document, and with oapi-codegen's output.
type project struct{ spec, config, server string }

const codegenConfig = `package: api
output: api.gen.go
generate: {%s: true, models: true}
output-options: {skip-prune: true, resolve-type-name-collisions: true, name-normalizer: ToCamelCaseWithInitialisms}
`

// newProject skips the benchmark where the real documents, which are not part of the project, are missing.
func newProject(b *testing.B, name string) *project {
	b.Helper()
	document, err := filepath.Abs(filepath.Join("../../shared/specs", name))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(document); err != nil {
		b.Skipf("the real documents are not part of the project: %v", err)
	}
	dir := b.TempDir()
	p := &project{spec: document, config: filepath.Join(dir, "oapi-guard.yaml"), server: filepath.Join(dir, "api.gen.go")}
	writeText(b, filepath.Join(dir, "go.mod"), "module example.com/bench\n\ngo 1.26.0\n")
	writeText(b, filepath.Join(dir, "oapi-codegen.yaml"), fmt.Sprintf(codegenConfig, "chi-server"))
	writeText(b, p.config, fmt.Sprintf("spec: %s\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\n", document))
	writeText(b, p.server, "") // a configuration is complete when its server file is there
	if err := p.codegen(); err != nil {
		b.Fatal(err)
	}
	return p
}

func writeText(b *testing.B, path, text string) {
	b.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
}

func (p *project) generate() error {
	result := generator.Generate(p.config)
	if result.Diagnostics.HasErrors() || len(result.Files) != 1 {
		return fmt.Errorf("%d files, diagnostics: %v", len(result.Files), result.Diagnostics)
	}
	return nil
}

func (p *project) load() error {
	_, err := openapi3.NewLoader().LoadFromFile(p.spec)
	return err
}

// codegen writes oapi-codegen's output, as its command does.
func (p *project) codegen() error {
	c, diags := config.Load(p.config)
	if diags.HasErrors() {
		return fmt.Errorf("%v", diags)
	}
	content, diags := oapicodegen.Run(oapicodegen.RunOptions{Spec: p.spec, Config: c.Codegen, ConfigFile: c.ServerConfig, Dir: c.CodegenDir})
	if diags.HasErrors() {
		return fmt.Errorf("%v", diags)
	}
	return os.WriteFile(p.server, content, 0o644)
}
