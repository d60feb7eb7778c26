package guard

import "slices"

// WithChallenge returns the scheme with another challenge, x-challenge: the authentication scheme, the realm and
// the parameters, always the same. The realm is the one of the options, and first, unless params has one;
// Param{"realm", ""} leaves it out. A challenge of scheme Bearer or DPoP goes on to say what was wrong. For an
// [HTTPScheme] or a [DPoPScheme] the challenge stands in for their challenge function, which can then be nil.
func (s Scheme[P]) WithChallenge(scheme string, params ...Param) Scheme[P] {
	s.challenger = challenger{kind: fixedChallenge, scheme: scheme, params: slices.Clone(params)}
	return s
}

// fixed writes the challenge of scheme Bearer, or one that the application fixed. What is wrong with the latter
// the linker has said.
func (c *challenger) fixed(t terms, p bearerParams) string {
	line, _ := c.write(Challenge{Params: c.fixedParams(t, p)})
	return line
}

// fixedParams are the parameters of such a challenge. The application's own win.
func (c *challenger) fixedParams(t terms, p bearerParams) []Param {
	var params []Param
	if !hasParam(c.params, "realm") {
		params = append(params, Param{"realm", t.realm})
	}
	for _, own := range c.params {
		if own.Value != "" || !equalFold(own.Name, "realm") {
			params = append(params, own)
		}
	}
	if c.bearer() || c.dpop() {
		params = p.appendTo(params, t)
	}
	return params
}

// checkFixed says what is wrong with a challenge that the application fixed.
func (c *challenger) checkFixed() error {
	if err := checkToken("challenge's scheme", c.scheme); err != nil {
		return err
	}
	_, err := c.write(Challenge{Params: c.params})
	return err
}
