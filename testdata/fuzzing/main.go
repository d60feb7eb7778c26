// Command fuzzing runs the fuzz targets of all modules one after the other, and goes on after one that fails.
//
// A run is resumable in two ways. Go keeps the inputs that reach something new in its cache (go env GOCACHE), so that
// the next run of a target starts with them. With -checkpoint, finished targets are lines of a file, with what was run:
// an interrupted run goes on with the others. Targets with the comment //fuzzing:slow get a tenth of a number of inputs.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// choices are the flags.
type choices struct {
	time, checkpoint string
	only             *regexp.Regexp
	parallel         int
	list             bool
}

func parse(args []string) (choices, error) {
	var c choices
	flags := flag.NewFlagSet("fuzzing", flag.ContinueOnError)
	flags.StringVar(&c.time, "time", "1000x", "the time for each target, or the number of its inputs, as go test -fuzztime has it")
	flags.StringVar(&c.checkpoint, "checkpoint", "", "a file of finished targets, which are not run again")
	only := flags.String("only", "", "a regular expression of the targets to run, which are written as: folder FuzzName")
	flags.IntVar(&c.parallel, "parallel", 0, "the processes for each target; the number of processors when 0")
	flags.BoolVar(&c.list, "list", false, "list the targets")
	err := flags.Parse(args)
	if err == nil {
		c.only, err = regexp.Compile(*only)
	}
	return c, err
}

func run(args []string, out io.Writer) error {
	c, err := parse(args)
	if err != nil {
		return err
	}
	targets, err := find(".", c.only)
	if err != nil {
		return err
	}
	done, err := finished(c.checkpoint, c.time)
	if err != nil {
		return err
	}
	var failed []string
	for i, target := range targets {
		_, _ = fmt.Fprintf(out, "%d/%d %s\n", i+1, len(targets), target)
		switch {
		case c.list:
		case done[target.String()]:
			_, _ = fmt.Fprintln(out, "finished in an earlier run")
		case !c.fuzz(target, out):
			failed = append(failed, target.String())
		}
	}
	switch {
	case len(targets) == 0:
		return fmt.Errorf("no fuzz target matches %q", c.only)
	case failed != nil:
		return fmt.Errorf("%d of %d targets failed: %s", len(failed), len(targets), strings.Join(failed, ", "))
	}
	return nil
}

// minimizing bounds the work on one input that reaches something new. Go's own minute is most of a run, in which nothing else is tried.
const minimizing = "10x"

// fuzz runs a target, shows what Go says, and notes the end.
func (c *choices) fuzz(target target, out io.Writer) bool {
	args := []string{"test", "-timeout", "0", "-run", "^$", "-fuzz", "^" + target.name + "$", "-fuzztime", target.time(c.time), "-fuzzminimizetime", minimizing}
	if c.parallel > 0 {
		args = append(args, "-parallel", fmt.Sprint(c.parallel))
	}
	command := exec.Command("go", append(args, ".")...)
	command.Dir = target.dir
	var said strings.Builder
	command.Stdout, command.Stderr = io.MultiWriter(out, &said), out
	if err := command.Run(); err != nil {
		_, _ = fmt.Fprintf(out, "%s: %v\n", target, err)
		return false
	}
	if err := note(c.checkpoint, target, c.time, said.String(), time.Now()); err != nil {
		_, _ = fmt.Fprintln(out, err)
		return false
	}
	return true
}
