package difference

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

func placeOf(at diag.Position) *Place {
	return &Place{File: at.File, Line: at.Line, Column: at.Column}
}

// or is the position, or another one where there is none.
func or(at, otherwise diag.Position) diag.Position {
	if at.Line == 0 {
		return otherwise
	}
	return at
}

// concealing is the place that decides about concealment.
func concealing(o *policy.Operation) diag.Position { return or(o.ConcealPosition, o.Position) }

// places are the places that decide: where the caller is let in, and where the caller is refused.
func (g *gained) places(admitting, refusing side) (admits, refuses *Place) {
	d := decision{gained: g, admitting: &admitting, refusing: &refusing}
	a, r := d.places()
	return placeOf(a), placeOf(r)
}

// decision finds the places that decide about a caller.
type decision struct {
	*gained
	admitting, refusing *side
}

func (d *decision) places() (admits, refuses diag.Position) {
	switch d.caller.State {
	case Invalid:
		return d.admitting.invalidPlace(d.definition), d.refusing.invalidPlace(d.definition)
	case Twice:
		return d.admitting.schemePlace(d.definition), d.refusing.schemePlace(d.definition)
	}
	var nearest *obstacle
	for i := range d.refusing.ways {
		if o := d.obstacle(&d.refusing.ways[i]); nearest == nil || o.depth > nearest.depth {
			nearest = o
		}
	}
	if nearest == nil || d.refusing.anonymous {
		nearest = d.check()
	}
	return nearest.admits, nearest.refuses
}

// invalidPlace is where an operation, or its scheme, says something about invalid credentials.
func (s *side) invalidPlace(definition string) diag.Position {
	if s.InvalidIsAnonymous {
		return s.InvalidPosition
	}
	return s.schemePlace(definition)
}

func (s *side) schemePlace(definition string) diag.Position {
	for _, scheme := range s.Schemes() {
		if s.document.definition(scheme) == definition {
			return scheme.Position
		}
	}
	return s.SecurityPosition
}

// obstacle is the first demand of an alternative that the caller does not meet. Demands are made in the order schemes,
// scopes, roles, check: the greater the depth, the nearer the caller is to being let in.
type obstacle struct {
	depth           int
	admits, refuses diag.Position
}

func (d *decision) obstacle(w *way) *obstacle {
	for _, find := range []func(*way) *obstacle{d.scheme, d.scope, d.role} {
		if o := find(w); o != nil {
			return o
		}
	}
	return d.check()
}

// scheme finds a credential that is missing.
func (d *decision) scheme(w *way) *obstacle {
	if d.by != nil && w.accepts(d.by, Valid) {
		return nil
	}
	return &obstacle{0, d.entrance(), d.refusing.SecurityPosition}
}

// entrance is the alternative that lets the caller in.
func (d *decision) entrance() diag.Position {
	if d.by != nil {
		return d.by.Position
	}
	i := slices.IndexFunc(d.admitting.Alternatives, policy.Alternative.Anonymous)
	if i < 0 {
		return d.admitting.SecurityPosition
	}
	return d.admitting.Alternatives[i].Position
}

// scope finds a scope that is missing.
func (d *decision) scope(w *way) *obstacle {
	for _, r := range w.Requirements {
		for _, scope := range r.Scopes {
			if _, holds := slices.BinarySearch(d.caller.Scopes, scope); !holds {
				return &obstacle{1, d.counterpart(r), r.Position}
			}
		}
	}
	return nil
}

// counterpart is the requirement of the same scheme in the alternative that lets the caller in.
func (d *decision) counterpart(r policy.Requirement) diag.Position {
	if same, found := d.admitting.requirement(d.by, d.refusing.document.definition(r.Scheme)); found {
		return same.Position
	}
	return d.by.Position
}

// role finds a group of roles of which the caller has none.
func (d *decision) role(w *way) *obstacle {
	for _, r := range w.Requirements {
		if g, missing := d.missing(r.Roles); missing {
			return d.roleObstacle(g, d.counterpart(r), r.Roles.Position)
		}
	}
	if g, missing := d.missing(d.refusing.Roles); missing {
		return d.roleObstacle(g, or(d.admitting.Roles.Position, d.admitting.Position), d.refusing.Roles.Position)
	}
	return nil
}

func (d *decision) missing(roles policy.Roles) (policy.RoleGroup, bool) {
	for _, g := range roles.Groups {
		if !d.holdsAny(g) {
			return g, true
		}
	}
	return policy.RoleGroup{}, false
}

func (d *decision) holdsAny(g policy.RoleGroup) bool {
	return slices.ContainsFunc(g.AnyOf, func(role string) bool { return slices.Contains(d.caller.Roles, role) })
}

// roleObstacle is a group that the caller does not have. Where both documents write the same roles, the catalogue decides:
// a role of the caller includes one of them in one document only.
func (d *decision) roleObstacle(g policy.RoleGroup, admits, refuses diag.Position) *obstacle {
	for _, same := range d.admittingGroups() {
		if !slices.Equal(same.Written, g.Written) || !d.holdsAny(same) {
			continue
		}
		for _, name := range d.caller.Roles {
			role, declared := d.admitting.document.roles[name]
			if !declared || !slices.Contains(same.AnyOf, name) || slices.Contains(same.Written, name) {
				continue
			}
			admits = role.Position
			if before, declared := d.refusing.document.roles[name]; declared {
				refuses = before.Position
			}
		}
	}
	return &obstacle{2, admits, refuses}
}

// admittingGroups are the groups of roles that the caller has to have where the caller is let in.
func (d *decision) admittingGroups() []policy.RoleGroup {
	groups := slices.Clone(d.admitting.Roles.Groups)
	for _, r := range d.by.Requirements {
		groups = append(groups, r.Roles.Groups...)
	}
	return groups
}

// check is what is left: the caller does not pass the check.
func (d *decision) check() *obstacle {
	return &obstacle{3, or(d.admitting.CheckPosition, d.admitting.Position), or(d.refusing.CheckPosition, d.refusing.Position)}
}
