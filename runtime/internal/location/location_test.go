package location_test

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/internal/location"
)

// TestCheck: identifiers are absolute https URLs without user and fragment, and an issuer's has no query either.
func TestCheck(t *testing.T) {
	for _, test := range []struct {
		text             string
		resource, issuer bool
	}{
		{"https://a.example", true, true},
		{"https://a.example/b/~c", true, true},
		{"https://a.example/b?c=d", true, false},
		{"https://a.example?", true, false},
		{"http://localhost:8080", true, true},
		{"http://127.0.0.2/a", true, true},
		{"http://[::1]", true, true},
		{"http://a.example", false, false},
		{"http://localhost.example", false, false},
		{"ftp://localhost", false, false},
		{"https://u@a.example", false, false},
		{"https://a.example#", false, false},
		{"https://a.example/b c", false, false},
		{"https://a.example/\x7f", false, false},
		{"https://a.example/\u00e9", false, false},
		{"https://a.example/{b}", false, false},
		{"https:///a", false, false},
		{"https://:80", false, false},
		{"a.example", false, false},
		{"", false, false},
		{"https://a.example:b", false, false},
	} {
		if err := location.Check(test.text); (err == nil) != test.resource {
			t.Errorf("%q as a resource: %v", test.text, err)
		}
		if err := location.CheckIssuer(test.text); (err == nil) != test.issuer {
			t.Errorf("%q as an issuer: %v", test.text, err)
		}
	}
}

// TestMetadata has the examples of RFC 9728 section 3.1, and identifiers with a query.
func TestMetadata(t *testing.T) {
	for resource, want := range map[string][2]string{
		"https://a.example":          {"https://a.example", "/.well-known/oauth-protected-resource"},
		"https://a.example/":         {"https://a.example", "/.well-known/oauth-protected-resource"},
		"https://a.example/b":        {"https://a.example", "/.well-known/oauth-protected-resource/b"},
		"https://a.example/b/?c":     {"https://a.example", "/.well-known/oauth-protected-resource/b/?c"},
		"https://a.example?c=d":      {"https://a.example", "/.well-known/oauth-protected-resource?c=d"},
		"https://a.example/?c=d/e":   {"https://a.example", "/.well-known/oauth-protected-resource?c=d/e"},
		"http://localhost:8080/b/c/": {"http://localhost:8080", "/.well-known/oauth-protected-resource/b/c/"},
	} {
		if origin, place := location.Metadata(resource); origin != want[0] || place != want[1] {
			t.Errorf("%s: %s %s", resource, origin, place)
		}
	}
}
