package matrix

import (
	"bufio"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// table is text in columns.
type table struct {
	columns []column
	rows    [][]cell
}

// column has a title, and the least width to which it may shrink; 0 keeps it as wide as its cells.
type column struct {
	title        string
	least, width int
}

// cell is text, with the verdict that it stands for, or none.
type cell struct {
	Text    string
	Verdict Verdict
}

const gap = 2

func (t *table) add(row []cell) {
	for i := range row {
		row[i].Text = visible(row[i].Text)
	}
	t.rows = append(t.rows, row)
}

// fit chooses the widths of the columns, and reports whether a row fits into the width. The widest of the columns that may
// shrink does so first.
func (t *table) fit(limit int) bool {
	total := -gap
	for i := range t.columns {
		c := &t.columns[i]
		c.width = cellWidth(c.title)
		for _, row := range t.rows {
			c.width = max(c.width, cellWidth(row[i].Text))
		}
		if c.width > 0 {
			total += c.width + gap
		}
	}
	for ; limit > 0 && total > limit; total-- {
		widest := t.widest()
		if widest == nil {
			return false
		}
		widest.width--
	}
	return true
}

// widest is the widest column that may still shrink, or nil.
func (t *table) widest() *column {
	var found *column
	for i := range t.columns {
		c := &t.columns[i]
		if c.least > 0 && c.width > max(c.least, cellWidth(c.title)) && (found == nil || c.width > found.width) {
			found = c
		}
	}
	return found
}

func (t *table) write(out *bufio.Writer, color bool) {
	titles := make([]cell, len(t.columns))
	empty := true
	for i, c := range t.columns {
		titles[i] = cell{Text: c.title}
		empty = empty && c.title == ""
	}
	if !empty {
		t.writeRow(out, titles, color)
	}
	for _, row := range t.rows {
		t.writeRow(out, row, color)
	}
}

// writeRow writes a row on as many lines as its longest cell needs.
func (t *table) writeRow(out *bufio.Writer, row []cell, color bool) {
	lines, height := make([][]string, len(row)), 1
	for i, c := range row {
		lines[i] = wrap(c.Text, t.columns[i].width)
		height = max(height, len(lines[i]))
	}
	for y := range height {
		blanks := 0
		for i, c := range row {
			text := ""
			if y < len(lines[i]) {
				text = lines[i][y]
			}
			if text != "" {
				fmt.Fprint(out, strings.Repeat(" ", blanks)+paint(text, c.Verdict, color))
				blanks = 0
			}
			if t.columns[i].width > 0 {
				blanks += t.columns[i].width - cellWidth(text) + gap
			}
		}
		fmt.Fprintln(out)
	}
}

// paint gives a verdict its colour.
func paint(text string, v Verdict, color bool) string {
	styles := map[Verdict]string{Public: "33", Authenticated: "36", Allow: "32", Ownership: "35", Partial: "34", Deny: "2"}
	if !color || styles[v] == "" {
		return text
	}
	return "\x1b[" + styles[v] + "m" + text + "\x1b[0m"
}

// wrap breaks text into lines of at most limit columns: after spaces, slashes and commas, or anywhere where there is none.
func wrap(text string, limit int) []string {
	if limit <= 0 || cellWidth(text) <= limit {
		return []string{text}
	}
	var lines []string
	runes := []rune(text)
	for len(runes) > 0 {
		end := lineEnd(runes, limit)
		lines = append(lines, strings.TrimRight(string(runes[:end]), " "))
		runes = []rune(strings.TrimLeft(string(runes[end:]), " "))
	}
	return lines
}

// lineEnd is the number of characters on the first line.
func lineEnd(runes []rune, limit int) int {
	columns, good := 0, 0
	for i, r := range runes {
		columns += runeWidth(r)
		if columns > limit && i > 0 {
			if good > 0 {
				return good
			}
			return i
		}
		if strings.ContainsRune(" /,", r) || i+1 < len(runes) && runes[i+1] == ' ' {
			good = i + 1
		}
	}
	return len(runes)
}

// cellWidth is the number of columns that text takes on a terminal (Unicode Standard Annex 11).
func cellWidth(text string) int {
	columns := 0
	for _, r := range text {
		columns += runeWidth(r)
	}
	return columns
}

func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
