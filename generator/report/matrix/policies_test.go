package matrix_test

import (
	"fmt"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

func newMatrix(t *testing.T, p *policy.Policy, options matrix.Options) *matrix.Matrix {
	t.Helper()
	m, err := matrix.New(p, options)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// scheme is a bearer scheme with the name.
func scheme(name string) *policy.Scheme {
	return &policy.Scheme{Name: name, Type: policy.HTTP, HTTPScheme: "bearer"}
}

func by(s *policy.Scheme, scopes ...string) policy.Alternative {
	return policy.Alternative{Requirements: []policy.Requirement{{Scheme: s, Scopes: scopes}}}
}

func anyOf(roles ...string) policy.RoleGroup { return policy.RoleGroup{Written: roles, AnyOf: roles} }

func all(groups ...policy.RoleGroup) policy.Roles { return policy.Roles{Groups: groups} }

// orders has an operation for every verdict.
func orders() *policy.Policy {
	bearer, session := scheme("bearerAuth"), scheme("session")
	one := []policy.Alternative{by(bearer)}
	admin := policy.Alternative{Requirements: []policy.Requirement{{Scheme: session, Roles: all(anyOf("admin"))}}}
	at := diag.Position{File: "openapi.yaml", Line: 7, Column: 5}
	return &policy.Policy{
		Title: "Orders", Version: "2",
		Roles: []*policy.Role{{Name: "admin", Includes: []string{"support"}, Description: "Runs\nthe shop"}, {Name: "auditor"}, {Name: "support"}},
		Operations: []*policy.Operation{
			{ID: "getHealth", Method: "GET", Path: "/health", Position: at},
			{ID: "listNews", Method: "GET", Path: "/news", Alternatives: []policy.Alternative{{}, by(bearer)}, Position: at},
			{ID: "listOrders", Method: "GET", Path: "/orders", Alternatives: []policy.Alternative{by(bearer, "orders:read", "orders:list")}, Tags: []string{"sales"}, Position: at},
			{ID: "getOrder", Method: "GET", Path: "/orders/{orderId}", Alternatives: one, Check: "ownsOrder", Conceal: policy.ConcealAsNotFound, Position: at},
			{ID: "createOrder", Method: "POST", Path: "/orders", Alternatives: one, Roles: all(anyOf("support", "admin")), Position: at},
			{ID: "deleteOrder", Method: "DELETE", Path: "/orders/{orderId}", Alternatives: one, Roles: all(anyOf("support", "admin")), Check: "mayDelete", Position: at},
			{ID: "listAudits", Method: "GET", Path: "/audits", Alternatives: one, Roles: all(anyOf("support", "admin"), anyOf("auditor")), Position: at},
			{ID: "listUsers", Method: "GET", Path: "/users", Alternatives: []policy.Alternative{admin}, Position: at},
			{ID: "getCart", Method: "GET", Path: "/cart", Alternatives: []policy.Alternative{{}, by(session)}, Check: "ownsCart", Position: at},
		},
		Webhooks:  []*policy.Operation{{ID: "orderPaid", Method: "POST", Source: "orderPaid", Alternatives: one, Position: at}},
		Callbacks: []*policy.Operation{{Method: "POST", Path: "{$request.body#/url}", Source: "shipped", Within: "POST /orders", Position: at}},
	}
}

// hostileNames are made to be more than names where they are not escaped.
func hostileNames() []string {
	return []string{
		`<script>window.pwned=1</script>`, `</script><script>window.pwned=1</script>`, `</style><img src=x onerror=window.pwned=1>`,
		`"><svg onload=window.pwned=1>`, `' onmouseover='window.pwned=1`, `{{.Title}} ${window.pwned=1}`, `javascript:window.pwned=1`,
		`<!--`, `]]>`, `&lt;b&gt;&amp;`, `=HYPERLINK("https://example.org","x")`, `|*a*|_b_|[x](https://example.org)|`, "`a`\\|b", `@everyone #1`,
		`مدير`, `שלום/{id}`, `管理者`, `👩‍💻`, `a b`, `it's "quoted"`,
	}
}

// hostile has every hostile name everywhere that a document can have a name.
func hostile() *policy.Policy {
	p := &policy.Policy{Title: hostileNames()[1], Version: hostileNames()[3]}
	for _, name := range hostileNames() {
		p.Roles = append(p.Roles, &policy.Role{Name: name, Description: name, Includes: []string{name}})
		p.Operations = append(p.Operations, &policy.Operation{
			ID: name, Method: "GET", Path: "/" + name, Tags: []string{name}, Alternatives: []policy.Alternative{by(scheme(name), name)},
			Roles: all(anyOf(name)), Check: name,
		})
	}
	return p
}

// large is an API of many operations and roles.
func large(operations, roles int) *policy.Policy {
	p := &policy.Policy{Title: "Large", Version: "1"}
	for i := range roles {
		p.Roles = append(p.Roles, &policy.Role{Name: fmt.Sprintf("team-%02d-maintainer", i)})
	}
	s, methods := scheme("oauth"), [...]string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	for i := range operations {
		required := all(anyOf(p.Roles[i%roles].Name, p.Roles[i*7%roles].Name))
		o := &policy.Operation{
			ID: fmt.Sprintf("projects/operation-%d", i), Method: methods[i%5], Path: fmt.Sprintf("/projects/{owner}/{project}/resources-%d/{resource_id}", i),
			Alternatives: []policy.Alternative{by(s, fmt.Sprintf("resource-%d:write", i%40))}, Roles: required,
		}
		if i%6 == 0 {
			o.Check = "ownsProject"
		}
		p.Operations = append(p.Operations, o)
	}
	return p
}
