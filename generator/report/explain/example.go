package explain

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/oapi-guard/oapi-guard/testdata/script"
)

// Example is a project in which a rule has a finding, and the same project without it.
type Example struct {
	// Failing are the files with the finding, and Passing the same ones without it; one that is missing there is not
	// needed. Both stand in a project with the files of Project.
	Failing, Passing []File
	// Steps are changes of files before Command runs, as testdata/script has them.
	Steps []string
	// Command is the command line, and Findings its output.
	Command, Findings string
}

// File is a file of an example.
type File struct{ Name, Content string }

// Project is the project in which all examples stand.
func Project() []File {
	var all []File
	for _, name := range []string{"go.mod", "oapi-guard.yaml", "oapi-codegen.yaml", "openapi.yaml", "api/api.gen.go", "apiguard/guards.gen.go"} {
		if content, ok := ofProject(name); ok {
			all = append(all, File{name, content})
		}
	}
	return all
}

func ofProject(name string) (string, bool) {
	for _, path := range []string{"project/" + name, "project/" + name + ".txt"} {
		if content, err := script.Files.ReadFile(path); err == nil {
			return string(content), true
		}
	}
	return "", false
}

// right is the file of a script with the document that has no finding.
const right = "right.yaml"

// ExampleOf is the example of a rule. The error says that there is none.
func ExampleOf(rule string) (Example, error) {
	content, err := script.Files.ReadFile("rule_" + rule + ".txtar")
	if err != nil {
		return Example{}, fmt.Errorf("the rule %s has no example", rule)
	}
	archive := txtar.Parse(content)
	var e Example
	e.Steps, e.Command = commands(string(archive.Comment))
	replaced := map[string]string{}
	for _, f := range archive.Files {
		if f.Name == right {
			replaced["openapi.yaml"] = string(f.Data)
		}
	}
	for _, f := range archive.Files {
		switch f.Name {
		case right:
		case "want":
			e.Findings = string(f.Data)
		default:
			e.Failing = append(e.Failing, File{f.Name, string(f.Data)})
			e.passing(f, replaced)
		}
	}
	return e, nil
}

func (e *Example) passing(failing txtar.File, replaced map[string]string) {
	content, ok := replaced[failing.Name]
	if !ok && len(replaced) > 0 { // the configuration that turns a rule on stays
		content, ok = string(failing.Data), true
	}
	if !ok {
		content, ok = ofProject(failing.Name)
	}
	if ok {
		e.Passing = append(e.Passing, File{failing.Name, content})
	}
}

// commands are the steps of a script before the command with the finding, and that command.
func commands(comment string) (steps []string, command string) {
	for line := range strings.Lines(comment) {
		line = strings.TrimSpace(line)
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || line[0] == '#' || line == "remember":
		case words[0] == "exit" && command == "" && slices.Contains(words, "oapi-guard"):
			return steps, strings.Join(words[2:], " ")
		default:
			steps = append(steps, line)
		}
	}
	return steps, command
}
