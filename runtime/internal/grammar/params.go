package grammar

import "strings"

// maxParams bounds the parameters of one credential; Digest, which has the most, defines thirteen.
const maxParams = 32

// Param is one auth-param (RFC 9110 section 11.2), its value as written: a token or a quoted-string.
type Param struct {
	Name    string
	written string
}

// Quoted reports whether the value was written as a quoted-string.
func (p Param) Quoted() bool { return p.written[0] == '"' }

// Value is the parameter's value without quotes and escapes.
func (p Param) Value() string {
	if !p.Quoted() {
		return p.written
	}
	inside := p.written[1 : len(p.written)-1]
	if strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	out := make([]byte, 0, len(inside))
	for i := 0; i < len(inside); i++ {
		if inside[i] == '\\' {
			i++
		}
		out = append(out, inside[i])
	}
	return string(out)
}

// IsParams reports whether s is a list of 1 to 32 parameters with distinct names.
func IsParams(s string) bool {
	var names [maxParams]string
	n := 0
	for s != "" {
		p, rest, ok := CutParam(s)
		if !ok {
			return false
		}
		if s = rest; p.Name == "" {
			continue
		}
		if n == maxParams || ContainsFold(names[:n], p.Name) {
			return false
		}
		names[n] = p.Name
		n++
	}
	return n > 0
}

// FindParam is the value of a parameter in a list. Names are compared without regard to case.
func FindParam(list, name string) (string, bool) {
	for list != "" {
		p, rest, ok := CutParam(list)
		if !ok {
			return "", false
		}
		if p.Name != "" && EqualFold(p.Name, name) {
			return p.Value(), true
		}
		list = rest
	}
	return "", false
}

// CutParam takes the first element off a list (RFC 9110 section 5.6.1). An empty element, which a recipient must
// skip, is a parameter without a name.
func CutParam(s string) (p Param, rest string, ok bool) {
	s = TrimSpace(s)
	n := run(s, tokenOctet)
	if n == 0 {
		rest, ok = cutComma(s)
		return Param{}, rest, ok
	}
	p.Name, s = s[:n], TrimSpace(s[n:])
	if s == "" || s[0] != '=' {
		return p, "", false
	}
	s = TrimSpace(s[1:])
	n = valueLength(s)
	p.written = s[:n]
	rest, ok = cutComma(s[n:])
	return p, rest, ok && n > 0
}

// cutComma takes the end of a list's element off: a comma, or the end of the list.
func cutComma(s string) (rest string, ok bool) {
	s = TrimSpace(s)
	if s == "" {
		return "", true
	}
	return s[1:], s[0] == ','
}

// valueLength is the length of the token or quoted-string at the start of s, and 0 when s starts with neither.
func valueLength(s string) int {
	if s == "" || s[0] != '"' {
		return run(s, tokenOctet)
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i++; i == len(s) || isControl(s[i]) {
				return 0
			}
		case isControl(c):
			return 0
		}
	}
	return 0
}

// isControl reports whether c is forbidden in a quoted-string, also after a backslash.
func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }
