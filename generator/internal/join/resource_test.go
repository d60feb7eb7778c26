package join

import (
	"fmt"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// OpenID Connect Discovery 1.0 section 4; RFC 8414 sections 3.1 and 5. Nothing else is guessed.
func TestIssuerOf(t *testing.T) {
	for discovery, want := range map[string]string{
		"https://a.example/.well-known/openid-configuration":               "https://a.example",
		"https://a.example/realms/orders/.well-known/openid-configuration": "https://a.example/realms/orders",
		"https://a.example//.well-known/openid-configuration":              "https://a.example/",
		"https://a.example:8443/t%20a/.well-known/openid-configuration":    "https://a.example:8443/t%20a",
		"https://a.example/.well-known/openid-configuration/tenant/a":      "https://a.example/tenant/a",
		"https://a.example/.well-known/oauth-authorization-server":         "https://a.example",
		"https://a.example/.well-known/oauth-authorization-server/orders":  "https://a.example/orders",
		"http://localhost:9000/.well-known/openid-configuration":           "http://localhost:9000",
		"http://a.example/.well-known/openid-configuration":                "",
		"https://a.example/.well-known/oauth-authorization-servers":        "",
		"https://a.example/orders/.well-known/oauth-authorization-server":  "",
		"https://a.example/.well-known/openid-configuration/":              "https://a.example/",
		"https://a.example/openid-configuration":                           "",
		"https://a.example/.well-known/openid-configuration?policy=a":      "",
		"https://a.example/.well-known/openid-configuration?":              "",
		"https://a.example/.well-known/openid-configuration#a":             "",
		"https://u@a.example/.well-known/openid-configuration":             "",
		"/.well-known/openid-configuration":                                "",
		"//a.example/.well-known/openid-configuration":                     "",
		"https:///.well-known/openid-configuration":                        "",
		"https://a.example/{tenant}/.well-known/openid-configuration":      "",
		"urn:a/.well-known/openid-configuration":                           "",
		"":                                                                 "",
	} {
		if got := issuerOf(discovery); got != want {
			t.Errorf("%s: %q; want %q", discovery, got, want)
		}
	}
}

// fields are those of the metadata of schemes, each of which one operation has with a scope.
func fields(t *testing.T, asked Resource, schemes ...*policy.Scheme) (string, diag.List) {
	t.Helper()
	p := &policy.Policy{Title: "T"}
	for _, s := range schemes {
		o := &policy.Operation{Alternatives: []policy.Alternative{{Requirements: []policy.Requirement{{Scheme: s}}}}}
		p.Operations = append(p.Operations, o)
	}
	f := &view.File{}
	diags := addResource(f, p, Target{Resource: &asked})
	if f.Resource == nil {
		return "", diags
	}
	var all []string
	for _, field := range f.Resource.Fields {
		all = append(all, field.Name+" "+field.Literal)
	}
	return strings.Join(all, "; "), diags
}

func TestResource(t *testing.T) {
	bearer := &policy.Scheme{Type: policy.HTTP, HTTPScheme: "Bearer"}
	dpop := &policy.Scheme{Type: policy.HTTP, HTTPScheme: "DPoP"}
	listed := &policy.Scheme{Type: policy.HTTP, HTTPScheme: "dpop", Challenge: &policy.Challenge{Params: []policy.ChallengeParam{{Name: "Algs", Value: "ES256 ES384"}}}}
	oauth := &policy.Scheme{Type: policy.OAuth2, DeclaredScopes: []string{"b", "offline_access", "a"}}
	oidc := &policy.Scheme{Type: policy.OpenIDConnect, Discovery: "https://a.example/.well-known/openid-configuration"}
	key := &policy.Scheme{Type: policy.APIKey, In: "header", Parameter: "X-API-Key"}
	basic := &policy.Scheme{Type: policy.HTTP, HTTPScheme: "basic"}
	const name = `; ResourceName "T"`
	for _, test := range []struct {
		asked   Resource
		schemes []*policy.Scheme
		want    string
		rule    string
	}{
		{Resource{}, []*policy.Scheme{bearer, key}, `Resource options.Resource; BearerMethodsSupported []string{"header"}` + name, ruleResourceServers.ID},
		{Resource{}, []*policy.Scheme{oauth, oidc}, `Resource options.Resource; AuthorizationServers []string{"https://a.example"}; ScopesSupported []string{"b", "a"}; BearerMethodsSupported []string{"header"}` + name, ""},
		{Resource{AuthorizationServers: []string{"https://b.example"}}, []*policy.Scheme{oidc}, `Resource options.Resource; AuthorizationServers []string{"https://b.example"}; BearerMethodsSupported []string{"header"}` + name, ""},
		{Resource{AuthorizationServers: []string{"https://b.example"}}, []*policy.Scheme{dpop}, `Resource options.Resource; AuthorizationServers []string{"https://b.example"}` + name + `; DPoPBoundAccessTokensRequired true`, ""},
		{Resource{AuthorizationServers: []string{"https://b.example"}}, []*policy.Scheme{bearer, listed}, `Resource options.Resource; AuthorizationServers []string{"https://b.example"}; BearerMethodsSupported []string{"header"}` + name + `; DPoPSigningAlgValuesSupported []string{"ES256", "ES384"}`, ""},
		{Resource{}, []*policy.Scheme{key, basic}, "", ruleResourceScheme.ID},
		{Resource{}, nil, "", ruleResourceScheme.ID},
	} {
		got, diags := fields(t, test.asked, test.schemes...)
		rule := ""
		if len(diags) > 0 {
			rule = diags[0].Rule.ID
		}
		if got != test.want || rule != test.rule || len(diags) > 1 {
			t.Errorf("got %s, %v\nwant %s, %s", got, diags, test.want, test.rule)
		}
	}
}

// Schemes of webhooks alone are not those of the resource.
func TestResourceOfWebhooks(t *testing.T) {
	o := &policy.Operation{Alternatives: []policy.Alternative{{Requirements: []policy.Requirement{{Scheme: &policy.Scheme{Type: policy.OAuth2}}}}}}
	f := &view.File{}
	diags := addResource(f, &policy.Policy{Webhooks: []*policy.Operation{o}}, Target{Resource: &Resource{}})
	if f.Resource != nil || fmt.Sprint(diags) == "[]" {
		t.Errorf("%v %v", f.Resource, diags)
	}
}
