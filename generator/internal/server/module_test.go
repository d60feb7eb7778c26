package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportPath(t *testing.T) {
	root := t.TempDir()
	for path, content := range map[string]string{
		"m/go.mod": "// comment\nmodule example.com/m/v2 // indirect\n\ngo 1.26\n", "m/api/x.go": "", "m/nested/go.mod": "module nested\n",
		"quoted/go.mod": "module \"example.com/quoted\"\n", "broken/go.mod": "go 1.26\n", "folder/go.mod/x": "",
	} {
		write(t, filepath.Join(root, path), content)
	}
	tests := []struct{ dir, want, problem string }{
		{dir: "m", want: "example.com/m/v2"},
		{dir: "m/api", want: "example.com/m/v2/api"},
		{dir: "m/not/there/yet", want: "example.com/m/v2/not/there/yet"},
		{dir: "m/nested/sub", want: "nested/sub"},
		{dir: "quoted/a", want: "example.com/quoted/a"},
		{dir: "broken/a", problem: "broken/go.mod has no module line"},
		{dir: "folder/a", problem: "folder/go.mod: is a directory"},
	}
	for _, test := range tests {
		got, err := ImportPath(filepath.Join(root, test.dir))
		if got != test.want || (err != nil) != (test.problem != "") || err != nil && !strings.Contains(err.Error(), test.problem) {
			t.Errorf("%s: %q, %v; want %q, %q", test.dir, got, err, test.want, test.problem)
		}
	}
	if got, err := ImportPath("/"); err == nil || err.Error() != "no go.mod in / or above it: run go mod init" {
		t.Errorf("got %q, %v", got, err)
	}
	t.Chdir(filepath.Join(root, "m", "api"))
	if got, err := ImportPath("."); got != "example.com/m/v2/api" {
		t.Errorf("got %q, %v", got, err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
