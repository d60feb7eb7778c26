package client

import (
	"context"
	"net/http"
	"time"
)

// flight is one question to a source, for all who wait for its answer.
type flight struct {
	done  chan struct{}
	until time.Time
	token *issued
	err   error
}

func takeOff(limit time.Duration) *flight {
	return &flight{done: make(chan struct{}), until: time.Now().Add(limit)}
}

// landed is a flight that is over.
func landed(t *issued) *flight {
	f := takeOff(0)
	f.land(t, nil)
	return f
}

func (f *flight) land(t *issued, err error) {
	f.token, f.err = t, err
	close(f.done)
}

// result waits for the answer as long as the request allows, and no longer than the limit: a source may ignore its
// context.
func (f *flight) result(wait waiting) (*issued, error) {
	select {
	case <-f.done:
		return f.token, f.err
	default:
	}
	late := time.NewTimer(time.Until(f.until) + grace)
	defer late.Stop()
	select {
	case <-f.done:
		return f.token, f.err
	case <-wait.ctx.Done():
		return nil, context.Cause(wait.ctx)
	case <-wait.cancel:
		return nil, context.Canceled
	case <-late.C:
		return nil, context.DeadlineExceeded
	}
}

// grace is the time that a source gets to notice that its context has ended, and to return an error that says more.
const grace = 100 * time.Millisecond

// waiting is how long a request can wait.
type waiting struct {
	ctx    context.Context
	cancel <-chan struct{}
}

func waitingFor(req *http.Request) waiting {
	return waiting{req.Context(), req.Cancel} //nolint:staticcheck // Deprecated, and http.Client.Timeout still sets it.
}

// err is not nil when the request can wait no longer.
func (w waiting) err() error {
	select {
	case <-w.cancel:
		return context.Canceled
	default:
		return context.Cause(w.ctx)
	}
}

// asking are the sources that are being asked in a context: one inside the other when a source uses another client.
type asking struct {
	tokens *tokens
	outer  *asking
}

type askingKey struct{}

func askingOf(ctx context.Context) *asking {
	a, _ := ctx.Value(askingKey{}).(*asking)
	return a
}

func (a *asking) with(s *tokens) *asking { return &asking{s, a} }

func (a *asking) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, askingKey{}, a)
}

// includes reports whether the source is being asked.
func (a *asking) includes(s *tokens) bool {
	for ; a != nil; a = a.outer {
		if a.tokens == s {
			return true
		}
	}
	return false
}
