package golden

import (
	"regexp"
	"slices"
	"strings"
)

var (
	paramText = regexp.MustCompile("^[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*" +
		"([!#$%&'*+.^_`|~0-9A-Za-z-]+|\"(?:[\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\t \\x21-\\x7e\\x80-\\xff])*\")[ \t]*$")
	requestCount = regexp.MustCompile(`^[0-9A-Fa-f]{8}$`)
)

// readDigest is the username, a line feed and the response of what RFC 7616 section 3.4 calls credentials.
func readDigest(text string) (string, bool) {
	written, ok := readParams(text)
	if !ok {
		return "", false
	}
	value := func(name string) string {
		if written[name] == "" {
			return ""
		}
		return octets(unquote(written[name]))
	}
	has := func(name string) bool { return written[name] != "" }
	for name, text := range written {
		switch name {
		case "username", "realm", "nonce", "uri", "response", "cnonce", "opaque":
			ok = ok && text[0] == '"'
		case "algorithm", "qop", "nc", "username*":
			ok = ok && text[0] != '"'
		case "userhash":
			ok = ok && slices.Contains([]string{"true", "false"}, lowerASCII(value(name)))
		}
	}
	ok = ok && has("realm") && has("nonce") && has("uri") && has("response") && has("username") != has("username*")
	ok = ok && !(has("username*") && lowerASCII(value("userhash")) == "true")
	ok = ok && has("qop") == has("nc") && has("qop") == has("cnonce") && (!has("nc") || requestCount.MatchString(value("nc")))
	return value("username") + "\n" + value("response"), ok
}

// readParams are the parameters of a list (RFC 9110 section 11.2) by their names in lower case, as they are
// written, an octet a character.
func readParams(text string) (map[string]string, bool) {
	params := map[string]string{}
	for _, element := range splitList(text) {
		if strings.Trim(element, " \t") == "" {
			continue
		}
		m := paramText.FindStringSubmatch(latin1(element))
		if m == nil {
			return nil, false
		}
		name := lowerASCII(m[1])
		if _, twice := params[name]; twice {
			return nil, false
		}
		params[name] = m[2]
	}
	return params, len(params) > 0 && len(params) <= 32
}

// latin1 makes a character of every octet, for a regular expression to see octets.
func latin1(text string) string {
	var out strings.Builder
	for i := range len(text) {
		out.WriteRune(rune(text[i]))
	}
	return out.String()
}

// octets undoes latin1.
func octets(text string) string {
	var out []byte
	for _, r := range text {
		out = append(out, byte(r))
	}
	return string(out)
}

// splitList splits at the commas outside of quotes.
func splitList(text string) (elements []string) {
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			i++
		case text[i] == ',' && !quoted:
			elements = append(elements, text[start:i])
			start = i + 1
		}
	}
	return append(elements, text[start:])
}

func unquote(text string) string {
	if text[0] != '"' {
		return text
	}
	return regexp.MustCompile(`\\(.)`).ReplaceAllString(text[1:len(text)-1], "$1")
}
