package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
)

// TestRealDocuments holds the findings in documents of publishers, each of which was read and judged to be right. The numbers
// are those of places.
func TestRealDocuments(t *testing.T) {
	for file, want := range map[string]string{
		"adyen-management-3.1.json":    "no-challenge 134",
		"airflow.json":                 "",
		"docker-hub.json":              "401-as-forbidden 3",
		"evetech.json":                 "no-challenge 125, 403-on-public 2",
		"github.json":                  "",
		"hydra.json":                   "public-write 26",
		"intellifi.json":               "missing-401 77, cookie-alone 40, key-in-query 1",
		"kubernetes.json":              "no-challenge 845",
		"n-auth.json":                  "missing-401 55",
		"oai-non-oauth-roles-3.1.yaml": "missing-401 1, missing-403 1",
		"readme-security-3.0.yaml":     "missing-401 13, cookie-alone 1, missing-403 5, no-challenge 1, key-in-query 1",
		"sinao.json":                   "public-write 132, missing-401 27",
		"stream-io.json":               "missing-401 116",
		"twitter.json":                 "",
	} {
		t.Run(file, func(t *testing.T) {
			if got := findings(realDocument(t, file)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// findings are this package's own, each rule with its number of places.
func findings(path string) string {
	own := map[string]bool{}
	for _, r := range lint.Rules() {
		own[r.ID] = true
	}
	var all []string
	for _, d := range generator.Vet(generator.VetOptions{PolicyOptions: generator.PolicyOptions{Spec: path}}) {
		if own[d.Rule.ID] {
			all = append(all, fmt.Sprintf("%s %d", d.Rule.ID, 1+len(d.Others)))
		}
	}
	return strings.Join(all, ", ")
}

func realDocument(t *testing.T, name string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "../../../../shared/specs", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not part of the project", name)
	}
	return path
}
