package generator

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/config"
	"github.com/oapi-guard/oapi-guard/generator/internal/join"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/plain"
	"github.com/oapi-guard/oapi-guard/generator/internal/render"
	"github.com/oapi-guard/oapi-guard/generator/internal/routers"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/internal/verify"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
	"github.com/oapi-guard/oapi-guard/generator/report/probe"
	"github.com/oapi-guard/oapi-guard/generator/write"
)

// Rules are the rules of all diagnostics, those of package write included, sorted by ID. Each is declared by the
// package that reports it.
func Rules() []diag.Rule {
	rules := slices.Concat(config.Rules(), spec.Rules(), policy.Rules(), oapicodegen.Rules(), plain.Rules(), routers.Rules(), join.Rules(),
		render.Rules(), verify.Rules(), write.Rules(), lint.Rules(), overlay.Rules(), probe.Rules())
	slices.SortFunc(rules, func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}
