package difference_test

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// loadText is the policy of a document.
func loadText(t *testing.T, text string) *policy.Policy {
	t.Helper()
	return loadAs(t, "openapi.yaml", text)
}

func loadAs(t *testing.T, name, text string) *policy.Policy {
	t.Helper()
	p, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: name, Read: func(string) ([]byte, error) { return []byte(text), nil }})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, text)
	}
	return p
}
