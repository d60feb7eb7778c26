package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oapi-guard/oapi-guard/generator"
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/report/explain"
	"github.com/oapi-guard/oapi-guard/generator/report/lint"
)

// explainRun is one run of the verb explain.
type explainRun struct {
	*app
	format choice
	spec   string
	// credentials are states, or SCHEME=STATE.
	credentials []string
	question    explain.Question
	options     explain.Options
}

func (a *app) explainCommand() *cobra.Command {
	e := &explainRun{app: a, format: choice{string(formatText), []string{"text", "json"}, "format"}}
	command := &cobra.Command{
		Use:   `explain {OPERATION | "METHOD /path" | RULE}`,
		Short: "Say what a caller of an operation gets, and why; or explain a rule",
		Long: `Says how the guard of an operation answers: verdict, status, challenges and body, and which line of which
file decides. The operation is an operationId, or a method and a path. Without flags for the caller it
answers for the usual ones: without credentials, with invalid ones, with valid ones.

A caller holds the roles of --as and the scopes of --scope, and presents credentials for the schemes of
--scheme in the state of --credential: valid, absent, invalid, expired, malformed or ambiguous. SCHEME=STATE
is for one scheme. Without --scheme they are for the first alternative that admits the caller.

The name of a rule in place of an operation prints its text, and an example with the finding and one
without it.`,
		Example: `  oapi-guard explain getOrder --as support
  oapi-guard explain "DELETE /orders/{orderId}" --credential expired
  oapi-guard explain getOrder --scheme apiKey --credential session=invalid --format json
  oapi-guard explain public-write`,
		Args: e.arguments,
		RunE: func(_ *cobra.Command, args []string) error { return e.run(args[0]) },
	}
	flags := command.Flags()
	flags.StringSliceVar(&e.question.Roles, "as", nil, "`roles` of the caller")
	flags.StringSliceVar(&e.question.Scopes, "scope", nil, "`scopes` of the caller")
	flags.StringSliceVar(&e.question.Schemes, "scheme", nil, "`schemes` that the request has credentials for")
	flags.StringSliceVar(&e.credentials, "credential", nil, "`state` of the credentials: valid, absent, invalid, expired, malformed, ambiguous; or scheme=state")
	flags.StringVar(&e.options.Realm, "realm", "", "`realm` of challenges, guard.Options.Realm of the program (default api)")
	flags.StringVar(&e.spec, "spec", "", "`document` in place of the configuration's")
	e.format.addTo(command, "format", "output format")
	return command
}

// arguments wants one operation or rule; a method and a path may be two words.
func (e *explainRun) arguments(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 2 && strings.HasPrefix(args[1], "/"):
		args[0] += " " + args[1]
	case len(args) != 1:
		return usageError{c.CommandPath(), fmt.Sprintf("explain takes an operation or a rule, got %d words", len(args))}
	case len(e.configs) > 1:
		return usageError{c.CommandPath(), "explain takes one configuration at most"}
	}
	if err := e.states(); err != nil {
		return usageError{c.CommandPath(), err.Error()}
	}
	return nil
}

// states reads the flag --credential.
func (e *explainRun) states() error {
	for _, text := range e.credentials {
		scheme, state, single := strings.Cut(text, "=")
		if !single {
			scheme, state = "", text
		}
		if !slices.Contains(stateNames(), state) {
			return fmt.Errorf("the state %q of a credential is not one of %s", state, strings.Join(stateNames(), ", "))
		}
		switch {
		case single && e.question.States == nil:
			e.question.States = map[string]explain.State{scheme: explain.State(state)}
		case single:
			e.question.States[scheme] = explain.State(state)
		case e.question.State != "":
			return errors.New("--credential has two states; write scheme=state")
		default:
			e.question.State = explain.State(state)
		}
	}
	return nil
}

func stateNames() []string {
	var names []string
	for _, s := range explain.States() {
		names = append(names, string(s))
	}
	return names
}

func (e *explainRun) run(name string) error {
	if i := slices.IndexFunc(generator.Rules(), func(r diag.Rule) bool { return r.ID == name }); i >= 0 {
		return e.rule(generator.Rules()[i])
	}
	options := e.policyOptions(e.documents())[0]
	done := e.reading(options.Config + options.Spec)
	p, diags := generator.LoadPolicy(options)
	done()
	if diags.HasErrors() {
		e.print(diags)
		return exitFailure
	}
	o, err := explain.Find(p, name)
	if err != nil {
		return err
	}
	asked, err := explain.Answers(p, o, e.question, e.options)
	if err != nil {
		return err
	}
	if e.format.value == string(formatJSON) {
		return explain.JSON(e.stdout, p, o, asked)
	}
	return explain.Text(e.stdout, p, o, asked)
}

// rule explains a rule.
func (e *explainRun) rule(rule diag.Rule) error {
	if e.format.value == string(formatJSON) {
		return explain.RuleJSON(e.stdout, rule, lint.IsOff(rule.ID))
	}
	return explain.RuleText(e.stdout, rule, lint.IsOff(rule.ID))
}

func (e *explainRun) documents() []string {
	if e.spec == "" {
		return nil
	}
	return []string{e.spec}
}
