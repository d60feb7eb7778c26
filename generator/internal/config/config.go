package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// Config is what oapi-guard.yaml and the oapi-codegen configuration say. Paths are cleaned, and relative to the
// working directory if the path of the configuration was.
type Config struct {
	// Path is the configuration's own.
	Path string
	// Spec is the OpenAPI document.
	Spec string
	// ServerConfig is the oapi-codegen configuration, ServerFile the Go file that holds the server.
	ServerConfig, ServerFile string
	// Output is the Go file to write, Package its package name. InServerPackage says that it lies in the
	// server's folder, whichever way the two paths are written.
	Output, Package string
	InServerPackage bool
	// GenerateServer says to run oapi-codegen as well, ExplicitRoles to refuse bare lists of roles.
	GenerateServer, ExplicitRoles bool
	// AllowRemoteRefs are the URLs that a $ref may fetch, or "*"; nil allows none.
	AllowRemoteRefs []string

	// Templates is the folder of templates that replace built-in ones, empty if there is none. Unprotected are the
	// blocks that hold the guard and that they may replace.
	Templates   string
	Unprotected []string
	// Outputs are the files to make beside the guards.
	Outputs []Output

	// Framework and Strict are the server that the oapi-codegen configuration selects.
	Framework framework.Framework
	Strict    bool
	// Codegen is the oapi-codegen configuration as it stands in the file, without defaults.
	Codegen codegen.Configuration
	// CodegenDir is the folder against which oapi-codegen resolves its paths.
	CodegenDir string
	// Overlay is the overlay to apply to the document, empty if there is none; OverlayStrict says that an
	// action without effect is an error.
	Overlay       string
	OverlayStrict bool

	positions map[string]diag.Position
}

// Position is where the value of a key of oapi-guard.yaml stands ("output", "generate.server"), or the file if
// the key is not there.
func (c *Config) Position(key string) diag.Position {
	if at, ok := c.positions[key]; ok {
		return at
	}
	return diag.Position{File: c.Path}
}

// Load reads oapi-guard.yaml at path and the oapi-codegen configuration that it names. The configuration is nil
// when there are errors.
func Load(path string) (*Config, diag.List) {
	c := &Config{Path: path, positions: map[string]diag.Position{}}
	var diags diag.List
	c.load(&diags)
	diags.Sort()
	if diags.HasErrors() {
		return nil, diags
	}
	return c, diags
}

func (c *Config) load(diags *diag.List) {
	content, err := os.ReadFile(c.Path)
	if err != nil {
		diags.Report(diag.Position{File: c.Path}, ruleFile, "the configuration cannot be read (%s)%s", cause(err), initHint(err))
		return
	}
	c.decode(content, diags)
	if diags.HasErrors() {
		return
	}
	c.resolvePaths(diags)
	file := c.loadCodegen(diags)
	if file == nil {
		return
	}
	c.locateServer(file, diags)
	c.checkOutput(diags)
	c.choosePackage(diags)
	c.checkRemoteRefs(diags)
	c.checkOutputs(diags)
}

func initHint(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return ": oapi-guard init writes one"
	}
	return ""
}

// resolvePaths makes the paths of the file relative to what the file's own path is relative to.
func (c *Config) resolvePaths(diags *diag.List) {
	c.checkLocal("spec", c.Spec, diags)
	c.checkLocal("server.config", c.ServerConfig, diags)
	dir := filepath.Dir(c.Path)
	c.checkLocal("templates", c.Templates, diags)
	for _, path := range []*string{&c.Spec, &c.ServerConfig, &c.ServerFile, &c.Output, &c.Templates} {
		if *path != "" {
			*path = within(dir, *path)
		}
	}
}

// CheckSpec reports a document that is not there, at the place where the configuration names it.
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

// cause is what went wrong with a file, without repeating its name.
func cause(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
