package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Output is a file, or one for each operation, that a template of the user makes.
type Output struct {
	// Template is the template's file.
	Template string
	// Path is the file to write; with Each "operation" the path is a template itself, relative to the folder of
	// oapi-guard.yaml.
	Path string
	// Each is "operation" or, for one file, "file" or empty.
	Each string
}

// EachOperation reports whether there is a file for each operation.
func (o Output) EachOperation() bool { return o.Each == "operation" }

// lastOutput is the output whose keys are being read.
func (c *Config) lastOutput() *Output {
	if len(c.Outputs) == 0 {
		c.Outputs = append(c.Outputs, Output{})
	}
	return &c.Outputs[len(c.Outputs)-1]
}

// OutputTemplates are the templates of all outputs.
func (c *Config) OutputTemplates() []string {
	var paths []string
	for _, o := range c.Outputs {
		paths = append(paths, o.Template)
	}
	return paths
}

// Dir is the folder of oapi-guard.yaml, below which outputs are written.
func (c *Config) Dir() string { return filepath.Dir(c.Path) }

// TestFile is the file of the test of the guards: go test runs only files whose names end in _test.go.
func (c *Config) TestFile() string { return testFile(c.Output) }

func testFile(output string) string { return strings.TrimSuffix(output, ".go") + "_test.go" }

// RefuseGuardTests reports hooks that ask callers and authenticators for more than a generated test can know.
func (c *Config) RefuseGuardTests(hooks []string) diag.List {
	var diags diag.List
	for _, hook := range []string{"principal-methods", "authenticator-methods"} {
		if c.GuardTests && slices.Contains(hooks, hook) {
			diags.Report(c.Position("generate.guard-tests"), ruleValue, "generate.guard-tests is true, but the templates fill the hook %s: nobody generates these methods for a test; remove the key, and call guardtest.Run in a test of your own", hook)
		}
	}
	return diags
}

// OutputPosition is that of a key of an output.
func (c *Config) OutputPosition(index int, key string) diag.Position {
	return c.Position(fmt.Sprintf("outputs[%d].%s", index, key))
}

// checkOutputs resolves the paths of outputs, and refuses those that lead out of the folder.
func (l *loader) checkOutputs() {
	for i := range l.Outputs {
		o := &l.Outputs[i]
		l.checkLocal(fmt.Sprintf("outputs[%d].template", i), o.Template)
		o.Template = within(l.Dir(), o.Template)
		if !o.EachOperation() {
			l.diags.Add(l.CheckOutputPath(i, o.Path))
		} else if !strings.Contains(o.Path, "{{") {
			l.diags.Report(l.OutputPosition(i, "path"), ruleOutput, "all operations would be written to %s: name the operation in the path, {{.Name}}", o.Path)
		}
	}
}

// CheckOutputPath reports a path of an output that does not lie below the folder of oapi-guard.yaml, or that something
// else needs.
func (c *Config) CheckOutputPath(index int, path string) diag.List {
	reason := ""
	switch full := filepath.Join(c.Dir(), path); {
	case !filepath.IsLocal(path) || filepath.Clean(path) == ".":
		reason = "must lead to a file below the folder of oapi-guard.yaml"
	case samePath(full, c.Output), samePath(full, c.ServerFile),
		c.Client.Output != "" && samePath(full, c.Client.Output), c.GuardTests && samePath(full, c.TestFile()):
		reason = "is generated already: choose another one"
	case slices.ContainsFunc([]string{c.Path, c.Spec, c.ServerConfig, c.Overlay}, func(input string) bool { return input != "" && samePath(full, input) }):
		reason = "is an input of this run: choose another one"
	}
	var diags diag.List
	if reason != "" {
		diags.Report(c.OutputPosition(index, "path"), ruleOutput, "the output %s %s", path, reason)
	}
	return diags
}
