package gen

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Combination makes one caller of those of an alternative of several schemes.
type Combination[P any] struct {
	schemes []string
	combine func(context.Context, []P) (P, error)
}

// Combine makes the combination for the alternatives that consist of exactly these schemes, in any order. combine
// gets the callers in the order of schemes, and its error is classified as an authenticator's is.
func Combine[P any](schemes []string, combine func(ctx context.Context, callers []P) (P, error)) Combination[P] {
	return Combination[P]{slices.Clone(schemes), combine}
}

// check says what is wrong with a combination.
func (c *Combination[P]) check() error {
	sorted := slices.Sorted(slices.Values(c.schemes))
	switch {
	case len(sorted) < 2:
		return errors.New("it needs at least two schemes")
	case len(slices.Compact(sorted)) < len(c.schemes):
		return errors.New("it names a scheme twice")
	case c.combine == nil:
		return errors.New("its function is nil")
	}
	return nil
}

// of reports whether the combination is for exactly these schemes.
func (c *Combination[P]) of(schemes []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(c.schemes)), slices.Sorted(slices.Values(schemes)))
}

func (c *Combination[P]) title() string { return strings.Join(c.schemes, "+") }
