package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

var findings = diag.List{
	{Position: diag.Position{File: "a,b:c%.yaml"}, Severity: diag.Warning, Rule: diag.Rule{ID: "load"}, Message: "100% <odd>"},
	{Position: diag.Position{File: "api/o ü.yaml", Line: 2, Column: 4}, Severity: diag.Error, Rule: diag.Rule{ID: "bad-ref"}, Message: "line\nbreak\x1b[31m"},
	{Position: diag.Position{File: "api/o ü.yaml", Line: 9, Column: 1}, Severity: diag.Error, Rule: diag.Rule{ID: "bad-ref"}, Message: "past the end"},
	{Position: diag.Position{File: "gone.yaml", Line: 1}, Severity: diag.Error, Rule: diag.Rule{ID: "load"}, Message: "no column"},
}

func source(file string) ([]byte, error) {
	if file != "api/o ü.yaml" {
		return nil, errors.New("gone")
	}
	return []byte("\ufefföpenapi: 3.1.0\r\n\té: ghost\x1b\r\n"), nil
}

func TestText(t *testing.T) {
	tests := []struct {
		name    string
		list    diag.List
		options diag.TextOptions
		want    string
	}{
		{"nothing", nil, diag.TextOptions{Source: source}, ""},
		{"plain", findings, diag.TextOptions{}, "a,b:c%.yaml: warning: 100% <odd> [load]\n" +
			"api/o ü.yaml:2:4: error: line�break�[31m [bad-ref]\n" +
			"api/o ü.yaml:9:1: error: past the end [bad-ref]\n" +
			"gone.yaml:1: error: no column [load]\n"},
		{"with source", findings[1:3], diag.TextOptions{Source: source}, "api/o ü.yaml:2:4: error: line�break�[31m [bad-ref]\n" +
			"     é: ghost�\n       ^\napi/o ü.yaml:9:1: error: past the end [bad-ref]\n"},
		{"in colour", findings[1:2], diag.TextOptions{Source: source, Color: true},
			"\x1b[1mapi/o ü.yaml:2:4\x1b[0m: \x1b[1;31merror\x1b[0m: line�break�[31m \x1b[2m[bad-ref]\x1b[0m\n" +
				"     é: ghost�\n       \x1b[1;31m^\x1b[0m\n"},
		{"warning in colour", findings[:1], diag.TextOptions{Color: true},
			"\x1b[1ma,b:c%.yaml\x1b[0m: \x1b[1;33mwarning\x1b[0m: 100% <odd> \x1b[2m[load]\x1b[0m\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			if err := diag.Text(&out, test.list, test.options); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("got:\n%q\nwant:\n%q", out.String(), test.want)
			}
		})
	}
}

// A line of megabytes is cut around the column.
func TestTextOfLongLines(t *testing.T) {
	line := strings.Repeat("a", 5000) + "X" + strings.Repeat("b", 5000)
	for _, column := range []int{1, 5001, 10001, 10002} {
		var out bytes.Buffer
		list := diag.List{{Position: diag.Position{File: "f", Line: 1, Column: column}}}
		read := func(string) ([]byte, error) { return []byte(line), nil }
		if err := diag.Text(&out, list, diag.TextOptions{Source: read}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(out.String(), "\n")
		caret := strings.IndexByte(lines[2], '^')
		if len(lines[1]) > 110 || caret > len(lines[1]) {
			t.Fatalf("column %d: %q", column, lines)
		}
		if column == 5001 && lines[1][caret] != 'X' {
			t.Errorf("the caret is under %q", lines[1][caret])
		}
	}
}

func TestGitHub(t *testing.T) {
	var out bytes.Buffer
	if err := diag.GitHub(&out, findings); err != nil {
		t.Fatal(err)
	}
	want := "::warning file=a%2Cb%3Ac%25.yaml,title=load::100%25 <odd>\n" +
		"::error file=api/o ü.yaml,line=2,col=4,title=bad-ref::line%0Abreak\x1b[31m\n" +
		"::error file=api/o ü.yaml,line=9,col=1,title=bad-ref::past the end\n" +
		"::error file=gone.yaml,line=1,title=load::no column\n"
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := diag.JSON(&out, findings[:2]); err != nil {
		t.Fatal(err)
	}
	want := `[
  {
    "file": "a,b:c%.yaml",
    "severity": "warning",
    "rule": "load",
    "message": "100% <odd>"
  },
  {
    "file": "api/o ü.yaml",
    "line": 2,
    "column": 4,
    "severity": "error",
    "rule": "bad-ref",
    "message": "line\nbreak\u001b[31m"
  }
]
`
	if out.String() != want {
		t.Errorf("got %s", out.String())
	}
	out.Reset()
	if err := diag.JSON(&out, nil); err != nil || out.String() != "[]\n" {
		t.Errorf("an empty list is written as %q, %v", out.String(), err)
	}
}

func TestSARIF(t *testing.T) {
	var out bytes.Buffer
	tool := diag.Tool{Name: "oapi-guard", Rules: []diag.Rule{{ID: "load", Text: "It loads."}, {ID: "aaa", Text: "First."}}}
	if err := diag.SARIF(&out, findings[:2], tool); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Rules []struct {
						ID               string
						ShortDescription struct{ Text string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           *struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	rules := run.Tool.Driver.Rules
	if log.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" || len(rules) != 3 || rules[0].ID != "aaa" || rules[2].ShortDescription.Text != "It loads." {
		t.Errorf("got %s", out.String())
	}
	for i, r := range run.Results {
		if rules[r.RuleIndex].ID != r.RuleID || r.Level != findings[i].Severity.String() {
			t.Errorf("result %d: %+v", i, r)
		}
	}
	first, second := run.Results[0].Locations[0].PhysicalLocation, run.Results[1].Locations[0].PhysicalLocation
	if first.Region != nil || first.ArtifactLocation.URI != "./a,b:c%25.yaml" {
		t.Errorf("got %+v", first)
	}
	if second.ArtifactLocation.URI != "api/o%20%C3%BC.yaml" || second.Region.StartLine != 2 || second.Region.StartColumn != 4 {
		t.Errorf("got %+v", second)
	}
}

func TestSuggest(t *testing.T) {
	candidates := []string{"bearerAuth", "apiKey", "admin", "support"}
	tests := []struct{ name, want string }{
		{"bearerauth", "bearerAuth"}, {"bearer_auth", "bearerAuth"}, {"bearrAuth", "bearerAuth"},
		{"beaererAuth", "bearerAuth"}, {"api-key", "apiKey"}, {"admni", "admin"}, {"suport", "support"},
		{"ghost", ""}, {"", ""}, {"x", ""}, {"ädmin", "admin"},
	}
	for _, test := range tests {
		if got := diag.Suggest(test.name, candidates); got != test.want {
			t.Errorf("Suggest(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestDistance(t *testing.T) {
	tests := []struct {
		a, b        string
		limit, want int
	}{
		{"", "", 2, 0}, {"abc", "abc", 0, 0}, {"abc", "acb", 2, 1}, {"abc", "ab", 2, 1}, {"abc", "xbc", 2, 1},
		{"abc", "xyz", 2, 3}, {"abcdef", "a", 2, 3}, {"ü", "u", 1, 1}, {"kitten", "sitting", 5, 3},
	}
	for _, test := range tests {
		if got := diag.Distance(test.a, test.b, test.limit); got != test.want {
			t.Errorf("Distance(%q, %q, %d) = %d, want %d", test.a, test.b, test.limit, got, test.want)
		}
	}
}

func TestSort(t *testing.T) {
	at := func(file string, line, column int) diag.Position {
		return diag.Position{File: file, Line: line, Column: column}
	}
	var list diag.List
	list.Report(at("b", 1, 1), diag.Rule{ID: "r", Severity: diag.Error}, "one")
	list.Warn(at("a", 2, 1), diag.Rule{ID: "r", Severity: diag.Error}, "two")
	list.Report(at("a", 1, 9), diag.Rule{ID: "s", Severity: diag.Error}, "three")
	list.Report(at("a", 1, 9), diag.Rule{ID: "r", Severity: diag.Error}, "four")
	list.Report(at("a", 1, 9), diag.Rule{ID: "r", Severity: diag.Error}, "four")
	list.Sort()
	var got []string
	for _, d := range list {
		got = append(got, d.Message)
	}
	if strings.Join(got, " ") != "four three two one" || !list.HasErrors() {
		t.Errorf("got %q", got)
	}
}

// Findings of one cause are one, whatever lists they come from, and every format names all of its places or their number.
func TestOneCause(t *testing.T) {
	rule, other := diag.Rule{ID: "r", Severity: diag.Error}, diag.Rule{ID: "s", Severity: diag.Error}
	at := func(file string, line int) diag.Position { return diag.Position{File: file, Line: line, Column: 3} }
	var first, second diag.List
	for line := 20; line > 12; line-- {
		first.Report(at("a.yaml", line), rule, "ghost")
	}
	first.Report(at("a.yaml", 14), other, "ghost")
	first.Warn(at("a.yaml", 15), rule, "ghost")
	first.Report(diag.Position{File: "x.go"}, rule, "stale")
	first.Sort()
	second.Report(diag.Position{File: "y.go"}, rule, "stale")
	second.Report(at("b.yaml", 2), rule, "ghost")
	second.Report(at("a.yaml", 13), rule, "ghost")
	second.Report(at("a.yaml", 11), rule, "other")
	second.Report(at("c.yaml", 11), rule, "other")
	second.Sort()
	first.Add(second)
	first.Sort()
	first.Sort()
	var out bytes.Buffer
	if err := diag.Text(&out, first, diag.TextOptions{}); err != nil {
		t.Fatal(err)
	}
	want := `a.yaml:11:3: error: other (2 places: also c.yaml:11:3) [r]
a.yaml:13:3: error: ghost (9 places: also 14:3, 15:3, 16:3, 17:3, 18:3 and 3 more) [r]
a.yaml:14:3: error: ghost [s]
a.yaml:15:3: warning: ghost [r]
x.go: error: stale [r]
y.go: error: stale [r]
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	if got := first[0].String(); got+"\n" != want[:strings.Index(want, "\n")+1] {
		t.Errorf("got %s", got)
	}
	checkFormatsOfOneCause(t, first[:1])
}

func checkFormatsOfOneCause(t *testing.T, list diag.List) {
	t.Helper()
	for name, want := range map[string]string{
		"JSON":   `"others":[{"file":"c.yaml","line":11,"column":3}]`,
		"GitHub": "::error file=a.yaml,line=11,col=3,title=r::other (2 places: also c.yaml:11:3)",
		"SARIF": `"message":{"text":"other (2 places: also c.yaml:11:3)"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.yaml"},"region":{"startLine":11,"startColumn":3}}}],` +
			`"relatedLocations":[{"physicalLocation":{"artifactLocation":{"uri":"c.yaml"},"region":{"startLine":11,"startColumn":3}}}]`,
	} {
		var out, compact bytes.Buffer
		err := map[string]func() error{
			"JSON":   func() error { return diag.JSON(&out, list) },
			"GitHub": func() error { return diag.GitHub(&out, list) },
			"SARIF":  func() error { return diag.SARIF(&out, list, diag.Tool{}) },
		}[name]()
		if err != nil {
			t.Fatal(err)
		}
		if json.Compact(&compact, out.Bytes()) != nil {
			compact = out
		}
		if !strings.Contains(compact.String(), want) {
			t.Errorf("%s: %s", name, compact.String())
		}
	}
}

func TestHarden(t *testing.T) {
	var list diag.List
	list.Warn(diag.Position{File: "f"}, diag.Rule{ID: "r", Exit: diag.ExitFindings}, "one")
	if list.HasErrors() {
		t.Error("a warning is an error before")
	}
	list.Harden()
	if !list.HasErrors() || list.Exit() != diag.ExitFindings {
		t.Errorf("got %v", list)
	}
}

// TestNotice: every format has its own word for a notice, and no notice fails a run.
func TestNotice(t *testing.T) {
	list := diag.List{{Position: diag.Position{File: "f"}, Severity: diag.Notice, Rule: diag.Rule{ID: "r"}, Message: "m"}}
	if list.HasErrors() || list.Exit() != diag.ExitFine {
		t.Error("a notice fails")
	}
	for want, write := range map[string]func(*bytes.Buffer) error{
		"f: notice: m [r]\n":           func(b *bytes.Buffer) error { return diag.Text(b, list, diag.TextOptions{}) },
		"::notice file=f,title=r::m\n": func(b *bytes.Buffer) error { return diag.GitHub(b, list) },
		"\"severity\": \"notice\"":     func(b *bytes.Buffer) error { return diag.JSON(b, list) },
		"\"level\": \"note\"":          func(b *bytes.Buffer) error { return diag.SARIF(b, list, diag.Tool{}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("%s is not in %s: %v", want, b.String(), err)
		}
	}
}
