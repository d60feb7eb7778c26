package client

import (
	"net/http"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/runtime/internal/grammar"
)

const (
	maxChallenges = 1024 // in all lines together; further ones are ignored
	maxParams     = 64   // of one challenge; Digest, which has the most, defines eight
)

// Challenge is one challenge of a WWW-Authenticate field (RFC 9110 section 11.3): a scheme, and either a token68 or
// parameters or neither.
type Challenge struct {
	Scheme  string
	Token68 string  `json:",omitempty"`
	Params  []Param `json:",omitempty"`
}

// Param is a parameter of a challenge, its value without quotes and escapes (RFC 9110 section 11.2).
type Param struct{ Name, Value string }

// Param is the value of a parameter. Names are compared without regard to the case of ASCII letters.
func (c Challenge) Param(name string) (value string, ok bool) {
	i := slices.IndexFunc(c.Params, func(p Param) bool { return grammar.EqualFold(p.Name, name) })
	if i < 0 {
		return "", false
	}
	return c.Params[i].Value, true
}

// Is reports whether the challenge is of the scheme. Schemes are compared without regard to the case of ASCII letters.
func (c Challenge) Is(scheme string) bool { return grammar.EqualFold(c.Scheme, scheme) }

// ParseChallenges reads the challenges of all WWW-Authenticate lines in their order. Every line is a list (RFC 9110 section
// 11.6.1): it can hold several challenges, and empty members. Of a parameter that is given twice the first counts. Of a
// line that breaks the grammar all that comes before the break counts, a scheme without its parameters included.
func ParseChallenges(header http.Header) []Challenge {
	var all []Challenge
	for _, line := range header.Values("WWW-Authenticate") {
		all = appendChallenges(all, line)
	}
	return all
}

// appendChallenges reads one line. A parameter belongs to the challenge before it, so the line is read member by member.
func appendChallenges(all []Challenge, line string) []Challenge {
	line = grammar.TrimSpace(line)
	for first, ok := len(all), true; ok && len(all) < maxChallenges; {
		token, rest := grammar.CutToken(skipCommas(line))
		if token == "" {
			break
		}
		if len(all) > first && isParam(rest) {
			line, ok = all[len(all)-1].takeParam(token, rest)
			continue
		}
		var challenge Challenge
		var counts bool
		challenge, line, counts, ok = cutChallenge(token, rest)
		if counts {
			all = append(all, challenge)
		}
	}
	return all
}

// takeParam reads a member that is a further parameter of the challenge.
func (c *Challenge) takeParam(name, rest string) (behind string, ok bool) {
	param, behind, ok := cutParam(name, rest)
	if !ok || c.Token68 != "" {
		return behind, false
	}
	c.add(param)
	return endOfMember(behind)
}

// cutChallenge reads what follows a scheme: a token68, or the first parameter, or nothing. A scheme counts as soon as it
// has ended; ok is false when the line breaks the grammar behind it.
func cutChallenge(scheme, rest string) (c Challenge, behind string, counts, ok bool) {
	c.Scheme = scheme
	if behind, ok = endOfMember(rest); ok {
		return c, behind, true, true
	}
	if rest[0] != ' ' {
		return c, rest, rest[0] == '\t', false
	}
	rest = strings.TrimLeft(rest, " ")
	if token, after := grammar.CutToken(rest); token != "" && isParam(after) {
		if param, end, isOne := cutParam(token, after); isOne {
			c.add(param)
			behind, ok = endOfMember(end)
			return c, behind, true, ok
		}
	}
	token68, after := grammar.CutToken68(rest)
	if behind, ok = endOfMember(after); ok {
		c.Token68 = token68
	}
	return c, behind, true, ok
}

// add adds a parameter, unless there is one of the name.
func (c *Challenge) add(p Param) {
	if _, twice := c.Param(p.Name); !twice && len(c.Params) < maxParams {
		c.Params = append(c.Params, p)
	}
}

// isParam reports whether a token that is followed by rest is the name of a parameter. No scheme is followed by "=".
func isParam(rest string) bool {
	rest = grammar.TrimSpace(rest)
	return rest != "" && rest[0] == '='
}

// cutParam reads the value of a parameter. A token that is not followed by white space, a comma or the end of the line is
// no value: nobody knows how much of it was meant.
func cutParam(name, rest string) (p Param, behind string, ok bool) {
	rest = grammar.TrimSpace(grammar.TrimSpace(rest)[1:])
	value, behind, ok := grammar.CutValue(rest)
	if ok && rest[0] != '"' && behind != "" && strings.IndexByte(" \t,", behind[0]) < 0 {
		ok = false
	}
	return Param{Name: name, Value: value}, behind, ok
}

// endOfMember takes the end of a list's member off: a comma, or the end of the line.
func endOfMember(s string) (rest string, ok bool) {
	s = grammar.TrimSpace(s)
	return s, s == "" || s[0] == ','
}

func skipCommas(s string) string { return strings.TrimLeft(s, " \t,") }
