package guard

import "context"

// admissionKey is the key below which the admission of a request is found.
type admissionKey struct{}

// admission is what a guard leaves in the context of a request that it admits, for the resource check and for
// a handler that finds nothing. It is itself the context.
type admission struct {
	context.Context // the one in which the guard found the request
	settings        *settings
	operation       *Operation
	scheme          string // the one that decided
}

// Value returns the admission itself for its key.
func (a *admission) Value(key any) any {
	if key == (admissionKey{}) {
		return a
	}
	return a.Context.Value(key)
}

// String keeps the rest out of printed contexts.
func (a *admission) String() string { return "guard admission" }

// admissionOf finds the innermost admission of a request, nil when there is none.
func admissionOf(ctx context.Context) *admission {
	a, _ := ctx.Value(admissionKey{}).(*admission)
	return a
}

// carries reports whether anything is put into the contexts of admitted requests.
func (g *Guard[P]) carries(s *settings) bool {
	return s.callerInContext || g.operation.Resource != "" || g.operation.Conceal != ConcealNothing
}

// carry puts into the context what those behind the guard need, in one allocation.
func (g *Guard[P]) carry(ctx context.Context, s *settings, d *Decision[P]) context.Context {
	switch {
	case !s.callerInContext:
		return &admission{ctx, s, &g.operation, d.scheme}
	case g.operation.Resource == "" && g.operation.Conceal == ConcealNothing:
		return &callerContext[P]{ctx, d.caller}
	}
	both := &struct {
		admission
		caller callerContext[P]
	}{admission: admission{ctx, s, &g.operation, d.scheme}}
	both.caller = callerContext[P]{&both.admission, d.caller}
	return &both.caller
}
