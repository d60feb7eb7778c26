package policy_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

func TestRealDocuments(t *testing.T) {
	tests := []struct {
		file                                                   string
		operations, public, optional, withRoles, schemes, said int
	}{
		{"adyen-management-3.1.json", 134, 0, 0, 0, 2, 0},
		{"airflow.json", 73, 73, 0, 0, 0, 1},
		{"docker-hub.json", 28, 28, 0, 0, 0, 1},
		{"evetech.json", 206, 81, 0, 28, 1, 1},
		{"github.json", 1223, 1223, 0, 0, 0, 0},
		{"hydra.json", 52, 46, 0, 0, 3, 1},
		{"intellifi.json", 77, 0, 0, 0, 3, 0},
		{"kubernetes.json", 845, 0, 0, 0, 1, 1},
		{"n-auth.json", 55, 0, 0, 0, 2, 0},
		{"oai-non-oauth-roles-3.1.yaml", 1, 0, 0, 0, 1, 0},
		{"readme-security-3.0.yaml", 15, 1, 1, 0, 12, 1},
		{"sinao.json", 281, 254, 26, 0, 3, 2},
		{"stream-io.json", 116, 0, 0, 0, 3, 1},
		{"twitter.json", 80, 1, 0, 0, 3, 1},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			document, found := spec.Load(spec.Options{Path: realDocument(t, test.file)})
			p, more := policy.Build(document, policy.Options{})
			got := test
			got.operations, got.schemes, got.said = len(p.Operations), len(p.Schemes), len(found)+len(more)
			got.public, got.optional, got.withRoles = 0, 0, 0
			for _, o := range p.Operations {
				got.public += count(o.Public())
				got.optional += count(o.Optional())
				got.withRoles += count(!o.Roles.Empty())
			}
			if got != test || found.HasErrors() || more.HasErrors() {
				t.Errorf("got %+v, want %+v; said %v %v", got, test, found, more)
			}
		})
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

func realDocument(t *testing.T, name string) string {
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "..", "..", "..", "shared", "specs", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs the real documents of ../shared/specs: %v", err)
	}
	return path
}
