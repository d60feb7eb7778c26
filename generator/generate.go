package generator

import (
	"cmp"
	"path/filepath"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/plain"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/typedclient"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// File is a file to write.
type File = write.File

// Result is the outcome of one configuration.
type Result struct {
	// Files are the files to write: the server when the configuration asks for it, the guards, further outputs, and the typed client.
	// There are none when a diagnostic is an error.
	Files []File
	// Diagnostics are sorted by position.
	Diagnostics diag.List
	// Policy is the model of the document, nil when it could not be read.
	Policy *policy.Policy
}

// Options change a run in ways that the configuration does not.
type Options struct {
	// Templates is a folder of templates to use in place of the configuration's, relative to the working
	// directory. Empty leaves the configuration's.
	Templates string
	// Server runs oapi-codegen for the server file too, as generate: {server: true} in the configuration does.
	Server bool
	// FailOn is "warning" to make errors of warnings, or "error" not to. Empty leaves it to fail-on of the configuration.
	FailOn string
}

// Generate makes the guards of the configuration at the path. It reads files and writes none.
func Generate(configPath string) *Result { return GenerateWith(configPath, Options{}) }

// GenerateWith is [Generate] with options.
func GenerateWith(configPath string, options Options) *Result {
	r := &run{options: options}
	r.generate(configPath)
	if r.failOnWarning() {
		r.Diagnostics.Harden()
	}
	r.Diagnostics.Sort()
	if r.Diagnostics.HasErrors() {
		r.Files = nil
	}
	return &r.Result
}

// run is one run, with the results of the stages.
type run struct {
	Result
	options   Options
	config    *config.Config
	overrides *render.Overrides
	document  *spec.Document
	server    *server.Server
}

func (r *run) failOnWarning() bool {
	failOn := r.options.FailOn
	if failOn == "" && r.config != nil {
		failOn = r.config.FailOn
	}
	return failOn == "warning"
}

// generate runs the stages in order. A stage that refuses its input ends the run.
func (r *run) generate(configPath string) {
	_ = r.loadConfig(configPath) && r.loadTemplates() && r.loadPolicy() && r.readServer() && r.makeGuards()
}

// ok adds the diagnostics of a stage, and reports whether the run goes on.
func (r *run) ok(diags diag.List) bool {
	r.Diagnostics.Add(diags)
	return !diags.HasErrors()
}

func (r *run) loadConfig(path string) bool {
	c, diags := config.Load(path)
	if r.config = c; !r.ok(diags) {
		return false
	}
	c.GenerateServer = c.GenerateServer || r.options.Server && !c.NoServer
	return r.ok(c.CheckSpec())
}

// loadTemplates reads the templates of the run, or else of the configuration.
func (r *run) loadTemplates() bool {
	dir := cmp.Or(r.options.Templates, r.config.Templates)
	if dir == "" {
		return true
	}
	overrides, diags := render.LoadOverrides(dir, overrideOptions(r.config))
	r.overrides = overrides
	return r.ok(diags)
}

// loadPolicy reads the document. Its errors do not end the run yet: the server may have some too, and all are
// reported together.
func (r *run) loadPolicy() bool {
	document, diags := spec.Load(specOptions(r.config))
	if r.ok(diags); document == nil {
		return false
	}
	r.document = document
	r.Policy, diags = policy.Build(document, policy.Options{ExplicitRoles: r.config.ExplicitRoles})
	r.ok(diags)
	return r.ok(join.CheckDocument(r.Policy, r.config.Framework, r.serverGenerator().OperationName))
}

func specOptions(c *config.Config) spec.Options {
	output := c.Codegen.OutputOptions
	return spec.Options{
		Path: c.Spec, Overlay: c.Overlay, OverlayStrict: c.OverlayStrict, AllowRemoteRefs: c.AllowRemoteRefs,
		RequiredRoles: c.RolesExtension,
		IncludeTags:   output.IncludeTags, ExcludeTags: output.ExcludeTags,
		IncludeOperationIDs: output.IncludeOperationIDs, ExcludeOperationIDs: output.ExcludeOperationIDs,
		FilterPosition: c.FilterPosition,
	}
}

// serverGenerator is the program that generates the server, or the document itself where there is none.
func (r *run) serverGenerator() server.Generator {
	c := r.config
	if c.NoServer {
		return plain.Generator{Document: r.document, Policy: r.Policy, Output: c.Output, Package: c.Package}
	}
	return oapicodegen.Generator{
		Run: oapicodegen.RunOptions{
			Spec: c.Spec, Overlay: c.Overlay, OverlayStrict: c.OverlayStrict, AllowRemoteRefs: c.AllowRemoteRefs,
			Config: c.Codegen, ConfigFile: c.ServerConfig, Dir: c.CodegenDir,
		},
		Output: oapicodegen.Options{File: c.ServerFile, Output: c.Output, Framework: c.Framework, Strict: c.Strict},
	}
}

// readServer reads the generated server, after generating it when the configuration says so.
func (r *run) readServer() bool {
	g := r.serverGenerator()
	var content []byte // nil: the file on disk
	if r.config.GenerateServer {
		if r.Diagnostics.HasErrors() {
			return false // the server file on disk may be older than the document
		}
		var diags diag.List
		if content, diags = g.Generate(); !r.ok(diags) {
			return false
		}
		r.Files = append(r.Files, File{Path: r.config.ServerFile, Content: content})
	}
	s, diags := g.Read(content)
	r.server = s
	return r.ok(diags) && !r.Diagnostics.HasErrors()
}

// makeGuards joins document and server, renders the guards and the further outputs, and verifies the guards.
func (r *run) makeGuards() bool {
	data, ok := r.templateData()
	if !ok {
		return false
	}
	rendering, content, diags := render.Guards(data, r.config.Output, r.overrides)
	if !r.ok(diags) || !r.ok(r.verify(rendering, content)) {
		return false
	}
	if r.config.InServerPackage {
		r.ok(join.Collisions(content, data, r.server, r.config.Output))
	}
	r.Files = append(r.Files, File{Path: r.config.Output, Content: content})
	if r.config.GuardTests && !r.makeTest(rendering.Data) {
		return false
	}
	outputs, diags := render.Outputs(r.config, data)
	r.Files = append(r.Files, outputs...)
	return r.ok(diags) && r.makeClient(data)
}

// makeClient makes the typed client when the configuration asks for one.
func (r *run) makeClient(data *view.File) bool {
	c := r.config.Client
	if c.Output == "" {
		return true
	}
	source := typedclient.Make(data, r.Policy, typedclient.Target{Package: c.Package, ImportPath: c.ImportPath, ImportName: c.FilePackage})
	content, diags := render.Go(c.Output, source)
	r.Files = append(r.Files, File{Path: c.Output, Content: content})
	return r.ok(diags)
}

// makeTest renders the test of the guards.
func (r *run) makeTest(data *view.File) bool {
	if !r.ok(r.config.RefuseGuardTests(data.Filled)) {
		return false
	}
	path := r.config.TestFile()
	content, diags := render.Test(data, path)
	if !r.ok(diags) {
		return false
	}
	if r.config.InServerPackage {
		r.ok(join.Collisions(content, data, r.server, path))
	}
	r.Files = append(r.Files, File{Path: path, Content: content})
	return true
}

func (r *run) templateData() (*view.File, bool) {
	c := r.config
	to := join.Target{
		Output: c.Output, OutputPosition: c.Position("output"), Package: c.Package, SeparatePackage: !c.InServerPackage,
		ServerFile: c.ServerFile, Document: filepath.Base(c.Spec), Framework: c.Framework, Strict: c.Strict,
		Unimplemented: c.Unimplemented, ServerPerTag: c.ServerPerTag, Resource: resourceOf(c),
	}
	joined, diags := join.Join(r.Policy, r.server, to)
	if !r.ok(diags) {
		return nil, false
	}
	data, diags := join.Build(r.Policy, r.server, joined, to)
	for _, name := range r.document.QueryNames() {
		data.QueryLiterals = append(data.QueryLiterals, view.Quote(name))
	}
	return data, r.ok(diags)
}

// resourceOf is what the configuration says about protected resource metadata, nil when it asks for none.
func resourceOf(c *config.Config) *join.Resource {
	if !c.ResourceMetadata {
		return nil
	}
	return &join.Resource{Identifier: c.ResourceIdentifier, AuthorizationServers: c.AuthorizationServers, Position: c.Position("resource-metadata")}
}

// verify compares the guards with those that the built-in templates would make, and with the policy.
func (r *run) verify(rendering *render.Rendering, content []byte) diag.List {
	if r.overrides.Overridden() {
		if diags := verify.Overrides(rendering, r.overrides, content, r.server.Serving); len(diags) > 0 {
			return diags
		}
	}
	return verify.Policy(rendering.Data, content, rendering.Path)
}
