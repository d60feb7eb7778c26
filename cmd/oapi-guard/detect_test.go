package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestReadServerConfig(t *testing.T) {
	tests := []struct {
		name, content string
		want          bool
	}{
		{"a server", "package: api\ngenerate: {chi-server: true}", true},
		{"no server", "package: api\ngenerate: {models: true}", false},
		{"a server that is off", "package: api\ngenerate: {chi-server: false}", false},
		{"strict alone", "package: api\ngenerate: {strict-server: true}", false},
		{"no package", "generate: {chi-server: true}", false},
		{"the old style", "package: api\ngenerate: [chi-server]", false},
		{"not a configuration", "name: chi-server", false},
		{"not YAML", "{chi-server", false},
	}
	for _, test := range tests {
		if _, got := readServerConfig("x.yaml", []byte(test.content)); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestIsOpenAPI(t *testing.T) {
	tests := []struct {
		name, content, extension string
		want                     bool
	}{
		{"YAML", "info: {}\nopenapi: 3.0.3\n", ".yaml", true},
		{"quoted YAML", "\"openapi\": '3.1.0'\n", ".yml", true},
		{"key further in", "x:\n  openapi: 3.0.3\n", ".yaml", false},
		{"Swagger 2.0", "swagger: \"2.0\"\n", ".yaml", false},
		{"JSON", `{"info": {"title": "x"}, "openapi": "3.0.3"}`, ".json", true},
		{"JSON, key further in", `{"x": {"openapi": "3.0.3"}}`, ".json", false},
		{"JSON, another version", `{"openapi": "2.0"}`, ".json", false},
		{"JSON, another type", `{"openapi": 3}`, ".json", false},
		{"broken JSON", `{"openapi": "3.0.3"`, ".json", false},
	}
	for _, test := range tests {
		if got := isOpenAPI([]byte(test.content), test.extension); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestGeneratedFile: what oapi-guard would find by itself need not be written into oapi-guard.yaml.
func TestGeneratedFile(t *testing.T) {
	here := &directive{file: "gen.go"}
	tests := []struct {
		name      string
		server    string
		directive *directive
		files     []string // that exist
		want      string
		obvious   bool
	}{
		{"beside the configuration", "api/cfg.yaml", nil, []string{"api/api/api.gen.go"}, "api/api/api.gen.go", true},
		{"below oapi-guard.yaml", "api/cfg.yaml", nil, []string{"api/api.gen.go"}, "api/api.gen.go", true},
		{"both", "api/cfg.yaml", nil, []string{"api/api.gen.go", "api/api/api.gen.go"}, "api/api/api.gen.go", true},
		{"not generated yet", "api/cfg.yaml", nil, nil, "api/api/api.gen.go", true},
		{"a line beside it", "cfg.yaml", here, nil, "api/api.gen.go", true},
		{"a line elsewhere", "api/cfg.yaml", here, []string{"api/api.gen.go"}, "api/api.gen.go", true},
		{"a line elsewhere, and another file where oapi-guard looks first", "api/cfg.yaml", here, []string{"api/api.gen.go", "api/api/api.gen.go"}, "api/api.gen.go", false},
		{"a line far away", "api/cfg.yaml", &directive{file: "tools/gen.go"}, nil, "tools/api/api.gen.go", false},
		{"-o", "cfg.yaml", &directive{file: "gen.go", output: "x.go"}, nil, "x.go", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, file := range test.files {
				place(t, file, "")
			}
			c := candidate{server: serverConfig{path: filepath.FromSlash(test.server), Output: "api/api.gen.go"}, directive: test.directive}
			file, obvious := c.generatedFile(".")
			if filepath.ToSlash(file) != test.want || obvious != test.obvious {
				t.Errorf("%s, %v, want %s, %v", file, obvious, test.want, test.obvious)
			}
		})
	}
}

// TestSurveySkipsWhatItCannotRead: one folder without permission does not stop init.
func TestSurveySkipsWhatItCannotRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	root := t.TempDir()
	place(t, filepath.Join(root, "closed", "x.yaml"), "openapi: 3.0.3")
	place(t, filepath.Join(root, "open.yaml"), "openapi: 3.0.3")
	if err := os.Chmod(filepath.Join(root, "closed"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(root, "closed"), 0o755)
	found, err := scanFolder(root)
	if want := []string{filepath.Join(root, "open.yaml")}; err != nil || !slices.Equal(found.specs, want) {
		t.Errorf("specs = %v, err = %v, want %v", found.specs, err, want)
	}
}

func place(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
