package difference_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// hostile are names that a document may have and that mean something in some format.
var hostile = []string{
	"`</code><img src=x onerror=alert(1)>", "``a`", "`", "a|b\\|c", "@everyone", "#1", "[x](javascript:alert(1))", "www.evil.example",
	"\n\n# Approved by security\n", "\r::error::x", "\x1b[2J\x1b]0;x\x07", "\u202egnp.exe", "\u2028x", "<!-- ", "--> <b>", " x ", "%0A::stop-commands::x", "a\x00b",
	strings.Repeat("é`", 5_000),
}

// hostileChanges has a hostile name in every place that has names.
func hostileChanges() []difference.Change {
	document := func(name, role string) *policy.Policy {
		scheme := &policy.Scheme{Name: name, Type: policy.APIKey, In: "query", Parameter: name}
		at := diag.Position{File: name, Line: 1, Column: 1}
		operation := func() *policy.Operation {
			return &policy.Operation{
				ID: name, Method: name, Path: "/" + name, Check: role, CheckPosition: at, Position: at, SecurityPosition: at,
				Alternatives: []policy.Alternative{{Position: at, Requirements: []policy.Requirement{{Scheme: scheme, Scopes: []string{role}, Position: at}}}},
				Roles:        policy.Roles{Position: at, Groups: []policy.RoleGroup{{Written: []string{role}, AnyOf: []string{role}}}},
			}
		}
		webhook, callback := operation(), operation()
		webhook.Source, callback.Source, callback.Within = name, name, name
		return &policy.Policy{Operations: []*policy.Operation{operation()}, Webhooks: []*policy.Operation{webhook}, Callbacks: []*policy.Operation{callback}}
	}
	var changes []difference.Change
	for _, name := range hostile {
		changes = append(changes, difference.Compare(document(name, name), document(name, name+"!"))...)
		changes = append(changes, difference.Compare(&policy.Policy{}, document(name, name))...)
		changes = append(changes, difference.Compare(document(name, name), &policy.Policy{})...)
	}
	return changes
}

// TestHostileText: no name gets out of its line, or reaches the terminal as a control.
func TestHostileText(t *testing.T) {
	changes := hostileChanges()
	var out bytes.Buffer
	if err := difference.Text(&out, changes, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if want := len(hostile)*3*(5+2+2) + 1; len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\x00\x07\x1b\r\u202e\u2028") || utf8.RuneCountInString(line) > 2_000 {
			t.Errorf("a line of %d bytes: %.100q", len(line), line)
		}
	}
}

// TestHostileMarkdown: what is outside of code spans is the program's own.
func TestHostileMarkdown(t *testing.T) {
	for i := range hostileChanges() {
		var out bytes.Buffer
		change := hostileChanges()[i : i+1]
		if err := difference.Markdown(&out, change); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(strings.TrimPrefix(out.String(), difference.Marker+"\n")) {
			own := outsideOfCode(t, strings.TrimSuffix(line, "\n"))
			if strings.Trim(own, "abcdefghijklmnopqrstuvwxyzACDEGRTW -:(),.0123456789*#") != "" || strings.Count(own, "#") > 3 {
				t.Fatalf("%q of %q", own, line)
			}
		}
	}
}

// outsideOfCode reads a line as CommonMark section 6.1 says: a code span ends at the next run of as many backticks.
func outsideOfCode(t *testing.T, line string) string {
	t.Helper()
	own := ""
	for {
		before, rest, found := strings.Cut(line, "`")
		own += before
		if !found {
			return own
		}
		size := 1
		for strings.HasPrefix(rest, "`") {
			size, rest = size+1, rest[1:]
		}
		end := closing(rest, size)
		if end < 0 {
			t.Fatalf("an open code span: %.200q", line)
		}
		line = rest[end+size:]
	}
}

func closing(text string, size int) int {
	for i := 0; i < len(text); {
		run := 0
		for i+run < len(text) && text[i+run] == '`' {
			run++
		}
		if run == size {
			return i
		}
		i += max(run, 1)
	}
	return -1
}

// TestMarkdownFitsAComment: the most important changes come first, and the rest is counted.
func TestMarkdownFitsAComment(t *testing.T) {
	var changes []difference.Change
	for range 200 {
		changes = append(changes, hostileChanges()...)
	}
	last := changes[0]
	last.Class, last.Path = difference.Weakened, "/the-one"
	changes = append(changes, last)
	var out bytes.Buffer
	if err := difference.Markdown(&out, changes); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if n := utf8.RuneCountInString(text); n > 65_536 || n < 40_000 {
		t.Errorf("%d characters", n)
	}
	if i := strings.Index(text, "/the-one`"); i < 0 || i > strings.Index(text, "**Changed**") {
		t.Errorf("begins with %.200s", text)
	}
	if !strings.Contains(text, "no room for the rest: ") || !strings.Contains(text, "`oapi-guard diff` lists them all.\n") {
		t.Errorf("ends in %s", text[len(text)-200:])
	}
}

// TestHostileFindings: one workflow command for each change.
func TestHostileFindings(t *testing.T) {
	changes := hostileChanges()
	var out bytes.Buffer
	if err := diag.GitHub(&out, difference.Findings(changes, difference.FailOnAny, "new.yaml")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != len(changes) {
		t.Errorf("%d lines for %d changes", len(lines), len(changes))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "::error file=") || strings.Contains(line, "\r") {
			t.Errorf("%.200q", line)
		}
	}
}

// TestJSON: every list is one, what does not apply is not there, and no change is an empty list.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := difference.JSON(&out, nil); err != nil || out.String() != "{\n  \"version\": 1,\n  \"changes\": []\n}\n" {
		t.Errorf("%s, %v", out.String(), err)
	}
	out.Reset()
	if err := difference.JSON(&out, hostileChanges()); err != nil {
		t.Fatal(err)
	}
	var report struct {
		Version int
		Changes []map[string]any
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || report.Version != 1 || strings.Contains(out.String(), "null") {
		t.Fatalf("%v", err)
	}
	for _, c := range report.Changes {
		class := c["class"]
		has := func(key string) bool { _, ok := c[key]; return ok }
		if has("caller") != (class == "changed") || has("loses") != (class == "changed") || has("old") == (class == "added") || has("new") == (class == "removed") {
			t.Errorf("%v", c)
		}
	}
}

// TestManyNames: a caller with many things is bounded but in JSON.
func TestManyNames(t *testing.T) {
	c := difference.Change{Class: difference.Weakened, Caller: &difference.Caller{}, Old: &difference.Place{}, New: &difference.Place{}}
	for i := range 500 {
		c.Caller.Scopes = append(c.Caller.Scopes, fmt.Sprintf("s%d", i))
	}
	var out bytes.Buffer
	if err := difference.Markdown(&out, []difference.Change{c}); err != nil || !strings.Contains(out.String(), "`s11` and 488 more\n") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestDescribe(t *testing.T) {
	tests := []struct {
		caller difference.Caller
		want   string
	}{
		{difference.Caller{}, "anybody"},
		{difference.Caller{Checks: []string{"owns"}}, "anybody who passes check `owns`"},
		{difference.Caller{State: difference.Invalid}, "anybody with an invalid or expired credential"},
		{difference.Caller{Schemes: []string{"a", "b"}}, "`a` and `b`"},
		{difference.Caller{Schemes: []string{"a"}, State: difference.Twice}, "`a` with the cookie given twice"},
		{difference.Caller{Schemes: []string{"a"}, Scopes: []string{"r", "w"}, Roles: []string{"x"}, Checks: []string{"owns"}}, "`a` with scopes `r` and `w`, role `x` who passes check `owns`"},
	}
	for _, test := range tests {
		var out bytes.Buffer
		change := difference.Change{Class: difference.Weakened, Caller: &test.caller, Old: &difference.Place{}, New: &difference.Place{}}
		if err := difference.Markdown(&out, []difference.Change{change}); err != nil || !strings.Contains(out.String(), "lets in now: "+test.want+"\n") {
			t.Errorf("%s is not in %s: %v", test.want, out.String(), err)
		}
	}
}
