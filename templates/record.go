package templates

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
)

// Record is the first line of a dumped template: its origin. It is a comment, which writes nothing.
type Record struct {
	Name    string
	Version int
	// Hash is the SHA-256 of the built-in template in hexadecimal digits, empty when there is no record.
	Hash string
}

var recordLine = regexp.MustCompile(`^\{\{- /\* oapi-guard template (\S+), version (\d+), sha256:([0-9a-f]{64}) \*/ -\}\}\r?\n`)

// RecordOf is the record of a built-in template as it is today.
func RecordOf(name string) Record { return Record{name, Version, Hash(Source(name))} }

// Hash is the hash of a template's text.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// String is the line.
func (r Record) String() string {
	return fmt.Sprintf("{{- /* oapi-guard template %s, version %d, sha256:%s */ -}}\n", r.Name, r.Version, r.Hash)
}

// CutRecord takes the record off a template.
func CutRecord(text string) (Record, string) {
	match := recordLine.FindStringSubmatch(text)
	if match == nil {
		return Record{}, text
	}
	version, _ := strconv.Atoi(match[2]) // digits; one that is too large is not a version of ours either
	return Record{match[1], version, match[3]}, text[len(match[0]):]
}
