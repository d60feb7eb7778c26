package guard

import (
	"fmt"
	"time"

	"github.com/oapi-guard/oapi-guard/runtime/internal/answer"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// TooManyRequests classifies err, or nil, as a caller who sends too many requests, or tries too many credentials. It is
// for authenticators and combinations. The answer is 429 with the Retry-After field, rounded up to seconds (RFC 6585
// section 4); 0 leaves the field out, and a negative duration is a fault. A 401 in its place would make clients throw
// good credentials away.
func TooManyRequests(retryAfter time.Duration, err error) error {
	return &throttled{classified: classified{verdict: verdict.Throttled, err: err}, retryAfter: retryAfter}
}

type throttled struct {
	classified
	retryAfter time.Duration
}

// throttledReason is the reason of a denial that says when to come back.
type throttledReason struct {
	error
	later answer.Rare
}

func (r *throttledReason) Unwrap() error { return r.error }

// judge makes the field. One that no response can carry is a fault.
func (t *throttled) judge(err error, source string) (verdict.Verdict, error) {
	switch {
	case t.retryAfter < 0:
		return verdict.Fault, fmt.Errorf("guard.TooManyRequests from %s: the duration %s is negative: %w", source, t.retryAfter, err)
	case t.retryAfter == 0:
		return verdict.Throttled, err
	}
	return verdict.Throttled, &throttledReason{err, answer.Rare{RetryAfter: []string{answer.Seconds(t.retryAfter)}}}
}
