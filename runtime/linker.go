package guard

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Holdings are how a caller is asked for what it holds. A function may be nil when no operation needs it.
// Both must be safe for concurrent use.
type Holdings[P any] struct {
	HasRole  func(caller P, role Role) bool
	HasScope func(caller P, scope string) bool
}

// Linker makes guards: it joins the policy of operations with the application's schemes, and collects all
// that does not fit. It is for one goroutine, its guards for many.
type Linker[P any] struct {
	link         *link[P]
	schemes      map[string]Scheme[P]
	combinations []Combination[P]
	errs         []error
}

// NewLinker starts to make guards. What is wrong with its arguments is reported by [Linker.Err].
func NewLinker[P any](options Options, holdings Holdings[P], schemes []Scheme[P], combinations []Combination[P]) *Linker[P] {
	l := &Linker[P]{
		link:    newLink(holdings),
		schemes: make(map[string]Scheme[P], len(schemes)),
	}
	var err error
	if l.link.settings, err = newSettings(options); err != nil {
		l.fail(err)
	}
	for _, s := range schemes {
		l.addScheme(s)
	}
	for _, c := range combinations {
		l.addCombination(c)
	}
	for _, name := range slices.Sorted(maps.Keys(options.Realms)) {
		if _, ok := l.schemes[name]; !ok {
			l.fail(fmt.Errorf("guard: Options.Realms: scheme %q is not defined", name))
		}
	}
	return l
}

func newLink[P any](holdings Holdings[P]) *link[P] {
	kind := reflect.TypeFor[P]().Kind()
	l := &link[P]{holdings: holdings, nilable: nilable(kind)}
	if kind == reflect.Pointer {
		l.pointer = *new(P)
	}
	return l
}

// Err is everything that was wrong so far, joined, or nil. While it is not nil all guards of the linker
// deny everything with 500, the ones made before included.
func (l *Linker[P]) Err() error { return errors.Join(l.errs...) }

func (l *Linker[P]) fail(err error) {
	l.errs = append(l.errs, err)
	l.link.broken.Store(true)
}

func (l *Linker[P]) addScheme(s Scheme[P]) {
	if err := s.check(); err != nil {
		l.fail(fmt.Errorf("guard: scheme %q: %w", s.name, err))
	}
	if _, twice := l.schemes[s.name]; twice {
		l.fail(fmt.Errorf("guard: scheme %q is given twice", s.name))
	}
	s.bearer = s.challenger.bearer()
	s.source = fmt.Sprintf("the authenticator of scheme %q", s.name)
	l.schemes[s.name] = s
}

func (l *Linker[P]) addCombination(c Combination[P]) {
	if err := c.check(); err != nil {
		l.fail(fmt.Errorf("guard: combination %q: %w", c.title(), err))
	}
	for _, name := range c.schemes {
		if _, ok := l.schemes[name]; !ok {
			l.fail(fmt.Errorf("guard: combination %q: scheme %q is not defined", c.title(), name))
		}
	}
	if l.combination(c.schemes) != nil {
		l.fail(fmt.Errorf("guard: combination %q is given twice", c.title()))
	}
	l.combinations = append(l.combinations, c)
}

// combination finds the one for a set of schemes.
func (l *Linker[P]) combination(schemes []string) *Combination[P] {
	for i := range l.combinations {
		if l.combinations[i].of(schemes) {
			return &l.combinations[i]
		}
	}
	return nil
}

// Guard makes the guard of one operation. It never returns nil. A public operation has none, so asking for
// one is an error.
func (l *Linker[P]) Guard(op Operation) *Guard[P] {
	b := builder[P]{Linker: l, operation: op, guard: &Guard[P]{
		operation: Operation{ID: op.ID, Method: op.Method, Path: op.Path, Resource: op.Resource, Conceal: op.Conceal},
		link:      l.link, source: "the resource check " + op.Resource,
	}}
	b.checkPublic()
	b.checkResource()
	for _, a := range op.Security {
		b.addAlternative(a)
	}
	b.checkRoles("", op.Roles)
	if b.guard.anonymous && len(op.Roles) > 0 {
		b.errorf("roles are required, but {} admits callers who have none")
	}
	b.guard.challenges.finish()
	return b.guard
}
