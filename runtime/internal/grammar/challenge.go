package grammar

// CutToken takes the token off the start of s (RFC 9110 section 5.6.2). It is empty when s starts with none.
func CutToken(s string) (token, rest string) {
	n := run(s, tokenOctet)
	return s[:n], s[n:]
}

// CutToken68 takes the token68 off the start of s (RFC 9110 section 11.2). It is empty when s starts with none.
func CutToken68(s string) (token68, rest string) {
	n := run(s, token68Octet)
	for n > 0 && n < len(s) && s[n] == '=' {
		n++
	}
	return s[:n], s[n:]
}

// CutValue takes the value of an auth-param off the start of s: a token or a quoted-string (RFC 9110 section 11.2), which
// loses its quotes and escapes.
func CutValue(s string) (value, rest string, ok bool) {
	n := valueLength(s)
	if n == 0 {
		return "", s, false
	}
	return Param{written: s[:n]}.Value(), s[n:], true
}
