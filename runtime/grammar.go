package guard

// octet is a set of the lexical classes that an octet of a header field can belong to.
type octet uint8

const (
	tokenOctet     octet = 1 << iota // tchar, RFC 9110 section 5.6.2
	token68Octet                     // token68 but for its padding, RFC 9110 section 11.2
	scopeOctet                       // scope-token, RFC 6749 section 3.3
	textOctet                        // VCHAR and SP: what we write into a quoted-string
	base64URLOctet                   // base64url, RFC 4648 section 5
	hexOctet                         // HEXDIG in either case
)

// octets are the classes of every octet. It is never written after initialisation.
var octets = classifyOctets()

func classifyOctets() (table [256]octet) {
	for c := byte(' '); c <= '~'; c++ {
		table[c] |= textOctet
		if c != ' ' && c != '"' && c != '\\' {
			table[c] |= scopeOctet
		}
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' {
			table[c] |= tokenOctet | token68Octet | base64URLOctet
		}
		if 'a' <= c|0x20 && c|0x20 <= 'f' || '0' <= c && c <= '9' {
			table[c] |= hexOctet
		}
	}
	mark(&table, "!#$%&'*+-.^_`|~", tokenOctet)
	mark(&table, "-._~+/", token68Octet)
	mark(&table, "-_", base64URLOctet)
	return table
}

func mark(table *[256]octet, characters string, class octet) {
	for i := range len(characters) {
		table[characters[i]] |= class
	}
}

// all reports whether s is not empty and consists of octets of the class.
func all(s string, class octet) bool { return s != "" && run(s, class) == len(s) }

// run is the length of the longest prefix of s that consists of octets of the class. Tokens are long and
// this is the loop that reads them: it takes four octets at a time as far as it can.
func run(s string, class octet) int {
	rest := s
	for len(rest) >= 4 && octets[rest[0]]&octets[rest[1]]&octets[rest[2]]&octets[rest[3]]&class != 0 {
		rest = rest[4:]
	}
	for len(rest) > 0 && octets[rest[0]]&class != 0 {
		rest = rest[1:]
	}
	return len(s) - len(rest)
}

// isToken68 reports whether s is a token68 (RFC 9110 section 11.2): its characters, then padding.
func isToken68(s string) bool {
	n := run(s, token68Octet)
	if n == 0 {
		return false
	}
	for i := n; i < len(s); i++ {
		if s[i] != '=' {
			return false
		}
	}
	return true
}

// quotable reports whether s can stand in the quoted-strings that we write. RFC 9110 section 5.6.4 would
// allow HTAB and octets above ASCII too; recipients disagree about what those mean.
func quotable(s string) bool { return run(s, textOctet) == len(s) }

// quote writes s as a quoted-string (RFC 9110 section 5.6.4). s must be quotable.
func quote(s string) string {
	out := make([]byte, 0, len(s)+2)
	out = append(out, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return string(append(out, '"'))
}

// equalFold compares as schemes and parameter names are compared: ASCII letters without regard to case.
// strings.EqualFold also folds U+017F to s and U+212A to k, and must not be used here.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// trimSpace removes optional white space, SP and HTAB, from both ends (RFC 9110 section 5.6.3). No other
// character is white space in a field value.
func trimSpace(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
