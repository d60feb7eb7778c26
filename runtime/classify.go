package guard

import (
	"context"
	"fmt"
)

// Invalid classifies err, or nil, as a credential that is not accepted: unknown, wrong, revoked. It is
// answered with 401.
func Invalid(err error) error { return &classified{VerdictInvalid, err} }

// Expired classifies err, or nil, as an authentic credential whose time has passed. It is answered with 401,
// and a bearer challenge says so. Return it only for a credential whose authenticity was verified.
func Expired(err error) error { return &classified{VerdictExpired, err} }

// Forbidden classifies err, or nil, as a caller who is known and refused: by an authenticator, because the
// account is suspended, say; by a resource check, because the resource is another's. It is answered with 403.
func Forbidden(err error) error { return &classified{VerdictRefused, err} }

// NotFound classifies err, or nil, as a resource that does not exist. It is for resource checks, and answered
// with 404.
func NotFound(err error) error { return &classified{VerdictNotFound, err} }

// Unavailable classifies err, or nil, as an authenticator or a resource check that cannot decide now, because
// what it depends on does not answer. It is answered with 503. [context.DeadlineExceeded] is of this class without help.
func Unavailable(err error) error { return &classified{VerdictUnavailable, err} }

// IsNotFound reports whether err says that a resource does not exist, and nothing worse. Generated code asks
// this of the errors of strict handlers.
func IsNotFound(err error) bool { return classify(err).verdict == VerdictNotFound }

// classified is an error of a class, named by the verdict that it leads to.
type classified struct {
	verdict Verdict
	err     error
}

func (c *classified) Error() string {
	if c.err == nil {
		return c.verdict.String()
	}
	return c.err.Error()
}

func (c *classified) Unwrap() error { return c.err }

// classification is what a tree of errors says, wrapped and joined ones included.
type classification struct {
	verdict  Verdict // the worst class found; VerdictAllow when there is none
	canceled bool
	stepUp   *StepUp
	detail   Detail
	nonce    *useDPoPNonce
}

// classify finds the worst class in a tree of errors. It does what errors.Is and errors.As do, in one pass
// over all classes and without an allocation for those that this package makes.
func classify(err error) classification {
	c := classification{verdict: VerdictAllow}
	c.walk(err)
	return c
}

func (c *classification) walk(err error) {
	for err != nil {
		if known, ok := err.(*classified); ok {
			c.found(known.verdict)
			err = known.err
			continue
		}
		c.foreign(err)
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

func (c *classification) found(v Verdict) { c.verdict = min(c.verdict, v) }

// foreign looks at one node of the tree that is not of this package's making.
func (c *classification) foreign(err error) {
	if is(err, context.DeadlineExceeded) {
		c.found(VerdictUnavailable)
	}
	if is(err, context.Canceled) {
		c.canceled = true
	}
	switch e := err.(type) {
	case StepUp:
		c.foundStepUp(&e)
	case *StepUp:
		c.foundStepUp(e)
	case Detail:
		c.foundDetail(e)
	case *useDPoPNonce:
		c.foundNonce(e)
	case interface{ As(any) bool }:
		c.foundStepUp(asStepUp(e))
		c.foundDetail(asDetail(e))
	}
}

func (c *classification) foundStepUp(s *StepUp) {
	if s != nil && c.stepUp == nil {
		c.found(VerdictStepUpRequired)
		c.stepUp = s
	}
}

func (c *classification) foundDetail(d Detail) {
	if c.detail == "" {
		c.detail = d
	}
}

func (c *classification) foundNonce(n *useDPoPNonce) {
	if c.nonce == nil {
		c.found(VerdictInvalid)
		c.nonce = n
	}
}

// is compares one node as errors.Is does. target must be comparable.
func is(err, target error) bool {
	if err == target {
		return true
	}
	x, ok := err.(interface{ Is(error) bool })
	return ok && x.Is(target)
}

// judge turns the error of an authenticator or a combination into a verdict with its reason.
func judge(ctx context.Context, err error, source string) (Verdict, error) {
	c := classify(err)
	switch {
	case c.canceled && ctx.Err() != nil:
		return VerdictCanceled, err
	case c.verdict == VerdictAllow:
		return VerdictFault, fmt.Errorf("unclassified error from %s; wrap it with guard.Invalid, Expired, Forbidden or Unavailable: %w", source, err)
	case c.verdict == VerdictNotFound:
		return VerdictFault, fmt.Errorf("guard.NotFound, which is for resource checks, from %s: %w", source, err)
	case c.verdict == VerdictStepUpRequired:
		return c.stepUp.judge(err, source)
	case c.verdict == VerdictRefused:
		return c.detail.judge(VerdictRefused, err, source)
	case c.verdict == VerdictInvalid && c.nonce != nil:
		return c.nonce.judge(err, source)
	}
	return c.verdict, err
}

// judgeCheck turns the error of a resource check into a verdict with its reason. Who the caller is has been
// settled, so the classes that speak of credentials are faults here. With public, a [Detail] is shown.
func judgeCheck(ctx context.Context, err error, source string, public bool) (Verdict, error) {
	if err == nil {
		return VerdictAllow, nil
	}
	c := classify(err)
	switch {
	case c.canceled && ctx.Err() != nil:
		return VerdictCanceled, err
	case c.verdict == VerdictRefused && public:
		return c.detail.judge(VerdictForbidden, err, source)
	case c.verdict == VerdictRefused:
		return VerdictForbidden, err
	case c.verdict == VerdictUnavailable, c.verdict == VerdictNotFound:
		return c.verdict, err
	}
	return VerdictFault, fmt.Errorf("no class for %s in its error; wrap it with guard.Forbidden, NotFound or Unavailable: %w", source, err)
}
