package difference

import "slices"

// Threshold says which changes fail a run.
type Threshold string

// The thresholds.
const (
	// FailOnNothing fails no run.
	FailOnNothing Threshold = ""
	// FailOnWeakened fails when somebody gets in who did not: weakened, changed, and added where anonymous callers get in.
	FailOnWeakened Threshold = "weakened"
	// FailOnTightened fails when somebody no longer gets in: tightened, changed and removed.
	FailOnTightened Threshold = "tightened"
	// FailOnAny fails on every change.
	FailOnAny Threshold = "any"
)

// Includes reports whether a change fails the run.
func (t Threshold) Includes(c Change) bool {
	switch t {
	case FailOnWeakened:
		return c.opens()
	case FailOnTightened:
		return slices.Contains([]Class{Tightened, Changed, Removed}, c.Class)
	}
	return t == FailOnAny
}

// Fails reports whether any of the changes fails the run.
func (t Threshold) Fails(changes []Change) bool { return slices.ContainsFunc(changes, t.Includes) }

// opens reports whether somebody gets in who did not, other than by an operation that is new and asks for a credential.
func (c Change) opens() bool {
	return c.Class == Weakened || c.Class == Changed || c.Class == Added && c.Public
}
