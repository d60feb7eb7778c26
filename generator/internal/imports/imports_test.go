package imports

import (
	"fmt"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/generated"
)

func TestSet(t *testing.T) {
	s := NewSet()
	tests := []struct{ path, wanted, want string }{
		{generated.Runtime, "guard", "guard"},
		{"net/http", "http", "http"},
		{"example.com/guard", "guard", "guard2"},    // a package named like the runtime
		{"example.com/server", "server", "server2"}, // named like an identifier of the templates
		{"example.com/other/server", "server", "server3"},
		{"example.com/api", "api", "api"},
		{"example.com/api", "different", "api"}, // the same package keeps its name
	}
	for _, test := range tests {
		if got := s.Add(test.path, test.wanted); got != test.want {
			t.Errorf("add(%q, %q) = %q, want %q", test.path, test.wanted, got, test.want)
		}
	}
	want := `["net/http"  "example.com/api" guard2 "example.com/guard" server3 "example.com/other/server" server2 "example.com/server" guard "github.com/oapi-guard/oapi-guard/runtime"]`
	if got := fmt.Sprint(s.List()); got != want {
		t.Errorf("list() = %s, want %s", got, want)
	}
}
