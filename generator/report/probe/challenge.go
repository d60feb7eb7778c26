package probe

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// challenge is one of a WWW-Authenticate field (RFC 9110 section 11.6.1).
type challenge struct {
	scheme string
	// token68 is the text after the scheme that is not a list of parameters.
	token68 string
	// params are the parameters by their names in lower case.
	params map[string]string
}

// parseChallenges reads one line of WWW-Authenticate, strictly: #challenge of RFC 9110 sections 5.6.1 and 11.3, where
// challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ].
func parseChallenges(line string) ([]challenge, error) {
	s := &scanner{rest: line}
	var all []challenge
	for {
		s.separators()
		if s.rest == "" {
			break
		}
		c, err := s.challenge()
		if err != nil {
			return nil, err
		}
		all = append(all, c)
		if s.space(); s.rest != "" && s.rest[0] != ',' {
			return nil, errors.New("something stands between two challenges")
		}
	}
	if len(all) == 0 {
		return nil, errors.New("the field is empty")
	}
	return all, nil
}

// scanner reads a field from its start.
type scanner struct{ rest string }

// space skips OWS (RFC 9110 section 5.6.3).
func (s *scanner) space() { s.rest = strings.TrimLeft(s.rest, " \t") }

// separators skips commas and empty members of a list.
func (s *scanner) separators() { s.rest = strings.TrimLeft(s.rest, " \t,") }

// token reads the longest token, which may be empty (RFC 9110 section 5.6.2).
func (s *scanner) token() string {
	n := 0
	for n < len(s.rest) && isTokenByte(s.rest[n]) {
		n++
	}
	token := s.rest[:n]
	s.rest = s.rest[n:]
	return token
}

func isTokenByte(c byte) bool {
	return isAlphanumeric(rune(c)) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

func (s *scanner) challenge() (challenge, error) {
	c := challenge{scheme: s.token(), params: map[string]string{}}
	if c.scheme == "" {
		return c, errors.New("a challenge begins with something else than a scheme")
	}
	spaces := len(s.rest) - len(strings.TrimLeft(s.rest, " "))
	switch after := s.rest[spaces:]; {
	case after == "" || after[0] == ',' && !(&scanner{after}).paramFollows():
		return c, nil // the scheme stands alone
	case spaces == 0:
		return c, fmt.Errorf("%s has no space after it", c.title())
	case after[0] == '\t':
		return c, fmt.Errorf("a tab stands after %s", c.title())
	}
	s.rest = s.rest[spaces:]
	if s.token68(&c) {
		return c, nil
	}
	return c, s.parameters(&c)
}

// token68 reads one, where all up to the next comma is one.
func (s *scanner) token68(c *challenge) bool {
	text, _, _ := strings.Cut(s.rest, ",")
	text = strings.TrimRight(text, " \t")
	body := strings.TrimRight(text, "=")
	if body == "" {
		return false
	}
	for i := range len(body) {
		if b := body[i]; !isAlphanumeric(rune(b)) && strings.IndexByte("-._~+/", b) < 0 {
			return false
		}
	}
	c.token68 = text
	s.rest = s.rest[len(text):]
	return true
}

// parameters reads #auth-param. A member of the list that is not a parameter begins the next challenge.
func (s *scanner) parameters(c *challenge) error {
	for first := true; ; first = false {
		before := *s
		s.separators()
		if !s.paramFollows() {
			if *s = before; first {
				return fmt.Errorf("neither parameters nor a token68 follow %s", c.title())
			}
			return nil
		}
		if err := s.parameter(c); err != nil {
			return err
		}
		if s.space(); s.rest == "" {
			return nil
		}
		if s.rest[0] != ',' {
			return fmt.Errorf("a comma is missing between parameters of %s", c.title())
		}
	}
}

// paramFollows reports whether token BWS "=" comes next.
func (s *scanner) paramFollows() bool {
	ahead := *s
	ahead.separators()
	if ahead.token() == "" {
		return false
	}
	ahead.space()
	return strings.HasPrefix(ahead.rest, "=")
}

func (s *scanner) parameter(c *challenge) error {
	name := strings.ToLower(s.token())
	if _, twice := c.params[name]; twice {
		return fmt.Errorf("%s has %s twice", c.title(), parameterTitle(name))
	}
	s.space()
	s.rest = s.rest[1:] // the "=" of paramFollows
	s.space()
	value, err := s.parameterValue()
	if err != nil {
		return fmt.Errorf("%s of %s %w", parameterTitle(name), c.title(), err)
	}
	c.params[name] = value
	return nil
}

func (s *scanner) parameterValue() (string, error) {
	if !strings.HasPrefix(s.rest, `"`) {
		if value := s.token(); value != "" {
			return value, nil
		}
		return "", errors.New("has no value")
	}
	return s.quoted()
}

// quoted reads a quoted-string (RFC 9110 section 5.6.4).
func (s *scanner) quoted() (string, error) {
	var value strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch b := s.rest[i]; {
		case b == '"':
			s.rest = s.rest[i+1:]
			return value.String(), nil
		case b == '\\' && i+1 < len(s.rest) && isText(s.rest[i+1]):
			i++
			value.WriteByte(s.rest[i])
		case b == '\\' || !isText(b):
			return "", errors.New("holds a character that a quoted-string cannot have")
		default:
			value.WriteByte(b)
		}
	}
	return "", errors.New("lacks its closing quote")
}

// isText reports whether a byte is HTAB, SP, VCHAR or obs-text.
func isText(b byte) bool { return b == '\t' || b >= ' ' && b != 0x7f }

// title is the scheme for a message. Only known names are repeated: a server may write into its challenges what it was sent.
func (c challenge) title() string {
	if slices.Contains(registered[:], strings.ToLower(c.scheme)) {
		return c.scheme
	}
	return "a scheme that nobody registered"
}

// parameterTitle is the same for the name of a parameter.
func parameterTitle(name string) string {
	if slices.Contains([]string{"realm", "scope", "error", "error_description", "error_uri", "charset", "algs", "nonce"}, name) {
		return "the parameter " + name
	}
	return "a parameter"
}
