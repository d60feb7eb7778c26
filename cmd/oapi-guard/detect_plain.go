package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// noServer is the value of --server, and of server in oapi-guard.yaml, where no server is generated.
const noServer = "none"

// withoutServer is the document for guards around handlers that nobody generates: the flag's, or the only one.
func (s *scan) withoutServer(spec string) (candidate, error) {
	switch {
	case spec != "":
		return candidate{plain: true, spec: filepath.Clean(spec)}, nil
	case len(s.specs) == 1:
		return candidate{plain: true, spec: s.specs[0]}, nil
	}
	return candidate{}, fmt.Errorf("which OpenAPI document are the guards for? Name it:%s", s.plainLines())
}

// plainLines are the command lines for guards without a server, one for each document.
func (s *scan) plainLines() string {
	specs := s.specs
	if len(specs) == 0 {
		specs = []string{"openapi.yaml"}
	}
	var b strings.Builder
	for _, spec := range specs {
		fmt.Fprintf(&b, "\n  oapi-guard init --server %s --spec %s", noServer, spec)
	}
	return b.String()
}

// newPlainSetup has the decisions of init where no server is generated. The package is left to the generator, which knows
// whether the folder has one already.
func newPlainSetup(config, spec string, flags initFlags) setup {
	s := setup{config: config, spec: spec, plain: true, output: flags.output, packageName: flags.packageName}
	if s.output == "" {
		folder := s.packageName
		if folder == "" {
			folder = "apiguard"
		}
		s.output = filepath.Join(filepath.Dir(config), folder, guardsFile)
	}
	return s
}

// plainYAML is the configuration file of guards without a server.
func (s setup) plainYAML() []byte {
	text := `# Configuration of oapi-guard. Paths are relative to this file.
# For an editor: oapi-guard schema prints the JSON Schema of this file.

# The OpenAPI document with the security and the roles of operations.
spec: ` + s.scalar(s.spec) + `

# No server is generated: the guards are for handlers of your own, on net/http.
server: ` + noServer + `

# The generated guards.
output: ` + s.scalar(s.output) + "\n"
	if s.packageName != "" {
		text += "package: " + s.packageName + "\n"
	}
	return []byte(text)
}
