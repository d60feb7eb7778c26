package jwt

import (
	"crypto"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

func TestConfigIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		want   string // in the error
	}{
		"no issuer":              {func(c *Config) { c.Issuer = "" }, "Issuer"},
		"no audience":            {func(c *Config) { c.Audience = nil }, "Audience"},
		"an empty audience":      {func(c *Config) { c.Audience = []string{"a", ""} }, "Audience"},
		"none":                   {func(c *Config) { c.Algorithms = []string{"ES256", "none"} }, `"none"`},
		"HMAC":                   {func(c *Config) { c.Algorithms = []string{"HS256"} }, `"HS256"`},
		"an unknown algorithm":   {func(c *Config) { c.Algorithms = []string{"ES257"} }, `"ES257"`},
		"another case":           {func(c *Config) { c.Algorithms = []string{"es256"} }, `"es256"`},
		"an empty algorithm":     {func(c *Config) { c.Algorithms = []string{""} }, `""`},
		"no algorithm":           {func(c *Config) { c.Algorithms = []string{} }, "Algorithms"},
		"no type":                {func(c *Config) { c.Types = []string{} }, "Types"},
		"a type with parameters": {func(c *Config) { c.Types = []string{"at+jwt; v=1"} }, "Types"},
		"a negative leeway":      {func(c *Config) { c.Leeway = -1 }, "negative"},
		"a negative cool-down":   {func(c *Config) { c.CoolDown = -1 }, "negative"},
		"a negative staleness":   {func(c *Config) { c.Staleness = -1 }, "negative"},
		"a long refresh":         {func(c *Config) { c.Refresh = 25 * time.Hour }, "Refresh"},
		"an empty role claim":    {func(c *Config) { c.RoleClaims = []string{""} }, "RoleClaims"},
		"a bad pointer":          {func(c *Config) { c.ScopeClaims = []string{"/a~2"} }, "ScopeClaims"},
		"two sources":            {func(c *Config) { c.JWKSURL = "https://id.example.com/jwks" }, "exclude"},
		"garbage for keys":       {func(c *Config) { c.JWKS = []byte("x") }, "JWKS"},
		"empty keys":             {func(c *Config) { c.JWKS = []byte{} }, "JWKS"},
		"no public keys":         {func(c *Config) { c.JWKS, c.PublicKeys = nil, map[string]crypto.PublicKey{} }, "PublicKeys"},
		"a URL without TLS":      {func(c *Config) { c.JWKS, c.JWKSURL = nil, "http://id.example.com/jwks" }, "JWKSURL"},
		"a URL with a user":      {func(c *Config) { c.JWKS, c.JWKSURL = nil, "https://a:b@id.example.com/jwks" }, "JWKSURL"},
		"a relative URL":         {func(c *Config) { c.JWKS, c.JWKSURL = nil, "/jwks" }, "JWKSURL"},
		"a broken URL":           {func(c *Config) { c.JWKS, c.JWKSURL = nil, "https://[::1" }, "JWKSURL"},
		"an issuer without TLS":  {func(c *Config) { c.JWKS, c.Issuer = nil, "http://id.example.com" }, "Issuer"},
		"an issuer with a query": {func(c *Config) { c.JWKS, c.Issuer = nil, "https://id.example.com?a" }, "Issuer"},
		"an issuer without host": {func(c *Config) { c.JWKS, c.Issuer = nil, "orders" }, "Issuer"},
		"DPoP without origin":    {func(c *Config) { c.DPoP = &DPoP{} }, "DPoP.Origin"},
		"DPoP with a query":      {func(c *Config) { c.DPoP = &DPoP{Origin: "https://a.example?x"} }, "DPoP.Origin"},
		"a short nonce key":      {func(c *Config) { c.DPoP = &DPoP{Origin: "https://a.example", NonceKey: []byte("short")} }, "NonceKey"},
		"a negative window":      {func(c *Config) { c.DPoP = &DPoP{Origin: "https://a.example", Window: -1} }, "Window"},
	} {
		t.Run(name, func(t *testing.T) {
			config := testConfig()
			c.change(&config)
			v, err := New(config)
			if err == nil || !strings.Contains(err.Error(), c.want) || v != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestConfigIsAccepted(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"loopback by name":  func(c *Config) { c.JWKSURL = "http://localhost:8080/jwks" },
		"loopback, IPv4":    func(c *Config) { c.JWKSURL = "http://127.0.0.9/jwks" },
		"loopback, IPv6":    func(c *Config) { c.JWKSURL = "http://[::1]:1/jwks" },
		"plain HTTP":        func(c *Config) { c.JWKSURL, c.UnsafeHTTP = "http://keycloak:8080/jwks", true },
		"discovery":         func(*Config) {},
		"a short staleness": func(c *Config) { c.Staleness = time.Minute },
	} {
		config := testConfig()
		config.JWKS = nil
		change(&config)
		if _, err := New(config); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestConfigIsCopied changes a configuration after it was used.
func TestConfigIsCopied(t *testing.T) {
	config := testConfig()
	config.Algorithms = []string{"ES256"}
	v := newVerifier(t, config)
	config.Audience[0], config.Algorithms[0] = "other", "RS256"
	if _, err := authenticate(v, good()); err != nil {
		t.Error(err)
	}
}

func TestAlgorithmsAreLimited(t *testing.T) {
	config := testConfig()
	config.Algorithms = []string{"RS256"}
	v := newVerifier(t, config)
	if _, err := authenticate(v, good()); classOf(err) != invalid {
		t.Error(err)
	}
	if _, err := authenticate(v, good(by("RS256", keysOf().rsa, "rsa"))); err != nil {
		t.Error(err)
	}
}

func TestTypes(t *testing.T) {
	for _, c := range []struct {
		types []string
		typ   string // of the header, as JSON
		want  bool
	}{
		{[]string{"JWT"}, `"JWT"`, true},
		{[]string{"JWT"}, `"jwt"`, true},
		{[]string{"jwt"}, `"application/JWT"`, true},
		{[]string{"JWT"}, `"at+jwt"`, false},
		{[]string{"JWT"}, ``, false},
		{[]string{"JWT", ""}, ``, true},
		{[]string{""}, `""`, false},
		{[]string{""}, `"JWT"`, false},
		{[]string{"JWT", "at+jwt"}, `"at+JWT"`, true},
		{[]string{"example;part"[:7]}, `"example;part=1"`, false},
	} {
		config := testConfig()
		config.Types = c.types
		_, err := authenticate(newVerifier(t, config), good(header("typ", c.typ)))
		if (err == nil) != c.want {
			t.Errorf("%v with %s: %v", c.types, c.typ, err)
		}
	}
}

// TestSubjectOfOtherTypes has tokens of machines, which some providers give no sub. RFC 9068 does.
func TestSubjectOfOtherTypes(t *testing.T) {
	config := testConfig()
	config.Types = []string{"JWT", "at+jwt"}
	v := newVerifier(t, config)
	caller, err := authenticate(v, good(header("typ", `"JWT"`), claim("sub", "")))
	if err != nil || caller.Subject() != "" {
		t.Error(err)
	}
	for _, token := range []string{good(claim("sub", "")), good(header("typ", `"JWT"`), claim("sub", `""`)), good(header("typ", `"JWT"`), claim("sub", `1`))} {
		if _, err := authenticate(v, token); classOf(err) != invalid {
			t.Error(err)
		}
	}
}

func TestLeeway(t *testing.T) {
	config := testConfig()
	config.Leeway = 30 * time.Second
	v := newVerifier(t, config)
	for _, c := range []row{
		{"exp", good(claim("exp", unix(noon.Add(-29*time.Second)))), ok},
		{"exp at the end", good(claim("exp", unix(noon.Add(-30*time.Second)))), expired},
		{"nbf", good(claim("nbf", unix(noon.Add(30*time.Second)))), ok},
		{"nbf beyond", good(claim("nbf", unix(noon.Add(31*time.Second)))), invalid},
		{"iat", good(claim("iat", unix(noon.Add(30*time.Second)))), ok},
		{"iat beyond", good(claim("iat", unix(noon.Add(31*time.Second)))), invalid},
		{"iat a little beyond", good(claim("iat", fmt.Sprint(noon.Unix()+30)+".5")), invalid},
		{"an hour off", good(claim("iat", unix(noon.Add(time.Hour)))), invalid},
		{"exp 0", good(claim("exp", "0")), expired},
	} {
		t.Run(c.name, func(t *testing.T) { checkRow(t, v, c) })
	}
}

func TestRights(t *testing.T) {
	for _, c := range []struct {
		claims string // name and JSON of a claim
		value  string
		from   string
		roles  []string
		scopes []string
	}{
		{"roles", `["a","b"]`, "roles", []string{"a", "b"}, []string{"a", "b"}},
		{"roles", `"a b,c"`, "roles", []string{"a b,c"}, []string{"a", "b,c"}},
		{"roles", `"  a  b "`, "roles", []string{"  a  b "}, []string{"a", "b"}},
		{"roles", `["a b"]`, "roles", []string{"a b"}, []string{"a b"}},
		{"roles", `"a\tb"`, "roles", []string{"a\tb"}, []string{"a\tb"}},
		{"roles", `""`, "roles", nil, nil},
		{"roles", `[]`, "roles", nil, nil},
		{"roles", `["a",1]`, "roles", nil, nil},
		{"roles", `[["a"]]`, "roles", nil, nil},
		{"roles", `{"a":true}`, "roles", nil, nil},
		{"roles", `7`, "roles", nil, nil},
		{"roles", `null`, "roles", nil, nil},
		{"roles", `true`, "roles", nil, nil},
		{"Roles", `["a"]`, "roles", nil, nil},
		{"realm_access", `{"roles":["a"]}`, "realm_access.roles", []string{"a"}, []string{"a"}},
		{"realm_access", `{"roles":["a"]}`, "/realm_access/roles", []string{"a"}, []string{"a"}},
		{"realm_access.roles", `["a"]`, "realm_access.roles", []string{"a"}, []string{"a"}},
		{"/realm_access/roles", `["a"]`, "/realm_access/roles", []string{"a"}, []string{"a"}},
		{"https://example.com/roles", `["a"]`, "https://example.com/roles", []string{"a"}, []string{"a"}},
		{"a/b~c", `{"d.e":["a"]}`, "/a~1b~0c/d.e", []string{"a"}, []string{"a"}},
		{"x", `{"~1":["a"]}`, "/x/~01", []string{"a"}, []string{"a"}},
		{"x", `[{"r":["a"]}]`, "/x/0/r", []string{"a"}, []string{"a"}},
		{"x", `[{"r":["a"]}]`, "/x/00/r", nil, nil},
		{"x", `[{"r":["a"]}]`, "/x/-1/r", nil, nil},
		{"x", `[{"r":["a"]}]`, "/x/1/r", nil, nil},
		{"x", `[{"r":["a"]}]`, "/x/-/r", nil, nil},
		{"x", `[{"r":["a"]}]`, "x.0.r", nil, nil},
		{"x", `"a"`, "x.y", nil, nil},
		{"x", `{"y":1}`, "x.y.z", nil, nil},
	} {
		config := testConfig()
		config.RoleClaims, config.ScopeClaims = []string{c.from}, []string{c.from}
		caller, err := authenticate(newVerifier(t, config), good(claim(c.claims, c.value)))
		if err != nil || !slices.Equal(caller.roles, c.roles) || !slices.Equal(caller.scopes, c.scopes) {
			t.Errorf("%s %s from %s: roles %q, scopes %q, %v", c.claims, c.value, c.from, caller.roles, caller.scopes, err)
		}
	}
}

// TestNameBeforePath has a claim of that very name beside the path, and one that is no list.
func TestNameBeforePath(t *testing.T) {
	config := testConfig()
	config.RoleClaims = []string{"realm_access.roles"}
	v := newVerifier(t, config)
	within := claim("realm_access", `{"roles":["path"]}`)
	caller := must(authenticate(v, good(within, claim("realm_access.roles", `["name"]`))))
	if !caller.HasRole("name") || caller.HasRole("path") {
		t.Error("the path comes first")
	}
	caller = must(authenticate(v, good(within, claim("realm_access.roles", `7`))))
	if caller.HasRole("path") {
		t.Error("a claim of another type is passed over")
	}
}

func TestDefaultRights(t *testing.T) {
	v := newVerifier(t, testConfig())
	caller := must(authenticate(v, good(claim("roles", `["admin"]`), claim("scope", `"read write"`), claim("scp", `["list"]`), claim("groups", `["staff"]`))))
	for _, scope := range []string{"read", "write", "list"} {
		if !caller.HasScope(scope) {
			t.Errorf("no scope %s", scope)
		}
	}
	if !caller.HasRole("admin") || caller.HasRole("staff") || caller.HasRole("Admin") || caller.HasRole("") || caller.HasScope("Read") || caller.HasScope("read write") || caller.HasScope("") {
		t.Error("rights that nobody gave")
	}
	if listed := must(authenticate(v, good(claim("scope", `["read","write"]`)))); !listed.HasScope("read") || !listed.HasScope("write") {
		t.Error("a list of scopes")
	}
	if text := must(authenticate(v, good(claim("scp", `"read write"`)))); text.HasScope("read") || text.HasScope("read write") {
		t.Error("scp is a list unless the configuration names it")
	}
	named := testConfig()
	named.ScopeClaims = []string{"scp"}
	if text := must(authenticate(newVerifier(t, named), good(claim("scp", `"read write"`)))); !text.HasScope("read") || !text.HasScope("write") {
		t.Error("a string of scopes in the claim that the configuration names")
	}
	var _ interface {
		HasRole(guard.Role) bool
		HasScope(string) bool
	} = caller
}

func TestCaller(t *testing.T) {
	caller := must(authenticate(newVerifier(t, testConfig()), good(claim("email", `"ann@example.com"`), claim("n", "9007199254740993"))))
	var mine struct {
		Email string `json:"email"`
		N     int64  `json:"n"`
	}
	if err := caller.Decode(&mine); err != nil || mine.Email != "ann@example.com" || mine.N != 9007199254740993 {
		t.Errorf("%v %+v", err, mine)
	}
	if err := caller.Decode(new([]string)); err == nil {
		t.Error("claims are a list")
	}
	if caller.Subject() != "u-1" || caller.ClientID() != "app" || !caller.Expires().Equal(noon.Add(time.Hour)) {
		t.Error(caller.Subject(), caller.ClientID(), caller.Expires())
	}
	if other := must(authenticate(newVerifier(t, testConfig()), good(claim("client_id", "1")))); other.ClientID() != "" {
		t.Error("a number is a client id")
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		if got := fmt.Sprintf(verb, caller); got != "[redacted]" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	if caller.LogValue().String() != "[redacted]" {
		t.Error(caller.LogValue())
	}
}
