package matrix

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// TextOptions say how [Text] writes.
type TextOptions struct {
	// Width is that of the terminal in columns; 0 does not bound lines.
	Width int
	// Color writes ANSI escape sequences.
	Color bool
}

// Text writes a table for a terminal. Where the columns of the callers do not fit, each operation has its requirement in words
// instead.
func Text(w io.Writer, m *Matrix, options TextOptions) error {
	out := bufio.NewWriter(w)
	if m.byRole {
		m.textByRole(out, options)
		return out.Flush()
	}
	fmt.Fprintf(out, "%s\n\n", strings.Join(wrap(m.title()+": "+m.summary(), options.Width), "\n"))
	if t := m.textTable(); t.fit(options.Width) {
		t.write(out, options.Color)
		textLegend(out, options.Width)
		return out.Flush()
	}
	t := m.words()
	t.fit(options.Width)
	t.write(out, options.Color)
	return out.Flush()
}

// textTable has a column for each caller.
func (m *Matrix) textTable() *table {
	t := &table{columns: []column{{title: "METHOD"}, {title: "PATH", least: 24}}}
	for _, c := range m.Callers {
		title := visible(c.heading())
		if c.Kind != RoleCaller {
			title = strings.ToUpper(title)
		}
		t.columns = append(t.columns, column{title: title})
	}
	t.columns = append(t.columns, column{title: "REQUIRES", least: 20})
	for _, o := range m.Operations {
		row := []cell{{Text: o.Method}, {Text: o.place()}}
		for _, v := range o.Verdicts {
			row = append(row, cell{v.word(), v})
		}
		t.add(append(row, cell{Text: o.requirement()}))
	}
	return t
}

// words has the requirement of each operation in words, for terminals that are too narrow for columns.
func (m *Matrix) words() *table {
	t := &table{columns: []column{{title: "METHOD"}, {title: "PATH", least: 12}, {title: "WHO", least: 12}}}
	for _, o := range m.Operations {
		t.add([]cell{{Text: o.Method}, {Text: o.place()}, {Text: o.requirement()}})
	}
	return t
}

func textLegend(out *bufio.Writer, width int) {
	fmt.Fprintln(out)
	t := &table{columns: []column{{}, {least: 20}}}
	for _, v := range verdicts {
		t.add([]cell{{Text: v.Word}, {Text: v.Means}})
	}
	t.fit(width)
	t.write(out, false)
}

func (m *Matrix) textByRole(out *bufio.Writer, options TextOptions) {
	for i, c := range m.Callers {
		grants, heading := m.grants(i), c.name()
		if c.Role != nil && len(c.Role.Includes) > 0 {
			heading += " (includes " + strings.Join(c.Role.Includes, ", ") + ")"
		}
		heading = visible(heading) + ": " + m.admitted(grants)
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, strings.Join(wrap(heading, options.Width), "\n"))
		t := &table{columns: []column{{}, {}, {least: 12}, {least: 10}}}
		for _, g := range grants {
			t.add([]cell{{g.Verdict.word(), g.Verdict}, {Text: g.Method}, {Text: g.place()}, {Text: g.requirement()}})
		}
		t.fit(options.Width)
		t.write(out, options.Color)
	}
}
