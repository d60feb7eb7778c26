// Package claimset reads what is said about a token: the claims of a JWT (RFC 7519) and the answer of an introspection endpoint
// (RFC 7662). It reads them strictly, and finds scopes, roles and confirmations in them.
package claimset

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxLevels is how deep objects and arrays may be nested.
const maxLevels = 64

var errNotStrict = errors.New("not strict JSON: it does not parse, repeats a member, is not UTF-8, or is nested too deeply")

// Object is a JSON object. Its members are strings, json.Number, bool, nil, []any and Object.
type Object = map[string]any

// Parse reads a JSON object (RFC 8259) and refuses all that two parsers could read differently: members given
// twice, invalid UTF-8, and escapes that are half a surrogate pair (RFC 7493 section 2). encoding/json lets all three pass,
// and takes "SUB" for "sub".
func Parse(text string) (Object, error) {
	p := strictParser{text: text}
	p.space()
	value, ok := p.value(1)
	p.space()
	members, isObject := value.(Object)
	if !ok || !isObject || p.at != len(text) {
		return nil, errNotStrict
	}
	return members, nil
}

// strictParser reads one value after the other. Its methods report whether the text was good.
type strictParser struct {
	text string
	at   int
}

// next is the byte that comes next, 0 at the end.
func (p *strictParser) next() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

// skip takes the byte c if it comes next.
func (p *strictParser) skip(c byte) bool {
	if p.next() != c || p.at >= len(p.text) {
		return false
	}
	p.at++
	return true
}

func (p *strictParser) space() {
	for c := p.next(); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = p.next() {
		p.at++
	}
}

func (p *strictParser) value(level int) (any, bool) {
	switch c := p.next(); c {
	case '{':
		return p.object(level)
	case '[':
		return p.array(level)
	case '"':
		return p.string()
	case 't':
		return true, p.word("true")
	case 'f':
		return false, p.word("false")
	case 'n':
		return nil, p.word("null")
	}
	return p.number()
}

func (p *strictParser) word(w string) bool {
	if !strings.HasPrefix(p.text[p.at:], w) {
		return false
	}
	p.at += len(w)
	return true
}

func (p *strictParser) object(level int) (any, bool) {
	members := Object{}
	ok := p.list(level, '}', func() bool {
		name, ok := p.string()
		if _, twice := members[name]; !ok || twice {
			return false
		}
		p.space()
		if !p.skip(':') {
			return false
		}
		p.space()
		members[name], ok = p.value(level + 1)
		return ok
	})
	return members, ok
}

func (p *strictParser) array(level int) (any, bool) {
	elements := []any{}
	ok := p.list(level, ']', func() bool {
		element, ok := p.value(level + 1)
		elements = append(elements, element)
		return ok
	})
	return elements, ok
}

// list reads what stands between two brackets, and item each member of it.
func (p *strictParser) list(level int, end byte, item func() bool) bool {
	if level > maxLevels {
		return false
	}
	p.at++
	p.space()
	if p.skip(end) {
		return true
	}
	for {
		if !item() {
			return false
		}
		p.space()
		if p.skip(end) {
			return true
		}
		if !p.skip(',') {
			return false
		}
		p.space()
	}
}

// string reads a string. One without escapes is a part of the text.
func (p *strictParser) string() (string, bool) {
	if !p.skip('"') {
		return "", false
	}
	start, escaped := p.at, false
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			raw := p.text[start:p.at]
			p.at++
			if escaped {
				return unescape(raw)
			}
			return raw, utf8.ValidString(raw)
		case c < ' ':
			return "", false
		case c == '\\':
			escaped = true
			p.at++
		}
		p.at++
	}
	return "", false
}

// unescape leaves the escapes to encoding/json, which makes U+FFFD of half a surrogate pair. So that is looked for before.
func unescape(raw string) (string, bool) {
	if !utf8.ValidString(raw) || !pairsSurrogates(raw) {
		return "", false
	}
	var s string
	err := json.Unmarshal([]byte(`"`+raw+`"`), &s)
	return s, err == nil
}

// pairsSurrogates reports whether each escape of a surrogate is followed, or preceded, by its other half.
func pairsSurrogates(raw string) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		i++
		unit, isUnit := utf16Unit(raw[i:])
		if !isUnit || !utf16.IsSurrogate(unit) {
			continue
		}
		rest := strings.TrimPrefix(raw[i+5:], `\`)
		if low, ok := utf16Unit(rest); !ok || len(rest) == len(raw[i+5:]) || utf16.DecodeRune(unit, low) == utf8.RuneError {
			return false
		}
		i += 10
	}
	return true
}

// utf16Unit reads the u and the four digits of an escape.
func utf16Unit(escape string) (rune, bool) {
	if len(escape) < 5 || escape[0] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(escape[1:5], 16, 16)
	return rune(unit), err == nil
}

// number reads a number; it stays text, for an exponent can make it larger than any type.
func (p *strictParser) number() (any, bool) {
	start := p.at
	p.skip('-')
	if !p.skip('0') && !p.digits() {
		return nil, false
	}
	if p.skip('.') && !p.digits() {
		return nil, false
	}
	if p.skip('e') || p.skip('E') {
		if !p.skip('+') {
			p.skip('-')
		}
		if !p.digits() {
			return nil, false
		}
	}
	return json.Number(p.text[start:p.at]), true
}

func (p *strictParser) digits() bool {
	start := p.at
	for c := p.next(); '0' <= c && c <= '9'; c = p.next() {
		p.at++
	}
	return p.at > start
}
