package oapicodegen

import (
	"strings"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// Generator is oapi-codegen as a [server.Generator].
type Generator struct {
	// Run says how to run it, Output where its output lies.
	Run    RunOptions
	Output Options
}

var _ server.Generator = Generator{}

// Generate is [Run].
func (g Generator) Generate() ([]byte, diag.List) { return Run(g.Run) }

// Read is [Read] for a content.
func (g Generator) Read(content []byte) (*server.Server, diag.List) {
	options := g.Output
	options.Content = content
	return Read(options)
}

// OperationName applies the configured normaliser to the operationId, or to the one that oapi-codegen makes of method
// and path. An unknown normaliser is oapi-codegen's to report.
func (g Generator) OperationName(id, method, path string) string {
	normalize := codegen.NameNormalizers[codegen.NameNormalizerFunction(g.Run.Config.OutputOptions.NameNormalizer)]
	if normalize == nil {
		return ""
	}
	if id == "" {
		id = strings.ToLower(method)
		for part := range strings.SplitSeq(path, "/") {
			if part != "" {
				id += "-" + part
			}
		}
	}
	return normalize(id)
}
