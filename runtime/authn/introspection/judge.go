package introspection

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

var (
	errInactive = errors.New("introspection: the token is not active")
	errExpired  = errors.New("introspection: the token has expired")
)

// understand makes claims of an answer. The error is errInactive when the answer says no more than that.
func (s *settings) understand(raw []byte) (Claims, error) {
	members, err := claimset.Parse(string(raw))
	if err != nil {
		return Claims{}, err
	}
	active, ok := members["active"].(bool)
	switch {
	case !ok:
		return Claims{}, errors.New("active is not a boolean")
	case !active:
		return Claims{}, errInactive
	}
	return s.read(raw, members)
}

// judge decides whether an active token is for us, and still good. That it has expired is the last thing to say: it means
// that everything else is right.
func (s *settings) judge(claims Claims, request guard.Request, now time.Time) error {
	if wrong := s.wrong(claims, request, now); wrong != nil {
		return guard.Invalid(fmt.Errorf("introspection: %w", wrong))
	}
	if s.isExpired(claims, now) {
		return guard.Expired(errExpired)
	}
	return nil
}

func (s *settings) isExpired(claims Claims, now time.Time) bool {
	return !claims.expires.IsZero() && !now.Before(claims.expires.Add(s.Leeway))
}

func (s *settings) wrong(claims Claims, request guard.Request, now time.Time) error {
	switch {
	case !s.AnyAudience && !slices.ContainsFunc(claims.audience, func(aud string) bool { return slices.Contains(s.Audience, aud) }):
		return errors.New("the token is for another audience")
	case s.Issuer != "" && claims.issuer != s.Issuer:
		return errors.New("the token is from another issuer")
	case claims.tokenType != "" && !strings.EqualFold(claims.tokenType, "Bearer"):
		return errors.New("it is not a bearer token")
	case isOther(claims.members):
		return errors.New("it is not an access token")
	case now.Add(s.Leeway).Before(claims.notBefore):
		return errors.New("the token is not valid yet")
	}
	return claimset.Confirm(claims.members, "", request.TLS())
}

// isOther recognises refresh and ID tokens, which are active too (RFC 7662 section 2.1): by token_use, as Ory Hydra and Cognito
// say, and by typ, as Keycloak does.
func isOther(members claimset.Object) bool {
	for _, name := range []string{"token_use", "typ"} {
		switch kind, _ := members[name].(string); strings.ToLower(kind) {
		case "refresh_token", "refresh", "offline", "id_token", "id", "logout":
			return true
		}
	}
	return false
}
