package probe

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// registered are IANA's HTTP Authentication Schemes, in lower case.
var registered = [...]string{
	"basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth", "privatetoken", "scram-sha-1", "scram-sha-256", "vapid",
}

// checkChallenges says what is wrong with the challenges of a 401.
func (t *target) checkChallenges(header http.Header) error {
	lines := header.Values("WWW-Authenticate")
	if len(lines) == 0 {
		return errors.New("the 401 has no WWW-Authenticate (RFC 9110 section 15.5.2)")
	}
	applies := t.Public()
	for _, line := range lines {
		challenges, err := parseChallenges(line)
		if err != nil {
			return err
		}
		for _, c := range challenges {
			if err := c.complete(); err != nil {
				return err
			}
			applies = applies || slices.ContainsFunc(t.Schemes(), c.isOf)
		}
	}
	if !applies {
		return fmt.Errorf("no challenge is one of %s", strings.Join(t.challengeNames(), ", "))
	}
	return nil
}

// complete says what the definition of a scheme demands in addition to the grammar.
func (c challenge) complete() error {
	switch strings.ToLower(c.scheme) {
	case "basic":
		if _, ok := c.params["realm"]; !ok {
			return errors.New("the challenge of Basic lacks its realm (RFC 7617 section 2)")
		}
	case "bearer":
		if len(c.params) == 0 {
			return errors.New("the challenge of Bearer lacks parameters (RFC 6750 section 3)")
		}
	}
	return nil
}

// isOf reports whether a client that has credentials of the scheme can act on the challenge. Nobody has registered a name
// for API keys and client certificates.
func (c challenge) isOf(s *policy.Scheme) bool {
	if s.Challenge != nil && strings.EqualFold(s.Challenge.Scheme, c.scheme) {
		return true
	}
	if s.Type == policy.APIKey || s.Type == policy.MutualTLS {
		return inAuthorization(s) || !slices.Contains(registered[:], strings.ToLower(c.scheme))
	}
	tokens := s.Type == policy.OAuth2 || s.Type == policy.OpenIDConnect
	return strings.EqualFold(authScheme(s), c.scheme) || tokens && strings.EqualFold(c.scheme, "DPoP") // RFC 9449 section 7.1
}

// challengeNames are the schemes of challenges that apply.
func (t *target) challengeNames() []string {
	var all []string
	for _, s := range t.Schemes() {
		name := ""
		switch {
		case s.Challenge != nil:
			name = s.Challenge.Scheme
		case s.Type == policy.APIKey || s.Type == policy.MutualTLS:
			name = "any unregistered scheme"
		default:
			name = authScheme(s)
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}
