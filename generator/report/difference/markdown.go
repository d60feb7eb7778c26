package difference

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Marker is the first line of the Markdown, invisible in a comment: a workflow finds its comment by it, and replaces it.
const Marker = "<!-- oapi-guard diff -->"

// limit bounds the Markdown in characters. A comment of GitHub's has at most 65,536.
const limit = 60_000

// meaning says what the class means, for readers of a comment.
func (c Class) meaning() string {
	return map[Class]string{
		Weakened:   "somebody gets in who did not",
		Changed:    "somebody gets in who did not, and somebody no longer does",
		Tightened:  "somebody no longer gets in",
		Disclosure: "the same callers, but denied ones learn something else",
		Added:      "a new operation",
		Removed:    "the operation is gone",
	}[c]
}

// Markdown writes the changes as a comment on a pull request. Names are harmless: they stand in code spans. The length
// is bounded: the most important classes come first, and what does not fit is counted.
func Markdown(w io.Writer, changes []Change) error {
	b := strings.Builder{}
	b.WriteString(Marker + "\n")
	if len(changes) == 0 {
		b.WriteString("### Access: no change\n\nEvery operation lets in the callers that it let in before.\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(&b, "### Access: %s\n", summary(changes))
	room := limit - utf8.RuneCountInString(b.String())
	var class Class
	sorted := byClass(changes)
	for i, c := range sorted {
		entry := c.entry()
		if c.Class != class {
			entry = fmt.Sprintf("\n**%s%s**: %s\n\n", strings.ToUpper(string(c.Class[:1])), c.Class[1:], c.Class.meaning()) + entry
			class = c.Class
		}
		if room -= utf8.RuneCountInString(entry); room < 0 {
			fmt.Fprintf(&b, "\nThis comment has no room for the rest: %s. `oapi-guard diff` lists them all.\n", summary(sorted[i:]))
			break
		}
		b.WriteString(entry)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// entry is an item of the list.
func (c Change) entry() string {
	var b strings.Builder
	b.WriteString("- " + c.title(codeSpan))
	if c.Operation != "" {
		b.WriteString(" (" + codeSpan(c.Operation) + ")")
	}
	if c.Public {
		b.WriteString(", **public**")
	}
	b.WriteString("\n")
	for _, line := range c.lines(codeSpan) {
		b.WriteString("  - " + line + "\n")
	}
	return b.String()
}

// codeSpan is text as code (CommonMark section 6.1), in which nothing has a meaning: neither HTML nor links nor mentions.
func codeSpan(text string) string {
	text = diag.Printable(shown(text))
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if text == "" || text[0] == '`' || text[len(text)-1] == '`' || text[0] == ' ' {
		text = " " + text + " "
	}
	return fence + text + fence
}
