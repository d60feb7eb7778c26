package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator"
)

// generated is what the faulty generator makes of the golden cases; by says that it refuses them itself.
func (r *faultRun) generated(f *fault, text []byte) (by string, files map[string][]byte, err error) {
	program, templates, err := r.generator(f, text)
	if err != nil {
		return "", nil, err
	}
	command := exec.Command(program, append([]string{"-generate"}, f.generate...)...)
	command.Dir = r.root
	command.Env = append(os.Environ(), "MUTANT_TEMPLATES="+templates)
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "the generator itself: " + strings.TrimSpace(string(failed.Stderr)), nil, nil
	}
	return "", files, errors.Join(err, json.Unmarshal(out, &files))
}

// generator is a program with the fault that generates golden cases. For faults of templates it is always the same one,
// which reads the templates from a folder.
func (r *faultRun) generator(f *fault, text []byte) (program, templates string, err error) {
	name, ok := strings.CutPrefix(f.file, "templates/")
	if !ok {
		program = filepath.Join(r.dir, "generator")
		return program, "", r.buildGenerator(program, f.path(r.root), text)
	}
	program, templates = filepath.Join(r.dir, "templates-generator"), filepath.Join(r.dir, "templates")
	if _, err := os.Stat(program); err != nil {
		path := filepath.Join(r.root, "templates", "templates.go")
		source, err := os.ReadFile(path)
		if err != nil {
			return "", "", err
		}
		reading := strings.NewReplacer("FS.ReadFile(name)", `os.ReadFile(os.Getenv("MUTANT_TEMPLATES") + "/" + name)`, `"io/fs"`, `"io/fs"; "os"`).Replace(string(source))
		if err := r.buildGenerator(program, path, []byte(reading)); err != nil {
			return "", "", err
		}
	}
	if err := errors.Join(os.RemoveAll(templates), os.CopyFS(templates, os.DirFS(filepath.Join(r.root, "templates")))); err != nil {
		return "", "", err
	}
	return program, templates, os.WriteFile(filepath.Join(templates, filepath.FromSlash(name)), text, 0o600)
}

func (r *faultRun) buildGenerator(program, path string, text []byte) error {
	overlay := filepath.Join(r.dir, "generator.json")
	if err := writeOverlay(overlay, map[string][]byte{path: text}); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-overlay", overlay, "-o", program, ".")
	build.Dir = filepath.Join(r.root, "testdata", "mutation")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("it does not compile: %s", out)
	}
	return nil
}

// generateGolden writes the generated files of golden cases, by their paths.
func generateGolden(w io.Writer, root string, cases []string) error {
	files := map[string][]byte{}
	for _, name := range cases {
		r := generator.Generate(filepath.Join(root, "testdata", "golden", name, "oapi-guard.yaml"))
		if r.Diagnostics.HasErrors() {
			return fmt.Errorf("%s: %v", name, r.Diagnostics[0])
		}
		for _, file := range r.Files {
			path, err := filepath.Abs(file.Path)
			if err != nil {
				return err
			}
			files[path] = file.Content
		}
	}
	return json.NewEncoder(w).Encode(files)
}
