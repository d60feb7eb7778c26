package generator

import (
	"fmt"
	"testing"
)

func TestImportSet(t *testing.T) {
	s := newImportSet()
	tests := []struct{ path, wanted, want string }{
		{runtimePath, "guard", "guard"},
		{"net/http", "http", "http"},
		{"example.com/guard", "guard", "guard2"},    // a package named like the runtime
		{"example.com/server", "server", "server2"}, // named like an identifier of the templates
		{"example.com/other/server", "server", "server3"},
		{"example.com/api", "api", "api"},
		{"example.com/api", "different", "api"}, // the same package keeps its name
	}
	for _, test := range tests {
		if got := s.add(test.path, test.wanted); got != test.want {
			t.Errorf("add(%q, %q) = %q, want %q", test.path, test.wanted, got, test.want)
		}
	}
	want := `["net/http"  "example.com/api" guard2 "example.com/guard" server3 "example.com/other/server" server2 "example.com/server" guard "github.com/oapi-guard/oapi-guard/runtime"]`
	if got := fmt.Sprint(s.list()); got != want {
		t.Errorf("list() = %s, want %s", got, want)
	}
}

func TestFormatRefusesGuessedImports(t *testing.T) {
	_, err := format("guards.gen.go", []byte("package p\n\nvar _ = strings.ToUpper\n"))
	if want := "the generated code needs the import strings, which no template declares"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestFormatRefusesWhatDoesNotParse(t *testing.T) {
	if _, err := format("guards.gen.go", []byte("package p\n\nfunc {\n")); err == nil {
		t.Error("no error for code that does not parse")
	}
}
