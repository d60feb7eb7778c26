package view

import "strings"

// width is how long a line of the guards may be, in columns of which a tab takes several.
const (
	width    = 120
	tabWidth = 8
)

// columns is how wide a line is below a number of tabs.
func columns(indent int, line string) int { return indent*tabWidth + len([]rune(line)) }

// signature is a function's head, its parameters and what follows, below a number of tabs: on one line when it
// fits, and otherwise with the parameters on lines of their own, as gofmt has them.
func signature(indent int, head string, params []string, tail string) string {
	if line := head + "(" + strings.Join(params, ", ") + ")" + tail; columns(indent, line) <= width {
		return line
	}
	tabs := "\n" + strings.Repeat("\t", indent)
	return head + "(" + tabs + "\t" + strings.Join(fill(indent+1, params, ", ", ","), ","+tabs+"\t") + "," + tabs + ")" + tail
}

// fill puts words into as few lines as they take, below a number of tabs. A word that is wider than a line has one
// of its own.
func fill(indent int, words []string, separator, end string) []string {
	var lines []string
	for _, word := range words {
		if last := len(lines) - 1; last >= 0 && columns(indent, lines[last]+separator+word+end) <= width {
			lines[last] += separator + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}

// doc is a sentence as the lines of a comment below a number of tabs.
func doc(indent int, words []string) []string {
	const slashes = "// "
	lines := fill(indent, append([]string{slashes + words[0]}, words[1:]...), " ", "")
	for i, line := range lines {
		lines[i] = harmless(strings.TrimPrefix(line, slashes))
	}
	return lines
}
