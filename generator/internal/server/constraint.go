package server

import (
	"go/build/constraint"
	"strings"
)

// ownConstraint is what oapi-codegen writes for net/http, whose patterns are of that version.
const ownConstraint = "//go:build go1.22"

// constraintOf is the build constraint of a file that oapi-codegen wrote, unless it is oapi-codegen's own. It writes
// texts of the document as comments, and gofmt takes a line "// +build …" for a constraint wherever it stands, and
// moves it to the head of the file.
func constraintOf(code string) string {
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			break
		}
		if (constraint.IsGoBuild(line) || constraint.IsPlusBuild(line)) && line != ownConstraint {
			return line
		}
	}
	return ""
}
