package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPreCommitHooks: each of .pre-commit-hooks.yaml runs a verb and flags that exist, when a file changes on which the
// guards depend.
func TestPreCommitHooks(t *testing.T) {
	content, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Entry, Language, Files string
		PassFilenames              *bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(content, &hooks); err != nil {
		t.Fatal(err)
	}
	verbs := map[string]string{"oapi-guard-check": "check", "oapi-guard-generate": "generate"}
	if len(hooks) != len(verbs) {
		t.Errorf("%d hooks, want %d", len(hooks), len(verbs))
	}
	for _, hook := range hooks {
		if hook.Language != "golang" || hook.PassFilenames == nil || *hook.PassFilenames {
			t.Errorf("%s: language %q, or file names are passed, which no verb takes", hook.ID, hook.Language)
		}
		words := strings.Fields(hook.Entry)
		a := &app{stdout: &stickyWriter{w: io.Discard}, stderr: io.Discard}
		root := a.rootCommand()
		a.addCommands(root)
		command, arguments, err := root.Find(words[1:])
		if words[0] != "oapi-guard" || err != nil || command.Name() != verbs[hook.ID] {
			t.Fatalf("%s: %q does not run %q: %v", hook.ID, hook.Entry, verbs[hook.ID], err)
		}
		if err := command.ParseFlags(append(arguments, "--config", "orders/oapi-guard.yaml")); err != nil || command.Flags().NArg() > 0 {
			t.Errorf("%s: %q: %v", hook.ID, hook.Entry, err)
		}
		files := regexp.MustCompile(hook.Files)
		for name, depends := range map[string]bool{
			"oapi-guard.yaml": true, "api/openapi.yml": true, "openapi.json": true, "templates/roles.tmpl": true,
			"apiguard/guards.gen.go": true, "main.go": false, "README.md": false,
		} {
			if files.MatchString(name) != depends {
				t.Errorf("%s: files %s, %s: %v, want %v", hook.ID, hook.Files, name, !depends, depends)
			}
		}
	}
}
