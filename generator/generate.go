package generator

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// File is a file to write.
type File = write.File

// Result is what one configuration leads to.
type Result struct {
	// Files are what to write: oapi-codegen's output when the configuration asks for it, the guards, and what
	// else it asks for. There are none when a diagnostic is an error.
	Files []File
	// Diagnostics are sorted by position.
	Diagnostics diag.List
	// Policy is the model of the document, nil when there is none.
	Policy *policy.Policy

	options   Options
	overrides *Overrides
}

// Options are what a run says beside the configuration.
type Options struct {
	// Templates is a folder of templates to use in place of the configuration's, relative to the working
	// directory. Empty leaves the configuration's.
	Templates string
	// Server runs oapi-codegen for the server file too, as generate: {server: true} in the configuration does.
	Server bool
}

// Generate makes the guards of the configuration at the path. It reads files and writes none.
func Generate(configPath string) *Result { return GenerateWith(configPath, Options{}) }

// GenerateWith is [Generate] with options.
func GenerateWith(configPath string, options Options) *Result {
	r := &Result{options: options}
	r.generate(configPath)
	r.Diagnostics.Sort()
	if r.Diagnostics.HasErrors() {
		r.Files = nil
	}
	return r
}

func (r *Result) generate(configPath string) {
	c, diags := config.Load(configPath)
	if r.add(diags); c == nil {
		return
	}
	c.GenerateServer = c.GenerateServer || r.options.Server
	if r.add(c.CheckSpec()); r.Diagnostics.HasErrors() {
		return
	}
	if r.loadOverrides(c); r.Diagnostics.HasErrors() {
		return
	}
	document, diags := spec.Load(specOptions(c))
	if r.add(diags); document == nil {
		return
	}
	r.Policy, diags = policy.Build(document, policy.Options{ExplicitRoles: c.ExplicitRoles})
	r.add(diags)
	unreadable := join.CheckDocument(r.Policy, c.Framework, c.Codegen.OutputOptions.NameNormalizer)
	if r.add(unreadable); len(unreadable) > 0 {
		return // oapi-codegen's output is beyond reading then
	}
	s := r.server(c)
	if s == nil || r.Diagnostics.HasErrors() {
		return
	}
	r.guards(c, s)
}

// loadOverrides reads the templates of the run or of the configuration.
func (r *Result) loadOverrides(c *config.Config) {
	dir := cmp.Or(r.options.Templates, c.Templates)
	if dir == "" {
		return
	}
	var diags diag.List
	r.overrides, diags = render.LoadOverrides(dir, render.OverrideOptions{
		Unprotected: c.Unprotected, At: c.Position("templates.unprotected"), Others: c.OutputTemplates(),
	})
	r.add(diags)
}

func (r *Result) add(diags diag.List) { r.Diagnostics.Add(diags) }

func specOptions(c *config.Config) spec.Options {
	output := c.Codegen.OutputOptions
	return spec.Options{
		Path: c.Spec, Overlay: c.Overlay, OverlayStrict: c.OverlayStrict, AllowRemoteRefs: c.AllowRemoteRefs,
		IncludeTags: output.IncludeTags, ExcludeTags: output.ExcludeTags,
		IncludeOperationIDs: output.IncludeOperationIDs, ExcludeOperationIDs: output.ExcludeOperationIDs,
	}
}

// server reads oapi-codegen's output, after running oapi-codegen when the configuration says so.
func (r *Result) server(c *config.Config) *server.Server {
	options := server.Options{File: c.ServerFile, Output: c.Output, Framework: c.Framework, Strict: c.Strict}
	if c.GenerateServer {
		if r.Diagnostics.HasErrors() {
			return nil // the file on disk may be older than the document
		}
		content, diags := server.Generate(generateOptions(c))
		if r.add(diags); diags.HasErrors() {
			return nil
		}
		r.Files = append(r.Files, File{Path: c.ServerFile, Content: content})
		options.Content = content
	}
	s, diags := server.Parse(options)
	r.add(diags)
	return s
}

func generateOptions(c *config.Config) server.GenerateOptions {
	return server.GenerateOptions{
		Spec: c.Spec, Overlay: c.Overlay, OverlayStrict: c.OverlayStrict, AllowRemoteRefs: c.AllowRemoteRefs,
		Config: c.Codegen, ConfigFile: c.ServerConfig, Dir: c.CodegenDir,
	}
}

// refuseInternal reports an output from which Go does not allow to import the server's package
// (go.dev/doc/go1.4#internalpackages).
func (r *Result) refuseInternal(c *config.Config, s *server.Server) {
	path := "/" + s.ImportPath + "/"
	i := strings.LastIndex(path, "/internal/")
	output, err := server.ImportPath(filepath.Dir(c.Output))
	if i < 0 || err != nil || strings.HasPrefix("/"+output+"/", path[:i+1]) {
		return
	}
	r.Diagnostics.Report(c.Position("output"), ruleInternal, "%s may import %s only from below %s: set output to a folder there, %s",
		output, s.ImportPath, strings.TrimPrefix(path[:i], "/"), filepath.Join(filepath.Dir(filepath.Dir(c.ServerFile)), "apiguard", filepath.Base(c.Output)))
}

// guards renders the guards and verifies them.
func (r *Result) guards(c *config.Config, s *server.Server) {
	to := join.Target{
		Package: c.Package, SeparatePackage: !c.InServerPackage,
		Framework: c.Framework, Strict: c.Strict, ServerFile: c.ServerFile, Document: filepath.Base(c.Spec),
	}
	if to.SeparatePackage {
		r.refuseInternal(c, s)
	}
	joined, diags := join.Join(r.Policy, s, to)
	if r.add(diags); r.Diagnostics.HasErrors() {
		return
	}
	data, diags := join.Build(r.Policy, s, joined, to)
	if r.add(diags); r.Diagnostics.HasErrors() {
		return
	}
	rendering, content, diags := render.Guards(data, c.Output, r.overrides)
	if r.add(diags); content == nil {
		return
	}
	if r.add(r.verify(rendering, content, s)); r.Diagnostics.HasErrors() {
		return
	}
	if !to.SeparatePackage {
		r.add(join.Collisions(content, data, s, c.Output))
	}
	r.Files = append(r.Files, File{Path: c.Output, Content: content})
	outputs, diags := render.Outputs(c, data)
	r.add(diags)
	r.Files = append(r.Files, outputs...)
}

// verify compares the guards with the policy, and with what the built-in templates would make.
func (r *Result) verify(rendering *render.Rendering, content []byte, s *server.Server) diag.List {
	if r.overrides.Overridden() {
		if diags := verify.Overrides(rendering, r.overrides, content, s.Serving); len(diags) > 0 {
			return diags
		}
	}
	return verify.Policy(rendering.Data, content, rendering.Path)
}
