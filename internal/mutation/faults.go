package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator"
)

// runFaults applies the faults one by one. Every one has to be noticed.
func runFaults(root string, c choices) error {
	all, err := readFaults(filepath.Join(root, "testdata", "faults"))
	if err != nil {
		return err
	}
	only, err := regexp.Compile(c.only)
	if err != nil {
		return err
	}
	tried, killed := 0, 0
	var errs []error
	for _, f := range byTests(all) {
		if !only.MatchString(f.name) {
			continue
		}
		by, err := f.try(root)
		tried++
		switch {
		case err != nil:
			errs = append(errs, err)
			fmt.Printf("error    %s\n", f.name)
		case by == "":
			errs = append(errs, fmt.Errorf("%s: %s survives: %s", f.at, f.name, f.what))
			fmt.Printf("SURVIVED %s: %s\n", f.name, f.what)
		default:
			killed++
			fmt.Printf("killed   %s, by %s\n", f.name, by)
		}
	}
	fmt.Printf("%d faults, %d killed\n", tried, killed)
	return errors.Join(errs...)
}

// try applies a fault and says which test noticed, empty when none did.
func (f *fault) try(root string) (by string, err error) {
	dir, err := os.MkdirTemp("", "fault")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	text, err := f.apply(root)
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := writeOverlay(overlay, map[string][]byte{filepath.Join(root, filepath.FromSlash(f.file)): text}); err != nil {
		return "", err
	}
	if len(f.generate) > 0 {
		if by, err = f.generateInto(root, overlay); by != "" || err != nil {
			return by, err
		}
	}
	for _, t := range f.tests {
		if by, err := f.test(root, overlay, strings.Fields(t)); by != "" || err != nil {
			return by, err
		}
	}
	return "", nil
}

// writeOverlay writes files beside an overlay that puts them in the place of others.
func writeOverlay(path string, files map[string][]byte) error {
	replace := map[string]string{}
	for name, text := range files {
		replaced := filepath.Join(filepath.Dir(path), fmt.Sprintf("%d_%s", len(replace), filepath.Base(name)))
		if err := os.WriteFile(replaced, text, 0o600); err != nil {
			return err
		}
		replace[name] = replaced
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}

// generateInto generates golden cases with the faulty generator, and makes the overlay that of its output.
func (f *fault) generateInto(root, overlay string) (by string, err error) {
	program := filepath.Join(filepath.Dir(overlay), "mutation")
	build := exec.Command("go", "build", "-overlay", overlay, "-o", program, "./internal/mutation")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %s does not compile: %s", f.at, f.name, out)
	}
	command := exec.Command(program, append([]string{"-generate"}, f.generate...)...)
	command.Dir = root
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "the generator itself: " + strings.TrimSpace(string(failed.Stderr)), nil
	}
	files := map[string][]byte{}
	if err := json.Unmarshal(out, &files); err != nil {
		return "", err
	}
	return "", writeOverlay(overlay, files)
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

var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// test runs the tests of one package with the overlay.
func (f *fault) test(root, overlay string, t []string) (by string, err error) {
	command := exec.Command("go", "test", "-count=1", "-failfast", "-vet=off", "-timeout", "5m", "-overlay", overlay, "-run", t[2], t[1])
	command.Dir = filepath.Join(root, t[0])
	out, err := command.CombinedOutput()
	text := string(out)
	switch {
	case strings.Contains(text, "[build failed]") || strings.Contains(text, "[setup failed]"):
		return "", fmt.Errorf("%s: %s does not compile: %s", f.at, f.name, text)
	case strings.Contains(text, "no tests to run"):
		return "", fmt.Errorf("%s: %s: no test of %s is called %s", f.at, f.name, t[1], t[2])
	case err == nil:
		return "", nil
	}
	found := "exit"
	for _, m := range failedTest.FindAllStringSubmatch(text, -1) {
		found = m[1]
	}
	return t[0] + " " + t[1] + " " + found, nil
}
