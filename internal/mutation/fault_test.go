package main

import (
	"path/filepath"
	"testing"
)

// TestFaultsApply: the tables of testdata/faults fit the tree. `make faults` tries that every fault is noticed.
func TestFaultsApply(t *testing.T) {
	root := filepath.Join("..", "..")
	all, err := readFaults(filepath.Join(root, "testdata", "faults"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		if _, err := f.apply(root); err != nil {
			t.Error(err)
		}
	}
	if len(all) < 120 {
		t.Errorf("%d faults, want at least 120", len(all))
	}
}
