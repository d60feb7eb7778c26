package introspection_test

import (
	"reflect"
	"strings"
	"testing"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/authn/introspection"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

const rich = `{"active":true,"aud":"orders","iss":"i","sub":"ada","username":"Ada","client_id":"web","exp":%d,
	"scope":"read  write","scp":["list","of scopes",""],
	"realm_access":{"roles":["admin","clerk"]},"a.b":"exact","a":{"b":"path","/c~d":["x",{"e":"deep"}]},
	"groups":"one group, never split","mixed":["x",7],"number":7,"none":null,"https://x.example/roles":["auditor"]}`

func TestScopesAndRoles(t *testing.T) {
	for _, test := range []struct {
		scopeClaims, roleClaims []string
		scopes                  []string
		roles                   []guard.Role
	}{
		{nil, nil, []string{"read", "write", "list", "of scopes"}, nil},
		{[]string{}, nil, nil, nil},
		{[]string{"scp"}, []string{"realm_access.roles"}, []string{"list", "of scopes"}, []guard.Role{"admin", "clerk"}},
		{[]string{"number"}, []string{"/realm_access/roles/1"}, nil, []guard.Role{"clerk"}},
		{[]string{"none"}, []string{"a.b"}, nil, []guard.Role{"exact"}},
		{[]string{"ghost"}, []string{"/a/b"}, nil, []guard.Role{"path"}},
		{[]string{"mixed"}, []string{"groups"}, nil, []guard.Role{"one group, never split"}},
		{[]string{"realm_access"}, []string{"mixed"}, nil, nil},
		{[]string{"scope.read"}, []string{"realm_access.roles.0"}, nil, nil},
		{[]string{"ghost"}, []string{"/a/~1c~0d/1/e"}, nil, []guard.Role{"deep"}},
		{[]string{"ghost"}, []string{"/a/~1c~0d/01"}, nil, nil},
		{[]string{"ghost"}, []string{"/a/~1c~0d/2"}, nil, nil},
		{[]string{"ghost"}, []string{"https://x.example/roles", "realm_access.roles"}, nil, []guard.Role{"auditor", "admin", "clerk"}},
	} {
		w := newWorld(t, introspection.Config{ScopeClaims: test.scopeClaims, RoleClaims: test.roleClaims}, says(rich))
		claims, _ := w.check(t, "t", verdict.Allow, 1).Caller().Get()
		if !reflect.DeepEqual(claims.Scopes(), test.scopes) || !reflect.DeepEqual(claims.Roles(), test.roles) {
			t.Errorf("%q %q: %q %q", test.scopeClaims, test.roleClaims, claims.Scopes(), claims.Roles())
		}
		for _, scope := range test.scopes {
			if !claims.HasScope(scope) || claims.HasScope(scope+"x") {
				t.Errorf("HasScope %q", scope)
			}
		}
		for _, role := range test.roles {
			if !claims.HasRole(role) || claims.HasRole(role+"x") {
				t.Errorf("HasRole %q", role)
			}
		}
	}
}

func TestClaims(t *testing.T) {
	w := newWorld(t, introspection.Config{}, says(rich))
	c, _ := w.check(t, "t", verdict.Allow, 1).Caller().Get()
	var rest struct{ Groups string }
	if err := c.Decode(&rest); err != nil {
		t.Fatal(err)
	}
	got := []string{c.Subject(), c.Username(), c.ClientID(), c.Issuer(), c.Audience()[0], c.Text("a.b"), c.Text("/a/b"), c.Text("number"), rest.Groups}
	want := []string{"ada", "Ada", "web", "i", "orders", "exact", "path", "", "one group, never split"}
	if !reflect.DeepEqual(got, want) || c.Expires().Sub(start).Hours() != 1 {
		t.Errorf("%q %v", got, c.Expires())
	}
	c.Audience()[0], c.Scopes()[0] = "changed", "changed" // copies
	if again, _ := w.try("t").Caller().Get(); again.Audience()[0] != "orders" || !again.HasScope("read") {
		t.Error("a caller changed what others get")
	}
	var zero introspection.Claims
	if zero.Text("a.b") != "" || zero.HasScope("") || zero.HasRole("") || zero.Decode(&rest) == nil {
		t.Error("the zero value has claims")
	}
}

func TestConfig(t *testing.T) {
	ok := introspection.Config{Endpoint: "https://login.example.com/introspect", ClientID: "a", ClientSecret: "b", Audience: []string{"orders"}}
	for name, test := range map[string]struct {
		change func(*introspection.Config)
		want   string
	}{
		"fine":           {func(*introspection.Config) {}, ""},
		"loopback":       {func(c *introspection.Config) { c.Endpoint = "http://[::1]:80/x" }, ""},
		"localhost":      {func(c *introspection.Config) { c.Endpoint = "http://localhost/x" }, ""},
		"http":           {func(c *introspection.Config) { c.Endpoint = "http://login.example.com" }, "AllowHTTP"},
		"http, allowed":  {func(c *introspection.Config) { c.Endpoint, c.AllowHTTP = "http://login.example.com", true }, ""},
		"no endpoint":    {func(c *introspection.Config) { c.Endpoint = "" }, "not an https URL"},
		"no URL":         {func(c *introspection.Config) { c.Endpoint = "https://a b:c/%zz" }, "not a URL"},
		"a user":         {func(c *introspection.Config) { c.Endpoint = "https://a:b@x/" }, "contains a user"},
		"a fragment":     {func(c *introspection.Config) { c.Endpoint = "https://x/#a" }, "fragment"},
		"no secret":      {func(c *introspection.Config) { c.ClientSecret = "" }, "required"},
		"no transport":   {func(c *introspection.Config) { c.ClientAuth = introspection.ByTransport }, "Transport"},
		"unknown auth":   {func(c *introspection.Config) { c.ClientAuth = 7 }, "ClientAuth is 7"},
		"no audience":    {func(c *introspection.Config) { c.Audience = nil }, "an Audience is required"},
		"both":           {func(c *introspection.Config) { c.AnyAudience = true }, "exclude each other"},
		"empty audience": {func(c *introspection.Config) { c.Audience = []string{""} }, "empty name"},
		"empty claim":    {func(c *introspection.Config) { c.RoleClaims = []string{""} }, "the name of a claim is empty"},
		"bad pointer":    {func(c *introspection.Config) { c.RoleClaims = []string{"/a~2"} }, `"/a~2" is not a JSON pointer`},
		"timeout":        {func(c *introspection.Config) { c.Timeout = -1 }, "negative"},
		"short key":      {func(c *introspection.Config) { c.Shared, c.SharedKey = newShelf(), make([]byte, 31) }, "32 bytes"},
		"key alone":      {func(c *introspection.Config) { c.SharedKey = make([]byte, 32) }, "SharedKey without Shared"},
		"no age":         {func(c *introspection.Config) { c.Shared, c.SharedKey, c.MaxAge = newShelf(), make([]byte, 32), -1 }, "MaxAge"},
	} {
		config := ok
		test.change(&config)
		_, err := introspection.New(config, itself)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "a:b") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
	if _, err := introspection.New[string](ok, nil); err == nil {
		t.Error("no function that makes a caller")
	}
}
