package jwt

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/claimset"
)

// Caller is the caller whom a verified access token speaks for. It fits every generated Principal. It is immutable, and
// prints as [redacted]: claims are personal data.
type Caller struct {
	claims  claimset.Object
	payload string
	expires time.Time
	roles   []string
	scopes  []string
}

// HasRole reports whether a claim of Config.RoleClaims has exactly this role.
func (c *Caller) HasRole(role guard.Role) bool { return slices.Contains(c.roles, string(role)) }

// HasScope reports whether a claim of Config.ScopeClaims has exactly this scope.
func (c *Caller) HasScope(scope string) bool { return slices.Contains(c.scopes, scope) }

// Subject is sub (RFC 7519 section 4.1.2). It is empty only in tokens of a configured type other than at+jwt.
func (c *Caller) Subject() string { return c.text("sub") }

// ClientID is client_id (RFC 9068 section 2.2), empty when the token has none.
func (c *Caller) ClientID() string { return c.text("client_id") }

// Expires is exp (RFC 7519 section 4.1.4).
func (c *Caller) Expires() time.Time { return c.expires }

// Decode decodes the claims into a value of the application, as [json.Unmarshal] does. That matches names of members
// without regard to case.
func (c *Caller) Decode(into any) error {
	if err := json.Unmarshal([]byte(c.payload), into); err != nil {
		return fmt.Errorf("jwt: claims: %w", err)
	}
	return nil
}

// Format prints [redacted] under every verb.
func (*Caller) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue is [redacted] (log/slog).
func (*Caller) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func (c *Caller) text(claim string) string {
	text, _ := c.claims[claim].(string)
	return text
}
