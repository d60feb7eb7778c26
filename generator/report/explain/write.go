package explain

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Text writes an operation's rules and the answers to callers.
func Text(w io.Writer, p *policy.Policy, o *policy.Operation, asked []Asked) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s, %s\n\n", diag.Printable(name(o)), diag.Printable(o.Position.String()))
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, s := range Sources(p, o) {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", s.Rule, cell(s.Text), cell(s.where()))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, a := range asked {
		fmt.Fprintf(out, "\n%s\n", diag.Printable(a.Caller.inWords(o)))
		a.Answer.text(out)
	}
	return out.Flush()
}

// name is an operation in words.
func name(o *policy.Operation) string {
	text := strings.TrimSpace(o.Method + " " + o.Path)
	switch {
	case o.Within != "":
		text = fmt.Sprintf("%s callback %q of %s", o.Method, o.Source, o.Within)
	case o.Source != "":
		text = fmt.Sprintf("%s webhook %q", o.Method, o.Source)
	}
	if o.ID != "" {
		text += " (" + o.ID + ")"
	}
	return text
}

// cell is text for a column of a table.
func cell(text string) string { return diag.Printable(strings.ReplaceAll(text, "\t", " ")) }

// where is the place of a rule, and how the operation comes to have it.
func (s Source) where() string {
	text := s.Position().String()
	switch s.From {
	case string(policy.InPathItem), string(policy.InDocument):
		text += ", inherited from the " + s.From
	}
	if s.Overlay {
		text += ", by the overlay"
	}
	return text
}

func (c Caller) inWords(o *policy.Operation) string {
	var credentials []string
	for _, s := range o.Schemes() {
		if state, ok := c.Credentials[s.Name]; ok {
			credentials = append(credentials, string(state)+" "+s.Name)
		}
	}
	text := "A caller without credentials"
	if len(credentials) > 0 {
		text = "A caller with " + strings.Join(credentials, " and ")
	}
	if len(c.Roles) > 0 {
		text += ", roles " + strings.Join(c.Roles, ", ")
	}
	if len(c.Scopes) > 0 {
		text += ", scopes " + strings.Join(c.Scopes, ", ")
	}
	if len(c.Roles)+len(c.Scopes) == 0 && slices.Contains(slices.Collect(maps.Values(c.Credentials)), Valid) {
		text += ", without a role or scope"
	}
	return text
}

func (a Answer) text(out io.Writer) {
	if a.Verdict == "allow" {
		fmt.Fprintf(out, "  allowed%s\n", diag.Printable(by(a)))
	} else {
		fmt.Fprintf(out, "  %d %s: %s\n", a.Status, http.StatusText(a.Status), a.Verdict)
	}
	for _, s := range a.Because {
		fmt.Fprintf(out, "  because    %s: %s, %s\n", s.Rule, diag.Printable(s.Text), diag.Printable(s.where()))
	}
	for _, line := range a.Challenges {
		fmt.Fprintf(out, "  challenge  %s\n", diag.Printable(line))
	}
	if a.Body != "" {
		fmt.Fprintf(out, "  body       %s\n", strings.TrimSpace(a.Body))
	}
}

func by(a Answer) string {
	text := ""
	if a.Scheme != "" {
		text = ", by " + a.Scheme
	}
	if a.Check != "" {
		text += "; then the resource check " + a.Check + " decides"
	}
	return text
}

type (
	jsonExplanation struct {
		Version   int         `json:"version"`
		Operation string      `json:"operation"`
		Method    string      `json:"method"`
		Path      string      `json:"path"`
		File      string      `json:"file"`
		Line      int         `json:"line"`
		Column    int         `json:"column"`
		Rules     []Source    `json:"rules"`
		Answers   []jsonAsked `json:"answers"`
	}
	jsonAsked struct {
		Caller jsonCaller `json:"caller"`
		Answer
	}
	jsonCaller struct {
		Credentials map[string]State `json:"credentials"`
		Roles       []string         `json:"roles"`
		Scopes      []string         `json:"scopes"`
	}
)

// JSON writes the same as one object. Its lists are never null.
func JSON(w io.Writer, p *policy.Policy, o *policy.Operation, asked []Asked) error {
	e := jsonExplanation{1, o.ID, o.Method, o.Path, o.Position.File, o.Position.Line, o.Position.Column, Sources(p, o), []jsonAsked{}}
	for _, a := range asked {
		c := jsonCaller{map[string]State{}, append([]string{}, a.Caller.Roles...), append([]string{}, a.Caller.Scopes...)}
		maps.Copy(c.Credentials, a.Caller.Credentials)
		e.Answers = append(e.Answers, jsonAsked{c, a.Answer})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(e)
}
