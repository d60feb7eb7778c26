package matrix_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

var update = flag.Bool("update", false, "rewrite the expected outputs: read the diff")

func text(width int, color bool) func(io.Writer, *matrix.Matrix) error {
	return func(w io.Writer, m *matrix.Matrix) error {
		return matrix.Text(w, m, matrix.TextOptions{Width: width, Color: color})
	}
}

func output(t *testing.T, write func(io.Writer, *matrix.Matrix) error, p *policy.Policy, options matrix.Options) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, newMatrix(t, p, options)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestOutputs compares every format with testdata.
func TestOutputs(t *testing.T) {
	byRole := matrix.Options{ByRole: true}
	tests := []struct {
		file    string
		write   func(io.Writer, *matrix.Matrix) error
		options matrix.Options
	}{
		{"orders.txt", text(0, false), matrix.Options{}},
		{"orders-color.txt", text(0, true), matrix.Options{}},
		{"orders-100.txt", text(100, false), matrix.Options{}},
		{"orders-50.txt", text(50, false), matrix.Options{}},
		{"orders-support.txt", text(80, false), matrix.Options{Roles: []string{"support"}}},
		{"orders-by-role.txt", text(60, false), byRole},
		{"orders.md", matrix.Markdown, matrix.Options{}},
		{"orders-by-role.md", matrix.Markdown, byRole},
		{"orders.csv", matrix.CSV, matrix.Options{}},
		{"orders-by-role.csv", matrix.CSV, byRole},
		{"orders.json", matrix.JSON, matrix.Options{}},
		{"orders-by-role.json", matrix.JSON, byRole},
	}
	for _, test := range tests {
		got, path := output(t, test.write, orders(), test.options), filepath.Join("testdata", test.file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", test.file, got, want)
		}
	}
}

// No line is wider than the terminal, whatever its width and the names are, and no text is lost.
func TestTextFits(t *testing.T) {
	wide := orders()
	wide.Operations[3].Path = "/管理者/{orderId}/" + strings.Repeat("x", 90)
	blank := regexp.MustCompile(`\s`)
	for width := 40; width <= 140; width++ {
		for _, byRole := range []bool{false, true} {
			got := output(t, text(width, false), wide, matrix.Options{ByRole: byRole})
			for line := range strings.Lines(got) {
				columns := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) + len(regexp.MustCompile(`\p{Han}`).FindAllString(line, -1))
				if columns > width {
					t.Fatalf("width %d, by role %t: %d columns: %s", width, byRole, columns, line)
				}
			}
			if all := blank.ReplaceAllString(got, ""); strings.Count(all, "x") < 90 || !strings.Contains(all, "mayDelete") && !strings.Contains(all, "may") {
				t.Fatalf("width %d: text is missing:\n%s", width, got)
			}
		}
	}
}

// Names that control a terminal or turn text around are escaped, without colour and with it.
func TestTextIsPlain(t *testing.T) {
	p := orders()
	for _, o := range p.Operations {
		o.Path, o.ID, o.Check = "/a\x1b[31m\u202eb\r\nc\u009b1m\u200b", "\x07", "\x1b]0;x\x07"
	}
	p.Title, p.Roles[0].Name, p.Roles[0].Includes = "\x1b[2J", "\u2067x\n", []string{"\x1b[1m"}
	for _, options := range []matrix.Options{{}, {ByRole: true}} {
		for _, width := range []int{0, 60} {
			got := output(t, text(width, false), p, options)
			if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && (r < ' ' || 0x7f <= r && r < 0xa0 || r >= 0x200b) }); i >= 0 {
				t.Errorf("%q", got[max(0, i-20):i+8])
			}
			if !strings.Contains(got, `\x1b`) {
				t.Errorf("the name is not shown: %s", got)
			}
		}
	}
}

// A spreadsheet takes nothing for a formula, whichever separator it reads.
func TestCSVHasNoFormulas(t *testing.T) {
	p := hostile()
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", "a;=1", "a\",=1", "a|@x", `";=cmd|' /C calc'!A0`, "\u00a0=1"} {
		p.Operations = append(p.Operations, &policy.Operation{ID: name, Method: name, Path: name, Check: name, Alternatives: []policy.Alternative{by(scheme(name), name)}})
		p.Roles = append(p.Roles, &policy.Role{Name: name})
	}
	dangerous := regexp.MustCompile(`^[\s\p{Z}]*[=+\-@＝＋－＠]`)
	for _, options := range []matrix.Options{{}, {ByRole: true}} {
		got := output(t, matrix.CSV, p, options)
		for _, separator := range []rune{',', ';', '\t', '|'} {
			r := csv.NewReader(strings.NewReader(got))
			r.Comma, r.LazyQuotes, r.FieldsPerRecord = separator, true, -1
			records, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, record := range records {
				for _, field := range record {
					if dangerous.MatchString(field) {
						t.Errorf("separated by %q: %q", separator, field)
					}
				}
			}
		}
		for line := range strings.Lines(got) {
			for _, field := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;|\"\t", r) }) {
				if dangerous.MatchString(field) {
					t.Errorf("%q in %s", field, line)
				}
			}
		}
	}
	records, err := csv.NewReader(strings.NewReader(output(t, matrix.CSV, orders(), matrix.Options{}))).ReadAll()
	if err != nil || len(records) != 12 || records[4][2] != "/orders/{orderId}" {
		t.Errorf("%v %v", err, records)
	}
}

// A name of the document is code, in one cell.
func TestMarkdownIsHarmless(t *testing.T) {
	for _, options := range []matrix.Options{{}, {ByRole: true}} {
		got := output(t, matrix.Markdown, hostile(), options)
		bare := regexp.MustCompile("`[^`\n]*`|<code>[^<>\n]*</code>").ReplaceAllStringFunc(got, func(code string) string {
			if strings.ContainsAny(code[1:len(code)-1], "`|\\") && code[0] == '`' {
				t.Errorf("code that a table ends: %s", code)
			}
			if text := strings.TrimSuffix(strings.TrimPrefix(code, "<code>"), "</code>"); code[0] == '<' && regexp.MustCompile(`[^0-9A-Za-z &#;]`).MatchString(text) && !regexp.MustCompile(`[^\x00-\x7f]`).MatchString(text) {
				t.Errorf("markup in %s", code)
			}
			return "C"
		})
		if i := strings.IndexAny(bare, "<>`*[@"); i >= 0 {
			t.Errorf("outside of code: %s", bare[i:min(len(bare), i+60)])
		}
		columns := 0
		for line := range strings.Lines(bare) {
			switch n := strings.Count(line, "|"); {
			case n == 0:
				columns = 0
			case columns == 0:
				columns = n
			case n != columns:
				t.Errorf("%d columns, want %d: %s", n, columns, line)
			}
		}
	}
}

// What JSON writes is what the schema describes; lists are never null.
func TestJSONFollowsItsSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(matrix.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.AddResource("matrix.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("matrix.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*policy.Policy{"orders": orders(), "hostile": hostile(), "empty": {}} {
		for _, options := range []matrix.Options{{}, {ByRole: true}} {
			got := output(t, matrix.JSON, p, options)
			document, err := jsonschema.UnmarshalJSON(strings.NewReader(got))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(document); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if strings.Contains(got, "null") {
				t.Errorf("%s: null in %s", name, got)
			}
		}
	}
	for _, wrong := range []string{`{}`, `{"version": 1, "by": "role", "title": "", "apiVersion": "", "roles": [], "operations": []}`} {
		var document any
		if err := json.Unmarshal([]byte(wrong), &document); err != nil {
			t.Fatal(err)
		}
		if compiled.Validate(document) == nil {
			t.Errorf("the schema accepts %s", wrong)
		}
	}
}

// Every member of the output is described.
func TestSchemaIsComplete(t *testing.T) {
	member := regexp.MustCompile(`"([A-Za-z]+)":`)
	described := map[string]bool{}
	for _, m := range member.FindAllStringSubmatch(string(matrix.Schema()), -1) {
		described[m[1]] = true
	}
	for _, name := range []string{"admin", "auditor", "support"} {
		described[name] = true // a role's name is a member of verdicts
	}
	for _, options := range []matrix.Options{{}, {ByRole: true}} {
		for _, m := range member.FindAllStringSubmatch(output(t, matrix.JSON, orders(), options), -1) {
			if !described[m[1]] {
				t.Errorf("%s is not in the schema", m[1])
			}
		}
	}
}

// The page has one style and one script, allowed by hashes; its text is escaped, also where no browser is at hand.
func TestPage(t *testing.T) {
	got := output(t, matrix.HTML, hostile(), matrix.Options{})
	for _, once := range []string{"<script>", "</script>", "<style>", "</style>", "http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;"} {
		if n := strings.Count(got, once); n != 1 {
			t.Errorf("%d times %s", n, once)
		}
	}
	if i := regexp.MustCompile(`<(img|svg|a|link|iframe|base)[ >]|(src|href|style|action)=["']|https?://[^e]|ZgotmplZ`).FindStringIndex(got); i != nil {
		t.Errorf("in the page: %s", got[i[0]:i[0]+60])
	}
}

// The documentation has every verdict, with both of its words, and every member of the JSON.
func TestReportsPage(t *testing.T) {
	content, err := os.ReadFile("../../../docs/REPORTS.md")
	if err != nil {
		t.Fatal(err)
	}
	page, legend := string(content), output(t, text(0, false), orders(), matrix.Options{})
	for _, v := range []matrix.Verdict{matrix.Public, matrix.Authenticated, matrix.Allow, matrix.Ownership, matrix.Partial, matrix.Deny} {
		row := regexp.MustCompile(`(?m)^\| (\w+) \| ` + "`" + string(v) + "`" + ` \|`).FindStringSubmatch(page)
		if row == nil || !strings.Contains(legend, "\n"+row[1]+" ") {
			t.Errorf("%s: documented as %v", v, row)
		}
	}
	var document map[string]any
	if err := json.Unmarshal([]byte(output(t, matrix.JSON, orders(), matrix.Options{})), &document); err != nil {
		t.Fatal(err)
	}
	members := document["operations"].([]any)[3].(map[string]any)
	for name := range document {
		members[name] = nil
	}
	for name := range members {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("%s is not documented", name)
		}
	}
}
