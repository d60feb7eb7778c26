package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// switches is the file that every mutated package gets: the number of the mutant that is on, and, on request, a record of
// the mutants that a test reaches.
const switches = `package %s

import (
	"os"
	"strconv"
	"sync"
)

var mutantOn, _ = strconv.Atoi(os.Getenv("MUTANT"))
var mutantLog = os.Getenv("MUTANT_LOG")
var mutantSeen sync.Map

func mutantIs(id int) bool {
	return mutantOn == id || mutantLog != "" && mutantReached(id)
}

func mutantReached(id int) bool {
	if _, known := mutantSeen.LoadOrStore(id, true); !known {
		if f, err := os.OpenFile(mutantLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_, _ = f.WriteString(strconv.Itoa(id) + "\n")
			_ = f.Close()
		}
	}
	return false
}

func mutantPick[T any](on bool, was, now T) T {
	if on {
		return now
	}
	return was
}
`

// overlay is the mutated part of the tree, in the form that -overlay of the go command wants.
type overlay struct {
	root, dir string // the repository, and the folder of the mutated files
	mutants   []mutant
	replace   map[string]string
	lines     map[string]string // mutated files by their names below the folder
}

// mutate writes the overlay of a group.
func mutate(root, dir string, g group, without map[string]bool) (*overlay, error) {
	o := &overlay{root: root, dir: dir, replace: map[string]string{}, lines: map[string]string{}}
	config := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps,
		Dir:  filepath.Join(root, g.module),
	}
	loaded, err := packages.Load(config, g.packages...)
	if err != nil {
		return nil, err
	}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, p.Errors[0]
		}
		if err := o.mutatePackage(p, without); err != nil {
			return nil, err
		}
	}
	text, _ := json.Marshal(map[string]any{"Replace": o.replace})
	return o, os.WriteFile(o.file(), text, 0o600)
}

func (o *overlay) file() string { return filepath.Join(o.dir, "overlay.json") }

func (o *overlay) mutatePackage(p *packages.Package, without map[string]bool) error {
	folder := ""
	for _, file := range p.Syntax {
		path := p.Fset.Position(file.Package).Filename
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		below, err := filepath.Rel(o.root, path)
		if err != nil || bytes.Contains(source, []byte("\n//go:embed")) {
			continue
		}
		r := &rewriter{Package: p, path: filepath.ToSlash(below), source: source, mutants: &o.mutants, without: without}
		text, err := r.rewrite(file)
		if err != nil {
			return fmt.Errorf("%s: %w", below, err)
		}
		folder = filepath.Dir(path)
		if err := o.put(path, text); err != nil {
			return err
		}
	}
	if folder == "" {
		return nil
	}
	return o.put(filepath.Join(folder, "mutant_switches.go"), fmt.Appendf(nil, switches, p.Name))
}

func (o *overlay) put(path string, text []byte) error {
	name := filepath.Join(o.dir, strings.ReplaceAll(strings.TrimPrefix(path, o.root), string(filepath.Separator), "_"))
	o.replace[path] = name
	o.lines[filepath.Base(name)] = string(text)
	return os.WriteFile(name, text, 0o600)
}

var errNoTests = errors.New("no test files")

// build compiles the tests of a package.
func (o *overlay) build(t tests, program string) error {
	command := exec.Command("go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", o.file(), "-o", program, t.pkg)
	command.Dir = filepath.Join(o.root, t.module)
	out, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	if bytes.Contains(out, []byte("no test files")) {
		return errNoTests
	}
	return nil
}

var (
	compileError = regexp.MustCompile(`(?m)([^\s/:]+\.go):(\d+):\d+: `)
	inLine       = regexp.MustCompile(`mutantIs\((\d+)\)`)
)

// blamed are the keys of the mutants in the lines of which the compiler complains.
func (o *overlay) blamed(output string) map[string]bool {
	out := map[string]bool{}
	for _, found := range compileError.FindAllStringSubmatch(output, -1) {
		lines := strings.Split(o.lines[found[1]], "\n")
		at, _ := strconv.Atoi(found[2])
		for i := max(0, at-2); i < min(len(lines), at+1); i++ {
			for _, id := range inLine.FindAllStringSubmatch(lines[i], -1) {
				n, _ := strconv.Atoi(id[1])
				out[o.mutants[n-1].key()] = true
			}
		}
	}
	return out
}
