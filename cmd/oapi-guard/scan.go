package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// scan has the files that init can use, in a folder and below it; all paths begin with the folder.
type scan struct {
	directives []directive
	scripts    []directive
	servers    []serverConfig
	specs      []string
}

// serverConfig is the part of an oapi-codegen configuration that init has to know.
type serverConfig struct {
	path            string
	Package, Output string
	Generate        map[string]any
}

// scanFolder looks at every Go, YAML and JSON file. Folders that Go ignores and unreadable files are left out: flags can
// name them.
func scanFolder(root string) (scan, error) {
	var s scan
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			return nil
		case entry.IsDir() && path != root && ignoredFolder(entry.Name()):
			return filepath.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		s.add(path)
		return nil
	})
	s.directives = append(s.directives, s.scripts...) // a //go:generate line for the same server is preferred
	return s, err
}

func ignoredFolder(name string) bool {
	switch name {
	case "vendor", "node_modules", "testdata":
		return true
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}

func (s *scan) add(path string) {
	extension := filepath.Ext(path)
	if isScript(path) {
		if content, err := os.ReadFile(path); err == nil {
			s.scripts = append(s.scripts, recipes(path, content)...)
		}
		return
	}
	if !slices.Contains([]string{".go", ".yaml", ".yml", ".json"}, extension) {
		return
	}
	content, err := os.ReadFile(path)
	switch {
	case err != nil:
	case extension == ".go":
		s.directives = append(s.directives, directives(path, content)...)
	case isOpenAPI(content, extension):
		s.specs = append(s.specs, path)
	case extension != ".json":
		if config, ok := readServerConfig(path, content); ok {
			s.servers = append(s.servers, config)
		}
	}
}

var openapiKey = regexp.MustCompile(`(?m)^["']?openapi["']?\s*:\s*["']?3`)

// isOpenAPI looks for the key that makes a document an OpenAPI document, without decoding all of it where
// that is slow.
func isOpenAPI(content []byte, extension string) bool {
	if extension != ".json" {
		return openapiKey.Match(content)
	}
	if !bytes.Contains(content, []byte(`"openapi"`)) {
		return false
	}
	var document struct{ OpenAPI string }
	return json.Unmarshal(content, &document) == nil && strings.HasPrefix(document.OpenAPI, "3")
}

// readServerConfig reports whether the file configures oapi-codegen to generate a server.
func readServerConfig(path string, content []byte) (serverConfig, bool) {
	config := serverConfig{path: path}
	if !bytes.Contains(content, []byte("-server")) || yaml.Unmarshal(content, &config) != nil {
		return config, false
	}
	for key, value := range config.Generate {
		if strings.HasSuffix(key, "-server") && key != "strict-server" && value == true {
			return config, config.Package != ""
		}
	}
	return config, false
}
