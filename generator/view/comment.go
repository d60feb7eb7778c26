package view

import (
	"strconv"
	"strings"
	"unicode"
)

// Comment is text of the document as it may stand in a comment: one line in which every character that
// does not print (line breaks, control characters, bidirectional and zero-width ones) is escaped as in a
// Go string, so that a reader sees it and nothing can end the comment.
func Comment(text string) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func hidden(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }

// CommentLines is text of several lines as comment lines, without trailing blank ones. A line that looks like
// a build constraint of the old form gets a backslash in front: gofmt makes a constraint of it wherever it
// stands, and the file would be left out of the build.
func CommentLines(text string) []string {
	text = strings.ReplaceAll(strings.TrimSpace(text), "\r\n", "\n")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = Comment(strings.TrimSpace(line))
		if strings.HasPrefix(lines[i], "+build") {
			lines[i] = `\` + lines[i]
		}
	}
	return lines
}
