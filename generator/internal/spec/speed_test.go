package spec

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// realDocument is a file of the folder of real documents that stands beside the project, which skips the
// test where it is missing.
func realDocument(tb testing.TB, name string) string {
	tb.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "..", "..", "..", "shared", "specs", name)
	if _, err := os.Stat(path); err != nil {
		tb.Skipf("needs the real documents of ../shared/specs: %v", err)
	}
	return path
}

// BenchmarkLoad compares a load for guards with kin-openapi's own load of the same document.
func BenchmarkLoad(b *testing.B) {
	for _, name := range []string{"github.json", "kubernetes.json"} {
		path := realDocument(b, name)
		b.Run(name+"/guard", func(b *testing.B) {
			for b.Loop() {
				document, diags := Load(Options{Path: path})
				if diags = append(diags, document.CrossCheck()...); diags.HasErrors() {
					b.Fatal(diags)
				}
			}
		})
		b.Run(name+"/kin", func(b *testing.B) {
			for b.Loop() {
				data, err := os.ReadFile(path)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := openapi3.NewLoader().LoadFromData(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
