package oapicodegen

import (
	"regexp"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// TestReadRefusesOtherHandlers gives a method of every framework's interface another first parameter, and
// another result: the guards that are generated for it would not compile.
func TestReadRefusesOtherHandlers(t *testing.T) {
	parameter := regexp.MustCompile(`(\n\tHealth\(\w+) [^,)]+`)
	results := regexp.MustCompile(`(\n\tHealth\([^\n]*\))( error)?\n`)
	for _, f := range framework.All() {
		code := generated(t, "testdata/orders.yaml", f, false)
		result := "$1 error\n"
		if f.Handler().Results != "" {
			result = "$1\n"
		}
		for name, content := range map[string]string{
			"parameter": parameter.ReplaceAllString(code, "$1 string"),
			"result":    results.ReplaceAllString(code, result),
		} {
			file := serverFile(t, map[string]string{"api/api.gen.go": content})
			s, diags := Read(Options{File: file, Framework: f})
			refused := slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == ruleSignature })
			if content == code || s != nil || !refused {
				t.Errorf("%s, %s: %v", f, name, lines(diags))
			}
		}
	}
}
