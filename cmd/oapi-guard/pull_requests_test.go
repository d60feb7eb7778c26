package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestPullRequests runs the commands of docs/PULL_REQUESTS.md in clean clones of a small repository: on a branch that lets
// nobody in they succeed, and on one that lets somebody in each recipe fails in its last command, and says who.
func TestPullRequests(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the command in a module of its own")
	}
	for _, program := range []string{"git", "bash", "sh"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is missing", program)
		}
	}
	recipes := pullRequestRecipes(t)
	environment := append(proxied(t), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	origin := pullRequestRepository(t, environment)
	for name, commands := range recipes {
		for branch, weakened := range map[string]bool{"harmless": false, "weaker": true} {
			t.Run(name+" "+branch, func(t *testing.T) {
				clone := t.TempDir()
				must(t, clone, environment, "git", "clone", "--quiet", "--branch", branch, origin, ".")
				followRecipe(t, clone, environment, commands, weakened)
			})
		}
	}
}

// shellCommand is a command of a recipe, and the shell that runs it.
type shellCommand struct{ shell, text string }

func pullRequestRecipes(t *testing.T) map[string][]shellCommand {
	t.Helper()
	blocks := regexp.MustCompile("(?s)```(?:yaml|sh)\n(.*?)```").FindAllStringSubmatch(readFile(t, "../../docs/PULL_REQUESTS.md"), -1)
	if len(blocks) != 3 {
		t.Fatalf("%d recipes", len(blocks))
	}
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	if err := yaml.Unmarshal([]byte(blocks[0][1]), &workflow); err != nil {
		t.Fatal(err)
	}
	recipes := map[string][]shellCommand{"shell": {{"sh", blocks[2][1]}}}
	for _, step := range workflow.Jobs["access"].Steps {
		if step.Run != "" {
			recipes["GitHub"] = append(recipes["GitHub"], shellCommand{"bash", step.Run})
		}
	}
	var jobs map[string]struct{ Script []string }
	if err := yaml.Unmarshal([]byte(blocks[1][1]), &jobs); err != nil {
		t.Fatal(err)
	}
	for _, line := range jobs["access"].Script {
		recipes["GitLab"] = append(recipes["GitLab"], shellCommand{"sh", line})
	}
	if len(recipes["GitHub"]) != 5 || len(recipes["GitLab"]) != 5 {
		t.Fatalf("%q", recipes)
	}
	return recipes
}

const pullRequestDocument = `openapi: 3.1.0
info: {title: Orders, version: "1"}
security: [{bearerAuth: []}]
paths:
  /orders:
    get:
      operationId: listOrders
      x-required-roles: [admin]
      responses:
        '204': {description: ok}
        '401':
          description: The request needs valid credentials.
          headers: {WWW-Authenticate: {schema: {type: string}}}
        '403': {description: The caller may not do this.}
components:
  securitySchemes:
    bearerAuth: {type: http, scheme: bearer}
`

// pullRequestRepository is a repository with guards, and with two branches that change the document.
func pullRequestRepository(t *testing.T, environment []string) string {
	t.Helper()
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), "module example.com/orders\n\ngo 1.26.0\n")
	writeFile(t, filepath.Join(dir, "openapi.yaml"), pullRequestDocument)
	writeFile(t, filepath.Join(dir, "oapi-guard.yaml"), "spec: openapi.yaml\nserver: none\noutput: apiguard/guards.gen.go\n")
	must(t, dir, environment, "go", "mod", "init", "-modfile=tools.mod", "tools")
	must(t, dir, environment, "go", "get", "-tool", "-modfile=tools.mod", "github.com/oapi-guard/oapi-guard/cmd/oapi-guard")
	commit := func(branch, document string) {
		must(t, dir, environment, "git", "checkout", "--quiet", "-B", branch)
		writeFile(t, filepath.Join(dir, "openapi.yaml"), document)
		must(t, dir, environment, "go", "tool", "-modfile=tools.mod", "oapi-guard")
		must(t, dir, environment, "git", "add", ".")
		must(t, dir, environment, "git", "commit", "--quiet", "--message", branch)
	}
	must(t, dir, environment, "git", "init", "--quiet")
	commit("main", pullRequestDocument)
	commit("harmless", strings.Replace(pullRequestDocument, "title: Orders", "title: All orders", 1))
	must(t, dir, environment, "git", "checkout", "--quiet", "main")
	commit("weaker", strings.Replace(pullRequestDocument, "[admin]", "[admin, viewer]", 1))
	return dir
}

// followRecipe runs the commands as the services do. The program gh, which speaks with GitHub, notes what it is to say.
func followRecipe(t *testing.T, clone string, environment []string, commands []shellCommand, weakened bool) {
	t.Helper()
	tools := t.TempDir()
	writeFile(t, filepath.Join(tools, "gh"), "#!/bin/sh\nwhile [ $# -gt 0 ]; do if [ \"$1\" = --body-file ]; then cp \"$2\" "+tools+"/said; fi; shift; done\n")
	if err := os.Chmod(filepath.Join(tools, "gh"), 0o755); err != nil {
		t.Fatal(err)
	}
	environment = append(environment, "PATH="+tools+":"+os.Getenv("PATH"), "GITHUB_BASE_REF=main", "GITHUB_STEP_SUMMARY="+tools+"/summary",
		"CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main", "NUMBER=1")
	var output string
	for i, command := range commands {
		run := exec.Command(command.shell, "-e", "-c", command.text)
		run.Dir, run.Env = clone, environment
		printed, err := run.CombinedOutput()
		output = string(printed)
		if last := i == len(commands)-1; (err != nil) != (last && weakened) {
			t.Fatalf("%s\n%v\n%s", command.text, err, output)
		}
	}
	if weakened && (!strings.Contains(output, "viewer") || !strings.Contains(output, "openapi.yaml")) {
		t.Errorf("the last command does not say who gets in:\n%s", output)
	}
	for _, file := range []string{filepath.Join(tools, "said"), filepath.Join(tools, "summary"), filepath.Join(clone, "access.md")} {
		content, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(content), "viewer") != weakened {
			t.Errorf("%s: %s", file, content)
		}
		if os.IsNotExist(err) && (len(commands) == 5 && filepath.Base(file) == "access.md") {
			t.Errorf("%s is missing", file)
		}
	}
}

// must runs a command that has to succeed.
func must(t *testing.T, dir string, environment []string, words ...string) {
	t.Helper()
	run := exec.Command(words[0], words[1:]...)
	run.Dir, run.Env = dir, environment
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", words, err, output)
	}
}
