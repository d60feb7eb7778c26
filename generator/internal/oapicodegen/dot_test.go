package oapicodegen

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// TestDotImports: a name without a qualifier is that of the package with a dot that declares it, under the name in its
// package clause. One package of another module is the only one left; of two nobody can say which.
func TestDotImports(t *testing.T) {
	const models, more = "package shapes\n\ntype Model struct{}\ntype hidden struct{}\n", "package more\n\ntype Other struct{}\n"
	tests := []struct{ imports, typ, want, reason string }{
		{". \"example.com/m/models\"", "Model", "shapes.Model", ""},
		{". \"example.com/m/models\"\n. \"example.com/m/more\"", "map[Model]*Other", "map[shapes.Model]*more.Other", ""},
		{". \"example.com/m/models\"\n. \"example.com/else/go-models\"", "map[Model]Far", "map[shapes.Model]go-models.Far", ""},
		{". \"example.com/m/models\"", "Far", "", "which import with a dot Far comes from cannot be told: import one of them by name"},
		{". \"example.com/else/a\"\n. \"example.com/else/b\"", "Far", "", "which import with a dot Far comes from cannot be told: import one of them by name"},
		{". \"example.com/m/missing\"", "Far", "missing.Far", ""},
	}
	for _, test := range tests {
		content := strings.Replace(typesFile(test.typ), `. "example.com/dotted"`, test.imports, 1)
		file := serverFile(t, map[string]string{"api/api.gen.go": content, "models/a.go": models, "models/a_test.go": "package shapes_test", "more/b.go": more})
		s, diags := Read(Options{File: file, Framework: framework.StdHTTP})
		if s == nil {
			t.Errorf("%s: %v", test.typ, lines(diags))
			continue
		}
		got, err := s.Methods[0].Params[0].Type.Render(apiQualifier{})
		if test.reason == "" && (got != test.want || err != nil) || test.reason != "" && (err == nil || !strings.HasSuffix(err.Error(), test.reason)) {
			t.Errorf("%s: %q, %v", test.typ, got, err)
		}
		if _, taken := s.Dotted["Model"]; taken != strings.Contains(test.imports, "m/models") || s.Dotted["hidden"].Line > 0 {
			t.Errorf("%s: names with a dot: %v", test.typ, s.Dotted)
		}
	}
}
