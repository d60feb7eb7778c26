package main

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator/write"
)

// initFlags replace the results of detection.
type initFlags struct {
	server, spec, output, packageName string
}

func (a *app) initCommand() *cobra.Command {
	var flags initFlags
	command := &cobra.Command{
		Use:   "init",
		Short: "Detect oapi-codegen's configuration and write oapi-guard.yaml",
		Long: `Looks for oapi-codegen's configuration and the document it is used with (//go:generate lines,
Makefiles, scripts, YAML files) in this folder and below, writes oapi-guard.yaml, and adds the
//go:generate line that runs oapi-guard after the one that runs oapi-codegen. Makefiles and scripts are
left alone: init says what to add there. The flags name files that cannot be found, or choose among
several; their paths are relative to this folder. An existing oapi-guard.yaml is left alone.

With --server none no server is generated: the guards are for handlers of your own, on net/http.`,
		Example: `  oapi-guard init
  oapi-guard init --server none
  oapi-guard init --server orders/oapi-codegen.yaml --spec orders/openapi.yaml -c orders/oapi-guard.yaml`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.init(c, flags) },
	}
	set := command.Flags()
	set.SortFlags = false
	set.StringVar(&flags.server, "server", "", "oapi-codegen's configuration `file`, or none where no server is generated")
	set.StringVar(&flags.spec, "spec", "", "OpenAPI document (a `file`)")
	set.StringVar(&flags.output, "output", "", "`file` for the guards (default: a package beside the server's)")
	set.StringVar(&flags.packageName, "package", "", "guards' package `name` (default: the server's and \"guard\")")
	return command
}

func (a *app) init(c *cobra.Command, flags initFlags) error {
	if len(a.configs) > 1 {
		return usageError{c.CommandPath(), "init writes one configuration: give -c once"}
	}
	if flags.packageName != "" && !token.IsIdentifier(flags.packageName) {
		return usageError{c.CommandPath(), fmt.Sprintf("--package %q is not a Go package name", flags.packageName)}
	}
	config := filepath.Clean(a.configPaths()[0])
	if _, err := os.Lstat(config); err == nil {
		return fmt.Errorf("%s exists, and init does not overwrite it", config)
	}
	server, err := detect(".", flags)
	if err != nil {
		return err
	}
	if !isFile(server.spec) {
		return fmt.Errorf("the OpenAPI document %s does not exist", server.spec)
	}
	return a.writeSetup(newSetup(config, server, flags))
}

// writeSetup writes the configuration and the go:generate line, both or neither.
func (a *app) writeSetup(s setup) error {
	files := []write.File{{Path: s.config, Content: s.yaml()}}
	if s.directive != nil && !s.directive.script {
		source, err := os.ReadFile(s.directive.file)
		if err != nil {
			return err
		}
		edited := s.directive.addGuardDirective(s.config, source)
		files = append(files, write.File{Path: s.directive.file, Content: edited})
	}
	changed, err := write.Replace(files)
	if err != nil {
		return err
	}
	for _, path := range changed {
		fmt.Fprintf(a.stdout, "wrote %s\n", path)
	}
	fmt.Fprint(a.stdout, s.nextSteps())
	return nil
}
