package view

import (
	"strconv"
	"strings"
	"unicode"
)

// Comment is text of the document as it may stand in a comment: one line in which every character that
// is [Hidden] (line breaks, control characters, bidirectional and zero-width ones) is escaped as in a
// Go string, so that a reader sees it and nothing can end the comment.
func Comment(text string) string {
	if strings.IndexFunc(text, Hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if Hidden(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Quote is text of the document as a Go literal in which every character is seen.
func Quote(text string) string { return Comment(strconv.Quote(text)) }

// Hidden reports whether a character is nothing to a reader's eye. Beside what does not print, that is what
// Unicode calls ignorable although it is a letter or a mark (U+3164, the Hangul filler, could be part of a Go
// name), variation selectors, and the blank of braille. The replacement character may stand for anything.
func Hidden(r rune) bool {
	return !unicode.IsPrint(r) || r == unicode.ReplacementChar || r == '\u2800' ||
		unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

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
		lines[i] = harmless(Comment(strings.TrimSpace(line)))
	}
	return lines
}

// harmless is a line of a comment that no tool takes for a build constraint of the old form.
func harmless(line string) string {
	if strings.HasPrefix(line, "+build") {
		return `\` + line
	}
	return line
}
