package generator

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// ruleInternal is about the place of the output, which only the facade compares with that of the server.
var ruleInternal = diag.Rule{
	ID: "internal-package", Severity: diag.Error, Exit: diag.ExitFindings,
	Text: "The guards would lie where Go does not allow to import the server's package.",
}

// Rules are the rules of all diagnostics, those of package write included, sorted by ID. Each is declared by the
// package that reports it.
func Rules() []diag.Rule {
	rules := slices.Concat(config.Rules(), spec.Rules(), policy.Rules(), server.Rules(), routers.Rules(), join.Rules(),
		render.Rules(), verify.Rules(), write.Rules(), []diag.Rule{ruleInternal})
	slices.SortFunc(rules, func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}
