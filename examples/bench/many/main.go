// Many generates APIs of 1, 20 and 1,000 operations into bench/testdata/many, which is not committed, and
// measures them. Run it in the folder of the examples' module:
//
//	go run ./bench/many
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/oapi-guard/oapi-guard/examples/bench"
	"github.com/oapi-guard/oapi-guard/generator"
)

const folder = "bench/testdata/many"

var sizes = []int{1, 20, 1000}

func main() {
	log.SetFlags(0)
	rounds := flag.Int("rounds", 2000, "batches of each contender; the median counts")
	flag.Parse()
	if err := run(*rounds); err != nil {
		log.Fatal("many: ", err)
	}
}

func run(rounds int) error {
	for _, n := range sizes {
		if err := generate(n); err != nil {
			return err
		}
	}
	if err := write(filepath.Join(folder, "main.go"), mainFile, sizes); err != nil {
		return err
	}
	command := exec.Command("go", "run", "./"+folder, fmt.Sprint("-rounds=", rounds))
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}

// generate writes the document of n operations, the server and the guards that are generated for it, and
// implementations of both that do nothing.
func generate(n int) error {
	dir := filepath.Join(folder, fmt.Sprint("n", n))
	inputs := map[string]string{
		"openapi.yaml":      string(bench.ManyDocument(n)),
		"oapi-codegen.yaml": "package: api\noutput: api/api.gen.go\ngenerate: {std-http-server: true, models: true}\n",
		"oapi-guard.yaml":   "spec: openapi.yaml\nserver: oapi-codegen.yaml\noutput: apiguard/guards.gen.go\ngenerate: {server: true}\n",
	}
	for name, content := range inputs {
		if err := writeFile(filepath.Join(dir, name), []byte(content)); err != nil {
			return err
		}
	}
	result := generator.Generate(filepath.Join(dir, "oapi-guard.yaml"))
	if len(result.Diagnostics) > 0 {
		return fmt.Errorf("%v", result.Diagnostics)
	}
	for _, file := range result.Files {
		if err := writeFile(file.Path, file.Content); err != nil {
			return err
		}
	}
	return write(filepath.Join(dir, "servers.go"), serversFile, n)
}

func write(path, text string, data any) error {
	var b strings.Builder
	if err := template.Must(template.New(path).Parse(text)).Execute(&b, data); err != nil {
		return err
	}
	return writeFile(path, []byte(b.String()))
}

func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

const serversFile = `// Package servers holds the servers of an API of {{.}} operations, with and without guards.
package servers

import (
	_ "embed"
	"net/http"

	"github.com/oapi-guard/oapi-guard/examples/bench"
	"github.com/oapi-guard/oapi-guard/examples/bench/testdata/many/n{{.}}/api"
	"github.com/oapi-guard/oapi-guard/examples/bench/testdata/many/n{{.}}/apiguard"
)

//go:embed openapi.yaml
var document []byte

type bare struct{}

type guarded struct{}
{{range $i := .}}
func (bare) GetResource{{$i}}(w http.ResponseWriter, _ *http.Request, _ int64) { w.WriteHeader(204) }

func (guarded) GetResource{{$i}}(w http.ResponseWriter, _ *http.Request, _ *bench.Caller, _ int64) { w.WriteHeader(204) }
{{end}}
// Contenders are measured against each other.
func Contenders() []bench.Contender {
	handler, err := apiguard.Handler[*bench.Caller](guarded{}, bench.Auth{}, bench.Options())
	if err != nil {
		panic(err)
	}
	return []bench.Contender{
		{Name: "bare router", Handler: api.Handler(bare{})},
		{Name: "generated guards", Handler: handler},
		{Name: "nethttp-middleware", Handler: bench.Peer(document, api.Handler(bare{}))},
	}
}
`

const mainFile = `// The program measures the generated APIs.
package main

import (
	"flag"

	"github.com/oapi-guard/oapi-guard/examples/bench"
{{- range .}}
	n{{.}} "github.com/oapi-guard/oapi-guard/examples/bench/testdata/many/n{{.}}"
{{- end}}
)

func main() {
	rounds := flag.Int("rounds", 2000, "batches of each contender")
	flag.Parse()
	bench.ReportMany(*rounds, map[int][]bench.Contender{
{{- range .}}
		{{.}}: n{{.}}.Contenders(),
{{- end}}
	})
}
`
