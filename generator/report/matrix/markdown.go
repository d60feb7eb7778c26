package matrix

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes a table in GitHub Flavored Markdown. Names of the document stand in code, so that they are no markup, no
// mention and no link.
func Markdown(w io.Writer, m *Matrix) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# Access matrix of %s\n\n%s.\n", code(m.title()), m.summary())
	if m.byRole {
		m.grantTables(out)
	} else {
		m.table(out)
	}
	fmt.Fprint(out, "\n")
	for _, v := range verdicts {
		fmt.Fprintf(out, "- %s: %s\n", v.Word, v.Means)
	}
	return out.Flush()
}

func (m *Matrix) table(out *bufio.Writer) {
	header := []string{"method", "path"}
	for _, c := range m.Callers {
		if c.Kind == RoleCaller {
			header = append(header, code(c.heading()))
			continue
		}
		header = append(header, c.heading())
	}
	fmt.Fprint(out, "\n")
	tableHead(out, append(header, "requires"))
	for _, o := range m.Operations {
		cells := []string{code(o.Method), code(o.place())}
		for _, v := range o.Verdicts {
			cells = append(cells, v.word())
		}
		tableRow(out, append(cells, code(o.requirement())))
	}
}

func (m *Matrix) grantTables(out *bufio.Writer) {
	for i, c := range m.Callers {
		heading, grants := c.name(), m.grants(i)
		if c.Role != nil {
			heading = "Role " + code(c.Role.Name)
		}
		fmt.Fprintf(out, "\n## %s\n\n", heading)
		if c.Role != nil && len(c.Role.Includes) > 0 {
			fmt.Fprintf(out, "Includes %s. ", code(strings.Join(c.Role.Includes, ", ")))
		}
		fmt.Fprintf(out, "%s.\n", m.admitted(grants))
		if len(grants) == 0 {
			continue
		}
		fmt.Fprint(out, "\n")
		tableHead(out, []string{"verdict", "method", "path", "requires"})
		for _, g := range grants {
			tableRow(out, []string{g.Verdict.word(), code(g.Method), code(g.place()), code(g.requirement())})
		}
	}
}

func tableHead(out *bufio.Writer, cells []string) {
	tableRow(out, cells)
	fmt.Fprintf(out, "|%s\n", strings.Repeat(" --- |", len(cells)))
}

func tableRow(out *bufio.Writer, cells []string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// code is text as it is, in code: with backticks, or as HTML where these cannot hold it in a table.
func code(text string) string {
	text = visible(text)
	switch {
	case strings.TrimSpace(text) == "":
		return ""
	case !strings.ContainsAny(text, "`|\\"):
		return "`" + text + "`"
	}
	return "<code>" + entities(text) + "</code>"
}

// entities writes ASCII punctuation as character references, which are never markup.
func entities(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
