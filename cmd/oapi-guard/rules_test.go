package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
	"github.com/oapi-guard/oapi-guard/generator/report/overlay"
)

// withoutScript are rules that no input leads to.
var withoutScript = map[string]string{
	"render": "the built-in templates make complete code of everything that the stages before let through",
}

// TestEveryRuleHasAScript: rule_<rule>.txtar shows what is printed, the exit code, and that nothing is written
// when the finding is an error. That of a rule of vet also shows a document without the finding.
func TestEveryRuleHasAScript(t *testing.T) {
	for _, r := range generator.Rules() {
		rule := r.ID
		if _, exempt := withoutScript[rule]; exempt {
			continue
		}
		script, err := os.ReadFile(filepath.Join(scriptDir, "rule_"+rule+".txtar"))
		if err != nil {
			t.Error(err)
			continue
		}
		checkRuleScript(t, rule, string(script))
	}
}

var (
	refusal = regexp.MustCompile(`(?m)^remember\nexit [12] oapi-guard.*\ncmp(env)? stdout want\n! stderr \.\nuntouched$`)
	vetted  = regexp.MustCompile(`(?m)^exit 0 oapi-guard vet\ncmp stdout want\n! stderr \.\nexit 0 oapi-guard vet (-c oapi-guard.yaml )?right.yaml\n! stdout \.$`)
	unread  = regexp.MustCompile(`(?m)^exit 0 oapi-guard overlay -o access.yaml\ncmp stderr want\n! stdout \.\nexit 0 oapi-guard overlay -o access.yaml right.yaml\n! stderr \.$`)
	caution = regexp.MustCompile(`(?m)^exit 0 oapi-guard\ncmp stdout want\n! stderr \.\ngrep .* apiguard/guards.gen.go$`)
)

func checkRuleScript(t *testing.T, rule, script string) {
	t.Helper()
	_, want, _ := strings.Cut(script, "-- want --\n")
	if !strings.Contains(want, " ["+rule+"]\n") && !strings.Contains(want, "title="+rule+"::") {
		t.Errorf("%s: its script expects no such finding", rule)
	}
	shape := refusal
	switch {
	case isVetRule(rule):
		shape = vetted
	case rule == overlay.Rules()[0].ID:
		shape = unread
	case !strings.Contains(want, "error"):
		shape = caution
	}
	if !shape.MatchString(script) {
		t.Errorf("%s: its script does not look at everything that it should", rule)
	}
}

func isVetRule(rule string) bool {
	return slices.ContainsFunc(lint.Rules(), func(r diag.Rule) bool { return r.ID == rule })
}

func TestEveryScriptHasARule(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(scriptDir, "rule_*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	for _, script := range scripts {
		rule := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(script), "rule_"), ".txtar")
		if !slices.ContainsFunc(generator.Rules(), func(r diag.Rule) bool { return r.ID == rule }) {
			t.Errorf("%s is about a rule that does not exist", script)
		}
	}
}

// TestRulesPage keeps docs/RULES.md in step with the rules.
func TestRulesPage(t *testing.T) {
	const path = "../../docs/RULES.md"
	var page strings.Builder
	page.WriteString("# Rules\n\nEvery finding ends in the name of its rule: `file:line:col: severity: message [rule]`.\n" +
		"Errors refuse the input, and nothing is written; a run with errors exits with the highest status of their rules.\n" +
		"A finding may be milder than its rule. `oapi-guard explain RULE` shows an example of each.\n\n| rule | severity | exit | explanation |\n| --- | --- | --- | --- |\n")
	var ofVet []diag.Rule
	for _, rule := range generator.Rules() {
		if isVetRule(rule.ID) {
			ofVet = append(ofVet, rule)
			continue
		}
		exit := int(rule.Exit)
		if rule.Severity == diag.Warning {
			exit = 0
		}
		fmt.Fprintf(&page, "| `%s` | %s | %d | %s |\n", rule.ID, rule.Severity, exit, rule.Text)
	}
	page.WriteString("\n## Rules of vet\n\n`oapi-guard vet` finds these besides. `vet: {rule: off}` in oapi-guard.yaml switches one off, `warning` or `error` sets its\n" +
		"severity; see [REPORTS.md](REPORTS.md#vet).\n\n| rule | default | explanation |\n| --- | --- | --- |\n")
	for _, rule := range ofVet {
		setting := rule.Severity.String()
		if lint.IsOff(rule.ID) {
			setting = "off"
		}
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", rule.ID, setting, rule.Text)
	}
	if *update {
		if err := os.WriteFile(path, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page.String() {
		t.Errorf("%s is not what the rules are: make generate", path)
	}
}
