package server

import (
	"path/filepath"
	"testing"
)

// TestBeside: the files beside an output say which names are taken; tests, programs for go
// run, files of other packages and the output itself do not count.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"guards.gen.go": "package old\n\nvar Policy int\n", "a_test.go": "package shop_test\n\nvar Test int\n", "_b.go": "package b\n\nvar B int\n",
		"c.go": "//go:build ignore\n\npackage main\n\nvar C int\n", "d.go": "package", "e.go": "package shop\n\nfunc New() {}\n\ntype (\n\tA int\n)\n",
		"f.txt": "package f\n",
	} {
		write(t, filepath.Join(dir, name), content)
	}
	output := filepath.Join(dir, "guards.gen.go")
	declared := DeclaredBeside(output, "shop")
	if len(declared) != 2 || declared["A"].Line != 6 || declared["New"].String() != filepath.Join(dir, "e.go")+":3:6" {
		t.Errorf("%v", declared)
	}
}
