package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// modulePath is where the module is and is read about.
const modulePath = "github.com/oapi-guard/oapi-guard"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of oapi-guard and of the Go that built it",
		Example: "  oapi-guard version",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintf(a.stdout, "oapi-guard %s %s\n", moduleVersion(), runtime.Version())
			return nil
		},
	}
}

// moduleVersion is that of the module this command was built from: Main is the command's module even
// when another module runs it as a tool.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
