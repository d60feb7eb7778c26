package generator_test

import (
	"fmt"
	"log"
	"path/filepath"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// Generate reads the configuration, the document and the server, and returns files that write.Commit puts in place.
func ExampleGenerate() {
	result := generator.Generate("../testdata/golden/chi/oapi-guard.yaml")
	if result.Diagnostics.HasErrors() {
		log.Fatal(result.Diagnostics)
	}
	for _, file := range result.Files {
		fmt.Println(filepath.Base(file.Path))
	}
	changes, err := write.Plan(result.Files)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(changes), "stale files")
	// Output:
	// api.gen.go
	// guards.gen.go
	// 0 stale files
}

// A configuration that cannot be used gives diagnostics, and no files.
func ExampleResult() {
	result := generator.Generate("nowhere/oapi-guard.yaml")
	for _, d := range result.Diagnostics {
		fmt.Println(d)
	}
	fmt.Println(len(result.Files), "files, exit status", int(result.Diagnostics.Exit()))
	// Output:
	// nowhere/oapi-guard.yaml: error: the configuration cannot be read (no such file or directory): oapi-guard init -c nowhere/oapi-guard.yaml writes one [config-file]
	// 0 files, exit status 2
}
