package introspection

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// Claims are what the authorization server says about a token (RFC 7662 section 2.2). They can be a caller themselves:
// generated guards ask HasScope and HasRole. They are shared by requests and do not change.
type Claims struct {
	raw     []byte
	members map[string]any

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
	value, _ := find(c.members, claim)
	s, _ := value.(string)
	return s
}

// Decode decodes the answer with [json.Unmarshal], for everything that has no method.
func (c Claims) Decode(into any) error { return json.Unmarshal(c.raw, into) }

// read makes claims of an active answer.
func (c *Config) read(raw []byte, members map[string]any) (claims Claims, err error) {
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
	for _, path := range c.ScopeClaims {
		claims.scopes = append(claims.scopes, scopes(members, path)...)
	}
	for _, path := range c.RoleClaims {
		claims.roles = append(claims.roles, roles(members, path)...)
	}
	return claims, errors.Join(errs[:]...)
}

// scopes are those of a string with spaces (RFC 6749 section 3.3), or of a list. Another type gives none.
func scopes(members map[string]any, path string) []string {
	value, _ := find(members, path)
	if s, ok := value.(string); ok {
		return slices.DeleteFunc(strings.Split(s, " "), isEmpty)
	}
	all, _ := stringsOf(value)
	return slices.DeleteFunc(all, isEmpty)
}

// roles are those of a list, or one string. Another type gives none.
func roles(members map[string]any, path string) (roles []guard.Role) {
	value, _ := find(members, path)
	all, _ := stringsOf(value)
	for _, role := range slices.DeleteFunc(all, isEmpty) {
		roles = append(roles, guard.Role(role))
	}
	return roles
}

func isEmpty(s string) bool { return s == "" }

// find is the value of a claim: a member of that very name before a path.
func find(members map[string]any, path string) (any, bool) {
	if value, found := members[path]; found {
		return value, true
	}
	if pointer, ok := strings.CutPrefix(path, "/"); ok {
		return walk(members, strings.Split(pointer, "/"), unescape)
	}
	return walk(members, strings.Split(path, "."), nil)
}

// walk goes down step by step. Only the steps of a pointer, which are escaped, go into lists.
func walk(value any, steps []string, escape *strings.Replacer) (any, bool) {
	for _, step := range steps {
		found := false
		switch inner := value.(type) {
		case map[string]any:
			if escape != nil {
				step = escape.Replace(step)
			}
			value, found = inner[step]
		case []any:
			i, err := strconv.ParseUint(step, 10, 31)
			if found = escape != nil && err == nil && i < uint64(len(inner)) && strconv.FormatUint(i, 10) == step; found {
				value = inner[i]
			}
		}
		if !found {
			return nil, false
		}
	}
	return value, true
}

// unescape undoes the escapes of RFC 6901 section 4.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// isPointer reports whether all escapes of a JSON pointer are known.
func isPointer(path string) bool {
	return !strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(path), "~")
}
