package opa

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/examples/opa/apiguard"
	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// TestAgreement asks guards and Rego about every operation for every caller that the policy can tell apart.
func TestAgreement(t *testing.T) {
	questions := everyQuestion(t)
	ask := regoPolicy(t, readRules(t), readData(t))
	allowed := map[string]int{}
	for _, q := range questions {
		if ask(q) != q.allowed {
			t.Errorf("%+v: guard and Rego disagree", *q)
		}
		if q.allowed {
			allowed[q.Operation]++
		}
	}
	// Two that deny everything would agree, too.
	for _, o := range apiguard.Policy() {
		each := len(questions) / len(apiguard.Policy())
		if n := allowed[o.ID]; n == 0 || (n == each) != o.Public {
			t.Errorf("%s is allowed to %d of %d callers", o.ID, n, each)
		}
	}
	t.Logf("%d questions, allowed: %v", len(questions), allowed)
}

// TestUnknownOperation sees that Rego denies what is not in the document.
func TestUnknownOperation(t *testing.T) {
	all := vocabulary(apiguard.Policy())
	all.Operation = "dropTables"
	if regoPolicy(t, readRules(t), readData(t))(all) {
		t.Error("an operation that nobody knows is allowed")
	}
}

// TestBrokenRules sees that TestAgreement needs every condition of the rules.
func TestBrokenRules(t *testing.T) {
	questions, rules, data := everyQuestion(t), readRules(t), readData(t)
	tests := []struct{ name, old, new string }{
		{"public operations are forgotten", "allow if operation.public\n", ""},
		{"nothing is public but all is allowed", "allow if operation.public\n", "allow if operation\n"},
		{"schemes are forgotten", "requirement.scheme in input.schemes\n\t\tevery", "every"},
		{"one scheme of several will do", "requirement.scheme in input.schemes\n\t\tevery", "some r in alternative\n\t\tr.scheme in input.schemes\n\t\tevery"},
		{"scopes are forgotten", "every scope in requirement.scopes { scope in input.scopes }", ""},
		{"one scope of several will do", "every scope in requirement.scopes { scope in input.scopes }",
			"count({s | some s in requirement.scopes; s in input.scopes}) >= min([1, count(requirement.scopes)])"},
		{"roles of a scheme are forgotten", "has_roles(requirement.roles)", ""},
		{"roles of the operation are forgotten", "has_roles(operation.roles)", ""},
		{"all roles of a group are needed", "some role in group\n\t\trole in input.roles", "every role in group { role in input.roles }"},
		{"one group of several will do", "every group in groups {", "every _ in groups {\n\t\tsome group in groups"},
		{"{} is for everybody", "applies(alternative)\n\t", ""},
		{"{} is for nobody", "applies(_) if {", "applies(_) if {\n\tfalse"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			broken := strings.Replace(rules, test.old, test.new, 1)
			if broken == rules {
				t.Fatalf("%q is not in %s", test.old, rulesFile)
			}
			if agrees(regoPolicy(t, broken, data), questions) {
				t.Error("the answers are the same")
			}
		})
	}
}

// TestBrokenData sees that TestAgreement needs every entry of the data: each of them is left out once, and what is
// public is made private, and the other way round.
func TestBrokenData(t *testing.T) {
	questions, rules := everyQuestion(t), readRules(t)
	operations, _ := readData(t)["operations"].([]any)
	if len(operations) != len(apiguard.Policy()) {
		t.Fatalf("the data have %d operations", len(operations))
	}
	for _, o := range operations {
		id := o.(map[string]any)["id"]
		mine := slices.DeleteFunc(slices.Clone(questions), func(q *question) bool { return q.Operation != id })
		for _, broken := range withoutOne([]any{o}) {
			data := map[string]any{"operations": broken.value}
			if agrees(regoPolicy(t, rules, data), mine) {
				t.Errorf("the answers are the same without %s%s", id, broken.path)
			}
		}
	}
}

// variant is a JSON value that lacks one entry of the original.
type variant struct {
	path  string
	value any
}

// withoutOne are the variants of a value: in each, an element of some list is missing or a bool is another.
func withoutOne(value any) []variant {
	var found []variant
	switch value := value.(type) {
	case bool:
		found = append(found, variant{"", !value})
	case []any:
		for i, element := range value {
			at := fmt.Sprintf("[%d]", i)
			found = append(found, variant{at, slices.Delete(slices.Clone(value), i, i+1)})
			for _, v := range withoutOne(element) {
				changed := slices.Clone(value)
				changed[i] = v.value
				found = append(found, variant{at + v.path, changed})
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			for _, v := range withoutOne(value[key]) {
				changed := maps.Clone(value)
				changed[key] = v.value
				found = append(found, variant{"." + key + v.path, changed})
			}
		}
	}
	return found
}

// everyQuestion asks the guards about every operation with every subset of schemes, scopes and roles.
func everyQuestion(t *testing.T) []*question {
	t.Helper()
	var questions []*question
	words := vocabulary(apiguard.Policy())
	for _, o := range apiguard.Policy() {
		for _, schemes := range subsets(words.Schemes) {
			for _, scopes := range subsets(words.Scopes) {
				for _, roles := range subsets(words.Roles) {
					questions = append(questions, &question{Operation: o.ID, Schemes: schemes, Scopes: scopes, Roles: roles})
				}
			}
		}
	}
	askGuards(t, questions)
	return questions
}

// vocabulary is all that a policy speaks of, as the caller who has it all.
func vocabulary(policy []guard.Operation) *question {
	q := &question{}
	addRoles := func(groups []guard.AnyRole) {
		for _, group := range groups {
			for _, role := range group {
				q.Roles = append(q.Roles, string(role))
			}
		}
	}
	for _, o := range policy {
		addRoles(o.Roles)
		for _, alternative := range o.Security {
			for _, r := range alternative {
				q.Schemes = append(q.Schemes, r.Scheme)
				q.Scopes = append(q.Scopes, r.Scopes...)
				addRoles(r.Roles)
			}
		}
	}
	for _, list := range []*[]string{&q.Schemes, &q.Scopes, &q.Roles} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return q
}

// subsets are all subsets of a list, the empty one first. None is nil: Rego knows null and the empty list apart.
func subsets(list []string) [][]string {
	found := [][]string{{}}
	for _, element := range list {
		for _, s := range found {
			found = append(found, append(slices.Clone(s), element))
		}
	}
	return found
}
