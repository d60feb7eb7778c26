package spec

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestQuote: any text is the same again behind a JSON reader.
func TestQuote(t *testing.T) {
	texts := []string{"", "plain", `a"b`, `a\b`, "</script>", strings.Repeat("x", 100)}
	for r := range rune(0x300) {
		texts = append(texts, string(r), "a"+string(r)+"b")
	}
	for _, text := range texts {
		var again string
		if err := json.Unmarshal(quote(text), &again); err != nil || again != text {
			t.Errorf("%q becomes %s: %v", text, quote(text), err)
		}
	}
}

// TestJSONEnds: a text that ends too early is refused at its last character.
func TestJSONEnds(t *testing.T) {
	tests := []struct{ text, want string }{
		{"{", "f.json:1:1"}, {"\n {", "f.json:2:2"}, {"{\n", "f.json:1:2"}, {"{\"a\": [1,\n2", "f.json:2:1"},
	}
	for _, test := range tests {
		_, diags := parseText("f.json", test.text)
		wantSaid(t, diags, test.want+": error: this is not valid JSON: unexpected end of JSON input")
	}
}
