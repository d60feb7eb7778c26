package guard

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Detail is an error whose text is for the client: Forbidden(Detail("The account is suspended.")) makes it the
// detail of the 403's problem document. Nothing else of an error is ever shown. It counts in the 403 of a
// refused account, and in that of a resource check when the operation conceals nothing; anywhere else it is an
// error like others. It is UTF-8 without control characters; an empty one is none.
type Detail string

// Error is the text.
func (d Detail) Error() string { return string(d) }

// asDetail asks an error for the Detail in it, as errors.As does.
func asDetail(err interface{ As(any) bool }) Detail {
	if found := new(Detail); err.As(found) {
		return *found
	}
	return ""
}

// detailed is the error of a refusal with what the client may know of it.
type detailed struct {
	error
	detail Detail
}

func (d *detailed) Unwrap() error { return d.error }

// judge adds the detail to a refusal: one that no document can carry is a fault.
func (d Detail) judge(v Verdict, err error, source string) (Verdict, error) {
	switch {
	case d == "":
		return v, err
	case !utf8.ValidString(string(d)) || strings.ContainsFunc(string(d), unicode.IsControl):
		return VerdictFault, fmt.Errorf("guard.Detail from %s: %q is not UTF-8 without control characters", source, string(d))
	}
	return v, &detailed{err, d}
}
