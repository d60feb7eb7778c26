package spec

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// render writes every value of a tree with its position: 1:4"text".
func render(n *Node) string {
	n.Kind() // An alias that was left unread has its own position until it is read.
	at := fmt.Sprintf("%d:%d", n.Position().Line, n.Position().Column)
	switch n.Kind() {
	case Mapping:
		var parts []string
		for _, m := range n.Members() {
			parts = append(parts, fmt.Sprintf("%d:%d%s=%s", m.Position.Line, m.Position.Column, m.Key, render(m.Value)))
		}
		return at + "{" + strings.Join(parts, " ") + "}"
	case Sequence:
		var parts []string
		for _, item := range n.Items() {
			parts = append(parts, render(item))
		}
		return at + "[" + strings.Join(parts, " ") + "]"
	case String:
		return at + fmt.Sprintf("%q", n.Text())
	case Null:
		return at + "null"
	}
	return at + n.Text()
}

func TestParse(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"JSON", `{"a": [1, true, null, "x"], "b":{}}`, `1:1{1:2a=1:7[1:81 1:11true 1:17null 1:23"x"] 1:29b=1:33{}}`},
		{"JSON on lines", "\n {\"a\":\n\t\"b\",\n\"é😀\": \"x\", \"y\":-1.5e3}", `2:2{2:3a=3:2"b" 4:1é😀=4:7"x" 4:12y=4:16-1.5e3}`},
		{"JSON escapes", `{"\u00e9\"\\": "\ud83d\ude00\n\/", "x": "\\"}`, `1:1{1:2é"\=1:16"😀\n/" 1:36x=1:41"\\"}`},
		{"JSON scalar", `7`, `1:17`},
		{"JSON spaces", "{ \"a\" : 1 , \"b\"\t: {\"c\" :\"x\"} , \"schema\" : [ ] }", `1:1{1:3a=1:91 1:13b=1:19{1:20c=1:25"x"} 1:32schema=1:43[]}`},
		{"JSON left unread", `{"schema": {"a": ["}]", {"b": "\\\""}]}, "content": [], "example": 7, "z": 1}`,
			`1:1{1:2schema=1:12{1:13a=1:18[1:19"}]" 1:25{1:26b=1:31"\\\""}]} 1:42content=1:53[] 1:57example=1:687 1:71z=1:761}`},
		{"JSON duplicates", `{"a": 1, "a": 2}`, `1:1{1:2a=1:71 1:10a=1:152}`},
		{"JSON byte order mark, CRLF", "\ufeff{\r\n\"a\": \"\\ud83d\\ude00\"\r\n}", `1:1{2:1a=2:6"😀"}`},
		{"YAML", "a:\n  - 1\n  - x: y\n    z:\nb: {c: null, é: 'd', f: \"\\u00e9\"}\n", `1:1{1:1a=2:3[2:51 3:5{3:5x=3:8"y" 4:5z=4:5null}] 5:1b=5:4{5:5c=5:8null 5:14é=5:17"d" 5:22f=5:25"é"}}`},
		{"YAML byte order mark, CRLF", "\ufeffa: 1\r\nb:\r\n  c: x\r\n", `1:1{1:1a=1:41 2:1b=3:3{3:3c=3:6"x"}}`},
		{"YAML scalars", "[yes, true, 0x1f, 1e3, 2020-01-01, ~, '', 'null', .inf]", `1:1[1:2"yes" 1:7true 1:130x1f 1:191e3 1:24"2020-01-01" 1:36null 1:39"" 1:43"null" 1:51.inf]`},
		{"YAML left unread", "responses: &r\n  a: 1\nschema: *r\n", `1:1{1:1responses=1:12{2:3a=2:61} 3:1schema=1:12{2:3a=2:61}}`},
		{"YAML alias", "a: &x [1]\nb: *x\n*x : c\n", ``},
		{"YAML alias as key", "&k a: 1\nb: {*k : 2}\n", `1:1{1:1a=1:71 2:1b=2:4{2:5a=2:102}}`},
		{"YAML merge", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  b: 3\ne: {<<: [{f: 1}, {f: 2, g: 3}], '<<': 4}\n",
			`1:1{1:1a=1:4{1:8b=1:111 1:14c=1:172} 2:1d=3:3{4:3b=4:63 1:14c=1:172} 5:1e=5:4{5:33<<=5:394 5:11f=5:141 5:25g=5:283}}`},
		{"almost JSON", "{a: 1, # comment\n 'b': 2,}", `1:1{1:2a=1:51 2:2b=2:72}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, diags := parseText("f.yaml", test.text)
			if n == nil {
				if test.want != "" || !diags.HasErrors() {
					t.Errorf("nothing was read: %v", diags)
				}
				return
			}
			if got := render(n); test.want != "" && (got != test.want || len(diags) > 0) {
				t.Errorf("got\n%s\nwant\n%s\n%v", got, test.want, diags)
			}
		})
	}
}

func parseText(name, text string) (*Node, diag.List) {
	var f files
	n := f.parse(name, []byte(text))
	return n, f.diags
}

func TestAliasBomb(t *testing.T) {
	text := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 10 {
		text += fmt.Sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i, i, i, i, i)
	}
	_, diags := parseText("f.yaml", text)
	if !diags.HasErrors() || !strings.Contains(diags[0].Message, "more than 500000 values") {
		t.Errorf("got %v", diags)
	}
	document, diags := parseText("f.yaml", "schemas:\n  "+strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  "))
	if len(diags) > 0 || document == nil {
		t.Errorf("a part that nobody reads is refused: %v", diags)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"UTF-8 in JSON", "f.json", "{\"é\": \"x\",\n \"é\xff\": 1}", "f.json:2:4: this is not UTF-8 text: save the file in that encoding"},
		{"UTF-8 in YAML", "f.yaml", "a: \xff", "f.yaml:1:4: this is not UTF-8 text: save the file in that encoding"},
		{"JSON with two commas", "f.json", "{\n\"a\": 1,,}", "f.json:2:8: this is not valid JSON: invalid character ',' looking for beginning of object key string"},
		{"text behind JSON", "f.json", "{\"é\": 1} x", "f.json:1:10: this is not valid JSON: invalid character 'x' after top-level value"},
		{"a tab in YAML", "f.yaml", "a:\n\tb: 1\n", "f.yaml:2:1: this is not valid YAML: a tab stands where YAML wants spaces: indent with spaces"},
		{"nothing", "f.yaml", "# nothing\n", "f.yaml: the file is empty"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, diags := parseText(test.file, test.text)
			if n != nil || len(diags) != 1 {
				t.Fatalf("read %v, said %v", n, diags)
			}
			if got := diags[0].Position.String() + ": " + diags[0].Message; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestBorrowed: what an alias or a merge key brings is another place's, and nothing else is.
func TestBorrowed(t *testing.T) {
	n, diags := parseText("f.yaml", "a: &x {b: {c: 1}}\nd: *x\ne: {<<: *x, f: 1}\n")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	for path, want := range map[string]bool{"/a": false, "/a/b": false, "/d": true, "/e": false, "/e/b": true, "/e/f": false} {
		tokens, _ := pointerTokens(path)
		at := n
		for _, token := range tokens {
			at = at.child(token)
		}
		if at.Borrowed() != want {
			t.Errorf("%s: %t", path, !want)
		}
	}
}

// TestMergeRefused: a merge key without a mapping is an error, and the members beside it stay.
func TestMergeRefused(t *testing.T) {
	n, diags := parseText("f.yaml", "a: {b: 1, <<: 7}\n")
	if !diags.HasErrors() || n.Get("a").Get("b") == nil {
		t.Errorf("%v", diags)
	}
}

// TestExpansionLimit: every value that an alias brings counts, in one level of aliases too, and no alias is followed beyond
// the limit.
func TestExpansionLimit(t *testing.T) {
	tests := []struct {
		name             string
		before, expanded int
		want             []string
	}{
		{"at the start", 0, 6, nil},
		{"at the limit", expansionLimit - 3, expansionLimit + 3, nil},
		{"beyond the limit after the first alias", expansionLimit - 2, expansionLimit + 1, []string{
			"f.yaml: error: the aliases of this file stand for more than 500000 values: write them out",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var document yaml.Node
			if err := yaml.Unmarshal([]byte("a: &a [1, 2]\nb: *a\nc: {d: 1, e: *a}\n"), &document); err != nil {
				t.Fatal(err)
			}
			var diags diag.List
			r := &yamlReader{file: "f.yaml", diags: &diags, open: map[*yaml.Node]bool{}, expanded: test.before}
			r.value(&Node{}, document.Content[0])
			if r.expanded != test.expanded {
				t.Errorf("%d values are expanded, want %d", r.expanded, test.expanded)
			}
			wantSaid(t, diags, test.want...)
		})
	}
}
