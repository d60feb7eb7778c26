package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/server"
)

// codegenMain is oapi-codegen for the scripts: its flags -config and -o, and what it writes, without building
// its command for every run of the tests.
func codegenMain() {
	configPath := flag.String("config", "", "configuration")
	output := flag.String("o", "", "output")
	flag.Parse()
	if err := runCodegen(*configPath, *output, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "oapi-codegen:", err)
		os.Exit(1)
	}
}

func runCodegen(configPath, output, spec string) error {
	var config struct {
		codegen.Configuration `yaml:",inline"`
		Output                string
	}
	content, err := os.ReadFile(configPath)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(content, &config); err != nil {
		return err
	}
	if output == "" {
		output = config.Output
	}
	code, list := server.Generate(server.GenerateOptions{
		Spec: spec, Config: config.Configuration, ConfigFile: configPath, Dir: ".",
		Overlay: config.OutputOptions.Overlay.Path, OverlayStrict: true,
	})
	if list.HasErrors() {
		return fmt.Errorf("%v", list)
	}
	return os.WriteFile(output, code, 0o644)
}
