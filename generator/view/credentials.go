package view

import (
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// credentialWords say in words how the operation's credentials are read where the document differs from the default.
func (o *Operation) credentialWords() []string {
	var lines []string
	schemes := o.policy.Schemes()
	for _, s := range schemes {
		if s.SignedBody > 0 {
			lines = append(lines, "body:     "+Comment(s.Name)+" verifies it, at most "+size(s.SignedBody))
		}
	}
	if names := namesOf(schemes, func(s *policy.Scheme) bool { return s.Opaque }); names != "" {
		lines = append(lines, "opaque:   the credential of "+names+" has no grammar")
	}
	if names := namesOf(schemes, func(s *policy.Scheme) bool { return s.TryDuplicates }); names != "" {
		lines = append(lines, "repeated: several cookies of "+names+" are tried, and exactly one must be accepted")
	}
	return append(lines, o.invalidWords(schemes)...)
}

// invalidWords say whose invalid credentials count as none.
func (o *Operation) invalidWords(schemes []*policy.Scheme) []string {
	if o.policy.InvalidIsAnonymous {
		return []string{"invalid:  an invalid or expired credential counts as none"}
	}
	names := namesOf(schemes, func(s *policy.Scheme) bool { return s.InvalidIsAnonymous })
	if names == "" || !o.Optional() {
		return nil
	}
	return []string{"invalid:  an invalid or expired credential of " + names + " counts as none"}
}

// namesOf are the names of the schemes that are chosen, as comment text: "a, b".
func namesOf(schemes []*policy.Scheme, chosen func(*policy.Scheme) bool) string {
	var names []string
	for _, s := range schemes {
		if chosen(s) {
			names = append(names, Comment(s.Name))
		}
	}
	return strings.Join(names, ", ")
}

// size is a number of bytes in the largest unit in which it is a whole number.
func size(bytes int64) string {
	switch {
	case bytes%(1<<20) == 0:
		return strconv.FormatInt(bytes>>20, 10) + " MiB"
	case bytes%(1<<10) == 0:
		return strconv.FormatInt(bytes>>10, 10) + " KiB"
	case bytes == 1:
		return "1 byte"
	}
	return strconv.FormatInt(bytes, 10) + " bytes"
}
