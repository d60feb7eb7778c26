package golden

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// caller is who calls in these tests.
type caller struct {
	name   string
	roles  []guard.Role
	scopes []string
}

func (c *caller) HasRole(role guard.Role) bool { return slices.Contains(c.roles, role) }
func (c *caller) HasScope(scope string) bool   { return slices.Contains(c.scopes, scope) }

// callers are found by their bearer token; those of petOauth start with "oauth-".
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
}

// authenticator is what all the generated Authenticator interfaces ask for.
type authenticator interface {
	BearerAuth(context.Context, guard.BearerToken) (*caller, error)
	PetOauth(context.Context, guard.BearerToken) (*caller, error)
	BasicAuth(context.Context, guard.BasicCredentials) (*caller, error)
	WarehouseKey(context.Context, guard.APIKey) (*caller, error)
	CombineBasicAuthAndWarehouseKey(ctx context.Context, basicAuthCaller, warehouseKeyCaller *caller) (*caller, error)
}

// auth accepts the callers above, the supporters "user-…", and every password and key that is "secret".
type auth struct{}

func (*auth) BearerAuth(_ context.Context, token guard.BearerToken) (*caller, error) {
	name := token.Secret()
	if strings.HasPrefix(name, "user-") {
		return &caller{name: name, roles: []guard.Role{"support"}}, nil
	}
	return known(callers[name], !strings.HasPrefix(name, "oauth-"))
}

func (*auth) PetOauth(_ context.Context, token guard.BearerToken) (*caller, error) {
	return known(callers[token.Secret()], strings.HasPrefix(token.Secret(), "oauth-"))
}

func (*auth) BasicAuth(_ context.Context, c guard.BasicCredentials) (*caller, error) {
	return known(&caller{name: c.Username()}, c.Password() == "secret")
}

func (*auth) WarehouseKey(_ context.Context, key guard.APIKey) (*caller, error) {
	return known(&caller{name: "warehouse"}, key.Secret() == "secret")
}

func (*auth) CombineBasicAuthAndWarehouseKey(_ context.Context, user, warehouse *caller) (*caller, error) {
	return &caller{name: user.name + "@" + warehouse.name}, nil
}

func known(c *caller, ok bool) (*caller, error) {
	if c == nil || !ok {
		return nil, guard.Invalid(nil)
	}
	return c, nil
}

// probe is what the servers under test have in common: it counts the handlers that run, and who called last.
type probe struct {
	runs atomic.Int64
	last atomic.Value // string
}

// run is the whole of every handler: it returns the name of the caller.
func (p *probe) run(operation string, name string) string {
	p.runs.Add(1)
	p.last.Store(operation + " for " + name)
	return name
}

// reply is run for the plain servers.
func (p *probe) reply(w http.ResponseWriter, operation, name string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"id": p.run(operation, name)})
}

// replyToBody is reply after decoding the body, as a handler of a plain server does itself.
func (p *probe) replyToBody(w http.ResponseWriter, r *http.Request, operation, name string) {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.reply(w, operation, name)
}

func optionalName(c guard.Optional[*caller]) string {
	if known, ok := c.Get(); ok {
		return known.name
	}
	return "nobody"
}

func nameFrom(ctx context.Context) string {
	if c, ok := guard.CallerFrom[*caller](ctx); ok {
		return c.name
	}
	return "nobody"
}

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
