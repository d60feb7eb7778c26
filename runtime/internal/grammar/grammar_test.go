package grammar_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// token68 is the grammar of RFC 9110 section 11.2, octet by octet.
func token68(s string) bool {
	const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
	s = strings.TrimRight(s, "=")
	return s != "" && strings.Trim(s, characters) == "" && !strings.ContainsFunc(s, func(c rune) bool { return !strings.ContainsRune(characters, c) })
}

// Every octet at every position of texts of many lengths: octets are read several at a time, and those of the second
// text faster than those of the first.
func TestToken68(t *testing.T) {
	for _, good := range []string{"aZ09-_", "aZ09-./zA"} {
		for length := range 26 {
			for at := range length {
				for c := range 256 {
					text := []byte(strings.Repeat(good, 5)[:length])
					text[at] = byte(c)
					if s := string(text); grammar.IsToken68(s) != token68(s) {
						t.Errorf("%q: %t", s, grammar.IsToken68(s))
					}
				}
			}
		}
	}
}

func FuzzToken68(f *testing.F) {
	for _, s := range []string{"", "=", "abc==", "a=b", "eyJhbGciOiJFUzI1NiJ9.c3Vw_cG9ydA.c2lnbmF0dXJl", "aaaaaaa\x80", strings.Repeat("=", 9)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if grammar.IsToken68(s) != token68(s) {
			t.Errorf("%q: %t", s, grammar.IsToken68(s))
		}
	})
}

// Every octet alone, and at each place of four and more: runs take four octets at a time.
func TestClasses(t *testing.T) {
	const letters, digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "0123456789"
	for _, class := range []struct {
		title string
		is    func(string) bool
		has   string
	}{
		{"token", grammar.IsToken, letters + digits + "!#$%&'*+-.^_`|~"},
		{"base64url", grammar.IsBase64URL, letters + digits + "-_"},
		{"hexadecimal", grammar.IsHex, "0123456789abcdefABCDEF"},
	} {
		for c := range 256 {
			want := strings.IndexByte(class.has, byte(c)) >= 0
			for length := 1; length <= 9; length++ {
				for at := range length {
					text := []byte(strings.Repeat("a", length))
					text[at] = byte(c)
					if class.is(string(text)) != want {
						t.Errorf("%s %q: %t", class.title, text, !want)
					}
				}
			}
		}
		if class.is("") {
			t.Errorf("%s: an empty text is one", class.title)
		}
	}
}

// EqualFold folds the letters of ASCII, the first and the last too, and nothing else.
func TestEqualFold(t *testing.T) {
	for a := range 128 {
		for b := range 128 {
			x, y := string(rune(a)), string(rune(b))
			if want := strings.EqualFold(x, y); grammar.EqualFold(x, y) != want {
				t.Errorf("%q and %q: %t", x, y, !want)
			}
		}
	}
	for _, folded := range [][2]string{{"s", "\u017f"}, {"k", "\u212a"}, {"a", "aa"}, {"", "a"}} {
		if grammar.EqualFold(folded[0], folded[1]) {
			t.Errorf("%q and %q are equal", folded[0], folded[1])
		}
	}
}

// A list is read element by element: what is no element ends it, and says which name it had.
func TestCutParam(t *testing.T) {
	for _, test := range []struct {
		text, name, value, rest string
		ok                      bool
	}{
		{"a=b", "a", "b", "", true},
		{`a = "b" , c=d`, "a", "b", " c=d", true},
		{`a="\b"`, "a", "b", "", true},
		{", a=b", "", "", " a=b", true},
		{"a", "a", "", "", false},
		{"a b=c", "a", "", "", false},
		{"a=b c=d", "a", "b", "", false},
	} {
		p, rest, ok := grammar.CutParam(test.text)
		if p.Name != test.name || ok != test.ok || ok && rest != test.rest || ok && p.Name != "" && p.Value() != test.value {
			t.Errorf("%q: %q, then %q, %t", test.text, p.Name, rest, ok)
		}
	}
}

// A challenge is read piece by piece: what does not begin with the piece stays whole.
func TestCut(t *testing.T) {
	for _, test := range []struct{ text, token, token68, value string }{
		{"", "", "", ""},
		{"Bearer realm", "Bearer", "Bearer", "Bearer"},
		{"abc==,x", "abc", "abc==", "abc"},
		{"abc=", "abc", "abc=", "abc"},
		{"=abc", "", "", ""},
		{"a/b, c", "a", "a/b", "a"},
		{`"a \"b\" c" d`, "", "", `"a \"b\" c"`},
		{`"\a"`, "", "", `"\a"`},
		{`"open`, "", "", ""},
		{" a", "", "", ""},
	} {
		if token, rest := grammar.CutToken(test.text); token != test.token || token+rest != test.text {
			t.Errorf("%q: token %q, then %q", test.text, token, rest)
		}
		if token68, rest := grammar.CutToken68(test.text); token68 != test.token68 || token68+rest != test.text {
			t.Errorf("%q: token68 %q, then %q", test.text, token68, rest)
		}
		value, rest, ok := grammar.CutValue(test.text)
		if ok != (test.value != "") || test.value+rest != test.text || value != unquoted(test.value) {
			t.Errorf("%q: value %q, then %q, %t", test.text, value, rest, ok)
		}
	}
}

// unquoted is a token, or what a quoted-string says.
func unquoted(written string) string {
	inside, quoted := strings.CutPrefix(written, `"`)
	if !quoted {
		return written
	}
	return strings.NewReplacer(`\"`, `"`, `\a`, "a").Replace(strings.TrimSuffix(inside, `"`))
}
