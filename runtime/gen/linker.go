package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/internal/plan"
)

// Entitlements ask a caller for its roles and scopes. A function may be nil when no operation needs it. Both must be
// safe for concurrent use.
type Entitlements[P any] struct {
	HasRole  func(caller P, role guard.Role) bool
	HasScope func(caller P, scope string) bool
}

// Linker makes guards: it joins the policy of operations with the application's schemes, and collects all mistakes.
// It is for one goroutine, its guards for many.
type Linker[P any] struct {
	options      guard.Options
	terms        plan.Terms
	entitlements Entitlements[P]
	schemes      map[string]*Scheme[P]
	combinations []Combination[P]
	errs         []error
}

// NewLinker starts to make guards. [Linker.Err] reports mistakes in its arguments.
func NewLinker[P any](options guard.Options, entitlements Entitlements[P], schemes []Scheme[P], combinations []Combination[P]) *Linker[P] {
	options.Realms, options.ClearCookies = maps.Clone(options.Realms), slices.Clone(options.ClearCookies)
	l := &Linker[P]{
		options: options, entitlements: entitlements, terms: newTerms(options),
		schemes: make(map[string]*Scheme[P], len(schemes)),
	}
	if err := checkOptions(options); err != nil {
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
	l.checkCookies(options.ClearCookies)
	return l
}

// Err is all mistakes so far, joined, or nil. While it is not nil all guards of the linker deny everything with 500,
// those made before included.
func (l *Linker[P]) Err() error { return errors.Join(l.errs...) }

func (l *Linker[P]) fail(err error) {
	l.errs = append(l.errs, err)
	l.terms.Broken.Store(true)
}

func (l *Linker[P]) addScheme(s Scheme[P]) {
	if err := s.check(); err != nil {
		l.fail(fmt.Errorf("guard: scheme %q: %w", s.name, err))
	}
	if _, twice := l.schemes[s.name]; twice {
		l.fail(fmt.Errorf("guard: scheme %q is given twice", s.name))
	}
	l.schemes[s.name] = &s
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

func newTerms(o guard.Options) plan.Terms {
	return plan.Terms{
		Challenge:          challengeTerms(o, ""),
		MaxCredentialBytes: maxCredentialBytes(o),
		RetryAfter:         retryAfter(o),
		Broken:             new(atomic.Bool),
	}
}
