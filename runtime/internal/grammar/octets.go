// Package grammar holds the lexical rules of HTTP credentials and challenges: tokens, token68, quoted-strings,
// auth-params (RFC 9110 section 11).
package grammar

// octet is a set of the lexical classes that an octet of a header field can belong to.
type octet uint8

const (
	tokenOctet     octet = 1 << iota // tchar, RFC 9110 section 5.6.2
	token68Octet                     // token68 without its padding, RFC 9110 section 11.2
	scopeOctet                       // scope-token, RFC 6749 section 3.3; NQCHAR of RFC 9449 section 8.1
	textOctet                        // VCHAR and SP: the characters that we write into a quoted-string
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

// IsToken reports whether s is a token (RFC 9110 section 5.6.2).
func IsToken(s string) bool { return all(s, tokenOctet) }

// IsScope reports whether s is a scope-token (RFC 6749 section 3.3).
func IsScope(s string) bool { return all(s, scopeOctet) }

// IsBase64URL reports whether s consists of the alphabet of base64url (RFC 4648 section 5) and is not empty.
func IsBase64URL(s string) bool { return all(s, base64URLOctet) }

// IsHex reports whether s consists of hexadecimal digits and is not empty.
func IsHex(s string) bool { return all(s, hexOctet) }

// IsPrintable reports whether s is printable ASCII, which may be empty. Only such text is written into
// quoted-strings: RFC 9110 section 5.6.4 also allows HTAB and octets above ASCII, whose meaning recipients disagree
// about.
func IsPrintable(s string) bool { return run(s, textOctet) == len(s) }

// InToken reports whether c can be part of a token.
func InToken(c byte) bool { return octets[c]&tokenOctet != 0 }

// IsToken68 reports whether s is a token68 (RFC 9110 section 11.2): its characters, then padding. Tokens are long, and
// whoever guesses them chooses their length: this takes eight octets at a time.
func IsToken68(s string) bool {
	for s != "" && s[len(s)-1] == '=' {
		s = s[:len(s)-1]
	}
	if len(s) < 8 {
		return all(s, token68Octet)
	}
	for i := 0; i <= len(s)-8; i += 8 {
		if part := s[i : i+8]; !plain68(word(part)) && !all(part, token68Octet) {
			return false
		}
	}
	if len(s)%8 == 0 {
		return true
	}
	last := s[len(s)-8:] // of which the loop has left out some
	return plain68(word(last)) || all(last, token68Octet)
}

// plain68 reports whether the eight octets of x are letters, digits, or one of - . and /, as nearly all in tokens are. It
// adds to all of them at once: 0x80-c sets the highest bit of an octet below 0x80 that is at least c. An octet is in a
// range when it is at least the first of it and not at least the one behind the last, and it is in one range at most: so
// exclusive ors are enough.
func plain68(x uint64) bool {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	lower := x | 0x20*each
	digits := (x + (0x80-'-')*each) ^ (x + (0x80-'9'-1)*each) // - . / 0 to 9 are neighbours
	letters := (lower + (0x80-'a')*each) ^ (lower + (0x80-'z'-1)*each)
	return (x|^(digits^letters))&highest == 0
}

// word is eight octets, which the compiler reads at once.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// all reports whether s is not empty and consists of octets of the class.
func all(s string, class octet) bool { return s != "" && run(s, class) == len(s) }

// run is the length of the longest prefix of s that consists of octets of the class. It takes four octets at a time
// where it can.
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

// Quote writes s as a quoted-string (RFC 9110 section 5.6.4). s must be printable.
func Quote(s string) string {
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

// EqualFold compares as schemes and parameter names are compared: ASCII letters without regard to case.
// strings.EqualFold also folds U+017F to s and U+212A to k, and must not be used here.
func EqualFold(a, b string) bool {
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

// ContainsFold reports whether name is among names, by [EqualFold].
func ContainsFold(names []string, name string) bool {
	for _, n := range names {
		if EqualFold(n, name) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// TrimSpace removes optional white space, SP and HTAB, from both ends (RFC 9110 section 5.6.3). No other
// character is white space in a field value.
func TrimSpace(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
