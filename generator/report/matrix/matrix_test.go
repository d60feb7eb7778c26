package matrix_test

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/matrix"
)

// The verdicts about every kind of operation, for callers without credentials, without a role, and with each role.
func TestVerdicts(t *testing.T) {
	want := map[string]string{ // anonymous, no role, admin, auditor, support
		"getHealth":   "public public public public public",
		"listNews":    "public public public public public",
		"listOrders":  "deny authenticated authenticated authenticated authenticated",
		"getOrder":    "deny ownership ownership ownership ownership",
		"createOrder": "deny deny allow deny allow",
		"deleteOrder": "deny deny ownership deny ownership",
		"listAudits":  "deny deny partial partial partial",
		"listUsers":   "deny deny allow deny deny",
		"getCart":     "ownership ownership ownership ownership ownership",
		"orderPaid":   "deny authenticated authenticated authenticated authenticated",
		"":            "public public public public public",
	}
	m := newMatrix(t, orders(), matrix.Options{})
	for _, o := range m.Operations {
		if got := words(o.Verdicts); got != want[o.ID] {
			t.Errorf("%s: %s, want %s", o.ID, got, want[o.ID])
		}
	}
	if len(m.Operations) != len(want) {
		t.Errorf("%d operations, want %d", len(m.Operations), len(want))
	}
}

func words(verdicts []matrix.Verdict) string {
	var all []string
	for _, v := range verdicts {
		all = append(all, string(v))
	}
	return strings.Join(all, " ")
}

// A role counts for the alternative that asks for it only, and all groups of one alternative count together.
func TestVerdictsOfAlternatives(t *testing.T) {
	role := func(scheme string, roles policy.Roles) policy.Requirement {
		return policy.Requirement{Scheme: &policy.Scheme{Name: scheme}, Roles: roles}
	}
	a, b := all(anyOf("a")), all(anyOf("b"))
	one := func(requirements ...policy.Requirement) policy.Alternative {
		return policy.Alternative{Requirements: requirements}
	}
	tests := []struct {
		name         string
		alternatives []policy.Alternative
		roles        policy.Roles
		want         string // no role, a, b
	}{
		{"role by one alternative", []policy.Alternative{one(role("x", a)), one(role("y", b))}, policy.Roles{}, "deny allow allow"},
		{"one alternative without roles", []policy.Alternative{one(role("x", a)), one(role("y", policy.Roles{}))}, policy.Roles{}, "authenticated authenticated authenticated"},
		{"two schemes with a role each", []policy.Alternative{one(role("x", a), role("y", b))}, policy.Roles{}, "deny partial partial"},
		{"of the alternative and of the operation", []policy.Alternative{one(role("x", a))}, b, "deny partial partial"},
		{"the same role twice", []policy.Alternative{one(role("x", a))}, a, "deny allow deny"},
		{"role of the operation for all", []policy.Alternative{one(role("x", policy.Roles{})), one(role("y", policy.Roles{}))}, b, "deny deny allow"},
	}
	for _, test := range tests {
		o := &policy.Operation{Method: "GET", Path: "/", Alternatives: test.alternatives, Roles: test.roles}
		p := &policy.Policy{Roles: []*policy.Role{{Name: "a"}, {Name: "b"}}, Operations: []*policy.Operation{o}}
		m := newMatrix(t, p, matrix.Options{})
		if got := words(m.Operations[0].Verdicts[1:]); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestChosenRoles(t *testing.T) {
	m := newMatrix(t, orders(), matrix.Options{Roles: []string{"support", "admin"}})
	if len(m.Callers) != 2 || m.Callers[0].Role.Name != "admin" || m.Callers[1].Role.Name != "support" {
		t.Errorf("callers %v", m.Callers)
	}
	_, err := matrix.New(orders(), matrix.Options{Roles: []string{"supprot"}})
	if want := `the document has no role "supprot"; did you mean "support"?`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
