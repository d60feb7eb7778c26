package server

import (
	"fmt"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/util"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// GenerateOptions are what oapi-codegen's command reads from its arguments and its configuration.
type GenerateOptions struct {
	// Spec is the OpenAPI document, Overlay an overlay to apply to it or empty. OverlayStrict says that an
	// action of the overlay without effect is an error.
	Spec, Overlay string
	OverlayStrict bool
	// AllowRemoteRefs are the URLs that a $ref may fetch, or "*"; nil allows none.
	AllowRemoteRefs []string
	// Config is the configuration as it stands in the file ConfigFile.
	Config     codegen.Configuration
	ConfigFile string
	// Dir is the folder to which the paths of templates are relative.
	Dir string
}

// oneAtATime guards oapi-codegen's package variables.
var oneAtATime sync.Mutex

// Generate runs oapi-codegen in this process and returns the server file that its command would write. There
// is none when there are errors.
func Generate(options GenerateOptions) ([]byte, diag.List) {
	var diags diag.List
	at := diag.Position{File: options.ConfigFile}
	config := prepare(options, &diags)
	for _, name := range codegen.SortedMapKeys(config.Warnings()) {
		diags.Warn(at, ruleGenerate, "oapi-codegen on %s: %s", name, config.Warnings()[name])
	}
	if diags.HasErrors() {
		return nil, diags
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	document, err := load(options)
	if err != nil {
		diags.Report(diag.Position{File: options.Spec}, ruleGenerate, "oapi-codegen cannot load the document: %s", allowHint(err))
		return nil, diags
	}
	code, err := run(document, config)
	if err != nil {
		diags.Report(diag.Position{File: options.Spec}, ruleGenerate, "oapi-codegen cannot generate the server: %s", oneLine(err.Error()))
		return nil, diags
	}
	if line := constraintOf(code); line != "" && len(config.OutputOptions.UserTemplates) == 0 {
		diags.Report(diag.Position{File: options.Spec}, ruleGenerate, "a text of the document has a line that begins with +build, of which gofmt makes a build constraint (%s), so that the server would be left out of builds: change the text", line)
		return nil, diags
	}
	return []byte(nameTool(code)), diags
}

// prepare completes a configuration as the command does, and more where this process is not the command's: the
// suffix of response types stays set from one call to the next, the version is that of the library, and
// templates are read here.
func prepare(options GenerateOptions, diags *diag.List) codegen.Configuration {
	config := options.Config.UpdateDefaults()
	if config.OutputOptions.ResponseTypeSuffix == "" {
		config.OutputOptions.ResponseTypeSuffix = "Response"
	}
	version := toolVersion()
	config.NoVCSVersionOverride = &version
	config.OutputOptions.UserTemplates = readTemplates(options, diags)
	if err := config.Validate(); err != nil {
		diags.Report(diag.Position{File: options.ConfigFile}, ruleGenerate, "oapi-codegen refuses its configuration: %s", oneLine(err.Error()))
	}
	return config
}

func load(options GenerateOptions) (document *openapi3.T, err error) {
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

// recovered makes an error of a panic: some documents make oapi-codegen panic.
func recovered(err *error) {
	if reason := recover(); reason != nil {
		*err = fmt.Errorf("it panics: %v", reason)
	}
}

// allowHint says how to allow what oapi-codegen refuses to fetch.
func allowHint(err error) string {
	message := oneLine(err.Error())
	if strings.Contains(message, "refusing to resolve remote reference") {
		message += ": download the document, or list its URL under allow-remote-refs in oapi-guard.yaml"
	}
	return message
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
