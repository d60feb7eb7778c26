package view

import (
	"slices"
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
		{"größer 管理", "größer 管理"},
	}
	for _, test := range tests {
		if got := Comment(test.text); got != test.want {
			t.Errorf("Comment(%q) = %s, want %s", test.text, got, test.want)
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
