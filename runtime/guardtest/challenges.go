package guardtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// challenge is one challenge of a WWW-Authenticate field (RFC 9110 section 11.6.1).
type challenge struct {
	scheme, token68 string
	params          []parameter
}

// parameter is one of its parameters, with the name in lower case and the value without quotes.
type parameter struct{ name, value string }

func (c challenge) param(name string) (string, bool) {
	for _, p := range c.params {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// parseChallenges reads field lines strictly: #challenge, where empty members are the only liberty (RFC 9110 section 5.6.1.2).
func parseChallenges(lines []string) ([]challenge, error) {
	var all []challenge
	for _, line := range lines {
		p := challengeParser{rest: line}
		list, err := p.list()
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of challenges (RFC 9110 section 11.6.1): %w", line, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// challengeParser reads one line.
type challengeParser struct{ rest string }

func (p *challengeParser) list() ([]challenge, error) {
	var all []challenge
	for {
		p.skip(", \t")
		if p.rest == "" {
			break
		}
		c, err := p.challenge()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, errors.New("it is empty")
	}
	return all, nil
}

// challenge is auth-scheme [ 1*SP ( token68 / #auth-param ) ]. It leaves the comma before the next one.
func (p *challengeParser) challenge() (challenge, error) {
	c := challenge{scheme: p.take(isTokenChar)}
	if c.scheme == "" {
		return c, fmt.Errorf("no scheme at %q", p.rest)
	}
	if p.end() == nil {
		return c, nil
	}
	if p.rest[0] != ' ' {
		return c, fmt.Errorf("no space after the scheme %s", c.scheme)
	}
	p.skip(" ")
	if p.atToken68() {
		c.token68 = p.take(isToken68Char) + p.take(func(b byte) bool { return b == '=' })
		return c, p.end()
	}
	return c, p.params(&c)
}

// atToken68 looks ahead: a token68 ends at the end of the line or at a comma.
func (p *challengeParser) atToken68() bool {
	ahead := *p
	if ahead.take(isToken68Char) == "" {
		return false
	}
	ahead.take(func(b byte) bool { return b == '=' })
	return ahead.end() == nil
}

// end is nil where a challenge may end.
func (p *challengeParser) end() error {
	ahead := strings.TrimLeft(p.rest, " \t")
	if ahead != "" && ahead[0] != ',' {
		return fmt.Errorf("%q follows a member of the list", ahead)
	}
	return nil
}

func (p *challengeParser) params(c *challenge) error {
	for {
		one, err := p.param()
		if err != nil {
			return err
		}
		if _, twice := c.param(one.name); twice {
			return fmt.Errorf("the parameter %s of %s is given twice", one.name, c.scheme)
		}
		c.params = append(c.params, one)
		if err := p.end(); err != nil {
			return err
		}
		ahead := *p
		ahead.skip(", \t")
		if ahead.rest == "" || !ahead.atParam() {
			return nil
		}
		*p = ahead
	}
}

// atParam tells a parameter from the next challenge.
func (p challengeParser) atParam() bool {
	name := p.take(isTokenChar)
	p.skip(" \t")
	return name != "" && strings.HasPrefix(p.rest, "=")
}

func (p *challengeParser) param() (parameter, error) {
	name := p.take(isTokenChar)
	p.skip(" \t")
	if name == "" || !strings.HasPrefix(p.rest, "=") {
		return parameter{}, fmt.Errorf("no parameter at %q", p.rest)
	}
	p.rest = p.rest[1:]
	p.skip(" \t")
	value, err := p.value()
	return parameter{strings.ToLower(name), value}, err
}

// value is a token or a quoted-string (RFC 9110 sections 5.6.2 and 5.6.4).
func (p *challengeParser) value() (string, error) {
	if !strings.HasPrefix(p.rest, `"`) {
		if value := p.take(isTokenChar); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("no value at %q", p.rest)
	}
	var value strings.Builder
	for i := 1; i < len(p.rest); i++ {
		b := p.rest[i]
		switch {
		case b == '"':
			p.rest = p.rest[i+1:]
			return value.String(), nil
		case b == '\\' && i+1 < len(p.rest):
			i++
			b = p.rest[i]
		}
		if b < ' ' && b != '\t' || b == 0x7f {
			return "", errors.New("a control character in a quoted-string")
		}
		value.WriteByte(b)
	}
	return "", errors.New("a quoted-string without an end")
}

func (p *challengeParser) take(is func(byte) bool) string {
	n := 0
	for n < len(p.rest) && is(p.rest[n]) {
		n++
	}
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

func (p *challengeParser) skip(chars string) { p.rest = strings.TrimLeft(p.rest, chars) }

func isAlphanumeric(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

func isTokenChar(b byte) bool {
	return isAlphanumeric(b) || slices.Contains([]byte("!#$%&'*+-.^_`|~"), b)
}
func isToken68Char(b byte) bool { return isAlphanumeric(b) || slices.Contains([]byte("-._~+/"), b) }

// check checks what the schemes' own documents ask of a challenge.
func (c challenge) check() error {
	_, realm := c.param("realm")
	switch {
	case strings.EqualFold(c.scheme, "Basic") && !realm:
		return errors.New("the Basic challenge has no realm (RFC 7617 section 2)")
	case strings.EqualFold(c.scheme, "Bearer") && len(c.params) == 0:
		return errors.New("the Bearer challenge is bare (RFC 6750 section 3)")
	}
	return nil
}
