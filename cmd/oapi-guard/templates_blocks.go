package main

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/templates"
)

// builtInBlock is the file and the text of the built-in block that an override's block replaces: one of the file of the
// same name, or of the family's. A block that replaces nothing comes from /dev/null.
func builtInBlock(name, block string) (from, text string) {
	for _, owner := range []string{name, path.Join(path.Dir(name), "family.tmpl")} {
		if text, found := cutBlocks(templates.Source(owner))[block]; found {
			return owner, text
		}
	}
	return "/dev/null", ""
}

var (
	actionWord = regexp.MustCompile(`^\{\{(?:-\s)?\s*([a-z]+)`)
	blockName  = regexp.MustCompile("^\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)")
)

// cutBlocks are the texts of the blocks of a template that parses, from {{define}} to its {{end}}, by name.
func cutBlocks(text string) map[string]string {
	type opened struct {
		start int
		block string // empty for an action that is no block
	}
	var stack []opened
	blocks := map[string]string{}
	for end := 0; ; {
		i := strings.Index(text[end:], "{{")
		if i < 0 {
			return blocks
		}
		start := end + i
		action := text[start : start+actionLength(text[start:])]
		end = start + len(action)
		word := actionWord.FindStringSubmatch(action)
		switch {
		case word == nil:
		case word[1] == "if", word[1] == "range", word[1] == "with":
			stack = append(stack, opened{start: start})
		case word[1] == "define", word[1] == "block":
			stack = append(stack, opened{start, nameOf(action[len(word[0]):])})
		case word[1] == "end" && len(stack) > 0:
			last := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if last.block != "" {
				blocks[last.block] = text[last.start:end] + "\n"
			}
		}
	}
}

// nameOf is the name behind the word define or block.
func nameOf(rest string) string {
	match := blockName.FindStringSubmatch(rest)
	if match == nil {
		return ""
	}
	name, _ := strconv.Unquote(match[1]) // it parsed as a template
	return name
}

var (
	commentAction = regexp.MustCompile(`(?s)^\{\{(?:-\s+)?/\*.*?\*/(?:\s+-)?\}\}`)
	quoted        = regexp.MustCompile("^(?:\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|`[^`]*`)")
)

// actionLength is the length of the action that a text begins with, braces included: neither a string nor a comment in
// it ends it.
func actionLength(text string) int {
	if comment := commentAction.FindString(text); comment != "" {
		return len(comment)
	}
	for i := len("{{"); i < len(text); {
		if strings.HasPrefix(text[i:], "}}") {
			return i + len("}}")
		}
		i += max(1, len(quoted.FindString(text[i:])))
	}
	return len(text)
}
