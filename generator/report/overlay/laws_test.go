package overlay_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
)

// TestLaws holds for the examples, the golden cases and documents of publishers:
//
//   - nothing of the document is lost, and nobody gets in who did not
//   - applying the overlay twice changes nothing, and the overlay of the overlaid document is the same
//   - what an overlay reaches, vet finds complete: 401, 403, and WWW-Authenticate
func TestLaws(t *testing.T) {
	for _, path := range documents(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			laws(t, path)
		})
	}
}

func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{
		"testdata/openapi.yaml", "../../../examples/*/openapi.yaml", "../../../testdata/golden/*/openapi.yaml", "../../../../shared/specs/*.json",
		"../../../../shared/specs/*.yaml",
	} {
		if testing.Short() && strings.Contains(pattern, "shared") {
			continue
		}
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) < 20 {
		t.Fatalf("only %q", all)
	}
	return all
}

func laws(t *testing.T, path string) {
	before, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: path})
	if diags.HasErrors() {
		t.Skip(diags)
	}
	document := read(t, path)
	content, unreached := make(t, path, overlay.Options{})
	once := apply(t, content, document)
	keeps(t, decode(t, document), decode(t, once), "$")
	twice := apply(t, content, once)
	if !bytes.Equal(twice, apply(t, content, twice)) || !reflect.DeepEqual(decode(t, once), decode(t, twice)) {
		t.Error("applying it twice changes something")
	}

	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	overlaid := filepath.Join(dir, "overlaid.yaml")
	put(t, overlaid, once)
	if again, _ := make(t, overlaid, overlay.Options{}); !bytes.Equal(again, content) {
		t.Errorf("the overlay of the overlaid document is another one:\n%s\n%s", content, again)
	}
	after, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: overlaid})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if changes := difference.Compare(before, after); len(changes) > 0 {
		t.Error(changes)
	}
	if len(unreached) > 0 {
		return
	}
	for _, d := range generator.Vet(generator.VetOptions{PolicyOptions: generator.PolicyOptions{Spec: overlaid}}) {
		if slices.Contains([]string{"missing-401", "missing-403", "no-challenge", "misspelt-extension"}, d.Rule.ID) {
			t.Error(d)
		}
	}
}
