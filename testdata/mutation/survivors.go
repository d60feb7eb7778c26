package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// readSurvivors reads the mutants that may survive, by their content. Each is
//
//	file function operator
//	- what it was
//	+ what it became
//	the reason, in any number of lines
//
// with an empty line behind it. A line with # at its start is a comment.
func readSurvivors(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for entry := range strings.SplitSeq(string(text), "\n\n") {
		lines := slices.DeleteFunc(strings.Split(strings.TrimSpace(entry), "\n"), func(line string) bool { return strings.HasPrefix(line, "#") })
		if len(lines) == 0 || lines[0] == "" {
			continue
		}
		head := strings.Fields(lines[0])
		if len(lines) < 4 || len(head) != 3 || !strings.HasPrefix(lines[1], "- ") || !strings.HasPrefix(lines[2], "+ ") {
			return nil, fmt.Errorf("%s: %q is not an entry with a mutant and a reason", path, lines[0])
		}
		m := mutant{File: head[0], Func: head[1], Operator: head[2], Was: lines[1][2:], Now: lines[2][2:]}
		out[m.key()] = strings.Join(lines[3:], " ")
	}
	return out, nil
}

// enough is the part of the mutants without an explanation that tests have to notice.
const enough = 0.98

// report prints the survivors that nobody has explained, and the figures. It reports whether enough were noticed.
func report(w io.Writer, part string, results []result, explained map[string]string) bool {
	slices.SortFunc(results, func(a, b result) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	killed, known, left := 0, 0, 0
	for _, found := range results {
		_, ok := explained[found.key()]
		switch {
		case found.Fate == "killed":
			killed++
		case ok:
			known++
		default:
			left++
			fmt.Fprintf(w, "%s:%d %s %s (%s)\n- %s\n+ %s\n\n", found.File, found.Line, found.Func, found.Operator, found.Fate, found.Was, found.Now)
		}
	}
	noticed := float64(killed) / max(1, float64(killed+left))
	fmt.Fprintf(w, "%s: %d mutants, %d killed, %d explained, %d left: %.1f %% of those that are not explained\n", part, len(results), killed, known, left, 100*noticed)
	return left == 0 || noticed >= enough
}
