// Package lint is what vet finds in a document besides what the generation of guards refuses: policies that are valid and
// still seldom meant.
//
// # Findings
//
// [Check] gets the findings of the stages before, and adds its own. Those of one cause at many operations are one finding
// with many places ([diag.List.Sort]); that is why messages do not name the operation. A document that is refused is not
// looked at: what is missing in it may be only misread.
//
// # False alarms
//
// A rule that is often wrong is switched off, and finds nothing any more. So each has its exceptions, which are written
// down beside it; and where a document has no security at all, there is nothing to compare with.
//
// # Switches
//
// A [Setting] turns a rule off or changes its severity. The document suppresses findings with x-guard-ignore, at
// itself, at a path item, an operation or a security scheme, each with its reason. An entry that suppresses nothing is a
// finding. Errors of the other stages cannot be suppressed.
package lint

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Setting is what the configuration says of a rule.
type Setting string

// The settings. A rule without one has its own severity.
const (
	Off     Setting = "off"
	Warning Setting = "warning"
	Error   Setting = "error"
)

// Check looks at a document and its policy. The findings of the stages that made them are found; the list that is
// returned, which is sorted, has them too unless they are suppressed.
func Check(document *spec.Document, p *policy.Policy, found diag.List, settings map[string]Setting) diag.List {
	if document == nil || found.HasErrors() {
		return found
	}
	l := &linter{document: document, policy: p, settings: settings}
	l.pair(document.Operations, p.Operations)
	l.pair(document.Webhooks, p.Webhooks)
	l.pair(document.Callbacks, p.Callbacks)
	for _, d := range found {
		l.findings = append(l.findings, finding{Diagnostic: d})
	}
	l.run()
	return l.suppress()
}

// linter is one run.
type linter struct {
	document *spec.Document
	policy   *policy.Policy
	settings map[string]Setting
	// operations are those of paths; received are the webhooks' and callbacks'.
	operations, received []operation
	findings             []finding
}

// operation is an operation as it stands in the document, and as it is understood.
type operation struct {
	from *spec.Operation
	*policy.Operation
}

// finding is a finding with the objects of the document that it is about.
type finding struct {
	diag.Diagnostic
	about []*spec.Node
}

func (l *linter) pair(from []*spec.Operation, built []*policy.Operation) {
	for i, o := range from {
		if o.Received() {
			l.received = append(l.received, operation{o, built[i]})
			continue
		}
		l.operations = append(l.operations, operation{o, built[i]})
	}
}

func (l *linter) run() {
	for _, o := range l.operations {
		l.publicWrite(o)
		l.cookieAlone(o)
		l.missingResponses(o)
		l.wording(o)
		l.uncheckedParameter(o)
		l.redundantRoles(o)
	}
	for _, o := range l.received {
		l.redundantRoles(o)
	}
	l.keysInQuery()
	l.plainHTTP()
	l.unusedSchemes()
	l.similarRoles()
}

// guarded reports whether the document has security at all. Without any, a public operation says nothing.
func (l *linter) guarded() bool {
	return slices.ContainsFunc(l.operations, func(o operation) bool { return !o.Public() })
}

// report adds a finding about objects of the document unless its rule is off.
func (l *linter) report(at diag.Position, rule diag.Rule, about []*spec.Node, format string, args ...any) {
	severity, on := l.severity(rule)
	if !on {
		return
	}
	var list diag.List
	list.Report(at, rule, format, args...)
	list[0].Severity = severity
	l.findings = append(l.findings, finding{list[0], about})
}

func (l *linter) severity(rule diag.Rule) (diag.Severity, bool) {
	switch l.settings[rule.ID] {
	case Off:
		return 0, false
	case Warning:
		return diag.Warning, true
	case Error:
		return diag.Error, true
	}
	return rule.Severity, !IsOff(rule.ID)
}

// nodes are the objects that a finding about the operation is about.
func (o operation) nodes() []*spec.Node { return []*spec.Node{o.from.Node, o.from.PathItem} }

// writes reports whether the method may change something (RFC 9110 section 9.2.1).
func (o operation) writes() bool {
	return !slices.Contains([]string{"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"}, o.Method)
}
