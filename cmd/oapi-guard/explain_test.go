package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
)

// TestExamplesOfRules runs the two examples that explain shows of every rule: one has the finding that it says, the other
// has none. Where steps lead to the finding, or another command, only the script of the rule runs the first.
func TestExamplesOfRules(t *testing.T) {
	for _, rule := range generator.Rules() {
		if _, exempt := withoutScript[rule.ID]; exempt {
			continue
		}
		t.Run(rule.ID, func(t *testing.T) {
			example, err := explain.ExampleOf(rule.ID)
			if err != nil {
				t.Fatal(err)
			}
			args := strings.Fields(example.Command)[1:]
			if got := runExample(t, example.Passing, args, passing(rule.ID)...); strings.Contains(got, rule.ID) {
				t.Errorf("the passing example has the finding:\n%s", got)
			}
			if len(example.Steps) > 0 || len(example.Failing) == 0 {
				return
			}
			if got := runExample(t, example.Failing, args); got != example.Findings && !strings.Contains(example.Findings, "$WORK") {
				t.Errorf("got\n%s\nthe example says\n%s", got, example.Findings)
			}
		})
	}
}

// passing are the arguments of the command that takes the finding of a rule away, besides files.
func passing(rule string) [][]string {
	if rule == "output-stale" {
		return [][]string{{"generate"}}
	}
	return nil
}

// runExample runs the command in the project with the files of an example.
func runExample(t *testing.T, files []explain.File, args []string, before ...[]string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range append(explain.Project(), files...) {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, []byte(f.Content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, first := range before {
		run(first, strings.NewReader(""), io.Discard, io.Discard)
	}
	var out bytes.Buffer
	run(args, strings.NewReader(""), &out, &out)
	return out.String()
}

// TestEveryRuleHasALongText: the sentence of a rule says what is wrong, the rest why, and what to do.
func TestEveryRuleHasALongText(t *testing.T) {
	for _, rule := range generator.Rules() {
		if explain.Why(rule.ID) == "" {
			t.Errorf("generator/report/explain/why.txt lacks %s", rule.ID)
		}
	}
}
