package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// faultRun is one run of all faults.
type faultRun struct {
	root, dir string
	faults    []*fault // by their numbers, from 1
	alone     []int    // those that are not in the combination
	base      map[string][]byte
	combined  map[string]*combination
	programs  map[string]string // compiled tests, by module and package
	overlay   string
	passed    map[string]error // the tests without a fault
	failures  int
}

// runFaults applies the faults, and runs the tests that each of them names. Every one has to be noticed.
func runFaults(root string, c choices) error {
	all, err := readFaults(filepath.Join(root, "testdata", "faults"))
	if err != nil {
		return err
	}
	only, err := regexp.Compile(c.only)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(f *fault) bool { return !only.MatchString(f.name) })
	dir, err := os.MkdirTemp("", "faults")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r := &faultRun{root: root, dir: dir, faults: all, base: map[string][]byte{}, combined: map[string]*combination{}, programs: map[string]string{}, passed: map[string]error{}}
	broken, err := r.compilable()
	if err != nil {
		return err
	}
	for i, f := range all {
		if text := broken[i+1]; text != "" {
			r.report(f, func() (string, error) { return "", errors.New("it does not compile: " + text) })
		} else if !slices.Contains(r.alone, i+1) {
			r.report(f, func() (string, error) { return r.together(f, i+1) })
		}
	}
	for _, id := range r.alone {
		f := all[id-1]
		r.report(f, func() (string, error) { return r.tryAlone(f) })
	}
	fmt.Printf("%d faults, %d killed\n", len(all), len(all)-r.failures)
	if r.failures > 0 {
		return fmt.Errorf("%d faults are not noticed", r.failures)
	}
	return nil
}

func (r *faultRun) report(f *fault, try func() (string, error)) {
	began := time.Now()
	by, err := try()
	switch {
	case err != nil:
		r.failures++
		fmt.Printf("ERROR    %s: %v\n", f.name, err)
	case by == "":
		r.failures++
		fmt.Printf("SURVIVED %s (%s): %s\n", f.name, f.at, f.what)
	default:
		fmt.Printf("killed   %s, by %s (%s)\n", f.name, by, time.Since(began).Round(time.Second/10))
	}
}

// combine puts as many faults as possible into one overlay: those that change bodies of functions.
func (r *faultRun) combine(broken map[int]string) {
	for i, f := range r.faults {
		changed, err := r.changed(f)
		if err != nil {
			broken[i+1] = err.Error()
			continue
		}
		if changed == nil || f.startsCommand() || !r.addAll(i+1, changed) {
			r.alone = append(r.alone, i+1)
		}
	}
}

// startsCommand reports whether tests of the fault are scripts. They start the command with an environment of their own, in
// which no number is on.
func (f *fault) startsCommand() bool {
	return slices.ContainsFunc(f.tests, func(t string) bool { return strings.Contains(t, " TestScripts/") })
}

// write writes the overlay, without the faults that do not compile.
func (r *faultRun) write(broken map[int]string) error {
	files := map[string][]byte{}
	for path, c := range r.combined {
		if len(c.edits) == 0 {
			continue
		}
		files[path] = c.without(broken)
		files[filepath.Join(filepath.Dir(path), "mutant_switches.go")] = fmt.Appendf(nil, switches, c.file.Name.Name)
	}
	return writeOverlay(r.overlay, files)
}

var faultyFunction = regexp.MustCompile(`^func .*Mutant(\d+)[\[(]`)

// compilable combines the faults, and returns those that do not compile, with what the compiler says.
func (r *faultRun) compilable() (map[int]string, error) {
	broken := map[int]string{}
	r.combine(broken)
	r.overlay = filepath.Join(r.dir, "overlay.json")
	for {
		if err := r.write(broken); err != nil {
			return nil, err
		}
		before := len(broken)
		for _, folder := range r.folders() {
			command := exec.Command("go", "build", "-gcflags=-e", "-overlay", r.overlay, ".")
			command.Dir = folder
			if out, err := command.CombinedOutput(); err != nil && !blame(string(out), broken) {
				return nil, fmt.Errorf("%s: %w: %s", folder, err, out)
			}
		}
		if len(broken) == before {
			return broken, nil
		}
	}
}

// folders are those of the packages with a combination.
func (r *faultRun) folders() []string {
	all := map[string]bool{}
	for path, c := range r.combined {
		if len(c.edits) > 0 {
			all[filepath.Dir(path)] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

var overlayError = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: (.*)$`)

// blame finds the faults in whose functions the compiler's errors are.
func blame(output string, broken map[int]string) (found bool) {
	for _, e := range overlayError.FindAllStringSubmatch(output, -1) {
		text, err := os.ReadFile(e[1])
		line, _ := strconv.Atoi(e[2])
		lines := strings.Split(string(text), "\n")
		for i := min(line, len(lines)) - 1; err == nil && i >= 0; i-- {
			if m := faultyFunction.FindStringSubmatch(lines[i]); m != nil {
				id, _ := strconv.Atoi(m[1])
				broken[id], found = e[3], true
				break
			}
		}
	}
	return found
}

// changed are the Go files with the fault, nil when the generator itself refuses.
func (r *faultRun) changed(f *fault) (map[string][]byte, error) {
	text, err := f.apply(r.root)
	if err != nil || len(f.generate) == 0 {
		return map[string][]byte{f.path(r.root): text}, err
	}
	by, files, err := r.generated(f, text)
	if by != "" {
		return nil, err
	}
	return files, err
}

// addAll adds a fault to the combinations of its files, all or none.
func (r *faultRun) addAll(id int, changed map[string][]byte) bool {
	added := map[string]*combination{}
	for path, text := range changed {
		if !strings.HasSuffix(path, ".go") {
			return false
		}
		if r.combined[path] == nil {
			base, err := os.ReadFile(path)
			if err != nil {
				return false
			}
			if r.combined[path], err = newCombination(base); err != nil {
				return false
			}
		}
		c := r.combined[path]
		trial := &combination{source: c.source, edits: slices.Clone(c.edits), appends: slices.Clone(c.appends), named: maps.Clone(c.named)}
		if string(text) != string(c.text) && !trial.add(id, text) {
			return false
		}
		added[path] = trial
	}
	maps.Copy(r.combined, added)
	return true
}

func (f *fault) path(root string) string { return filepath.Join(root, filepath.FromSlash(f.file)) }

// together runs the tests of a fault of the combination.
func (r *faultRun) together(f *fault, id int) (by string, err error) {
	for _, t := range f.tests {
		words := strings.Fields(t)
		program, err := r.program(words[0], words[1])
		if err != nil {
			return "", err
		}
		command := exec.Command(program, "-test.run", words[2], "-test.failfast", "-test.timeout", "3m")
		command.Dir = filepath.Join(r.root, words[0], words[1])
		command.Env = append(os.Environ(), "MUTANT="+strconv.Itoa(id))
		if out, err := command.CombinedOutput(); err != nil {
			return words[0] + " " + words[1] + " " + failedIn(out), r.pass(t)
		}
	}
	return "", nil
}

// pass says whether the tests pass without a fault: otherwise they notice nothing.
func (r *faultRun) pass(t string) error {
	if err, known := r.passed[t]; known {
		return err
	}
	words := strings.Fields(t)
	command := exec.Command("go", "test", "-vet=off", "-timeout", "10m", "-run", words[2], words[1])
	command.Dir = filepath.Join(r.root, words[0])
	out, err := command.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s fails without a fault: %s", t, failedIn(out))
	}
	r.passed[t] = err
	return err
}

// program compiles the tests of a package with the combination, once.
func (r *faultRun) program(module, pkg string) (string, error) {
	key := module + " " + pkg
	if r.programs[key] != "" {
		return r.programs[key], nil
	}
	program := filepath.Join(r.dir, fmt.Sprintf("tests%d", len(r.programs)))
	command := exec.Command("go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", r.overlay, "-o", program, pkg)
	command.Dir = filepath.Join(r.root, module)
	if out, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not compile: %s", key, out)
	}
	r.programs[key] = program
	return program, nil
}

// tryAlone applies one fault, and says which test noticed, empty when none did.
func (r *faultRun) tryAlone(f *fault) (by string, err error) {
	text, err := f.apply(r.root)
	if err != nil {
		return "", err
	}
	files := map[string][]byte{f.path(r.root): text}
	if len(f.generate) > 0 {
		if by, files, err = r.generated(f, text); by != "" || err != nil {
			return by, err
		}
	}
	overlay := filepath.Join(r.dir, "alone.json")
	if err := writeOverlay(overlay, files); err != nil {
		return "", err
	}
	for _, t := range f.tests {
		if by, err := f.test(r.root, overlay, strings.Fields(t)); by != "" || err != nil {
			return by, errors.Join(err, r.pass(t))
		}
	}
	return "", nil
}

// writeOverlay writes files beside an overlay that puts them in the place of others.
func writeOverlay(path string, files map[string][]byte) error {
	replace := map[string]string{}
	for name, text := range files {
		replaced := fmt.Sprintf("%s_%d_%s", path, len(replace), filepath.Base(name))
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

var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// failedIn names the innermost test that failed.
func failedIn(out []byte) string {
	found := "exit"
	for _, m := range failedTest.FindAllSubmatch(out, -1) {
		found = string(m[1])
	}
	return found
}

// test runs the tests of one package with an overlay.
func (f *fault) test(root, overlay string, t []string) (by string, err error) {
	command := exec.Command("go", "test", "-count=1", "-failfast", "-vet=off", "-ldflags=-s -w", "-timeout", "5m", "-overlay", overlay, "-run", t[2], t[1])
	command.Dir = filepath.Join(root, t[0])
	out, err := command.CombinedOutput()
	switch text := string(out); {
	case strings.Contains(text, "[build failed]") || strings.Contains(text, "[setup failed]"):
		return "", fmt.Errorf("it does not compile: %s", text)
	case strings.Contains(text, "no tests to run"):
		return "", fmt.Errorf("no test of %s is called %s", t[1], t[2])
	case err == nil:
		return "", nil
	}
	return t[0] + " " + t[1] + " " + failedIn(out), nil
}
