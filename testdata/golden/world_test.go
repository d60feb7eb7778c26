package golden

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
)

// caller is who calls in these tests.
type caller struct {
	name   string
	roles  []guard.Role
	scopes []string
}

func (c *caller) HasRole(role guard.Role) bool { return slices.Contains(c.roles, role) }
func (c *caller) HasScope(scope string) bool   { return slices.Contains(c.scopes, scope) }

// callers are found by their bearer token; the tokens of petOauth start with "oauth-", those of oidc with "oidc-".
var callers = map[string]*caller{
	"customer":         {name: "customer"},
	"support":          {name: "support", roles: []guard.Role{"support"}},
	"auditor":          {name: "auditor", roles: []guard.Role{"auditor"}},
	"auditor-support":  {name: "auditor-support", roles: []guard.Role{"auditor", "support"}},
	"admin":            {name: "admin", roles: []guard.Role{"admin"}},
	"oauth-none":       {name: "oauth-none", roles: []guard.Role{"support"}},
	"oauth-write":      {name: "oauth-write", roles: []guard.Role{"support"}, scopes: []string{"orders:write"}},
	"oauth-write-only": {name: "oauth-write-only", scopes: []string{"orders:write"}},
	"oauth-half-stock": {name: "oauth-half-stock", scopes: []string{"stock:write"}},
	"oauth-stock":      {name: "oauth-stock", scopes: []string{"stock:write", "stock:read"}},
	"oidc-none":        {name: "oidc-none"},
	"oidc-openid":      {name: "oidc-openid", scopes: []string{"openid"}},
	"oidc-full":        {name: "oidc-full", scopes: []string{"openid", "profile"}},
}

// authenticator is what all the generated Authenticator interfaces ask for.
type authenticator interface {
	BearerAuth(context.Context, guard.BearerToken) (*caller, error)
	PetOauth(context.Context, guard.BearerToken) (*caller, error)
	Oidc(context.Context, guard.BearerToken) (*caller, error)
	BasicAuth(context.Context, guard.BasicCredentials) (*caller, error)
	Digest(context.Context, guard.HTTPCredentials) (*caller, error)
	DigestChallenge(context.Context) guard.Challenge
	Dpop(context.Context, dpopToken) (*caller, error)
	DpopChallenge(context.Context) guard.Challenge
	WarehouseKey(context.Context, guard.APIKey) (*caller, error)
	ApiKey(context.Context, guard.APIKey) (*caller, error)
	Session(context.Context, guard.APIKey) (*caller, error)
	Mtls(context.Context, guard.ClientCertificate) (*caller, error)
	CombineBasicAuthAndWarehouseKey(ctx context.Context, basicAuthCaller, warehouseKeyCaller *caller) (*caller, error)
	CombineBearerAuthAndSession(ctx context.Context, bearerAuthCaller, sessionCaller *caller) (*caller, error)
	CombineApiKeyAndSession(ctx context.Context, apiKeyCaller, sessionCaller *caller) (*caller, error)
	Hook(context.Context, guard.APIKey) (*caller, error)
	Aws(context.Context, guard.HTTPCredentials) (*caller, error)
	Permanent(context.Context, guard.BearerToken) (*caller, error)
	Visit(context.Context, guard.APIKey) (*caller, error)
	Tabs(context.Context, guard.APIKey) (*caller, error)
	CombineHookAndWarehouseKey(ctx context.Context, hookCaller, warehouseKeyCaller *caller) (*caller, error)
}

// dpopToken is the credential of a DPoP scheme.
type dpopToken = guard.DPoPToken

// failures are the words that make an authenticator fail, as a token, a password or a key.
var failures = map[string]func() error{
	"expired":   func() error { return guard.Expired(nil) },
	"suspended": func() error { return guard.Forbidden(errors.New("suspended")) },
	"step-up":   func() error { return guard.StepUp{ACRValues: []string{"mfa"}, MaxAge: time.Minute} },
	"throttled": func() error { return guard.TooManyRequests(1500*time.Millisecond, nil) },
	"down":      func() error { return fmt.Errorf("wrapped: %w", guard.Unavailable(nil)) },
	"timeout":   func() error { return context.DeadlineExceeded },
	"broken":    func() error { return errors.New("unclassified") },
	"panics":    func() error { panic("the authenticator panics") },
}

// auth accepts the callers above, the supporters "user-…", and every password and key that is "secret".
type auth struct{}

func (*auth) BearerAuth(_ context.Context, token guard.BearerToken) (*caller, error) {
	name := token.Secret()
	if strings.HasPrefix(name, "user-") {
		return &caller{name: name, roles: []guard.Role{"support"}}, nil
	}
	return known(name, callers[name], !strings.HasPrefix(name, "oauth-") && !strings.HasPrefix(name, "oidc-"))
}

func (*auth) PetOauth(_ context.Context, token guard.BearerToken) (*caller, error) {
	name := token.Secret()
	return known(name, callers[name], strings.HasPrefix(name, "oauth-"))
}

func (*auth) Oidc(_ context.Context, token guard.BearerToken) (*caller, error) {
	name := token.Secret()
	return known(name, callers[name], strings.HasPrefix(name, "oidc-"))
}

func (*auth) BasicAuth(_ context.Context, c guard.BasicCredentials) (*caller, error) {
	return known(c.Password(), &caller{name: c.Username()}, c.Password() == "secret")
}

func (*auth) Digest(_ context.Context, c guard.HTTPCredentials) (*caller, error) {
	name, _ := c.Param("username")
	response, _ := c.Param("response")
	return known(response, &caller{name: name}, name != "" && response == "secret")
}

func (*auth) DigestChallenge(context.Context) guard.Challenge {
	return guard.Challenge{Params: []guard.Param{
		{Name: "realm", Value: "golden"}, {Name: "nonce", Value: `n"1\`}, {Name: "algorithm", Value: "SHA-256"},
	}}
}

func (*auth) Dpop(_ context.Context, token dpopToken) (*caller, error) {
	return keyHolder("dpop", guardtest.APIKey(token.Secret()))
}

func (*auth) DpopChallenge(context.Context) guard.Challenge {
	return guard.Challenge{Params: []guard.Param{{Name: "algs", Value: "ES256"}}}
}

func (*auth) WarehouseKey(_ context.Context, key guard.APIKey) (*caller, error) {
	return keyHolder("warehouse", key)
}

func (*auth) ApiKey(_ context.Context, key guard.APIKey) (*caller, error) {
	return keyHolder("key", key)
}

func (*auth) Session(_ context.Context, key guard.APIKey) (*caller, error) {
	return keyHolder("session", key)
}

func (*auth) Mtls(context.Context, guard.ClientCertificate) (*caller, error) {
	return nil, errors.New("there is no TLS in these tests")
}

func (*auth) CombineBasicAuthAndWarehouseKey(_ context.Context, user, warehouse *caller) (*caller, error) {
	return pair(user, warehouse)
}

func (*auth) CombineBearerAuthAndSession(_ context.Context, user, session *caller) (*caller, error) {
	return pair(user, session)
}

func (*auth) CombineApiKeyAndSession(_ context.Context, key, session *caller) (*caller, error) {
	return pair(key, session)
}

// pair refuses the user who never comes in company.
func pair(first, second *caller) (*caller, error) {
	if first.name == "loner" {
		return nil, guard.Forbidden(nil)
	}
	return &caller{name: first.name + "@" + second.name}, nil
}

// keyHolder is a user who is named by the key, or everybody who knows the secret.
func keyHolder(name string, key guard.APIKey) (*caller, error) {
	if strings.HasPrefix(key.Secret(), "user-") {
		return &caller{name: key.Secret()}, nil
	}
	return known(key.Secret(), &caller{name: name}, key.Secret() == "secret")
}

func known(word string, c *caller, ok bool) (*caller, error) {
	if fail := failures[word]; fail != nil {
		return nil, fail()
	}
	if c == nil || !ok {
		return nil, guard.Invalid(nil)
	}
	return c, nil
}

func optionalName(c guard.Optional[*caller]) string {
	if known, ok := c.Get(); ok {
		return known.name
	}
	return "nobody"
}

func nameFrom(ctx context.Context) string { return optionalName(optionalFrom(ctx)) }

// authorization is a header with this value.
func authorization(value string) http.Header { return http.Header{"Authorization": {value}} }

func bearer(name string) http.Header { return authorization("Bearer " + name) }

// both is a user's password together with a warehouse's key.
func both(password, key string) http.Header {
	r, _ := http.NewRequest(http.MethodGet, "/", nil)
	r.SetBasicAuth("user", password)
	r.Header.Set("X-Warehouse-Key", key)
	return r.Header
}

func userName(i int) string { return fmt.Sprintf("user-%d", i) }
