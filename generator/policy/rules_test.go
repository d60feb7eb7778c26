package policy_test

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// documentRules are those of findings about documents.
func documentRules() []diag.Rule { return slices.Concat(spec.Rules(), policy.Rules()) }
