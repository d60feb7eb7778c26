package guard

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// classified is an error of a class, named by the verdict that it leads to.
type classified struct {
	verdict verdict.Verdict
	err     error
}

func (c *classified) Error() string {
	if c.err == nil {
		return c.verdict.String()
	}
	return c.err.Error()
}

func (c *classified) Unwrap() error { return c.err }

// isPlain reports whether the class of an authenticator's error is all that there is to know, as there is nothing below it
// or only an error of [errors.New]. Most are, and to look for everything else would cost 200 instructions of a refusal.
func (c *classified) isPlain() bool {
	if c.verdict == verdict.NotFound {
		return false
	}
	return c.err == nil || reflect.TypeOf(c.err) == simple && c.err != context.Canceled
}

var simple = reflect.TypeOf(errors.New(""))

// IsNotFound reports whether err says that a resource does not exist, and nothing worse: whether it is of the class of
// [NotFound].
func IsNotFound(err error) bool { return classify(err).verdict == verdict.NotFound }

// classification is the class of a tree of errors, wrapped and joined ones included.
type classification struct {
	verdict  verdict.Verdict // the worst class; verdict.Allow when the tree has none
	canceled bool
	stepUp   *StepUp
	detail   detail
	nonce    *useDPoPNonce
	throttle *throttled
}

// classify finds the worst class in a tree of errors. It works as errors.Is and errors.As do, in one pass over all
// classes and without an allocation for those that this package makes.
func classify(err error) classification {
	c := classification{verdict: verdict.Allow}
	c.walk(err)
	return c
}

func (c *classification) walk(err error) {
	for err != nil {
		if known, ok := err.(*classified); ok {
			c.worsen(known.verdict)
			err = known.err
			continue
		}
		c.visit(err)
		switch e := err.(type) {
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			for _, child := range e.Unwrap() {
				c.walk(child)
			}
			return
		default:
			return
		}
	}
}

func (c *classification) worsen(v verdict.Verdict) { c.verdict = min(c.verdict, v) }

// visit looks at one node of the tree that is not a *classified.
func (c *classification) visit(err error) {
	like, _ := err.(interface{ Is(error) bool })
	if err == context.DeadlineExceeded || like != nil && like.Is(context.DeadlineExceeded) {
		c.worsen(verdict.Unavailable)
	}
	if err == context.Canceled || like != nil && like.Is(context.Canceled) {
		c.canceled = true
	}
	switch e := err.(type) {
	case StepUp:
		c.takeStepUp(&e)
	case *StepUp:
		c.takeStepUp(e)
	case Detail:
		c.takeDetail(detail{text: string(e)})
	case detail:
		c.takeDetail(e)
	case *useDPoPNonce:
		c.takeNonce(e)
	case *throttled:
		c.takeThrottle(e)
	case interface{ As(any) bool }:
		c.takeStepUp(asStepUp(e))
		c.takeDetail(detail{text: string(asDetail(e))})
	}
}

// Of several step-ups, details, nonces and throttles the first counts.

func (c *classification) takeStepUp(s *StepUp) {
	if s != nil && c.stepUp == nil {
		c.worsen(verdict.StepUpRequired)
		c.stepUp = s
	}
}

func (c *classification) takeDetail(d detail) {
	if c.detail == (detail{}) {
		c.detail = d
	}
}

func (c *classification) takeThrottle(t *throttled) {
	if c.throttle == nil {
		c.worsen(verdict.Throttled)
		c.throttle = t
	}
}

func (c *classification) takeNonce(n *useDPoPNonce) {
	if c.nonce == nil {
		c.worsen(verdict.Invalid)
		c.nonce = n
	}
}

// asStepUp asks an error for the StepUp in it, value or pointer, as errors.As does.
func asStepUp(err interface{ As(any) bool }) *StepUp {
	s, p := new(StepUp), new(*StepUp)
	if err.As(p) {
		return *p
	}
	if err.As(s) {
		return s
	}
	return nil
}

// asDetail asks an error for the Detail in it, as errors.As does.
func asDetail(err interface{ As(any) bool }) Detail {
	if d := new(Detail); err.As(d) {
		return *d
	}
	return ""
}

// judge turns the error of an authenticator or a combination into a verdict with its reason. Without an error it
// returned a nil caller. stepUp says that a challenge of it can ask for a step-up.
func judge(ctx context.Context, err error, source string, stepUp bool) (verdict.Verdict, error) {
	if err == nil {
		return verdict.Fault, fmt.Errorf("%s returned a nil caller and a nil error", source)
	}
	if known, ok := err.(*classified); ok && known.isPlain() {
		return known.verdict, err
	}
	c := classify(err)
	switch {
	case c.canceled && ctx.Err() != nil:
		return verdict.Canceled, err
	case c.verdict == verdict.Allow:
		return verdict.Fault, fmt.Errorf("unclassified error from %s; wrap it with guard.Invalid, Expired, Forbidden, TooManyRequests or Unavailable: %w", source, err)
	case c.verdict == verdict.NotFound:
		return verdict.Fault, fmt.Errorf("guard.NotFound, which is for resource checks, from %s: %w", source, err)
	case c.verdict == verdict.Throttled:
		return c.throttle.judge(err, source)
	case c.verdict == verdict.StepUpRequired && !stepUp:
		return verdict.Fault, errStepUp(err, source)
	case c.verdict == verdict.StepUpRequired:
		return c.stepUp.judge(err, source)
	case c.verdict == verdict.Refused:
		return c.detail.judge(verdict.Refused, err, source)
	case c.verdict == verdict.Invalid && c.nonce != nil:
		return c.nonce.judge(err, source)
	}
	return c.verdict, err
}

// judgeCheck turns the error of a resource check into a verdict with its reason. The guard already knows who the
// caller is, so the classes that speak of credentials are faults here. With public, a [Detail] is shown.
func judgeCheck(ctx context.Context, err error, source string, public bool) (verdict.Verdict, error) {
	if err == nil {
		return verdict.Allow, nil
	}
	c := classify(err)
	switch {
	case c.canceled && ctx.Err() != nil:
		return verdict.Canceled, err
	case c.verdict == verdict.Refused && public:
		return c.detail.judge(verdict.Forbidden, err, source)
	case c.verdict == verdict.Refused:
		return verdict.Forbidden, err
	case c.verdict == verdict.Unavailable, c.verdict == verdict.NotFound:
		return c.verdict, err
	}
	return verdict.Fault, fmt.Errorf("unclassified error from %s; wrap it with guard.Forbidden, NotFound or Unavailable: %w", source, err)
}
