package server

import (
	"regexp"
	"slices"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// TestParseRefusesOtherHandlers gives a method of every framework's interface another first parameter, and
// another result: the guards that are generated for it would not compile.
func TestParseRefusesOtherHandlers(t *testing.T) {
	method := regexp.MustCompile(`\n\tHealth\((\w+) ([^,)]+)([^\n]*)\n`)
	for _, framework := range Frameworks() {
		code := generated(t, "testdata/orders.yaml", framework, false)
		for name, replacement := range map[string]string{
			"parameter": "\n\tHealth($1 string$3\n",
			"result":    "\n\tHealth($1 $2$3, int\n",
		} {
			if name == "result" && framework.returnsError() {
				replacement = "\n\tHealth($1 $2)\n"
			}
			content := method.ReplaceAllString(code, replacement)
			if name == "result" && !framework.returnsError() {
				content = regexp.MustCompile(`(\n\tHealth\([^\n]*\)), int\n`).ReplaceAllString(content, "$1 error\n")
			}
			file := serverFile(t, map[string]string{"api/api.gen.go": content})
			s, diags := Parse(Options{File: file, Framework: framework})
			refused := slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Rule == ruleSignature })
			if content == code || s != nil || !refused {
				t.Errorf("%s, %s: %v", framework, name, lines(diags))
			}
		}
	}
}
