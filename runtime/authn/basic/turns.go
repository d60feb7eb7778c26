package basic

import (
	"context"
	"errors"
	"sync/atomic"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

var errBusy = errors.New("basic: too many requests wait for a hash")

// turns lets so many hash at one time, and so many wait.
type turns struct {
	slots   chan struct{}
	waiting atomic.Int64
	queue   int64
}

func newTurns(concurrent, queue int) *turns {
	return &turns{slots: make(chan struct{}, concurrent), queue: int64(queue)}
}

// take waits for a turn. Whoever has it calls give.
func (t *turns) take(ctx context.Context) error {
	select {
	case t.slots <- struct{}{}:
		return nil
	default:
	}
	defer t.waiting.Add(-1)
	if t.waiting.Add(1) > t.queue {
		return guard.Unavailable(errBusy)
	}
	select {
	case t.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return guard.Unavailable(ctx.Err())
	}
}

func (t *turns) give() { <-t.slots }
