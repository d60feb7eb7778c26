// Package diag holds the findings of the generator about its input, and their output formats.
//
// # Rules
//
// A [Diagnostic] is a finding of a [Rule]. The package that reports a rule declares it, with its severity, the exit status
// that it leads to and a sentence that explains it. Nothing is derived from the name of a rule.
//
// # Flow
//
// A stage of the generator returns its value and a [List]. The facade concatenates the lists, sorts them, and ends the
// run after a stage with errors. [Text], [JSON], [GitHub] and [SARIF] write a list.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Position is a place in an input file. Line and Column count from 1, columns in Unicode code points;
// a zero Line means that the whole file is meant.
type Position struct {
	File   string
	Line   int
	Column int
}

// String is "file:line:col", without the parts that are not known.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Severity says whether a diagnostic stops the generation.
type Severity int

const (
	// Notice is for information. Reports have some, generation has none.
	Notice Severity = iota - 1
	// Warning is worth a look; generation goes on.
	Warning
	// Error refuses the input: nothing is written.
	Error
)

// String is "notice", "warning" or "error".
func (s Severity) String() string {
	return [...]string{"notice", "warning", "error"}[s-Notice]
}

// Diagnostic is one finding.
type Diagnostic struct {
	Position Position
	// Others are the further places of the same cause, sorted. [List.Sort] fills them.
	Others []Position
	// Severity is the rule's, or [Warning] when the finding is milder than its rule.
	Severity Severity
	Rule     Rule
	// Message says what is wrong and what would be right, without a final full stop.
	Message string
}

// String is the diagnostic as [Text] writes it, without styles.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s: %s%s [%s]", d.Position, d.Severity, d.Message, d.places(), d.Rule.ID)
}

// List holds diagnostics. The zero value is ready to use.
type List []Diagnostic

// Report adds a finding of the rule's severity.
func (l *List) Report(at Position, rule Rule, format string, args ...any) {
	l.add(at, rule.Severity, rule, fmt.Sprintf(format, args...))
}

// Warn adds a finding that is a warning whatever the rule's severity.
func (l *List) Warn(at Position, rule Rule, format string, args ...any) {
	l.add(at, Warning, rule, fmt.Sprintf(format, args...))
}

func (l *List) add(at Position, severity Severity, rule Rule, message string) {
	*l = append(*l, Diagnostic{Position: at, Severity: severity, Rule: rule, Message: message})
}

// Add appends the findings of another list.
func (l *List) Add(other List) { *l = append(*l, other...) }

// Soften turns the errors of the list into warnings.
func (l List) Soften() {
	for i := range l {
		l[i].Severity = Warning
	}
}

// Harden turns the warnings of the list into errors.
func (l List) Harden() {
	for i := range l {
		l[i].Severity = Error
	}
}

// HasErrors reports whether any diagnostic refuses the input.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sort orders the list by file, position, rule and message. Findings that say the same become one, at their first place.
func (l *List) Sort() {
	slices.SortFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			a.Position.Compare(b.Position),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(b.Severity, a.Severity),
		)
	})
	l.merge()
}

// Rule is a kind of finding. The package that reports it declares it, as a variable that nothing changes, and lists it
// in its function Rules.
type Rule struct {
	// ID is the rule's name in output and documentation, in kebab-case.
	ID string
	// Severity is that of its findings. A single finding may be milder, see [List.Warn].
	Severity Severity
	// Exit is the exit status of a run with such an error.
	Exit Exit
	// Text explains the rule in one sentence.
	Text string
}

// String is the rule's ID.
func (r Rule) String() string { return r.ID }

// Exit is the exit status of a run.
type Exit int

const (
	// ExitFine is for runs without errors.
	ExitFine Exit = iota
	// ExitFindings is for errors in the document or the server: the run has checked the API and refuses it.
	ExitFindings
	// ExitFailure is for errors in the configuration and its files: the run has learned nothing about the API.
	ExitFailure
)

// Exit is the highest exit status that the list's errors lead to.
func (l List) Exit() Exit {
	status := ExitFine
	for _, d := range l {
		if d.Severity == Error {
			status = max(status, d.Rule.Exit)
		}
	}
	return status
}
