package oapicodegen

import (
	"fmt"
	"go/build/constraint"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// RunOptions are the inputs that oapi-codegen's command takes from its arguments and its configuration.
type RunOptions struct {
	// Spec is the OpenAPI document, Overlay an overlay to apply to it or empty. OverlayStrict says that an
	// action of the overlay without effect is an error.
	Spec, Overlay string
	OverlayStrict bool
	// AllowRemoteRefs are the URLs that a $ref may fetch, or "*"; nil allows none.
	AllowRemoteRefs []string
	// Config is the configuration as written in the file ConfigFile.
	Config     codegen.Configuration
	ConfigFile string
	// Dir is the folder to which the paths of templates are relative.
	Dir string
}

// oneAtATime guards oapi-codegen's package variables.
var oneAtATime sync.Mutex

// Run runs oapi-codegen in this process and returns the server file that its command would write. There is none when
// there are errors.
func Run(options RunOptions) ([]byte, diag.List) {
	config, diags := prepare(options)
	if diags.HasErrors() {
		return nil, diags
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	spec := diag.Position{File: options.Spec}
	document, err := load(options)
	if err != nil {
		diags.Report(spec, ruleGenerate, "oapi-codegen cannot load the document: %s", allowHint(err))
		return nil, diags
	}
	code, err := run(document, config)
	if err != nil {
		diags.Report(spec, ruleGenerate, "oapi-codegen cannot generate the server: %s", oneLine(err.Error()))
		return nil, diags
	}
	if line := constraintOf(code); line != "" && len(config.OutputOptions.UserTemplates) == 0 {
		diags.Report(spec, ruleGenerate, "a text of the document has a line that begins with +build, which gofmt turns into a build constraint (%s), so that builds would leave the server out: change the text", line)
		return nil, diags
	}
	return []byte(nameTool(code)), diags
}

// prepare completes a configuration as the command does, and more where this process is not the command's: the
// suffix of response types stays set from one call to the next, the version is that of the library, and
// templates are read here.
func prepare(options RunOptions) (codegen.Configuration, diag.List) {
	config := options.Config.UpdateDefaults()
	if config.OutputOptions.ResponseTypeSuffix == "" {
		config.OutputOptions.ResponseTypeSuffix = "Response"
	}
	version := toolVersion()
	config.NoVCSVersionOverride = &version
	var diags diag.List
	config.OutputOptions.UserTemplates, diags = readTemplates(options)
	at := diag.Position{File: options.ConfigFile}
	if err := config.Validate(); err != nil {
		diags.Report(at, ruleGenerate, "oapi-codegen refuses its configuration: %s", oneLine(err.Error()))
	}
	for _, name := range codegen.SortedMapKeys(config.Warnings()) {
		diags.Warn(at, ruleGenerate, "oapi-codegen on %s: %s", name, config.Warnings()[name])
	}
	return config, diags
}

func load(options RunOptions) (document *openapi3.T, err error) {
	defer recovered(&err)
	return util.LoadSwaggerWithOverlay(options.Spec, util.LoadSwaggerWithOverlayOpts{
		Path:   options.Overlay,
		Strict: options.OverlayStrict,
		// Not nil, which would mean "all".
		AllowRemoteRefsFrom: append([]string{}, options.AllowRemoteRefs...),
	})
}

func run(document *openapi3.T, config codegen.Configuration) (code string, err error) {
	defer recovered(&err)
	return codegen.Generate(document, config)
}

// recovered turns a panic into an error: some documents make oapi-codegen panic.
func recovered(err *error) {
	if reason := recover(); reason != nil {
		*err = fmt.Errorf("it panics: %v", reason)
	}
}

// allowHint adds how to allow a document that oapi-codegen refuses to fetch.
func allowHint(err error) string {
	message := oneLine(err.Error())
	if strings.Contains(message, "refusing to resolve remote reference") {
		message += ": download the document, or list its URL under allow-remote-refs in oapi-guard.yaml"
	}
	return message
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// codegenModule is the module of oapi-codegen's library and command.
const codegenModule = "github.com/oapi-codegen/oapi-codegen/v2"

// toolVersion is the version of oapi-codegen that is linked into this program.
func toolVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknownVersion
	}
	for _, dependency := range info.Deps {
		if dependency.Path == codegenModule {
			return dependency.Version
		}
	}
	return unknownVersion
}

// oapi-codegen writes these in a program without build information.
const (
	unknownVersion = "unknown version"
	unknownModule  = "unknown module path"
)

// nameTool corrects the header: in a library, oapi-codegen takes the program's module for its own.
func nameTool(code string) string {
	header, _, found := strings.Cut(code, "\npackage ")
	if !found {
		return code
	}
	wrong, right := toolLine(programModule()), toolLine(codegenModule)
	return strings.Replace(header, wrong, right, 1) + code[len(header):]
}

func toolLine(module string) string {
	return fmt.Sprintf("// Code generated by %s version %s DO NOT EDIT.", module, toolVersion())
}

// programModule is the module that oapi-codegen names in the header when it runs in this program.
func programModule() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path != "" {
		return info.Main.Path
	}
	return unknownModule
}

// readTemplates replaces the paths among the templates of a configuration by the contents of the files. As in
// oapi-codegen, a value of several lines is a template itself; unlike there, a path is never taken for a URL.
func readTemplates(options RunOptions) (map[string]string, diag.List) {
	var diags diag.List
	given := options.Config.OutputOptions.UserTemplates
	read := make(map[string]string, len(given))
	for _, name := range codegen.SortedMapKeys(given) {
		value := given[name]
		if !strings.Contains(value, "\n") {
			text, err := readTemplate(value, options)
			if err != nil {
				diags.Report(diag.Position{File: options.ConfigFile}, ruleTemplate,
					"the template %s cannot be read (%v): user-templates names local files, nothing is downloaded", name, err)
			}
			value = text
		}
		read[name] = value
	}
	return read, diags
}

func readTemplate(path string, options RunOptions) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(options.Dir, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, cause(err))
	}
	if strings.Contains(string(content), "\n") {
		return string(content), nil
	}
	// oapi-codegen takes a text of one line for a path. This comment makes two lines of it, and prints nothing.
	return string(content) + "{{/*\n*/}}", nil
}

// ownConstraint is oapi-codegen's constraint for net/http, whose patterns are of that version.
const ownConstraint = "//go:build go1.22"

// constraintOf is the build constraint of a file that oapi-codegen wrote, unless it is oapi-codegen's own. It writes
// texts of the document as comments, and gofmt takes a line "// +build …" for a constraint wherever it stands, and
// moves it to the head of the file.
func constraintOf(code string) string {
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			break
		}
		if (constraint.IsGoBuild(line) || constraint.IsPlusBuild(line)) && line != ownConstraint {
			return line
		}
	}
	return ""
}
