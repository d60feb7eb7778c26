package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// candidate is a server that init could set up guards for.
type candidate struct {
	server    serverConfig
	directive *directive // the line that generates the server, when one was found
	spec      string
	// plain says that no server is generated.
	plain bool
}

// detect finds the one server that the flags and the files below root leave.
func detect(root string, flags initFlags) (candidate, error) {
	files, err := scanFolder(root)
	if err != nil {
		return candidate{}, err
	}
	if flags.server == noServer {
		return files.withoutServer(flags.spec)
	}
	servers, err := files.serversFor(flags.server)
	if err != nil {
		return candidate{}, err
	}
	candidates := files.candidates(servers, flags.spec)
	switch {
	case len(candidates) == 0:
		return candidate{}, files.nothing(root)
	case len(candidates) > 1:
		return candidate{}, several(candidates)
	case candidates[0].spec == "":
		return candidate{}, files.noSpec(candidates[0])
	}
	return candidates[0], nil
}

// serversFor are the possible configurations: the one that a flag names, or all of the folder and those that its
// directives name elsewhere.
func (s *scan) serversFor(named string) ([]serverConfig, error) {
	if named != "" {
		content, err := os.ReadFile(named)
		if err != nil {
			return nil, err
		}
		config, ok := readServerConfig(filepath.Clean(named), content)
		if !ok {
			return nil, fmt.Errorf("%s is not an oapi-codegen configuration that generates a server: it has no "+
				"package, or no … -server: true under generate", named)
		}
		return []serverConfig{config}, nil
	}
	servers := s.servers
	for _, d := range s.directives {
		path := d.path(d.config)
		content, err := os.ReadFile(path)
		config, ok := readServerConfig(path, content)
		if err == nil && ok { // possibly for the second time: distinct drops that
			servers = append(servers, config)
		}
	}
	return servers, nil
}

// candidates pairs every configuration with the lines that use it, and with a document: the flag's, the
// line's, or the only one in the folder.
func (s *scan) candidates(servers []serverConfig, spec string) []candidate {
	var all []candidate
	for _, server := range servers {
		used := false
		for i := range s.directives {
			if d := &s.directives[i]; d.path(d.config) == server.path {
				all = append(all, candidate{server: server, directive: d, spec: d.path(d.spec)})
				used = true
			}
		}
		if !used {
			all = append(all, candidate{server: server, directive: s.onlyUnresolved()})
		}
	}
	return distinct(s.withSpec(all, spec))
}

// onlyUnresolved is the line of a script that may use any configuration, when there is one, or nil.
func (s *scan) onlyUnresolved() *directive {
	var found []directive
	for _, d := range s.directives {
		if d.unresolved() {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return &found[0]
}

// distinct keeps the first of the lines that write one file from one document.
func distinct(all []candidate) []candidate {
	var kept []candidate
	for _, c := range all {
		file, _ := c.generatedFile(".")
		if !slices.ContainsFunc(kept, func(k candidate) bool {
			same, _ := k.generatedFile(".")
			return k.server.path == c.server.path && k.spec == c.spec && same == file
		}) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (s *scan) withSpec(all []candidate, spec string) []candidate {
	if spec != "" {
		spec = filepath.Clean(spec)
		if same := withThis(all, spec); len(same) > 0 {
			return same
		}
		for i := range all {
			all[i].spec = spec
		}
		return all
	}
	for i := range all {
		if !isFile(all[i].spec) {
			all[i].spec = s.onlySpec()
		}
	}
	return all
}

func (s *scan) onlySpec() string {
	if len(s.specs) == 1 {
		return s.specs[0]
	}
	return ""
}

func withThis(all []candidate, spec string) []candidate {
	var same []candidate
	for _, c := range all {
		if c.spec == spec {
			same = append(same, c)
		}
	}
	return same
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// nothing says that no server was found, and names lines that almost lead to one.
func (s *scan) nothing(root string) error {
	message := "no oapi-codegen configuration that generates a server was found below " + absolute(root)
	for _, d := range s.directives {
		if d.config == "" {
			message += fmt.Sprintf("\n  %s:%d runs oapi-codegen without -config: oapi-guard needs the settings in a file"+
				" (add -output-config to that line's flags to print them)", d.file, d.line)
		}
	}
	message += "\nName it: oapi-guard init --server oapi-codegen.yaml --spec openapi.yaml"
	if len(s.specs) > 0 {
		message += "\nOr, for handlers of your own on net/http, without a generated server:" + s.plainLines()
	}
	return fmt.Errorf("%s", message)
}

// several lists the command lines to choose from, with the lines of Go files that they are for.
func several(candidates []candidate) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d uses of oapi-codegen generate a server, choose one (or run init in its folder):", len(candidates))
	for _, c := range candidates {
		fmt.Fprintf(&b, "\n  oapi-guard init --server %s", c.server.path)
		if c.spec != "" {
			fmt.Fprintf(&b, " --spec %s", c.spec)
		}
		if folder := filepath.Dir(c.server.path); folder != "." {
			fmt.Fprintf(&b, " -c %s", filepath.Join(folder, defaultConfig))
		}
		if c.directive != nil {
			fmt.Fprintf(&b, "  # %s:%d", c.directive.file, c.directive.line)
		}
	}
	return fmt.Errorf("%s", b.String())
}

func (s *scan) noSpec(c candidate) error {
	var b strings.Builder
	fmt.Fprintf(&b, "which OpenAPI document does %s belong to? Name it:", c.server.path)
	specs := s.specs
	if len(specs) == 0 {
		specs = []string{"openapi.yaml"}
	}
	for _, spec := range specs {
		fmt.Fprintf(&b, "\n  oapi-guard init --server %s --spec %s", c.server.path, spec)
	}
	return fmt.Errorf("%s", b.String())
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
