package gen_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/gen"
)

// TestPathValue reads what a ServeMux makes of request targets.
func TestPathValue(t *testing.T) {
	path[string](t, "a", "a")
	path[string](t, "a%2Fb%25", "a/b%")
	path[string](t, "a+b", "a+b")
	path[string](t, "%C3%A9", "é")
	path[int64](t, "0", 0)
	path[int64](t, "%31", 1)
	path[int64](t, "-9223372036854775808", math.MinInt64)
	path[int32](t, "2147483647", math.MaxInt32)
	path[int64](t, "+7", 7)
	path[int64](t, "007", 7)
	path[bool](t, "true", true)
	path[bool](t, "0", false)
	for _, target := range []string{"9223372036854775808", "1.0", "1e3", "0x1", "1_000", "%201", "1%00", "a", "١"} {
		noPath[int64](t, target)
		noPath[int32](t, target)
	}
	noPath[int32](t, "2147483648")
	for _, target := range []string{"yes", "2", "tRUE", "%20true"} {
		noPath[bool](t, target)
	}
}

// TestPathValueOfAnotherPattern: a parameter that the pattern does not have is missing, whatever its type.
func TestPathValueOfAnotherPattern(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/x", nil)
	if v, err := gen.PathValue[string](r, "id"); err == nil {
		t.Errorf("a string: %q", v)
	}
	if v, err := gen.PathValue[bool](r, "id"); err == nil {
		t.Errorf("a boolean: %v", v)
	}
	if v, err := gen.PathValue[int64](r, "id"); err == nil || err.Error() != "the path parameter id is missing or is not of type int64" {
		t.Errorf("a number: %v, %v", v, err)
	}
}

func path[T gen.PathParameter](t *testing.T, target string, want T) {
	t.Helper()
	if got, err := valueOf[T](t, target); err != nil || got != want {
		t.Errorf("%s: %v, %v; want %v", target, got, err, want)
	}
}

func noPath[T gen.PathParameter](t *testing.T, target string) {
	t.Helper()
	var none T
	got, err := valueOf[T](t, target)
	if err == nil || got != none || len(target) > 2 && strings.Contains(err.Error(), target) {
		t.Errorf("%s: %v, %v", target, got, err)
	}
}

func valueOf[T gen.PathParameter](t *testing.T, target string) (value T, err error) {
	t.Helper()
	mux := http.NewServeMux()
	served := false
	mux.HandleFunc("GET /things/{id}", func(_ http.ResponseWriter, r *http.Request) {
		value, err = gen.PathValue[T](r, "id")
		served = true
	})
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/things/"+target, nil))
	if !served {
		t.Fatalf("%s is not routed", target)
	}
	return value, err
}
