package explain

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// RuleText writes the long text of a rule, and its example with the finding and without it. off says that the rule looks for
// nothing unless the configuration turns it on.
func RuleText(w io.Writer, rule diag.Rule, off bool) error {
	example, err := ExampleOf(rule.ID)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s (%s)\n\n%s\n", rule.ID, standing(rule, off), wrapped(rule.Text+" "+Why(rule.ID)))
	if err != nil {
		fmt.Fprintln(out, "\nNo input leads to it: it is there in case the program is wrong.")
		return out.Flush()
	}
	fmt.Fprintf(out, "\nWith the finding:\n")
	for _, f := range example.Failing {
		fmt.Fprint(out, excerpt(f, contentOf(example.Passing, f.Name)))
	}
	for _, step := range example.Steps {
		fmt.Fprintf(out, "\n  after: %s\n", step)
	}
	fmt.Fprintf(out, "\n  $ %s\n%s", example.Command, indented(example.Findings, "  "))
	fmt.Fprintf(out, "\nWithout it:\n")
	for _, f := range example.Passing {
		fmt.Fprint(out, excerpt(f, contentOf(example.Failing, f.Name)))
	}
	if len(example.Passing) < len(example.Failing) || len(example.Passing) == 0 || len(example.Steps) > 0 {
		fmt.Fprintln(out, "\n  the project as it is, without the rest of the above")
	}
	return out.Flush()
}

// RuleJSON writes the same as one object.
func RuleJSON(w io.Writer, rule diag.Rule, off bool) error {
	type file struct {
		Name    string `json:"name"`
		Content string `json:"content"`
	}
	files := func(from []File) []file {
		all := []file{}
		for _, f := range from {
			all = append(all, file(f))
		}
		return all
	}
	example, _ := ExampleOf(rule.ID) // a rule without one has empty lists
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Version  int      `json:"version"`
		Rule     string   `json:"rule"`
		Severity string   `json:"severity"`
		Text     string   `json:"text"`
		Failing  []file   `json:"failing"`
		Steps    []string `json:"steps"`
		Command  string   `json:"command"`
		Findings string   `json:"findings"`
		Passing  []file   `json:"passing"`
	}{1, rule.ID, severity(rule, off), strings.TrimSpace(rule.Text + " " + Why(rule.ID)), files(example.Failing),
		append([]string{}, example.Steps...), example.Command, example.Findings, files(example.Passing)})
}

func severity(rule diag.Rule, off bool) string {
	if off {
		return "off"
	}
	return rule.Severity.String()
}

// standing says how much a finding weighs.
func standing(rule diag.Rule, off bool) string {
	switch {
	case off:
		return "off by default"
	case rule.Severity == diag.Error:
		return fmt.Sprintf("error, exit status %d", rule.Exit)
	}
	return "warning"
}

//go:embed why.txt
var reasons string

// Why says why a rule is one and what to do, empty for rules whose text says all of it.
func Why(rule string) string {
	_, after, ok := strings.Cut("\n"+reasons, "\n"+rule+": ")
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(after, "\n\n")
	return strings.Join(strings.Fields(text), " ")
}

// wrapped breaks a text into lines of at most 100 characters.
func wrapped(text string) string {
	var b strings.Builder
	length := 0
	for _, word := range strings.Fields(text) {
		switch {
		case length == 0:
		case length+1+len(word) > 100:
			b.WriteByte('\n')
			length = 0
		default:
			b.WriteByte(' ')
			length++
		}
		b.WriteString(word)
		length += len(word)
	}
	return b.String()
}

func contentOf(files []File, name string) string {
	for _, f := range files {
		if f.Name == name {
			return f.Content
		}
	}
	return ""
}

// around is the number of lines that an excerpt shows before and after those that differ, most that of all of them.
const around, most = 2, 30

// excerpt are the lines of a file that another version of it does not have, with their numbers.
func excerpt(f File, other string) string {
	if f.Content == other {
		return ""
	}
	lines, others := split(f.Content), split(other)
	start, end := 0, len(lines)
	for start < min(len(lines), len(others)) && lines[start] == others[start] {
		start++
	}
	for back := len(others); end > start && back > start && lines[end-1] == others[back-1]; back-- {
		end--
	}
	first, last := max(0, start-around), min(len(lines), end+around)
	var b strings.Builder
	fmt.Fprintf(&b, "\n  %s\n", f.Name)
	for i := first; i < min(last, first+most); i++ {
		fmt.Fprintf(&b, "  %4d  %s\n", i+1, diag.Printable(lines[i]))
	}
	if last > first+most {
		fmt.Fprintf(&b, "     …  (%d lines more)\n", last-first-most)
	}
	return b.String()
}

func split(content string) []string { return strings.Split(strings.TrimSuffix(content, "\n"), "\n") }

func indented(text, by string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(by + diag.Printable(strings.TrimSuffix(line, "\n")) + "\n")
	}
	return b.String()
}
