package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/report/difference"
)

// diffRun is one run of the verb diff.
type diffRun struct {
	*app
	format, failOn choice
}

func (a *app) diffCommand() *cobra.Command {
	d := &diffRun{
		app:    a,
		format: choice{string(formatText), []string{"text", "markdown", "json", "github", "sarif"}, "format"},
		failOn: choice{"", []string{"weakened", "tightened", "any"}, "changes"},
	}
	command := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two documents by whom their operations let in",
		Long: `Compares two OpenAPI documents by whom their operations let in, and not by how they are written. OLD
and NEW are files, or REV:path for a file of a git revision.

  weakened    somebody gets in who did not
  tightened   somebody no longer gets in
  changed     both
  disclosure  the same callers, but denied ones learn something else (x-conceal)
  added       a new operation
  removed     the operation is gone

Each change shows the smallest caller that it is about, and the two places that decide. With -c, the overlay, the
filters and the roles of that configuration apply to both documents.

--fail-on makes the exit code 1: weakened also for changed and for an added public operation, tightened also for
changed and removed, any for every change. A document that generate would refuse is exit code 2.`,
		Example: `  oapi-guard diff old.yaml openapi.yaml
  oapi-guard diff main:openapi.yaml openapi.yaml --fail-on weakened
  oapi-guard diff origin/main:./openapi.yaml openapi.yaml --format markdown > comment.md`,
		Args: d.arguments,
		RunE: func(_ *cobra.Command, args []string) error { return d.run(args[0], args[1]) },
	}
	d.format.addTo(command, "format", "output format")
	d.failOn.addTo(command, "fail-on", "changes that make the exit code 1")
	return command
}

// arguments wants two documents, and at most one configuration.
func (d *diffRun) arguments(c *cobra.Command, args []string) error {
	switch {
	case len(args) != 2:
		return usageError{c.CommandPath(), fmt.Sprintf("diff takes two documents, OLD and NEW, got %d", len(args))}
	case len(d.configs) > 1:
		return usageError{c.CommandPath(), "diff takes one configuration at most"}
	}
	return nil
}

func (d *diffRun) run(before, after string) error {
	sources := [2]documentSource{}
	policies := [2]*policy.Policy{}
	refused := false
	for i, argument := range []string{before, after} {
		var err error
		if sources[i], err = newDocumentSource(argument); err != nil {
			return err
		}
		done := d.during("reading " + argument)
		var ok bool
		policies[i], ok = d.load(sources[i], done)
		refused = refused || !ok
	}
	if refused {
		return exitFailure
	}
	changes := difference.Compare(policies[0], policies[1])
	for _, c := range changes {
		sources[0].rename(c.Old)
		sources[1].rename(c.New)
	}
	d.write(changes, after)
	if difference.Threshold(d.failOn.value).Fails(changes) {
		return exitFindings
	}
	return nil
}

// load reads the policy of a document. The errors of one that generate would refuse go to stderr, because the output is
// about changes. It calls done when the document is read.
func (d *diffRun) load(source documentSource, done func()) (*policy.Policy, bool) {
	options := generator.PolicyOptions{Spec: source.path, Read: source.read}
	if len(d.configs) > 0 {
		options.Config = d.configs[0]
	}
	p, diags := generator.LoadPolicy(options)
	done()
	if !diags.HasErrors() {
		return p, true
	}
	var errors diag.List
	for _, problem := range diags {
		if problem.Severity == diag.Error {
			errors = append(errors, source.renamed(problem))
		}
	}
	_ = diag.Text(d.stderr, errors, diag.TextOptions{})
	return nil, false
}

// write prints the changes in the chosen format. d.stdout remembers a failing output.
func (d *diffRun) write(changes []difference.Change, document string) {
	threshold := difference.Threshold(d.failOn.value)
	switch d.format.value {
	case "markdown":
		_ = difference.Markdown(d.stdout, changes)
	case "json":
		_ = difference.JSON(d.stdout, changes)
	case "github":
		_ = diag.GitHub(d.stdout, difference.Findings(changes, threshold, document))
	case "sarif":
		_ = diag.SARIF(d.stdout, difference.Findings(changes, threshold, document), diag.Tool{
			Name: "oapi-guard", Version: moduleVersion(), InformationURI: "https://" + modulePath, Rules: difference.Rules(),
		})
	default:
		_ = difference.Text(d.stdout, changes, d.colored())
	}
}
