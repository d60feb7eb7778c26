package main

import (
	"fmt"
	"go/build"
	"go/token"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// setup has the decisions of init. Paths are relative to the working directory.
type setup struct {
	config, spec, server string
	// serverFile is the generated Go file if oapi-guard.yaml must name it, or empty.
	serverFile          string
	output, packageName string
	directive           *directive
	// plain says that no server is generated.
	plain bool
}

// guardsFile is the name of the file of guards.
const guardsFile = "guards.gen.go"

func newSetup(config string, server candidate, flags initFlags) setup {
	if server.plain {
		return newPlainSetup(config, server.spec, flags)
	}
	s := setup{config: config, spec: server.spec, server: server.server.path, directive: server.directive}
	file, obvious := server.generatedFile(filepath.Dir(config))
	if !obvious {
		s.serverFile = file
	}
	s.output, s.packageName = placeGuards(filepath.Dir(config), filepath.Dir(file), server.packageName(), flags)
	return s
}

// generatedFile is the file that oapi-codegen writes; obvious says that oapi-guard finds it without being told.
// oapi-codegen resolves its output against the folder that it runs in, which only a directive tells.
func (c candidate) generatedFile(configFolder string) (file string, obvious bool) {
	beside := filepath.Join(filepath.Dir(c.server.path), c.server.Output)
	below := filepath.Join(configFolder, c.server.Output)
	if c.directive == nil {
		if !isFile(beside) && isFile(below) {
			return below, true
		}
		return beside, true
	}
	if c.directive.output != "" {
		return c.directive.path(c.directive.output), false
	}
	file = c.directive.path(c.server.Output)
	return file, file == beside || file == below && !isFile(beside)
}

// packageName is the server's package: the flag of the line wins, as it does for oapi-codegen.
func (c candidate) packageName() string {
	if c.directive != nil && c.directive.pkg != "" {
		return c.directive.pkg
	}
	return c.server.Package
}

// placeGuards chooses the guards' file and package: a package of its own beside the server's, or below it where
// the configuration is in the server's folder. A server in package main cannot be imported, so its guards go
// into the same package.
func placeGuards(configFolder, serverFolder, serverPackage string, flags initFlags) (output, packageName string) {
	output, packageName = flags.output, flags.packageName
	switch {
	case output != "" && packageName != "":
	case output != "":
		packageName = packageOf(filepath.Dir(output), serverFolder, serverPackage)
	case packageName == "" && serverPackage == "main":
		return filepath.Join(serverFolder, guardsFile), serverPackage
	case packageName == "":
		packageName = serverPackage + "guard"
		fallthrough
	default:
		parent := serverFolder
		if serverFolder != configFolder {
			parent = filepath.Dir(serverFolder)
		}
		output = filepath.Join(parent, packageName, guardsFile)
	}
	return output, packageName
}

// packageOf is the package of the Go files in a folder: the server's own, that of the files that are there, or one named
// after the folder.
func packageOf(folder, serverFolder, serverPackage string) string {
	if filepath.Clean(folder) == filepath.Clean(serverFolder) {
		return serverPackage
	}
	if there, err := build.ImportDir(folder, 0); err == nil {
		return there.Name
	}
	name := strings.ToLower(filepath.Base(absolute(folder)))
	name = strings.NewReplacer("-", "", ".", "").Replace(name)
	if !token.IsIdentifier(name) {
		return serverPackage + "guard"
	}
	return name
}

// yaml is the configuration file.
func (s setup) yaml() []byte {
	if s.plain {
		return s.plainYAML()
	}
	server := s.scalar(s.server)
	if s.serverFile != "" {
		server = "\n  config: " + server + "\n  # Where oapi-codegen writes the server.\n  file: " + s.scalar(s.serverFile)
	} else {
		server = " " + server
	}
	return []byte(`# Configuration of oapi-guard. Paths are relative to this file.
# For an editor: oapi-guard schema prints the JSON Schema of this file.

# The OpenAPI document with the security and the roles of operations.
spec: ` + s.scalar(s.spec) + `

# oapi-codegen's configuration: the framework, the package, the filters and the overlay come from it.
server:` + server + `

# The generated guards, and the name of their package.
output: ` + s.scalar(s.output) + `
package: ` + s.packageName + `
`)
}

// scalar is a path as the configuration file has it, quoted where YAML needs it.
func (s setup) scalar(path string) string {
	quoted, err := yaml.Marshal(relativeTo(filepath.Dir(s.config), path))
	if err != nil {
		return path
	}
	return strings.TrimSpace(string(quoted))
}

// nextSteps are the remaining steps, which are done by hand.
func (s setup) nextSteps() string {
	here := &directive{file: "Makefile", script: true} // a line in the working directory
	switch d := s.directive; {
	case d == nil && s.plain:
		return "\nAdd this line to a Go file of " + absolute(".") + ":\n  " + here.guardDirective(s.config) + "\n" +
			s.steps(here.toolsFile(), "go generate ./...")
	case d == nil:
		return "\nNothing here runs oapi-codegen. Where you run it, run oapi-guard after it:\n  " + here.guardCommand(s.config) + "\n" +
			s.steps(here.toolsFile(), here.guardCommand(s.config))
	case d.script && !d.guarded:
		return fmt.Sprintf("\n%s:%d runs oapi-codegen. Add a line after it:\n  %s\n", filepath.ToSlash(d.file), d.line, d.guardCommand(s.config)) +
			s.steps(d.path(d.toolsFile()), d.rerun())
	default:
		return s.steps(d.path(d.toolsFile()), d.rerun())
	}
}

// steps installs what is not installed yet, and ends with a command.
func (s setup) steps(toolsFile, last string) string {
	steps := []string{"\nNext:"}
	tool, runtime := installed(toolsFile)
	if !tool && toolsFile != "" {
		steps = append(steps, "go get -tool -modfile="+quotedWord(filepath.ToSlash(toolsFile))+" "+modulePath+"/cmd/oapi-guard")
	} else if !tool {
		steps = append(steps, "go get -tool "+modulePath+"/cmd/oapi-guard")
	}
	if !runtime {
		steps = append(steps, "go get "+modulePath+"/runtime")
	}
	return strings.Join(append(steps, last), "\n  ") + "\n"
}

// relativeTo is a path as seen from a folder, with slashes.
func relativeTo(folder, path string) string {
	relative, err := filepath.Rel(absolute(folder), absolute(path))
	if err != nil {
		relative = path
	}
	return filepath.ToSlash(relative)
}
