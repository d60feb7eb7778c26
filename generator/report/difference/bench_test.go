package difference_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// BenchmarkCompare compares GitHub's document, 1,223 operations, with itself and with itself when every operation asks
// for more, both ways. Promised are 10 ms for both ways.
func BenchmarkCompare(b *testing.B) {
	const path = "../../../../shared/specs/github.json"
	if _, err := os.Stat(path); err != nil {
		b.Skipf("the real documents are not part of the project: %v", err)
	}
	plain, diags := generator.LoadPolicy(generator.PolicyOptions{Spec: path})
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	before, after := demanding(plain, 0), demanding(plain, 1)
	for name, pair := range map[string][2]*policy.Policy{"as-it-is": {plain, plain}, "secured": {before, before}, "changed": {before, after}, "opened": {before, plain}, "roles": {simple(plain, "admin"), simple(plain, "admin", "viewer")}} {
		b.Run(name, func(b *testing.B) {
			changes := 0
			for b.Loop() {
				changes = len(difference.Compare(pair[0], pair[1])) + len(difference.Compare(pair[1], pair[0]))
			}
			b.ReportMetric(float64(changes), "changes")
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Millisecond), "ms/op")
		})
	}
}

// demanding is a policy of the same operations with two alternatives, scopes, roles and checks for each. The shift turns
// them, so that those of another shift let in others.
func demanding(p *policy.Policy, shift int) *policy.Policy {
	token, key := &policy.Scheme{Name: "token", Type: policy.OAuth2}, &policy.Scheme{Name: "key", Type: policy.APIKey, In: "header", Parameter: "X-Key"}
	group := func(i int) policy.RoleGroup {
		var g policy.RoleGroup
		for j := range 8 {
			g.AnyOf = append(g.AnyOf, fmt.Sprintf("role%02d", (i+j)%40))
		}
		return g
	}
	secured := &policy.Policy{Schemes: []*policy.Scheme{token, key}}
	for i, o := range p.Operations {
		c := *o
		c.Alternatives = []policy.Alternative{
			{Requirements: []policy.Requirement{{Scheme: token, Scopes: []string{fmt.Sprint("scope", i%50), fmt.Sprint("scope", (i+shift)%50)}}}},
			{Requirements: []policy.Requirement{{Scheme: token}, {Scheme: key}}},
		}
		c.Roles = policy.Roles{Groups: []policy.RoleGroup{group(i + 3*shift), group(i + 9)}}
		secured.Operations = append(secured.Operations, &c)
	}
	return secured
}

// simple is a policy of the same operations with one scheme and a list of roles.
func simple(p *policy.Policy, roles ...string) *policy.Policy {
	token := &policy.Scheme{Name: "token", Type: policy.HTTP, HTTPScheme: "bearer"}
	secured := &policy.Policy{Schemes: []*policy.Scheme{token}}
	for _, o := range p.Operations {
		c := *o
		c.Alternatives = []policy.Alternative{{Requirements: []policy.Requirement{{Scheme: token}}}}
		c.Roles = policy.Roles{Groups: []policy.RoleGroup{{Written: roles, AnyOf: roles}}}
		secured.Operations = append(secured.Operations, &c)
	}
	return secured
}
