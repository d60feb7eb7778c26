package matrix

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// CSV writes comma-separated values (RFC 4180) with a line for each operation, or for each operation that lets a caller in.
// Every field is quoted. Text that a spreadsheet would take for a formula gets an apostrophe in front, also where a
// spreadsheet with other separators would begin a cell.
func CSV(w io.Writer, m *Matrix) error {
	out := bufio.NewWriter(w)
	for _, record := range m.records() {
		for i, field := range record {
			record[i] = `"` + strings.ReplaceAll(harmless(field), `"`, `""`) + `"`
		}
		fmt.Fprintf(out, "%s\r\n", strings.Join(record, ","))
	}
	return out.Flush()
}

// formula is the begin of a formula, at the begin of a cell in any dialect.
var formula = regexp.MustCompile(`(^|[,;|"])([\s\p{Z}]*[=+\-@＝＋－＠])`)

func harmless(field string) string { return formula.ReplaceAllString(visible(field), "$1'$2") }

func (m *Matrix) records() [][]string {
	if m.byRole {
		return m.grantRecords()
	}
	header := []string{"kind", "method", "path", "operation"}
	for _, c := range m.Callers {
		header = append(header, c.heading())
	}
	records := [][]string{append(header, "credentials", "roles", "check")}
	for _, o := range m.Operations {
		record := []string{o.Kind, o.Method, o.place(), o.ID}
		for _, v := range o.Verdicts {
			record = append(record, string(v))
		}
		records = append(records, append(record, o.credentials(), roles(o.Roles), o.Check))
	}
	return records
}

func (m *Matrix) grantRecords() [][]string {
	records := [][]string{{"caller", "role", "verdict", "kind", "method", "path", "operation", "credentials", "roles", "check"}}
	for i, c := range m.Callers {
		role := ""
		if c.Role != nil {
			role = c.Role.Name
		}
		for _, g := range m.grants(i) {
			records = append(records, []string{string(c.Kind), role, string(g.Verdict), g.Kind, g.Method, g.place(), g.ID, g.credentials(), roles(g.Roles), g.Check})
		}
	}
	return records
}
