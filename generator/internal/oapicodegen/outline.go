package oapicodegen

import "bytes"

// A server file for a large API has hundreds of thousands of lines, nearly all of them in function bodies that
// nobody here reads. Parsing them would cost more than everything else the generator does, so a file is cut
// into its declarations first, by brackets, comments and literals alone, and only those that matter are parsed.
// Files that go/parser accepts are cut where go/parser cuts them (fuzzed against it).

// declaration is one top-level declaration of a Go file: content[start:end], up to the next declaration.
type declaration struct {
	start, end int
	// keyword is "package", "import", "type", "func", "var" or "const".
	keyword string
	// name is that of a function, or of a type declared on its own; it begins at nameAt.
	name   string
	nameAt int
}

// byteOrderMark may begin a file and is not part of its first word.
var byteOrderMark = []byte("\ufeff")

// outline cuts a file into its declarations. It fails where brackets or literals do not close, which no
// valid Go file has.
func outline(content []byte) ([]declaration, bool) {
	c := cutter{content: content, fresh: true}
	if bytes.HasPrefix(content, byteOrderMark) {
		c.at = len(byteOrderMark)
	}
	for c.at < len(content) {
		if !c.step() {
			return nil, false
		}
	}
	c.finish(len(content))
	return c.found, c.depth == 0
}

// cutter walks over a file and knows as much of Go's lexical rules (go.dev/ref/spec#Lexical_elements) as the
// places of declarations depend on.
type cutter struct {
	content   []byte
	at, depth int
	// fresh says that a semicolon, written or implied by a line break, came last.
	fresh bool
	// open says that a line break implies no semicolon here.
	open  bool
	found []declaration
}

// step moves behind the next token, or behind one byte of it.
func (c *cutter) step() bool {
	if c.depth > 0 {
		c.skipWithin()
	}
	if c.at == len(c.content) {
		return true
	}
	switch b := c.content[c.at]; b {
	case ' ', '\t', '\r', '\n', ';':
		c.space(b)
	case '/':
		return c.slash()
	case '"', '\'', '`':
		c.fresh, c.open = false, false
		return c.literal(b)
	default:
		return c.token(b)
	}
	return true
}

// marks are the bytes that count inside brackets: brackets, and bytes that begin a text that may hold brackets.
var marks = [256]bool{
	'"': true, '\'': true, '`': true, '/': true,
	'(': true, '[': true, '{': true, ')': true, ']': true, '}': true,
}

// skipWithin moves to the next mark while inside brackets, where nearly all of a file is.
func (c *cutter) skipWithin() {
	at, content := c.at, c.content
	for at < len(content) && !marks[content[at]] {
		at++
	}
	c.at = at
}

func (c *cutter) space(b byte) {
	if b == ';' || b == '\n' && !c.open {
		c.fresh = true
	}
	c.at++
}

// token reads a word outside of all brackets, a bracket, or one byte of anything else.
func (c *cutter) token(b byte) bool {
	if c.depth == 0 && wordByte(b) {
		c.word()
		return true
	}
	c.fresh, c.open = false, true
	switch b {
	case '(', '[', '{':
		c.depth++
	case ')', ']', '}':
		c.depth--
		c.open = false
	}
	c.at++
	return c.depth >= 0
}

// literal skips a string or rune literal. Only a raw string can hold a line break.
func (c *cutter) literal(quote byte) bool {
	if quote == '`' {
		return c.skipPast(1, "`")
	}
	for c.at++; c.at < len(c.content); c.at++ {
		switch c.content[c.at] {
		case '\\':
			c.at++
		case '\n':
			return false
		case quote:
			c.at++
			return true
		}
	}
	return false
}

// slash skips a comment, or the division sign. A comment is a line break if it holds one.
func (c *cutter) slash() bool {
	start := c.at
	switch rest := c.content[c.at:]; {
	case bytes.HasPrefix(rest, []byte("//")):
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			c.at += end
		} else {
			c.at = len(c.content)
		}
		return true
	case bytes.HasPrefix(rest, []byte("/*")):
		closed := c.skipPast(2, "*/")
		if closed && bytes.IndexByte(c.content[start:c.at], '\n') >= 0 {
			c.fresh = c.fresh || !c.open
		}
		return closed
	}
	return c.token('/')
}

// skipPast moves behind the first mark that follows in at least offset bytes.
func (c *cutter) skipPast(offset int, mark string) bool {
	end := bytes.Index(c.content[c.at+offset:], []byte(mark))
	if end < 0 {
		return false
	}
	c.at += offset + end + len(mark)
	return true
}

// word reads an identifier, keyword or number outside of all brackets, and begins a declaration where it is a
// keyword that does. In a type or an expression, func does not.
func (c *cutter) word() {
	start, fresh := c.at, c.fresh
	c.fresh, c.open = false, true
	switch word := string(c.readWord()); word {
	case "package", "import", "var", "const":
		c.begin(declaration{start: start, keyword: word})
	case "type":
		nameAt, name := c.peekWord()
		c.begin(declaration{start: start, keyword: word, name: name, nameAt: nameAt})
	case "func":
		if nameAt, name := c.peekWord(); fresh {
			c.begin(declaration{start: start, keyword: word, name: name, nameAt: nameAt})
		}
	case "chan", "map", "struct", "interface":
	default:
		c.open = false
	}
}

func (c *cutter) begin(d declaration) {
	c.finish(d.start)
	c.found = append(c.found, d)
}

// finish ends the last declaration.
func (c *cutter) finish(end int) {
	if last := len(c.found) - 1; last >= 0 {
		c.found[last].end = end
	}
}

func (c *cutter) readWord() []byte {
	start := c.at
	for c.at < len(c.content) && wordByte(c.content[c.at]) {
		c.at++
	}
	return c.content[start:c.at]
}

// peekWord is the word that follows after white space and comments, empty when something else does.
func (c *cutter) peekWord() (int, string) {
	ahead := cutter{content: c.content, at: c.at}
	for ahead.at < len(ahead.content) {
		switch b := ahead.content[ahead.at]; {
		case wordByte(b):
			at := ahead.at
			return at, string(ahead.readWord())
		case b == ' ', b == '\t', b == '\n', b == '\r':
			ahead.at++
		case b != '/' || !ahead.slash():
			return 0, ""
		}
	}
	return 0, ""
}

// wordByte reports whether b is part of an identifier, keyword or number; bytes of non-ASCII letters are.
func wordByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b >= 0x80
}
