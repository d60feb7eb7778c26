package diag

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
