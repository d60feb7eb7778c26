package guard

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Challenge is what follows the scheme in the WWW-Authenticate field of an [HTTPScheme]: a token68, or
// parameters, or neither (RFC 9110 section 11.3).
type Challenge struct {
	Token68 string
	Params  []Param
}

// Param is a parameter of a challenge. Its value is written as a quoted-string, but for Digest's stale and
// algorithm, which RFC 7616 section 3.3 wants as tokens. Values are printable ASCII.
type Param struct{ Name, Value string }

// supplier is the application's function that makes a scheme's challenge for one response.
type supplier func(context.Context) Challenge

// supplied is the line with what the application supplies. An answer that the grammar cannot carry is a
// fault, and so is a panic.
func (c *challenger) supplied(ctx context.Context, t terms, v variant) (line string, verdict Verdict, reason error) {
	verdict, reason = VerdictFault, errPanickedNil
	where := "the challenge function of scheme " + c.scheme
	defer contain(&verdict, &reason, &where)
	challenge := c.supply(ctx)
	if c.dpop() && challenge.Token68 == "" {
		challenge.Params = tokenErrors[v].appendTo(challenge.Params, t)
	}
	line, err := c.write(challenge)
	if err != nil {
		return "", VerdictFault, fmt.Errorf("%s: %w", where, err)
	}
	return line, VerdictAllow, nil
}

func (c *challenger) write(challenge Challenge) (string, error) {
	if challenge.Token68 != "" {
		if len(challenge.Params) > 0 || !isToken68(challenge.Token68) {
			return "", errors.New("Token68 is not a token68, or stands next to Params")
		}
		return c.scheme + " " + challenge.Token68, nil
	}
	separator := " "
	var b strings.Builder
	b.WriteString(c.scheme)
	for i, p := range challenge.Params {
		value, err := c.value(p)
		if err != nil {
			return "", err
		}
		if hasParam(challenge.Params[:i], p.Name) {
			return "", fmt.Errorf("the parameter %q is given twice", p.Name)
		}
		b.WriteString(separator + p.Name + "=" + value)
		separator = ", "
	}
	return b.String(), nil
}

// value is a parameter's value as it is written.
func (c *challenger) value(p Param) (string, error) {
	if !all(p.Name, tokenOctet) {
		return "", fmt.Errorf("the parameter name %q is not a token", p.Name)
	}
	if equalFold(c.scheme, "Digest") && (equalFold(p.Name, "stale") || equalFold(p.Name, "algorithm")) {
		return p.Value, checkToken("value of "+p.Name, p.Value)
	}
	if !quotable(p.Value) {
		return "", fmt.Errorf("the value of the parameter %s is not printable ASCII", p.Name)
	}
	return quote(p.Value), nil
}

func hasParam(params []Param, name string) bool {
	for _, p := range params {
		if equalFold(p.Name, name) {
			return true
		}
	}
	return false
}
