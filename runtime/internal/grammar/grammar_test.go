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

// Every octet at every position of texts of many lengths: octets are read several at a time.
func TestToken68(t *testing.T) {
	for length := range 26 {
		for at := range length {
			for c := range 256 {
				text := []byte(strings.Repeat("aZ09-_", 5)[:length])
				text[at] = byte(c)
				if s := string(text); grammar.IsToken68(s) != token68(s) {
					t.Errorf("%q: %t", s, grammar.IsToken68(s))
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

// Every octet alone and at the edges of text: hexadecimal digits are 0 to 9, a to f and A to F, and nothing beside them.
func TestIsHex(t *testing.T) {
	const digits = "0123456789abcdefABCDEF"
	for c := range 256 {
		want := strings.IndexByte(digits, byte(c)) >= 0
		for _, s := range []string{string([]byte{byte(c)}), "0000000" + string([]byte{byte(c)}), string([]byte{byte(c)}) + "ffffFFFF"} {
			if grammar.IsHex(s) != want {
				t.Errorf("%q: %t", s, !want)
			}
		}
	}
	if grammar.IsHex("") {
		t.Error("an empty text is no number")
	}
}
