package join

import (
	"fmt"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

func TestExported(t *testing.T) {
	tests := []struct{ name, want string }{
		{"bearerAuth", "BearerAuth"},
		{"api_key", "ApiKey"},
		{"X-API-Key", "XAPIKey"},
		{"OAuth2", "OAuth2"},
		{"Station_Manager", "StationManager"},
		{"2fa", "X2fa"},
		{"_internal", "Internal"},
		{"größe", "Größe"},
		{"管理", "X管理"},
		{"a.b c", "ABC"},
		{"\xff\xfe", ""},
		{"admin\u3164", "Admin"},
		{"\u3164\uffa0", ""},
		{"*/", ""},
		{"___", ""},
	}
	for _, test := range tests {
		if got := exported(test.name); got != test.want {
			t.Errorf("exported(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestUnexported(t *testing.T) {
	tests := []struct{ name, want string }{
		{"BearerAuth", "bearerAuth"},
		{"APIKey", "apiKey"},
		{"ID", "id"},
		{"X2fa", "x2fa"},
		{"A", "a"},
	}
	for _, test := range tests {
		if got := unexported(test.name); got != test.want {
			t.Errorf("unexported(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

// TestNameCollisions expects the second of two names that become one in Go to be refused at its place.
func TestNameCollisions(t *testing.T) {
	at := func(line int) diag.Position { return diag.Position{File: "openapi.yaml", Line: line, Column: 1} }
	tests := []struct {
		name  string
		p     policy.Policy
		where int
		want  string
	}{
		{
			"roles",
			policy.Policy{Roles: []*policy.Role{{Name: "a-b", Position: at(1)}, {Name: "a_b", Position: at(2)}}},
			2, `the roles "a-b" and "a_b" both become RoleAB in Go: rename one of them, or give it an x-go-name in x-roles`,
		},
		{
			"schemes",
			policy.Policy{Schemes: []*policy.Scheme{{Name: "key", Position: at(3)}, {Name: "Key", Position: at(4)}}},
			4, `the security schemes "key" and "Key" both become Key in Go: rename one of them, or give it an x-go-name`,
		},
		{
			"nothing to name",
			policy.Policy{Roles: []*policy.Role{{Name: "*/", Position: at(5)}}},
			5, `the role "*/" has no letter or digit for a Go name: give it one with x-go-name in x-roles`,
		},
		{
			"a chosen name",
			policy.Policy{Roles: []*policy.Role{{Name: "*", GoName: "AB", Position: at(6)}, {Name: "a_b", Position: at(7)}}},
			7, `the roles "*" and "a_b" both become RoleAB in Go: rename one of them, or give it an x-go-name in x-roles`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			diags := newNames(&test.p).diags
			if len(diags) != 1 || diags[0].Message != test.want || diags[0].Position.Line != test.where {
				t.Errorf("diagnostics %v, want one at line %d: %s", diags, test.where, test.want)
			}
		})
	}
}

// A role and a scheme may share a name: a constant and a method do not collide.
func TestNamesOfDifferentKinds(t *testing.T) {
	diags := newNames(&policy.Policy{
		Roles:   []*policy.Role{{Name: "admin"}},
		Schemes: []*policy.Scheme{{Name: "admin"}, {Name: "RoleAdmin"}, {Name: "Role"}},
	}).diags
	if len(diags) != 0 {
		t.Errorf("diagnostics %v, want none", diags)
	}
}

// TestChosenNames: x-go-name replaces what the name of the document would become, and Role stands before a role's once.
func TestChosenNames(t *testing.T) {
	p := policy.Policy{
		Roles:   []*policy.Role{{Name: "orders:read"}, {Name: "orders.read", GoName: "DotRead"}, {Name: "*", GoName: "RoleAny"}, {Name: "r", GoName: "Role"}, {Name: "s", GoName: "Roles"}},
		Schemes: []*policy.Scheme{{Name: "api-key", GoName: "APIKey"}, {Name: "api_key"}},
	}
	n := newNames(&p)
	got := fmt.Sprint(n.roles, n.schemes, n.diags)
	if want := "map[*:RoleAny orders.read:RoleDotRead orders:read:RoleOrdersRead r:RoleRole s:RoleRoles] map[api-key:APIKey api_key:ApiKey] []"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
