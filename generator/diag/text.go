package diag

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// TextOptions say how [Text] writes.
type TextOptions struct {
	// Source reads a file, to show the line that a diagnostic is about; nil: lines are not shown.
	Source func(file string) ([]byte, error)
	// Color writes ANSI escape sequences.
	Color bool
}

// Text writes one line for each diagnostic, "file:line:col: severity: message [rule]". With [TextOptions.Source] it adds
// the line of the file, with a caret under the column.
func Text(w io.Writer, list List, options TextOptions) error {
	out := bufio.NewWriter(w)
	p := painter(options.Color)
	sources := newSources(options.Source)
	for _, d := range list {
		fmt.Fprintf(out, "%s: %s: %s %s\n", p.paint(bold, Printable(d.Position.String())),
			p.paint(p.of(d.Severity), d.Severity.String()), Printable(d.Message+d.places()), p.paint(faint, "["+d.Rule.ID+"]"))
		if line, column, ok := sources.excerpt(d.Position); ok {
			fmt.Fprintf(out, "    %s\n    %s%s\n", line, strings.Repeat(" ", column), p.paint(p.of(d.Severity), "^"))
		}
	}
	return out.Flush()
}

const (
	bold   = "1"
	faint  = "2"
	red    = "1;31"
	yellow = "1;33"
)

type painter bool

func (p painter) of(s Severity) string {
	if s == Error {
		return red
	}
	return yellow
}

func (p painter) paint(style, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// Printable keeps text on one line and free of characters that control a terminal: documents are not trusted.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// isControl reports control characters and the format characters that change the order of text.
func isControl(r rune) bool {
	return r < ' ' || 0x7f <= r && r < 0xa0 || 0x200e <= r && r <= 0x200f || 0x2028 <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069
}

// sources keeps the files whose lines are shown.
type sources struct {
	read  func(string) ([]byte, error)
	lines map[string][][]byte
}

func newSources(read func(string) ([]byte, error)) *sources {
	return &sources{read, map[string][][]byte{}}
}

func (s *sources) of(file string) [][]byte {
	lines, ok := s.lines[file]
	if !ok {
		if data, err := s.read(file); err == nil {
			data = bytes.TrimPrefix(data, []byte("\ufeff"))
			lines = bytes.Split(data, []byte{'\n'})
		}
		s.lines[file] = lines
	}
	return lines
}

// width bounds an excerpt: some documents are one line of megabytes.
const width = 100

// excerpt is the part of the line around the position, and the number of characters before the column.
func (s *sources) excerpt(at Position) (string, int, bool) {
	if s.read == nil || at.Line < 1 || at.Column < 1 {
		return "", 0, false
	}
	lines := s.of(at.File)
	if at.Line > len(lines) {
		return "", 0, false
	}
	line := []rune(strings.TrimSuffix(string(lines[at.Line-1]), "\r"))
	if at.Column > len(line)+1 {
		return "", 0, false
	}
	start := max(0, at.Column-1-width/2)
	if len(line) <= width {
		start = 0
	}
	end := min(len(line), start+width)
	return shown(line[start:end]), at.Column - 1 - start, true
}

// shown replaces every character that is not one column wide on a terminal in a known way.
func shown(line []rune) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case isControl(r):
			return utf8.RuneError
		}
		return r
	}, string(line))
}
