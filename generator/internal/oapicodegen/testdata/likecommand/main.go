// Likecommand runs server.Generate for the jobs on standard input, in one process, and prints the files as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
)

func main() {
	var jobs []struct {
		Spec, Overlay string
		OverlayStrict bool
		Config        string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
		log.Fatal(err)
	}
	var files [][]byte
	for _, job := range jobs {
		file, diags := oapicodegen.Run(oapicodegen.RunOptions{
			Spec: job.Spec, Overlay: job.Overlay, OverlayStrict: job.OverlayStrict, Config: readConfig(job.Config), ConfigFile: job.Config,
		})
		if diags.HasErrors() {
			log.Fatal(diags)
		}
		files = append(files, file)
	}
	if err := json.NewEncoder(os.Stdout).Encode(files); err != nil {
		log.Fatal(err)
	}
}

func readConfig(path string) codegen.Configuration {
	content, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	var config codegen.Configuration
	if err := yaml.Unmarshal(content, &config); err != nil {
		log.Fatal(err)
	}
	return config
}
