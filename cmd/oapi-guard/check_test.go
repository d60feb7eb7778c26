package main

import (
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/write"
)

func TestUnified(t *testing.T) {
	const old, content = "one\ntwo\nthree\n", "one\n2\nthree\n"
	tests := []struct {
		name   string
		change write.Change
		want   string
	}{
		{
			"changed", write.Change{File: write.File{Path: "api/a.go", Content: []byte(content)}, Old: []byte(old)},
			"diff a/api/a.go b/api/a.go\n--- a/api/a.go\n+++ b/api/a.go\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
		},
		{
			"missing", write.Change{File: write.File{Path: "a.go", Content: []byte("one\n")}, Missing: true},
			"diff /dev/null b/a.go\n--- /dev/null\n+++ b/a.go\n@@ -0,0 +1,1 @@\n+one\n",
		},
		{
			"absolute, not clean", write.Change{File: write.File{Path: "/src//a.go", Content: []byte("1\n")}, Old: []byte("2\n")},
			"diff a/src/a.go b/src/a.go\n--- a/src/a.go\n+++ b/src/a.go\n@@ -1,1 +1,1 @@\n-2\n+1\n",
		},
	}
	for _, test := range tests {
		if got := string(unified(test.change)); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
}
