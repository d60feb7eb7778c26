package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// program is the compiled tests of a package.
type program struct {
	tests
	path string
	took map[string]time.Duration // how long each test takes that passes without a mutant
	not  []string                 // the tests that fail when the package is instrumented
}

// result is the fate of one mutant.
type result struct {
	mutant
	Fate string `json:"fate"` // killed, survived, unreached
	By   string `json:"by,omitempty"`
}

// runner tries the mutants of one group.
type runner struct {
	*overlay
	group    group
	programs []*program
	reached  map[int][]reach
	parallel int
	results  *os.File
	mutex    sync.Mutex
}

// reach is a test that reaches a mutant.
type reach struct {
	program *program
	test    string
}

// prepare builds the tests and records which of them reach which mutants.
func (r *runner) prepare() error {
	for i, t := range r.group.tests {
		p := &program{tests: t, path: filepath.Join(r.dir, fmt.Sprintf("tests%d", i)), took: map[string]time.Duration{}}
		err := r.build(t, p.path)
		if errors.Is(err, errNoTests) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := os.Stat(p.path); err != nil {
			continue
		}
		r.programs = append(r.programs, p)
	}
	r.reached = map[int][]reach{}
	for _, p := range r.programs {
		if err := r.record(p); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) folder(root string) string { return filepath.Join(root, p.module, p.pkg) }

// record runs the tests of a program one by one, without a mutant.
func (r *runner) record(p *program) error {
	command := exec.Command(p.path, "-test.list", "^(Test|Fuzz|Example)")
	command.Dir = p.folder(r.root)
	out, err := command.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", p.pkg, err)
	}
	skip := regexp.MustCompile(p.skip)
	for test := range strings.FieldsSeq(string(out)) {
		if skip.MatchString(test) {
			continue
		}
		log := filepath.Join(r.dir, "reached")
		_ = os.Remove(log)
		began := time.Now()
		if failure := r.run(p, []string{test}, 5*time.Minute, "MUTANT_LOG="+log); failure != "" {
			p.not = append(p.not, test)
			continue
		}
		p.took[test] = time.Since(began)
		text, _ := os.ReadFile(log)
		for id := range strings.FieldsSeq(string(text)) {
			n, _ := strconv.Atoi(id)
			r.reached[n] = append(r.reached[n], reach{p, test})
		}
	}
	return nil
}

// run runs some tests of a program. It returns how they failed, empty when they passed.
func (r *runner) run(p *program, names []string, limit time.Duration, env ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	command := exec.CommandContext(ctx, p.path, "-test.run", "^("+strings.Join(names, "|")+")$", "-test.failfast", "-test.timeout", "10m")
	command.Dir = p.folder(r.root)
	command.Env = append(os.Environ(), env...)
	command.WaitDelay = time.Second
	out, err := command.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return "time limit"
	case err == nil:
		return ""
	}
	if found := regexp.MustCompile(`(?m)^--- FAIL: (\S+)`).FindSubmatch(out); found != nil {
		return string(found[1])
	}
	return "exit"
}

// try finds the fate of a mutant: its package's tests first, the quick ones before the slow.
func (r *runner) try(m mutant) result {
	hits := r.reached[m.ID]
	if len(hits) == 0 {
		return result{m, "unreached", ""}
	}
	for _, p := range r.programs {
		var names []string
		for _, h := range hits {
			if h.program == p {
				names = append(names, h.test)
			}
		}
		slices.SortStableFunc(names, func(a, b string) int { return int(p.took[a] - p.took[b]) })
		for chunk := range slices.Chunk(names, 40) {
			limit := 10 * time.Second
			for _, name := range chunk {
				limit += 4 * p.took[name]
			}
			if failure := r.run(p, chunk, limit, "MUTANT="+strconv.Itoa(m.ID)); failure != "" {
				return result{m, "killed", p.pkg + " " + failure}
			}
		}
	}
	return result{m, "survived", ""}
}

// all tries the mutants that have no result yet, a sample of them in the order of the seed.
func (r *runner) all(known map[string]result, seed uint64, sample int) []result {
	todo := slices.Clone(r.mutants)
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(todo), func(i, j int) { todo[i], todo[j] = todo[j], todo[i] })
	if sample > 0 {
		todo = todo[:min(sample, len(todo))]
	}
	var out []result
	next := make(chan mutant)
	var wait sync.WaitGroup
	done := 0
	for range r.parallel {
		wait.Go(func() {
			for m := range next {
				found := r.try(m)
				r.mutex.Lock()
				out = append(out, found)
				r.keep(found)
				if done++; done%50 == 0 {
					fmt.Fprintf(os.Stderr, "%s: %d of %d\n", r.group.name, done, len(todo))
				}
				r.mutex.Unlock()
			}
		})
	}
	for _, m := range todo {
		if was, ok := known[m.key()]; ok {
			was.mutant = m
			r.mutex.Lock()
			out = append(out, was)
			done++
			r.mutex.Unlock()
			continue
		}
		next <- m
	}
	close(next)
	wait.Wait()
	return out
}

func (r *runner) keep(found result) {
	line, _ := json.Marshal(found)
	_, _ = r.results.Write(append(line, '\n'))
}

// earlier are the results of an interrupted run, without those that are to be tried again.
func earlier(path string, again bool) map[string]result {
	known := map[string]result{}
	f, err := os.Open(path)
	if err != nil {
		return known
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var one result
		if json.Unmarshal(lines.Bytes(), &one) != nil {
			continue
		}
		known[one.key()] = one
		if again && one.Fate != "killed" {
			delete(known, one.key())
		}
	}
	return known
}
