package jwt

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/gen"
	"github.com/oapi-guard/oapi-guard/runtime/guardtest"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

func TestMap(t *testing.T) {
	calls := 0
	names := Map(dpopVerifier(t), func(_ context.Context, c *Caller) (string, error) {
		calls++
		if c.Subject() == "suspended" {
			return "", guard.Forbidden(errors.New("suspended"))
		}
		return c.Subject(), nil
	})
	for _, c := range []struct {
		token string
		want  verdict.Verdict
		calls int
	}{
		{good(), ok, 1},
		{good(claim("sub", `"suspended"`)), verdict.Refused, 1},
		{good(claim("aud", `"x"`)), invalid, 0},
		{good(claim("exp", "0")), expired, 0},
	} {
		calls = 0
		name, err := names.Authenticate(context.Background(), guardtest.BearerToken(c.token))
		if classOf(err) != c.want || calls != c.calls || (name != "") != (err == nil) {
			t.Errorf("%q %v after %d calls", name, err, calls)
		}
	}
	token := bound()
	proved := guardtest.DPoPToken(token, proofOf(token), "GET", "/orders/7")
	if name, err := names.AuthenticateDPoP(context.Background(), proved); name != "u-1" || err != nil {
		t.Error(name, err)
	}
	if _, err := names.AuthenticateDPoP(context.Background(), proved); classOf(err) != invalid {
		t.Error(err)
	}
	if len(names.Challenge(context.Background()).Params) != 1 {
		t.Error("no challenge")
	}
}

// TestGuard asks a real guard with roles and scopes, over HTTP.
func TestGuard(t *testing.T) {
	w := newWorld(t)
	linker := gen.NewLinker(guard.Options{Realm: "api"}, gen.Entitlements[*Caller]{HasRole: (*Caller).HasRole, HasScope: (*Caller).HasScope},
		[]gen.Scheme[*Caller]{gen.Bearer("oauth", w.v.Authenticate)}, nil)
	g := linker.Guard(guard.Operation{
		ID: "o", Security: []guard.Alternative{{{Scheme: "oauth", Scopes: []string{"read"}}}}, Roles: []guard.AnyRole{{"admin"}},
	})
	if err := linker.Err(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		token     string
		status    int
		challenge string
	}{
		{w.good(claim("scope", `"read"`), claim("roles", `["admin"]`)), 0, ""},
		{w.good(claim("scope", `"read"`)), 403, ""},
		{w.good(claim("roles", `["admin"]`)), 403, `Bearer realm="api", scope="read", error="insufficient_scope"`},
		{w.good(claim("exp", "0")), 401, `Bearer realm="api", scope="read", error="invalid_token", error_description="The access token expired"`},
		{w.good(claim("aud", `"x"`)), 401, `Bearer realm="api", scope="read", error="invalid_token"`},
		{w.good(rotated()), 401, `Bearer realm="api", scope="read", error="invalid_token"`},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "Bearer "+c.token)
		d := g.Check(r)
		challenge := ""
		if len(d.Challenges()) > 0 {
			challenge = d.Challenges()[0]
		}
		if d.Status() != c.status || challenge != c.challenge {
			t.Errorf("%d %s, want %d %s", d.Status(), challenge, c.status, c.challenge)
		}
	}
}
