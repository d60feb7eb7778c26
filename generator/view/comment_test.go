package view

import (
	"slices"
	"strconv"
	"testing"
)

func TestComment(t *testing.T) {
	tests := []struct{ text, want string }{
		{"plain text */ {{.}} `\"", "plain text */ {{.}} `\""},
		{"two\nlines", `two\nlines`},
		{"cr\rtab\tnul\x00", `cr\rtab\tnul\x00`},
		{"line\u2028separator", `line\u2028separator`},
		{"next\u0085line", `next\u0085line`},
		{"bidi \u202e override", `bidi \u202e override`},
		{"zero\u200bwidth", `zero\u200bwidth`},
		{"byte order mark \ufeff", `byte order mark \ufeff`},
		{"broken \xff", `broken \ufffd`},
		{"filler \u3164 \u115f", `filler \u3164 \u115f`},
		{"selectors \ufe0f \U000e0101", `selectors \ufe0f \U000e0101`},
		{"blank \u2800", `blank \u2800`},
		{"größer 管理", "größer 管理"},
	}
	for _, test := range tests {
		if got := Comment(test.text); got != test.want {
			t.Errorf("Comment(%q) = %s, want %s", test.text, got, test.want)
		}
	}
}

func TestQuote(t *testing.T) {
	tests := []struct{ text, want string }{
		{"größer 管理 `\\", `"größer 管理 ` + "`" + `\\"`},
		{"admin\u3164", `"admin\u3164"`},
		{"a\"\n\u202e\xff\ufffd\x00", `"a\"\n\u202e\xff\ufffd\x00"`},
	}
	for _, test := range tests {
		got := Quote(test.text)
		if got != test.want {
			t.Errorf("Quote(%q) = %s, want %s", test.text, got, test.want)
		}
		if back, err := strconv.Unquote(got); back != test.text {
			t.Errorf("%s says %q (%v), and not %q", got, back, err, test.text)
		}
	}
}

func TestCommentLines(t *testing.T) {
	got := CommentLines("\n first \r\n\n//go:embed x\n +build ignore\n\n")
	if want := []string{"first", "", "//go:embed x", `\+build ignore`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := CommentLines(" \n "); got != nil {
		t.Errorf("blank text: %q, want no line", got)
	}
}
