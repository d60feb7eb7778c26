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

// provenance is the first line of a dumped template: the built-in template that it was made from. It is a comment,
// which writes nothing.
type provenance struct {
	name    string
	version int
	// hash is the SHA-256 of the built-in template in hexadecimal digits, empty without a provenance.
	hash string
}

// keptFolder is the folder, below that of the templates, of the built-in templates as they were when they were dumped.
// Overrides are not looked for in hidden folders.
const keptFolder = ".dumped"

var provenanceLine = regexp.MustCompile(`^\{\{- /\* oapi-guard template (\S+), version (\d+), sha256:([0-9a-f]{64}) \*/ -\}\}\r?\n`)

// provenanceOf is that of a built-in template as it is today.
func provenanceOf(name string) provenance {
	return provenance{name, templates.Version, hashOf(templates.Source(name))}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// String is the line.
func (p provenance) String() string {
	return fmt.Sprintf("{{- /* oapi-guard template %s, version %d, sha256:%s */ -}}\n", p.name, p.version, p.hash)
}

// cutProvenance splits a template into its provenance and the rest.
func cutProvenance(text string) (provenance, string) {
	match := provenanceLine.FindStringSubmatch(text)
	if match == nil {
		return provenance{}, text
	}
	version, _ := strconv.Atoi(match[2]) // digits; one that is too large is no version of ours either
	return provenance{match[1], version, match[3]}, text[len(match[0]):]
}

// unixLines takes the carriage returns out that version control may have put in.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }
