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

// TestUnreadHasItsPlace: a value that was left unread has its position before anybody reads it.
func TestUnreadHasItsPlace(t *testing.T) {
	for _, text := range []string{`{"schema": {"a": 1}, "examples":  [1]}`, "schema: {a: 1}\nexamples: [1]"} {
		n, _ := parseText("f.yaml", text)
		for _, m := range n.Members() {
			before := m.Value.Position()
			if m.Value.Kind(); before.Line == 0 || m.Value.Position() != before {
				t.Errorf("%s: %v, and %v when it was read", m.Key, before, m.Value.Position())
			}
		}
	}
}
