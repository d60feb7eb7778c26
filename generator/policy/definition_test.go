package policy_test

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

func TestDefinition(t *testing.T) {
	tests := []struct {
		name string
		a, b policy.Scheme
		same bool
	}{
		{"names and hints", policy.Scheme{Name: "a", Type: policy.HTTP, HTTPScheme: "bearer", BearerFormat: "JWT"}, policy.Scheme{Name: "b", Type: policy.HTTP, HTTPScheme: "Bearer"}, true},
		{"http schemes", policy.Scheme{Type: policy.HTTP, HTTPScheme: "bearer"}, policy.Scheme{Type: policy.HTTP, HTTPScheme: "basic"}, false},
		{"bearer and oauth2", policy.Scheme{Type: policy.HTTP, HTTPScheme: "bearer"}, policy.Scheme{Type: policy.OAuth2}, false},
		{"oauth2 and openIdConnect", policy.Scheme{Type: policy.OAuth2}, policy.Scheme{Type: policy.OpenIDConnect}, false},
		{"header fields", policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "X-Key"}, policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "x-key"}, true},
		{"cookies", policy.Scheme{Type: policy.APIKey, In: "cookie", Parameter: "Key"}, policy.Scheme{Type: policy.APIKey, In: "cookie", Parameter: "key"}, false},
		{"query parameters", policy.Scheme{Type: policy.APIKey, In: "query", Parameter: "Key"}, policy.Scheme{Type: policy.APIKey, In: "query", Parameter: "key"}, false},
		{"places", policy.Scheme{Type: policy.APIKey, In: "query", Parameter: "key"}, policy.Scheme{Type: policy.APIKey, In: "cookie", Parameter: "key"}, false},
		{"a name that spells a place", policy.Scheme{Type: policy.APIKey, In: "query", Parameter: "header x"}, policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "x"}, false},
		{"extensions", policy.Scheme{Type: policy.MutualTLS, SignedBody: 1}, policy.Scheme{Type: policy.MutualTLS}, true},
	}
	for _, test := range tests {
		if got := test.a.Definition() == test.b.Definition(); got != test.same {
			t.Errorf("%s: %q, %q", test.name, test.a.Definition(), test.b.Definition())
		}
	}
}
