package difference

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// JSON writes {"version": 1, "changes": […]}. Lists are never null; a member that does not apply is left out.
func JSON(w io.Writer, changes []Change) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Version int      `json:"version"`
		Changes []Change `json:"changes"`
	}{1, append([]Change{}, changes...)})
}

// Text writes the changes for a terminal, and the number of each class. It writes nothing without changes.
func Text(w io.Writer, changes []Change, color bool) error {
	out := bufio.NewWriter(w)
	quote := func(name string) string { return diag.Printable(shown(name)) }
	for _, c := range changes {
		name := ""
		if c.Operation != "" {
			name = " (" + quote(c.Operation) + ")"
		}
		if c.Public {
			name += ", public"
		}
		fmt.Fprintf(out, "%s%*s %s%s\n", paint(c, color), len(Disclosure)-len(c.Class), "", c.title(quote), name)
		for _, line := range c.lines(quote) {
			fmt.Fprintf(out, "%*s %s\n", len(Disclosure), "", line)
		}
	}
	if len(changes) > 0 {
		fmt.Fprintln(out, summary(changes))
	}
	return out.Flush()
}

// lines say who and where.
func (c Change) lines(quote func(string) string) []string {
	var lines []string
	if c.Caller != nil {
		lines = append(lines, "lets in now: "+c.Caller.describe(quote))
	}
	if c.Loses != nil {
		lines = append(lines, "refuses now: "+c.Loses.describe(quote))
	}
	switch {
	case c.Old == nil:
		return append(lines, "new: "+quote(c.New.String()))
	case c.New == nil:
		return append(lines, "old: "+quote(c.Old.String()))
	}
	return append(lines, "old: "+quote(c.Old.String()), "new: "+quote(c.New.String()))
}

func paint(c Change, color bool) string {
	switch {
	case !color:
		return string(c.Class)
	case c.opens():
		return "\x1b[1;31m" + string(c.Class) + "\x1b[0m"
	case c.Class == Tightened || c.Class == Removed:
		return "\x1b[1;33m" + string(c.Class) + "\x1b[0m"
	}
	return "\x1b[1m" + string(c.Class) + "\x1b[0m"
}
