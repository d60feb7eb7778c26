package oracle

import "strings"

// lower is the text with the letters A to Z in lower case, and nothing else.
func lower(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// equalFold compares without regard to the case of the letters A to Z.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if x, y := a[i], b[i]; x != y && (x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z') {
			return false
		}
	}
	return true
}

func isLetterOrDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// isTokenOctet is tchar of RFC 9110 section 5.6.2.
func isTokenOctet(c byte) bool {
	return isLetterOrDigit(c) || c != 0 && strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func isToken(text string) bool { return text != "" && all(text, isTokenOctet) }

// isToken68 is token68 of RFC 9110 section 11.2: at least one of its characters, then nothing but equals signs.
func isToken68(text string) bool {
	body := strings.TrimRight(text, "=")
	return body != "" && all(body, func(c byte) bool {
		return isLetterOrDigit(c) || c != 0 && strings.IndexByte("-._~+/", c) >= 0
	})
}

func isPrintable(text string) bool {
	return text != "" && all(text, func(c byte) bool { return ' ' <= c && c <= '~' })
}

func all(text string, holds func(byte) bool) bool {
	for i := range len(text) {
		if !holds(text[i]) {
			return false
		}
	}
	return true
}

// quoted is a quoted-string of RFC 9110 section 5.6.4.
func quoted(text string) string {
	if strings.ContainsAny(text, `"\`) {
		text = strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), `"`, `\"`)
	}
	return `"` + text + `"`
}
