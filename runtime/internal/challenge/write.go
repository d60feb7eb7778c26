package challenge

import (
	"errors"
	"fmt"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

// Param is a parameter of a challenge.
type Param struct{ Name, Value string }

// write writes a challenge, or says why the grammar cannot carry it (RFC 9110 section 11.3).
func (s *Scheme) write(token68 string, params []Param) (string, error) {
	if token68 != "" {
		if len(params) > 0 || !grammar.IsToken68(token68) {
			return "", errors.New("Token68 is not a token68, or stands beside Params")
		}
		return s.name + " " + token68, nil
	}
	separator := " "
	var b strings.Builder
	b.WriteString(s.name)
	for i, p := range params {
		value, err := s.value(p)
		if err != nil {
			return "", err
		}
		if hasParam(params[:i], p.Name) {
			return "", fmt.Errorf("the parameter %q is given twice", p.Name)
		}
		b.WriteString(separator + p.Name + "=" + value)
		separator = ", "
	}
	return b.String(), nil
}

// value is a parameter's value as it is written. Digest's stale and algorithm are tokens (RFC 7616 section 3.3).
func (s *Scheme) value(p Param) (string, error) {
	if !grammar.IsToken(p.Name) {
		return "", fmt.Errorf("the parameter name %q is not a token", p.Name)
	}
	if grammar.EqualFold(s.name, "Digest") && (grammar.EqualFold(p.Name, "stale") || grammar.EqualFold(p.Name, "algorithm")) {
		return p.Value, CheckToken("value of "+p.Name, p.Value)
	}
	if !grammar.IsPrintable(p.Value) {
		return "", fmt.Errorf("the value of the parameter %s is not printable ASCII", p.Name)
	}
	return grammar.Quote(p.Value), nil
}

func hasParam(params []Param, name string) bool {
	for _, p := range params {
		if grammar.EqualFold(p.Name, name) {
			return true
		}
	}
	return false
}

// CheckToken refuses a name that is not a token.
func CheckToken(what, name string) error {
	if !grammar.IsToken(name) {
		return fmt.Errorf("the %s %q is not a token (RFC 9110 section 5.6.2)", what, name)
	}
	return nil
}
