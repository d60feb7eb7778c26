package typedclient

import (
	"go/format"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

func bearer(name string) *policy.Scheme {
	return &policy.Scheme{Name: name, Type: policy.HTTP, HTTPScheme: "Bearer"}
}

func alternative(schemes ...*policy.Scheme) policy.Alternative {
	var a policy.Alternative
	for _, s := range schemes {
		a.Requirements = append(a.Requirements, policy.Requirement{Scheme: s})
	}
	return a
}

// make1 is the client of one operation with the alternatives.
func make1(t *testing.T, schemes []*policy.Scheme, alternatives ...policy.Alternative) string {
	t.Helper()
	p := &policy.Policy{Schemes: schemes, Operations: []*policy.Operation{{Method: "GET", Path: `/"x"`, Alternatives: alternatives}}}
	data := &view.File{Title: "Shop", Source: "openapi.yaml"}
	for _, s := range schemes {
		data.Schemes = append(data.Schemes, view.Scheme{Method: strings.ToUpper(s.Name[:1]) + s.Name[1:], Label: s.Name, Kind: "a kind"})
	}
	content := Make(data, p, Target{Package: "shop", ImportPath: "m/api", ImportName: "api"})
	formatted, err := format.Source(content)
	if err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	return string(formatted)
}

func has(t *testing.T, content string, wanted ...string) {
	t.Helper()
	flat := strings.Join(strings.Fields(content), " ")
	for _, want := range wanted {
		if !strings.Contains(flat, want) {
			t.Errorf("lacks %s:\n%s", want, content)
		}
	}
}

// Each kind of scheme has a field of its type and becomes a credential.
func TestKinds(t *testing.T) {
	tests := []struct {
		scheme            *policy.Scheme
		field, credential string
	}{
		{bearer("a"), "A client.TokenSource", "a := client.Bearer(credentials.A)"},
		{&policy.Scheme{Name: "a", Type: policy.OAuth2}, "A client.TokenSource", "a := client.Bearer(credentials.A)"},
		{&policy.Scheme{Name: "a", Type: policy.OpenIDConnect}, "A client.TokenSource", "a := client.Bearer(credentials.A)"},
		{&policy.Scheme{Name: "a", Type: policy.HTTP, HTTPScheme: "basic"}, "A client.Login", "a := credentials.A.Basic()"},
		{&policy.Scheme{Name: "a", Type: policy.HTTP, HTTPScheme: "DPoP"}, "A client.Bound", "a := credentials.A.DPoP()"},
		{&policy.Scheme{Name: "a", Type: policy.HTTP, HTTPScheme: "digest"}, "A client.AuthorizeFunc", `a := client.HTTP("digest", credentials.A)`},
		{&policy.Scheme{Name: "a", Type: policy.APIKey, In: "header", Parameter: "X-Key"}, "A client.Key", `a := credentials.A.Header("X-Key")`},
		{&policy.Scheme{Name: "a", Type: policy.APIKey, In: "query", Parameter: `k"`}, "A client.Key", `a := credentials.A.Query("k\"")`},
		{&policy.Scheme{Name: "a", Type: policy.APIKey, In: "cookie", Parameter: "k"}, "A client.Key", `a := credentials.A.Cookie("k")`},
	}
	for _, test := range tests {
		content := make1(t, []*policy.Scheme{test.scheme}, alternative(test.scheme))
		has(t, content, test.field, test.credential, `{Method: http.MethodGet, Path: "/\"x\"", Security: [][]client.Credential{{a}}}`)
	}
}

// Alternatives and combinations stay; scopes make no difference; a certificate is the TLS configuration's business.
func TestAlternatives(t *testing.T) {
	a, b, certificate := bearer("a"), bearer("b"), &policy.Scheme{Name: "c", Type: policy.MutualTLS}
	all := []*policy.Scheme{a, b, certificate}
	tests := []struct {
		alternatives []policy.Alternative
		want         string
	}{
		{[]policy.Alternative{alternative(a), alternative(b)}, "{{a}, {b}}"},
		{[]policy.Alternative{alternative(a, b)}, "{{a, b}}"},
		{[]policy.Alternative{alternative(), alternative(a)}, "{{}, {a}}"},
		{[]policy.Alternative{alternative(a), alternative(a)}, "{{a}}"},
		{[]policy.Alternative{alternative(certificate, a)}, "{{a}}"},
		{[]policy.Alternative{alternative(certificate), alternative(b)}, "{{}, {b}}"},
	}
	for _, test := range tests {
		content := make1(t, all, test.alternatives...)
		has(t, content, "Security: [][]client.Credential"+test.want)
		if strings.Contains(content, "C ") && strings.Contains(content, "security scheme c") {
			t.Errorf("a field for a certificate:\n%s", content)
		}
	}
	for _, public := range [][]policy.Alternative{nil, {alternative()}} {
		if content := make1(t, all, public...); strings.Contains(content, "Security:") || strings.Contains(content, "client.Bearer") {
			t.Errorf("a public operation:\n%s", content)
		}
	}
}

// Names that Go or the client itself has.
func TestNames(t *testing.T) {
	for _, name := range []string{"type", "string", "client", "http", "api", "credentials", "operations", "append"} {
		s := bearer(name)
		field := strings.ToUpper(name[:1]) + name[1:]
		has(t, make1(t, []*policy.Scheme{s}, alternative(s)), name+"Credential := client.Bearer(credentials."+field+")", "{{"+name+"Credential}}")
	}
}

// The package of oapi-codegen's client is imported under a name that is free.
func TestImports(t *testing.T) {
	for _, test := range []struct{ path, name, want string }{
		{"m/api", "api", `"m/api"`},
		{"m/gen", "api", `api "m/gen"`},
		{"m/client", "client", `api "m/client"`},
		{"m/http", "http", `api "m/http"`},
	} {
		content := Make(&view.File{}, &policy.Policy{}, Target{Package: "shop", ImportPath: test.path, ImportName: test.name})
		has(t, string(content), test.want, "func NewClient(server string, credentials Credentials, options ...api.ClientOption) (*api.ClientWithResponses, error)")
	}
}
