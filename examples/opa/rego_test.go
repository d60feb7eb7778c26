package opa

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

const (
	rulesFile = "policy/authz.rego"
	dataFile  = "policy/data.json"
)

// readRules and readData read the policy as it is committed.
func readRules(t *testing.T) string {
	t.Helper()
	rules, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(rules)
}

func readData(t *testing.T) map[string]any {
	t.Helper()
	var data map[string]any
	content, err := os.ReadFile(dataFile)
	if err == nil {
		err = json.Unmarshal(content, &data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// regoPolicy makes a function that asks a policy. A policy without an answer denies, as services have it.
func regoPolicy(t *testing.T, rules string, data map[string]any) func(*question) bool {
	t.Helper()
	query, err := rego.New(
		rego.Query("data.authz.allow"),
		rego.Module(rulesFile, rules),
		rego.Store(inmem.NewFromObject(data)),
	).PrepareForEval(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return func(q *question) bool {
		t.Helper()
		results, err := query.Eval(t.Context(), rego.EvalInput(q))
		if err != nil {
			t.Fatalf("%+v: %v", *q, err)
		}
		return results.Allowed()
	}
}

// agrees reports whether a policy answers all questions as the guards do.
func agrees(ask func(*question) bool, questions []*question) bool {
	return !slices.ContainsFunc(questions, func(q *question) bool { return ask(q) != q.allowed })
}
