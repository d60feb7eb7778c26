package introspection

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

var (
	errInactive = errors.New("introspection: the token is not active")
	errExpired  = errors.New("introspection: the token has expired")
)

// understand makes claims of an answer. The error is errInactive when the answer says no more than that.
func (c *Config) understand(raw []byte) (Claims, error) {
	members, err := parse(raw)
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
	return c.read(raw, members)
}

// judge decides whether an active token is for us, and still good. That it has expired is the last thing to say: it means
// that everything else is right.
func (c *Config) judge(claims Claims, request guard.Request, now time.Time) error {
	if wrong := c.wrong(claims, request, now); wrong != nil {
		return guard.Invalid(fmt.Errorf("introspection: %w", wrong))
	}
	if c.isExpired(claims, now) {
		return guard.Expired(errExpired)
	}
	return nil
}

func (c *Config) isExpired(claims Claims, now time.Time) bool {
	return !claims.expires.IsZero() && !now.Before(claims.expires.Add(c.Leeway))
}

func (c *Config) wrong(claims Claims, request guard.Request, now time.Time) error {
	switch {
	case !c.AnyAudience && !slices.ContainsFunc(claims.audience, func(aud string) bool { return slices.Contains(c.Audience, aud) }):
		return errors.New("the token is for another audience")
	case c.Issuer != "" && claims.issuer != c.Issuer:
		return errors.New("the token is from another issuer")
	case claims.tokenType != "" && !strings.EqualFold(claims.tokenType, "Bearer"):
		return errors.New("it is not a bearer token")
	case isOther(claims.members):
		return errors.New("it is not an access token")
	case now.Add(c.Leeway).Before(claims.notBefore):
		return errors.New("the token is not valid yet")
	}
	return confirm(claims.members, request)
}

// isOther recognises refresh and ID tokens, which are active too (RFC 7662 section 2.1): by token_use, as Ory Hydra and Cognito
// say, and by typ, as Keycloak does.
func isOther(members map[string]any) bool {
	for _, name := range []string{"token_use", "typ"} {
		switch kind, _ := members[name].(string); strings.ToLower(kind) {
		case "refresh_token", "refresh", "offline", "id_token", "id", "logout":
			return true
		}
	}
	return false
}

// confirm checks the possession that cnf asks for: that of the client certificate of the connection (RFC 8705 section 3.2), and
// nothing else.
func confirm(members map[string]any, request guard.Request) error {
	value, found := members["cnf"]
	if !found {
		return nil
	}
	cnf, _ := value.(map[string]any)
	want, ok := cnf["x5t#S256"].(string)
	if !ok || len(cnf) != 1 {
		return errors.New("the token is bound in a way that is not verified here")
	}
	state := request.TLS()
	if state == nil || len(state.PeerCertificates) == 0 {
		return errors.New("the token is bound to a client certificate, and there is none")
	}
	sum := sha256.Sum256(state.PeerCertificates[0].Raw)
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(want)) != 1 {
		return errors.New("the token is bound to another client certificate")
	}
	return nil
}
