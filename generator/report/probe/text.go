package probe

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Text writes a table of operations, and after it each hole.
func Text(w io.Writer, r *Result, color bool) error {
	out := bufio.NewWriter(w)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "METHOD\tPATH\tOPERATION\tCHECKS\tHOLES\n")
	checks := 0
	for _, o := range r.operations {
		checks += len(o.checks)
		holes := fmt.Sprint(o.holes())
		if o.skipped != "" {
			holes = "not asked: " + cell(o.skipped)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", o.Method, cell(o.Path), cell(o.ID), len(o.checks), holes)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if r.holes > 0 {
		fmt.Fprintln(out)
	}
	for _, o := range r.operations {
		for _, c := range o.checks {
			if !c.OK {
				fmt.Fprintf(out, "%s %s %s: %s\n", mark(color), o.Method, cell(o.Path), cell(c.words()))
			}
		}
	}
	fmt.Fprintf(out, "\n%s, %s, %s\n", count(len(r.operations), "operation"), count(checks, "check"), count(r.holes, "hole"))
	return out.Flush()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// words is a failed check in words.
func (c check) words() string {
	text := c.Check
	if c.Caller != "" {
		text += ", caller " + c.Caller
	}
	switch {
	case c.Detail != "":
		return text + ": " + c.Detail
	case len(c.Expected) > 0:
		return fmt.Sprintf("%s: %d in place of %s", text, c.Seen, either(c.Expected))
	}
	return fmt.Sprintf("%s: %d, but the caller must get in", text, c.Seen)
}

func either(statuses []int) string {
	var all []string
	for _, s := range statuses {
		all = append(all, fmt.Sprint(s))
	}
	return strings.Join(all, " or ")
}

func (o *asked) holes() int {
	n := 0
	for _, c := range o.checks {
		if !c.OK {
			n++
		}
	}
	return n
}

func mark(color bool) string {
	if color {
		return "\x1b[1;31mhole\x1b[0m"
	}
	return "hole"
}

// cell is text for a terminal, and for a column of a table.
func cell(text string) string { return diag.Printable(strings.ReplaceAll(text, "\t", " ")) }
