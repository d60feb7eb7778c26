// Package config reads oapi-guard.yaml and the oapi-codegen configuration that it names.
//
// # Files
//
// One table has every key of oapi-guard.yaml ([Schema] is made from it too), and nothing else is
// accepted: an unknown key, a value of another type or a key given twice is an error with its position. Paths
// are relative to the file.
//
// The oapi-codegen configuration is read as strictly as oapi-codegen v2.8 reads it. The framework, the strict
// server, filters, overlay and names come from there, so that they are said once. With "server: none" there is no such
// file: guards are for handlers of net/http that the program mounts itself.
//
// # Where oapi-codegen writes
//
// oapi-codegen resolves its paths against the folder it is run in, which no file says. It is taken to be the
// first of these in which the output exists: the folder of its configuration, that of oapi-guard.yaml, the
// root of the Go module. "server: {config: …, file: …}" says it outright.
//
// # Remote documents
//
// A $ref to another host is followed only when "allow-remote-refs", here, or "allow-remote-refs-from", there,
// lists it. oapi-codegen v2.8 itself follows all when its key is missing.
package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
)

// Config is the content of oapi-guard.yaml and of the oapi-codegen configuration. Paths are cleaned, and relative to the
// working directory if the path of the configuration was.
type Config struct {
	// Path is the configuration's own.
	Path string
	// Spec is the OpenAPI document.
	Spec string
	// NoServer says that no server is generated (server: none). There is no oapi-codegen configuration then.
	NoServer bool
	// ServerConfig is the oapi-codegen configuration, ServerFile the Go file that holds the server.
	ServerConfig, ServerFile string
	// Output is the Go file to write, Package its package name. InServerPackage says that it lies in the
	// server's folder, whichever way the two paths are written.
	Output, Package string
	InServerPackage bool
	// GenerateServer says to run oapi-codegen as well, ExplicitRoles to refuse bare lists of roles.
	GenerateServer, ExplicitRoles bool
	// Unimplemented asks for a server that answers 501, ServerPerTag for one interface for each tag.
	Unimplemented, ServerPerTag bool
	// GuardTests asks for a test of the guards beside them.
	GuardTests bool
	// RolesExtension is the extension with the required roles, empty for x-required-roles.
	RolesExtension string
	// ResourceMetadata asks for the protected resource metadata of the API (RFC 9728). ResourceIdentifier is its identifier,
	// or empty, and AuthorizationServers are the issuers in place of the document's.
	ResourceMetadata     bool
	ResourceIdentifier   string
	AuthorizationServers []string
	// FailOn is the mildest severity that fails a run: "warning", or "error", which is the default.
	FailOn string
	// Vet are the settings of rules of vet, by their names.
	Vet map[string]lint.Setting
	// AllowRemoteRefs are the URLs that a $ref may fetch, or "*"; nil allows none.
	AllowRemoteRefs []string

	// Templates is the folder of templates that replace built-in ones, empty if there is none. Unprotected are the
	// blocks that hold the guard and that they may replace.
	Templates   string
	Unprotected []string
	// Outputs are the files to make beside the guards.
	Outputs []Output
	// Client is the typed client to make, the zero Client if none.
	Client Client

	// Framework and Strict are the server that the oapi-codegen configuration selects.
	Framework framework.Framework
	Strict    bool
	// Codegen is the oapi-codegen configuration as written in the file, without defaults.
	Codegen codegen.Configuration
	// CodegenDir is the folder against which oapi-codegen resolves its paths.
	CodegenDir string
	// Overlay is the overlay to apply to the document, empty if there is none; OverlayStrict says that an
	// action without effect is an error.
	Overlay       string
	OverlayStrict bool

	positions map[string]diag.Position
}

// Position is that of the value of a key of oapi-guard.yaml ("output", "generate.server"), or the file if the key is
// missing.
func (c *Config) Position(key string) diag.Position {
	if at, ok := c.positions[key]; ok {
		return at
	}
	return diag.Position{File: c.Path}
}

// Load reads oapi-guard.yaml at path and the oapi-codegen configuration that it names. The configuration is nil
// when there are errors.
func Load(path string) (*Config, diag.List) {
	l := &loader{Config: &Config{Path: path, positions: map[string]diag.Position{}}}
	l.load()
	l.diags.Sort()
	if l.diags.HasErrors() {
		return nil, l.diags
	}
	return l.Config, l.diags
}

// loader fills a configuration and collects its problems.
type loader struct {
	*Config
	diags diag.List
}

func (l *loader) load() {
	content, err := os.ReadFile(l.Path)
	if err != nil {
		l.diags.Report(diag.Position{File: l.Path}, ruleFile, "the configuration cannot be read (%s)%s", cause(err), missingHint(l.Path, err))
		return
	}
	l.decode(content)
	if l.diags.HasErrors() {
		return
	}
	l.resolvePaths()
	l.checkRolesExtension()
	l.checkResource()
	if !l.loadServer() {
		return
	}
	l.checkOutput()
	l.choosePackage()
	l.checkRemoteRefs()
	l.checkOutputs()
	l.locateClient()
}

// loadServer reads the oapi-codegen configuration and finds the server file, if a server is generated at all.
func (l *loader) loadServer() bool {
	if l.NoServer {
		l.Framework = framework.Plain
		l.refuseServerKeys()
		return true
	}
	file := l.loadCodegen()
	if file != nil {
		l.locateServer(file)
	}
	return file != nil
}

// refuseServerKeys reports what only a generated server can have.
func (l *loader) refuseServerKeys() {
	for key, wanted := range map[string]bool{
		"generate.server": l.GenerateServer, "generate.unimplemented-server": l.Unimplemented, "generate.server-per-tag": l.ServerPerTag,
	} {
		if wanted {
			l.diags.Report(l.Position(key), ruleValue, "%s is true, but there is no server to generate (server: none): remove one of them", key)
		}
	}
}

// defaultName is the configuration that is read without -c.
const defaultName = "oapi-guard.yaml"

// missingHint says what helps when there is no configuration: the file that was meant, or init.
func missingHint(path string, err error) string {
	folder, name := filepath.Split(path)
	switch similar := diag.DidYouMean(name, yamlFiles(folder)); {
	case !errors.Is(err, fs.ErrNotExist):
		return ""
	case similar != "":
		return similar
	case path == defaultName:
		return ": oapi-guard init writes one"
	case exists(folder + defaultName):
		return ": the folder has " + defaultName
	}
	return ": oapi-guard init -c " + path + " writes one"
}

// yamlFiles are the names of the YAML files of a folder.
func yamlFiles(folder string) []string {
	var names []string
	entries, err := os.ReadDir(cmp.Or(folder, "."))
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if extension := filepath.Ext(entry.Name()); extension == ".yaml" || extension == ".yml" {
			names = append(names, entry.Name())
		}
	}
	return names
}

// resolvePaths turns paths that are relative to the file into paths like the file's own.
func (l *loader) resolvePaths() {
	l.checkLocal("spec", l.Spec)
	l.checkLocal("server.config", l.ServerConfig)
	dir := filepath.Dir(l.Path)
	l.checkLocal("templates", l.Templates)
	for _, path := range []*string{&l.Spec, &l.ServerConfig, &l.ServerFile, &l.Output, &l.Templates} {
		if *path != "" {
			*path = within(dir, *path)
		}
	}
}

// checkRolesExtension refuses keys that cannot be an extension (OpenAPI 3.1.1 section 4.9), or that have a meaning
// already.
func (l *loader) checkRolesExtension() {
	const key = "roles.extension"
	switch name := l.RolesExtension; {
	case name == "":
	case !strings.HasPrefix(name, "x-") || name == "x-" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }):
		l.diags.Report(l.Position(key), ruleValue, "%s cannot be %q: the name of an extension begins with x-, and has printable ASCII characters", key, name)
	case spec.Reserved(name):
		l.diags.Report(l.Position(key), ruleValue, "%s cannot be %s, which has another meaning", key, name)
	}
}

// CheckSpec reports a missing document at the place where the configuration names it.
func (c *Config) CheckSpec() diag.List {
	var diags diag.List
	if _, err := os.Stat(c.Spec); err != nil {
		diags.Report(c.Position("spec"), ruleFile, "the OpenAPI document %s cannot be read: %s", c.Spec, cause(err))
	}
	return diags
}

// within resolves a path that is relative to dir.
func within(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// cause is the reason of a file error, without the file's name.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
