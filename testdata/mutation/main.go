// Command mutation changes the guard, and runs the tests that have to notice.
//
// # Mutants
//
// Without -faults it makes every change of a kind: conditions are turned round, comparisons moved by one, && and ||
// exchanged, statements removed, results replaced by zero values, numbers made larger, cases dropped. All mutants of a
// package are compiled at once, each behind its number, and the tests say which of them they reach; so a mutant costs
// one run of the tests that reach it. What survives is printed, unless testdata/faults/survivors.txt explains it.
//
// # Faults
//
// With -faults it applies the faults of testdata/faults one by one, and runs the tests that each of them names.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// choices are the flags.
type choices struct {
	part, only       string
	seed             uint64
	sample, parallel int
	again, faults    bool
	near, generate   bool
}

func run(args []string) error {
	var c choices
	flags := flag.NewFlagSet("mutation", flag.ContinueOnError)
	flags.StringVar(&c.part, "part", "", "the parts to mutate, separated by commas; all of them when empty")
	flags.StringVar(&c.only, "only", "", "with -faults: a regular expression of the faults to apply")
	flags.Uint64Var(&c.seed, "seed", 1, "the seed of the sample")
	flags.IntVar(&c.sample, "sample", 0, "the mutants to try of each part; 0 tries all")
	flags.IntVar(&c.parallel, "parallel", 2, "the mutants to try at once")
	flags.BoolVar(&c.again, "again", false, "try survivors of an earlier run again")
	flags.BoolVar(&c.near, "near", false, "only run the tests of the mutated module, without those of the golden servers, of the command and of hostile documents")
	flags.BoolVar(&c.faults, "faults", false, "apply the seeded faults of testdata/faults")
	flags.BoolVar(&c.generate, "generate", false, "print what the generator makes of golden cases; -faults starts this")
	if err := flags.Parse(args); err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	if c.generate {
		return generateGolden(os.Stdout, root, flags.Args())
	}
	if c.faults {
		return runFaults(root, c)
	}
	return c.mutants(root)
}

func repository() (string, error) {
	out, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	return strings.TrimSpace(string(out)), err
}

// mutants tries the mutants of the chosen parts.
func (c *choices) mutants(root string) error {
	explained, err := readSurvivors(filepath.Join(root, "testdata", "faults", "survivors.txt"))
	if err != nil {
		return err
	}
	var short []string
	for _, g := range groups {
		if c.part != "" && !slices.Contains(strings.Split(c.part, ","), g.name) {
			continue
		}
		results, err := c.tryGroup(root, g)
		if err != nil {
			return fmt.Errorf("%s: %w", g.name, err)
		}
		if !report(os.Stdout, g.name, results, explained) {
			short = append(short, g.name)
		}
	}
	if len(short) > 0 {
		return fmt.Errorf("tests notice less than %.0f %% of the mutants of %s", 100*enough, strings.Join(short, " and "))
	}
	return nil
}

func (c *choices) tryGroup(root string, g group) ([]result, error) {
	dir, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	kept := filepath.Join(root, ".mutation") // an interrupted run goes on from there
	if err := os.MkdirAll(kept, 0o700); err != nil {
		return nil, err
	}
	if c.near {
		g.tests = near(g.tests)
	}
	r := &runner{group: g, parallel: c.parallel}
	if r.overlay, err = compiling(root, dir, g); err != nil {
		return nil, err
	}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	for _, p := range r.programs {
		fmt.Fprintf(os.Stderr, "%s: %s: %d tests; not used, because they fail when the code is instrumented: %v\n", g.name, p.pkg, len(p.took), p.not)
	}
	path := filepath.Join(kept, g.name+".jsonl")
	known := earlier(path, c.again)
	if r.results, err = os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	defer func() { _ = r.results.Close() }()
	return r.all(known, c.seed, c.sample), nil
}

// compiling leaves out the mutants that do not compile, as long as there are some.
func compiling(root, dir string, g group) (*overlay, error) {
	without := map[string]bool{}
	for {
		o, err := mutate(root, dir, g, without)
		if err != nil {
			return nil, err
		}
		failure := o.compile(g)
		if failure == nil {
			fmt.Fprintf(os.Stderr, "%s: %d mutants, %d more do not compile\n", g.name, len(o.mutants), len(without))
			return o, nil
		}
		blamed := o.blamed(failure.Error())
		if len(blamed) == 0 {
			return nil, failure
		}
		for key := range blamed {
			without[key] = true
		}
	}
}

func (o *overlay) compile(g group) error {
	command := exec.Command("go", append([]string{"build", "-gcflags=-e", "-overlay", o.file()}, g.packages...)...)
	command.Dir = filepath.Join(o.root, g.module)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
