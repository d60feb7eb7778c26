package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/templates"
)

// record is the first line of a dumped template: what it was made from. It is a comment, which writes nothing.
type record struct {
	name    string
	version int
	// hash is the SHA-256 of the built-in template in hexadecimal digits, empty when there is no record.
	hash string
}

// keptFolder is the folder, below that of the templates, of the built-in templates as they were when they were dumped.
// Overrides are not looked for in hidden folders.
const keptFolder = ".dumped"

var recordLine = regexp.MustCompile(`^\{\{- /\* oapi-guard template (\S+), version (\d+), sha256:([0-9a-f]{64}) \*/ -\}\}\r?\n`)

// recordOf is the record of a built-in template as it is today.
func recordOf(name string) record {
	return record{name, templates.Version, hashOf(templates.Source(name))}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// String is the line.
func (r record) String() string {
	return fmt.Sprintf("{{- /* oapi-guard template %s, version %d, sha256:%s */ -}}\n", r.name, r.version, r.hash)
}

// cutRecord takes the record off a template.
func cutRecord(text string) (record, string) {
	match := recordLine.FindStringSubmatch(text)
	if match == nil {
		return record{}, text
	}
	version, _ := strconv.Atoi(match[2]) // digits; one that is too large is no version of ours either
	return record{match[1], version, match[3]}, text[len(match[0]):]
}

// unixLines takes the carriage returns out that version control may have put in.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
