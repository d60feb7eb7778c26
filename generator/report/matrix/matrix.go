package matrix

import (
	"fmt"
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Options choose a part of the matrix, and its order.
type Options struct {
	// Roles are the only callers to show; none shows all, and callers without a role.
	Roles []string
	// ByRole lists for each caller the operations that let it in, in place of the table.
	ByRole bool
}

// Matrix has a verdict for each operation and caller.
type Matrix struct {
	// Title and Version are those of the document's Info Object.
	Title, Version string
	// Callers are the columns, Operations the rows, in the document's order; webhooks and callbacks come last.
	Callers    []Caller
	Operations []Operation
	byRole     bool
}

// CallerKind says how much is known of a caller.
type CallerKind string

// The kinds of callers.
const (
	// AnonymousCaller has no credentials.
	AnonymousCaller CallerKind = "anonymous"
	// AuthenticatedCaller has every credential that is asked for, and no role.
	AuthenticatedCaller CallerKind = "authenticated"
	// RoleCaller has every credential that is asked for, and one role.
	RoleCaller CallerKind = "role"
)

// Caller is a column of the matrix.
type Caller struct {
	Kind CallerKind
	// Role is the only role that a RoleCaller holds, nil for others.
	Role *policy.Role
}

// Operation is a row of the matrix.
type Operation struct {
	*policy.Operation
	// Kind is "operation", "webhook" or "callback".
	Kind string
	// Verdicts are those about the callers of the matrix, in its order.
	Verdicts []Verdict
}

// New makes the matrix of a policy. It refuses a role that the policy does not know.
func New(p *policy.Policy, options Options) (*Matrix, error) {
	m := &Matrix{Title: p.Title, Version: p.Version, byRole: options.ByRole}
	callers, err := callersOf(p, options.Roles)
	if err != nil {
		return nil, err
	}
	m.Callers = callers
	m.add("operation", p.Operations)
	m.add("webhook", p.Webhooks)
	m.add("callback", p.Callbacks)
	return m, nil
}

// callersOf are those with the chosen roles, or all of them.
func callersOf(p *policy.Policy, chosen []string) ([]Caller, error) {
	var callers []Caller
	if len(chosen) == 0 {
		callers = []Caller{{Kind: AnonymousCaller}, {Kind: AuthenticatedCaller}}
	}
	var names []string
	for _, role := range p.Roles {
		names = append(names, role.Name)
		if len(chosen) == 0 || slices.Contains(chosen, role.Name) {
			callers = append(callers, Caller{RoleCaller, role})
		}
	}
	for _, role := range chosen {
		if !slices.Contains(names, role) {
			return nil, fmt.Errorf("the document has no role %q%s", role, diag.DidYouMean(role, names))
		}
	}
	return callers, nil
}

func (m *Matrix) add(kind string, operations []*policy.Operation) {
	for _, o := range operations {
		row := Operation{Operation: o, Kind: kind}
		for _, caller := range m.Callers {
			row.Verdicts = append(row.Verdicts, decide(o, caller))
		}
		m.Operations = append(m.Operations, row)
	}
}

// place is the path of an operation, or the name of a webhook or callback.
func (o Operation) place() string {
	switch o.Kind {
	case "webhook":
		return "webhook " + o.Source
	case "callback":
		return "callback " + o.Source + " of " + o.Within
	}
	return o.Path
}

// heading names the caller in a column.
func (c Caller) heading() string {
	switch c.Kind {
	case AnonymousCaller:
		return "anonymous"
	case AuthenticatedCaller:
		return "no role"
	}
	return c.Role.Name
}

// name is the caller in a sentence, with the roles that its role includes.
func (c Caller) name() string {
	switch c.Kind {
	case AnonymousCaller:
		return "Callers without credentials"
	case AuthenticatedCaller:
		return "Authenticated callers without a role"
	}
	return "Role " + c.Role.Name
}
