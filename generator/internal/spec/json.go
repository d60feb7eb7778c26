package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// jsonReader makes nodes of a JSON text (RFC 8259) that is known to be valid.
type jsonReader struct {
	data  []byte
	at    int
	place place
}

func readJSON(file string, data []byte) *Node {
	r := &jsonReader{data: data, place: place{diag.Position{File: file, Line: 1, Column: 1}, 0}}
	n := &Node{}
	r.value(n)
	return n
}

// place turns offsets, which only grow, into lines and columns.
type place struct {
	position diag.Position
	offset   int
}

func (p *place) move(data []byte, to int) diag.Position {
	passed := data[p.offset:to]
	if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
		p.position.Line += n
		p.position.Column = 1
		passed = passed[bytes.LastIndexByte(passed, '\n')+1:]
	}
	p.position.Column += utf8.RuneCount(passed)
	p.offset = to
	return p.position
}

func (r *jsonReader) value(n *Node) {
	r.space()
	n.position = r.place.move(r.data, r.at)
	switch r.data[r.at] {
	case '{':
		r.mapping(n)
	case '[':
		r.sequence(n)
	case '"':
		n.kind, n.text = String, r.string()
	case 't', 'f':
		n.kind, n.text = Bool, r.word()
	case 'n':
		r.word()
	default:
		n.kind, n.text = Number, r.word()
	}
}

func (r *jsonReader) mapping(n *Node) {
	n.kind = Mapping
	for r.open(); r.data[r.at] != '}'; r.comma() {
		m := Member{Position: r.place.move(r.data, r.at), Key: r.string(), Value: &Node{}}
		r.colon()
		if leftUnread(m.Key) {
			r.skip(m.Value)
		} else {
			r.value(m.Value)
		}
		n.members = append(n.members, m)
	}
	r.at++
}

func (r *jsonReader) sequence(n *Node) {
	n.kind = Sequence
	for r.open(); r.data[r.at] != ']'; r.comma() {
		item := &Node{}
		r.value(item)
		n.items = append(n.items, item)
	}
	r.at++
}

// skip leaves a mapping or list to be read later.
func (r *jsonReader) skip(n *Node) {
	r.space()
	if c := r.data[r.at]; c != '{' && c != '[' {
		r.value(n)
		return
	}
	n.position = r.place.move(r.data, r.at)
	n.unread = jsonPart{*r}
	r.at = jsonEnd(r.data, r.at)
}

// jsonPart is a value that was left unread, with the reader as it stood there.
type jsonPart struct{ reader jsonReader }

func (p jsonPart) read(into *Node) { p.reader.value(into) }

// jsonEnd is the offset after the mapping or list that begins at start.
func jsonEnd(data []byte, start int) int {
	depth := 0
	for i := start; ; i++ {
		switch data[i] {
		case '"':
			i = stringEnd(data, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// stringEnd is the offset after the string that begins at start.
func stringEnd(data []byte, start int) int {
	for i := start + 1; ; i++ {
		i += bytes.IndexByte(data[i:], '"')
		slashes := 0
		for data[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

func (r *jsonReader) string() string {
	start := r.at
	r.at = stringEnd(r.data, start)
	quoted := r.data[start:r.at]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	_ = json.Unmarshal(quoted, &s)
	return s
}

func (r *jsonReader) word() string {
	start := r.at
	for r.at < len(r.data) && strings.IndexByte(",]} \t\r\n", r.data[r.at]) < 0 {
		r.at++
	}
	return string(r.data[start:r.at])
}

func (r *jsonReader) space() {
	for strings.IndexByte(" \t\r\n", r.data[r.at]) >= 0 {
		r.at++
	}
}

func (r *jsonReader) open() { r.at++; r.space() }

func (r *jsonReader) colon() { r.space(); r.at++ }

func (r *jsonReader) comma() {
	r.space()
	if r.data[r.at] == ',' {
		r.at++
		r.space()
	}
}

// jsonError is the error of a text that is not valid JSON, with its position; nil when it is valid.
func jsonError(file string, data []byte) (diag.Position, error) {
	position := diag.Position{File: file, Line: 1, Column: 1}
	if json.Valid(data) {
		return position, nil
	}
	var raw json.RawMessage
	err := json.Unmarshal(data, &raw)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		p := place{position, 0}
		position = p.move(data, min(max(0, int(syntax.Offset)-1), len(data)))
	}
	return position, err
}

// leftUnread are the keys whose values no guard depends on, in any place.
func leftUnread(key string) bool {
	switch key {
	case "schema", "schemas", "content", "requestBody", "requestBodies", "responses", "headers", "links",
		"example", "examples", "x-webhooks":
		return true
	}
	return false
}

// quote writes s as a JSON string.
func quote(s string) []byte {
	if isPlain(s) {
		return strconv.AppendQuote(nil, s)
	}
	b, _ := json.Marshal(s)
	return b
}

func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
