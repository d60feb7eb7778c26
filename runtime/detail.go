package guard

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Detail is an error whose text is for the client: Forbidden(Detail("The account is suspended.")) makes it the
// detail of the 403's problem document (RFC 9457 section 3.1.4). No other part of an error is ever shown. It counts
// in the 403 of a refused account, and in that of a resource check when the operation conceals nothing; anywhere
// else it is an ordinary error. It is UTF-8 without control characters; an empty one does not count.
type Detail string

// Error is the text.
func (d Detail) Error() string { return string(d) }

// WithCode adds a word for programs, which becomes the member "code" of the problem document (RFC 9457 section 3.2):
// Forbidden(Detail("The account is suspended.").WithCode("account_suspended")). It is printable ASCII without spaces,
// quotes and backslashes. With an empty Detail the document keeps the guard's own text.
func (d Detail) WithCode(code string) error { return detail{string(d), code} }

// detail is a Detail with its code.
type detail struct{ text, code string }

func (d detail) Error() string {
	if d.text == "" {
		return d.code
	}
	return d.text
}

// As finds the Detail, for those who look for it in events.
func (d detail) As(target any) bool {
	text, ok := target.(*Detail)
	if ok {
		*text = Detail(d.text)
	}
	return ok
}

// detailed is the error of a refusal with its public part.
type detailed struct {
	error
	detail detail
}

func (d *detailed) Unwrap() error { return d.error }

// judge adds the detail to a refusal. A detail that no document can carry is a fault.
func (d detail) judge(v verdict.Verdict, err error, source string) (verdict.Verdict, error) {
	switch {
	case d == detail{}:
		return v, err
	case !utf8.ValidString(d.text) || strings.ContainsFunc(d.text, unicode.IsControl):
		return verdict.Fault, fmt.Errorf("guard.Detail from %s: %q is not UTF-8 without control characters", source, d.text)
	case d.code != "" && !grammar.IsScope(d.code):
		return verdict.Fault, fmt.Errorf("the code of guard.Detail from %s: %q is not printable ASCII without spaces, quotes and backslashes", source, d.code)
	}
	return v, &detailed{err, d}
}
