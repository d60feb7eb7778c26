package guard

import "strings"

// maxParams bounds the parameters of one credential; Digest, which has the most, defines thirteen.
const maxParams = 32

// param is one auth-param (RFC 9110 section 11.2), its value as written: a token or a quoted-string.
type param struct{ name, written string }

// value is the parameter's value, quotes and escapes removed.
func (p param) value() string {
	if p.written[0] != '"' {
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

// validParams reports whether s is a list of at least one and at most maxParams parameters, no name twice.
func validParams(s string) bool {
	var names [maxParams]string
	n := 0
	for s != "" {
		p, rest, ok := cutParam(s)
		if !ok {
			return false
		}
		if s = rest; p.name == "" {
			continue
		}
		if n == maxParams || containsFold(names[:n], p.name) {
			return false
		}
		names[n] = p.name
		n++
	}
	return n > 0
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if equalFold(n, name) {
			return true
		}
	}
	return false
}

// cutParam takes the first element off a list (RFC 9110 section 5.6.1). An empty element, which a
// recipient must skip, is a param without a name.
func cutParam(s string) (p param, rest string, ok bool) {
	s = trimSpace(s)
	n := run(s, tokenOctet)
	if n == 0 {
		rest, ok = cutComma(s)
		return param{}, rest, ok
	}
	p.name, s = s[:n], trimSpace(s[n:])
	if s == "" || s[0] != '=' {
		return p, "", false
	}
	s = trimSpace(s[1:])
	n = valueLength(s)
	p.written = s[:n]
	rest, ok = cutComma(s[n:])
	return p, rest, ok && n > 0
}

// cutComma takes the end of a list's element off: a comma, or the end of the list.
func cutComma(s string) (rest string, ok bool) {
	s = trimSpace(s)
	if s == "" {
		return "", true
	}
	return s[1:], s[0] == ','
}

// valueLength is the length of the token or quoted-string at the start of s, 0 when there is none.
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

// isControl reports whether c can stand neither in a quoted-string nor behind its backslash.
func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }
