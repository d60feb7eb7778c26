// Package yamlerror finds the places of syntax errors in YAML. The YAML library names a line at most: none for the first
// line or an unknown anchor, and the line before for some tabs.
package yamlerror

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

var (
	message = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\s*)?(?:line ([0-9]+): )?((?s:.*))`)
	anchor  = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	// indented is what may stand in a line before its content: white space, and the dashes of lists.
	indented = regexp.MustCompile(`^(?:[ \t]|-[ \t])*`)
)

// Locate is the place of an error that the YAML library found in the text of a file, and its message. An error of
// something else than syntax keeps its line.
func Locate(file string, text []byte, err error) (diag.Position, string) {
	parts := message.FindStringSubmatch(err.Error())
	at := diag.Position{File: file, Line: 1}
	if parts[1] != "" {
		at.Line, _ = strconv.Atoi(parts[1])
	}
	if name := anchor.FindStringSubmatch(parts[2]); name != nil {
		at.Line, at.Column = alias(text, name[1])
		return at, fmt.Sprintf("no anchor &%s stands before the alias *%s", name[1], name[1])
	}
	if strings.HasPrefix(parts[2], "found character that cannot start any token") || strings.Contains(parts[2], "tab character") {
		if line, column, ok := tab(text, at.Line); ok {
			at.Line, at.Column = line, column
			return at, "a tab stands where YAML wants spaces: indent with spaces"
		}
	}
	return at, parts[2]
}

// tab is the first tab of the indentation of the line, or of the next one.
func tab(text []byte, first int) (line, column int, ok bool) {
	lines := strings.Split(string(text), "\n")
	for line = first; line <= min(first+1, len(lines)); line++ {
		if i := strings.IndexByte(indented.FindString(lines[line-1]), '\t'); i >= 0 {
			return line, i + 1, true
		}
	}
	return 0, 0, false
}

// tried bounds how many texts that look like the alias are tried.
const tried = 20

// alias is the place of the first alias of that name. Text in strings and comments looks the same: it makes no error when
// the others are gone.
func alias(text []byte, name string) (line, column int) {
	var all []int
	word := []byte("*" + name)
	for i := 0; len(all) < tried; {
		next := bytes.Index(text[i:], word)
		if next < 0 {
			break
		}
		all = append(all, i+next)
		i += next + len(word)
	}
	for _, i := range all {
		if fails(without(text, all, i, len(word)), name) {
			return place(text, i)
		}
	}
	return 0, 0
}

// without is the text with all of these places blank but one.
func without(text []byte, all []int, kept, size int) []byte {
	changed := bytes.Clone(text)
	for _, i := range all {
		if i != kept {
			copy(changed[i:], "~"+strings.Repeat(" ", size-1))
		}
	}
	return changed
}

// fails reports whether the text has an alias without an anchor of that name.
func fails(text []byte, name string) bool {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var n yaml.Node
		if err := decoder.Decode(&n); err != nil {
			return !errors.Is(err, io.EOF) && strings.Contains(err.Error(), "unknown anchor '"+name+"'")
		}
	}
}

func place(text []byte, i int) (line, column int) {
	before := text[:i]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}
