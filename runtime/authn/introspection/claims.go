package introspection

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// Claims are what the authorization server says about a token (RFC 7662 section 2.2). They can be a caller themselves:
// generated guards ask HasScope and HasRole. They are shared by requests and do not change.
type Claims struct {
	raw     []byte
	members claimset.Object

	subject, username, clientID, issuer, tokenType string

	audience           []string
	expires, notBefore time.Time

	scopes []string
	roles  []guard.Role
}

// Subject is sub: who the token speaks for, the client itself when there is no user.
func (c Claims) Subject() string { return c.subject }

// Username is a name of the user for people.
func (c Claims) Username() string { return c.username }

// ClientID is the client that the token was issued to.
func (c Claims) ClientID() string { return c.clientID }

// Issuer is iss.
func (c Claims) Issuer() string { return c.issuer }

// Audience is aud.
func (c Claims) Audience() []string { return slices.Clone(c.audience) }

// Expires is exp, the zero time when there is none.
func (c Claims) Expires() time.Time { return c.expires }

// Scopes are the scopes of all Config.ScopeClaims.
func (c Claims) Scopes() []string { return slices.Clone(c.scopes) }

// Roles are the roles of all Config.RoleClaims.
func (c Claims) Roles() []guard.Role { return slices.Clone(c.roles) }

// HasScope reports whether the token has exactly this scope.
func (c Claims) HasScope(scope string) bool { return slices.Contains(c.scopes, scope) }

// HasRole reports whether the token has exactly this role.
func (c Claims) HasRole(role guard.Role) bool { return slices.Contains(c.roles, role) }

// Text is the string at a claim: a name, a path with dots, or a JSON pointer, as in Config.RoleClaims. It is empty when
// there is no string.
func (c Claims) Text(claim string) string {
	path, _ := claimset.ParsePath(claim)
	s, _ := path.Find(c.members).(string)
	return s
}

// Decode decodes the answer with [json.Unmarshal], for everything that has no method.
func (c Claims) Decode(into any) error { return json.Unmarshal(c.raw, into) }

// read makes claims of an active answer.
func (s *settings) read(raw []byte, members claimset.Object) (claims Claims, err error) {
	claims.raw, claims.members = raw, members
	var errs [8]error
	claims.subject, errs[0] = text(members, "sub")
	claims.username, errs[1] = text(members, "username")
	claims.clientID, errs[2] = text(members, "client_id")
	claims.issuer, errs[3] = text(members, "iss")
	claims.tokenType, errs[4] = text(members, "token_type")
	claims.audience, errs[5] = audience(members)
	claims.expires, errs[6] = numericDate(members, "exp")
	claims.notBefore, errs[7] = numericDate(members, "nbf")
	claims.scopes = claimset.Scopes(members, s.scopes)
	for _, role := range claimset.Roles(members, s.roles) {
		claims.roles = append(claims.roles, guard.Role(role))
	}
	return claims, errors.Join(errs[:]...)
}
