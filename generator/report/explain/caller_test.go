package explain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

// TestCheck has callers that no request can be.
func TestCheck(t *testing.T) {
	o := operation(t, "[{bearer: []}, {oauth: [read]}, {basic: []}, {tls: []}]")
	for want, c := range map[string]explain.Caller{
		"": {Credentials: map[string]explain.State{"bearer": "valid", "oauth": "invalid", "basic": "absent"}},
		`the operation does not ask for "oath"; did you mean "oauth"?`:                        {Credentials: map[string]explain.State{"oath": "valid"}},
		`the state "stale" of a credential is unknown`:                                        {Credentials: map[string]explain.State{"oauth": "stale"}},
		"a client certificate, which tls is, cannot be malformed":                             {Credentials: map[string]explain.State{"tls": "malformed"}},
		"basic and bearer both need Authorization, of which a request has one line":           {Credentials: map[string]explain.State{"bearer": "valid", "basic": "invalid"}},
		"bearer and oauth read the same credential, which cannot be both malformed and valid": {Credentials: map[string]explain.State{"bearer": "malformed", "oauth": "valid"}},
		"bearer and oauth read the same credential, which cannot be both absent and valid":    {Credentials: map[string]explain.State{"bearer": "absent", "oauth": "valid"}},
	} {
		err := c.Check(o)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: %v, want %q", c, err, want)
		}
	}
}

// TestChallengesOfExtensions: x-challenge replaces the default challenge, as in the runtime.
func TestChallengesOfExtensions(t *testing.T) {
	for security, want := range map[string]string{
		"[{fixed: []}]":               `Key realm="api", hint="a \"b\" \\c"`,
		"[{own: []}]":                 `Bearer issuer="x", error="invalid_token"`,
		"[{other: []}]":               "Custom …",
		"[{tls: []}, {basic: []}]":    `Basic realm="api", charset="UTF-8" | ClientCertificate realm="api"`,
		"[{oauth: [read, write]}]":    `Bearer realm="api", scope="read write", error="invalid_token"`,
		"[{bearer: []}, {oauth: []}]": `Bearer realm="api", error="invalid_token"`,
	} {
		o := operation(t, security)
		c := explain.With(explain.Invalid, o.Schemes(), nil, nil)
		if got := strings.Join(explain.Ask(&policy.Policy{}, o, c, explain.Options{}).Challenges, " | "); got != want {
			t.Errorf("%s: %s, want %s", security, got, want)
		}
	}
}

// operation is one with the security.
func operation(t *testing.T, security string) *policy.Operation {
	t.Helper()
	path := filepath.Join(t.TempDir(), "openapi.yaml")
	text := `openapi: 3.1.0
info: {title: Test, version: "1"}
paths: {/a: {get: {operationId: a, security: ` + security + `, responses: {}}}}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    tls: {type: mutualTLS}
    other: {type: http, scheme: Custom}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: "https://example.com", scopes: {read: r, write: w}}}}
    fixed: {type: apiKey, in: header, name: X-Key, x-challenge: {scheme: Key, params: {hint: 'a "b" \c'}}}
    own: {type: http, scheme: bearer, x-challenge: {scheme: Bearer, params: {realm: false, issuer: x}}}
`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: path})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p.Operations[0]
}
