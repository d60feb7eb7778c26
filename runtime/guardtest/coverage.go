package guardtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Coverage records which decisions of a policy some tests exercised. For each operation with a guard these are
//
//   - each minimal allow: a caller by one alternative, with just the rights that suffice and none to spare;
//   - each just-insufficient denial: a caller by one alternative who lacks one right and holds all others;
//   - a request without a credential: denied, or admitted where {} is an alternative;
//   - a denial by the resource check.
//
// P is the type of the callers. It is safe for concurrent use.
type Coverage[P any] struct {
	mu         sync.Mutex
	operations []*coveredOperation
	unknown    bool // an event came without its caller
}

// coveredOperation is an operation with its points.
type coveredOperation struct {
	guard.Operation
	points []*Point
	by     []*coveredAlternative
}

// coveredAlternative is an alternative with the points that it has.
type coveredAlternative struct {
	title string
	needs needs
	allow map[string]*Point // by the roles that suffice
	deny  map[string]*Point // by the need that is not met
}

// Point is one decision that tests can exercise.
type Point struct {
	// Operation is the operationId, and Kind "allow" or "deny".
	Operation string `json:"operation"`
	Kind      string `json:"kind"`
	// Who says in words who calls: "bearer with role admin", "bearer without scope orders:write", "no credential".
	Who string `json:"who"`
	// Count is how many requests exercised the decision.
	Count int `json:"count"`
}

// NewCoverage makes the coverage of a policy with nothing exercised.
func NewCoverage[P any](policy []guard.Operation) *Coverage[P] {
	c := &Coverage[P]{}
	for _, op := range policy {
		if !op.Public {
			c.operations = append(c.operations, pointsOf(op))
		}
	}
	return c
}

const (
	allow = "allow"
	deny  = "deny"

	nobody   = "no credential"
	stranger = "refused by the resource check"
)

// pointsOf lists the points of an operation.
func pointsOf(op guard.Operation) *coveredOperation {
	o := &coveredOperation{Operation: op}
	point := func(kind, who string) *Point {
		same := func(p *Point) bool { return p.Kind == kind && p.Who == who }
		if i := slices.IndexFunc(o.points, same); i >= 0 {
			return o.points[i] // two alternatives alike
		}
		p := &Point{Operation: op.ID, Kind: kind, Who: who}
		o.points = append(o.points, p)
		return p
	}
	kind := deny
	if slices.ContainsFunc(op.Security, func(a guard.Alternative) bool { return len(a) == 0 }) {
		kind = allow
	}
	point(kind, nobody)
	for _, a := range op.Security {
		if len(a) == 0 {
			continue
		}
		by := &coveredAlternative{title: titleOf(a), needs: needsOf(op, a), allow: map[string]*Point{}, deny: map[string]*Point{}}
		for _, roles := range by.needs.minimal() {
			by.allow[key(roles)] = point(allow, by.title+with(roles, by.needs.scopes))
		}
		none := func(string) bool { return false }
		for _, word := range by.needs.missing(func(guard.Role) bool { return false }, none) {
			by.deny[word] = point(deny, by.title+" without "+word)
		}
		o.by = append(o.by, by)
	}
	if op.Resource != "" {
		point(deny, stranger)
	}
	return o
}

// titleOf is the alternative as events name it.
func titleOf(a guard.Alternative) string {
	names := make([]string, len(a))
	for i, r := range a {
		names[i] = r.Scheme
	}
	return strings.Join(names, "+")
}

func with(roles []guard.Role, scopes []string) string {
	words := []string{}
	for _, role := range roles {
		words = append(words, "role "+string(role))
	}
	for _, scope := range scopes {
		words = append(words, "scope "+scope)
	}
	if len(words) == 0 {
		return ""
	}
	return " with " + strings.Join(words, ", ")
}

func key(roles []guard.Role) string { return fmt.Sprintf("%q", roles) }

// Observe has the guards of these options report to the coverage, beside an OnDecision that is there already. It sets
// CallerInContext.
func (c *Coverage[P]) Observe(options *guard.Options) {
	next := options.OnDecision
	options.CallerInContext = true
	options.OnDecision = func(ctx context.Context, e guard.Event) {
		c.OnDecision(ctx, e)
		if next != nil {
			next(ctx, e)
		}
	}
}

// OnDecision records a decision. It is an OnDecision of [guard.Options], whose CallerInContext has to be set.
func (c *Coverage[P]) OnDecision(ctx context.Context, e guard.Event) {
	caller, known := guard.CallerFrom[P](ctx)
	hasRole, hasScope := entitlements(caller)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.operations {
		if o.ID == e.Operation && o.Method == e.Method && o.Path == e.Path {
			c.unknown = c.unknown || !o.record(e, known, hasRole, hasScope)
		}
	}
}

// entitlements are the functions that tell what a caller holds; callers whom the policy asks nothing hold nothing.
func entitlements(caller any) (hasRole func(guard.Role) bool, hasScope func(string) bool) {
	hasRole, hasScope = func(guard.Role) bool { return false }, func(string) bool { return false }
	if c, ok := caller.(interface{ HasRole(guard.Role) bool }); ok {
		hasRole = c.HasRole
	}
	if c, ok := caller.(interface{ HasScope(string) bool }); ok {
		hasScope = c.HasScope
	}
	return hasRole, hasScope
}

// record counts the points of one event. It is false when the event lacks the caller that it should have.
func (o *coveredOperation) record(e guard.Event, known bool, hasRole func(guard.Role) bool, hasScope func(string) bool) bool {
	switch e.Verdict {
	case verdict.Absent:
		o.count(deny, nobody)
	case verdict.Forbidden, verdict.NotFound:
		o.count(deny, stranger)
	case verdict.Allow:
		if e.Scheme == "" {
			o.count(allow, nobody)
			return true
		}
		if known {
			o.admitted(e.Scheme, hasRole, hasScope)
		}
		return known
	case verdict.MissingRole, verdict.MissingScope:
		if known {
			o.refused(e.Scheme, hasRole, hasScope)
		}
		return known
	}
	return true
}

func (o *coveredOperation) count(kind, who string) {
	for _, p := range o.points {
		if p.Kind == kind && p.Who == who {
			p.Count++
		}
	}
}

// admitted counts the minimal allow of a caller who has none of the operation's rights to spare.
func (o *coveredOperation) admitted(title string, hasRole func(guard.Role) bool, hasScope func(string) bool) {
	for _, by := range o.by {
		if by.title != title || len(by.needs.missing(hasRole, hasScope)) > 0 {
			continue
		}
		var roles []guard.Role
		for _, group := range by.needs.groups {
			for _, role := range group {
				if hasRole(role) {
					roles = add(roles, role)
				}
			}
		}
		slices.Sort(roles)
		if p := by.allow[key(roles)]; p != nil {
			p.Count++
		}
		return // the first that is satisfied decides
	}
}

// refused counts the denial of a caller who lacks one right only.
func (o *coveredOperation) refused(title string, hasRole func(guard.Role) bool, hasScope func(string) bool) {
	var counted []*Point
	for _, by := range o.by {
		missing := by.needs.missing(hasRole, hasScope)
		if by.title != title || len(missing) != 1 {
			continue
		}
		if p := by.deny[missing[0]]; p != nil && !slices.Contains(counted, p) {
			counted = append(counted, p)
			p.Count++
		}
	}
}
