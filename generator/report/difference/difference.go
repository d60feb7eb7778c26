// Package difference compares two policies by whom they let in, and not by how they are written.
//
// # Callers
//
// A caller is one person, with all that this person holds whatever alternative it is for: credentials of schemes, each
// presented and accepted; scopes; roles; and checks that pass. A scheme is its definition ([policy.Scheme.Definition]), so
// another name for it changes nothing. {} admits everybody, through the check of the operation if it has one.
//
// An operation lets in whoever also holds more, so its callers are described by the smallest of them, its minimal grants: the
// schemes and scopes of one alternative, one role of each group, and the check. The new policy lets in somebody whom the
// old one refuses exactly when the old one refuses a minimal grant of the new one. [Compare] looks for the smallest such
// grant, and for the smallest one in the other direction.
//
// # States of credentials
//
// Two extensions are about credentials in a state in which holding more is not having more. They are compared for
// schemes that both operations read, state by state:
//
//   - An invalid or expired credential where {} admits anonymous callers: it counts as none under x-invalid-credentials.
//   - A cookie given twice, of which one value is accepted: it is a credential under x-duplicates only. Nobody is
//     anonymous with it, {} or not.
//
// # Matching
//
// Operations are matched by method and path, with parameters by their place and not by their name. Webhooks are matched by
// name and method, callbacks by the operation that has them, name, expression and method.
package difference

import (
	"cmp"
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Class says how the callers of an operation change.
type Class string

// The classes, the one first that a reviewer has to see first.
const (
	// Weakened lets in somebody whom the old policy refuses.
	Weakened Class = "weakened"
	// Changed lets in somebody else, and refuses somebody whom the old policy lets in.
	Changed Class = "changed"
	// Tightened refuses somebody whom the old policy lets in.
	Tightened Class = "tightened"
	// Disclosure lets in the same callers, and conceals something else from those whom it refuses (x-conceal).
	Disclosure Class = "disclosure"
	// Added is an operation that the old document does not have.
	Added Class = "added"
	// Removed is an operation that the new document does not have.
	Removed Class = "removed"
)

// Classes are all classes, in the order of the constants.
func Classes() []Class { return []Class{Weakened, Changed, Tightened, Disclosure, Added, Removed} }

// Kind says where an operation stands in its document.
type Kind string

// The kinds of operations.
const (
	Operation Kind = "operation"
	Webhook   Kind = "webhook"
	Callback  Kind = "callback"
)

// Change is an operation whose callers are not those that they were, or that learn something else.
type Change struct {
	// Operation is the operationId, that of the new document where both have the operation. It may be empty.
	Operation string `json:"operation"`
	Kind      Kind   `json:"kind"`
	Method    string `json:"method"`
	// Path is the path as the new document has it, the name of a webhook, or the expression of a callback.
	Path string `json:"path"`
	// Source and Within are the name of a callback and the operation that has it.
	Source string `json:"source,omitempty"`
	Within string `json:"within,omitempty"`
	Class  Class  `json:"class"`
	// Public says that anonymous callers get in under the new policy.
	Public bool `json:"public"`
	// Caller is the smallest caller who gets in now and did not before, in the new document's names.
	Caller *Caller `json:"caller,omitempty"`
	// Loses is the smallest caller who got in before and no longer does, in the old document's names.
	Loses *Caller `json:"loses,omitempty"`
	// Old and New are the places that decide: where the one policy refuses the caller, and where the other lets them in.
	Old *Place `json:"old,omitempty"`
	New *Place `json:"new,omitempty"`
}

// Place is a place in a document.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Caller is what a caller holds: names of schemes, scopes, roles and checks, each sorted and none nil. A caller with
// nothing is anonymous.
type Caller struct {
	Schemes []string `json:"schemes"`
	Scopes  []string `json:"scopes"`
	Roles   []string `json:"roles"`
	Checks  []string `json:"checks"`
	// State is that of the credentials, where it decides.
	State State `json:"-"`
}

// State is a state of credentials.
type State string

// The states that decide where they differ.
const (
	// Valid is one valid credential for each scheme.
	Valid State = ""
	// Invalid is an invalid or expired credential of a caller who holds none.
	Invalid State = "invalid"
	// Twice is a cookie given several times, one value of which is accepted.
	Twice State = "twice"
)

// size is the number of things that the caller holds.
func (c *Caller) size() int {
	return len(c.Schemes) + len(c.Scopes) + len(c.Roles) + len(c.Checks)
}

// compare puts the smaller caller first, and callers of one size in the order of their names.
func (c *Caller) compare(d *Caller) int {
	return cmp.Or(
		cmp.Compare(c.size(), d.size()),
		slices.Compare(c.Schemes, d.Schemes),
		slices.Compare(c.Scopes, d.Scopes),
		slices.Compare(c.Roles, d.Roles),
		slices.Compare(c.Checks, d.Checks),
		cmp.Compare(c.State, d.State),
	)
}

// Compare returns the operations that change, sorted by path and method. It is empty, and not nil, when nobody's
// access changes. Both policies must be sound: built without an error.
func Compare(before, after *policy.Policy) []Change {
	c := comparison{before: newDocument(before), after: newDocument(after)}
	changes := []Change{}
	for _, pair := range match(before, after) {
		if change, differs := c.compare(pair); differs {
			changes = append(changes, change)
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Within, b.Within), cmp.Compare(a.Source, b.Source),
		)
	})
	return changes
}

// comparison is one run of Compare.
type comparison struct{ before, after *document }

func (c *comparison) compare(p pair) (Change, bool) {
	switch {
	case p.before == nil:
		change := p.change(Added)
		change.New = placeOf(p.after.Position)
		return change, true
	case p.after == nil:
		change := p.change(Removed)
		change.Old = placeOf(p.before.Position)
		return change, true
	}
	return c.both(p)
}

// both compares an operation that both documents have.
func (c *comparison) both(p pair) (Change, bool) {
	before, after := c.before.side(p.before), c.after.side(p.after)
	gained, gains := gain(after, before)
	lost, loses := gain(before, after)
	var change Change
	switch {
	case gains && loses:
		change = p.change(Changed)
	case gains:
		change = p.change(Weakened)
	case loses:
		change = p.change(Tightened)
	case p.before.Conceal != p.after.Conceal:
		change = p.change(Disclosure)
		change.Old, change.New = placeOf(concealing(p.before)), placeOf(concealing(p.after))
		return change, true
	default:
		return Change{}, false
	}
	if loses {
		change.Loses = &lost.caller
		change.Old, change.New = lost.places(before, after)
	}
	if gains {
		change.Caller = &gained.caller
		change.New, change.Old = gained.places(after, before)
	}
	return change, true
}
