package introspection

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var errBusy = errors.New("too many tokens wait for an answer")

// flights asks about a token once for all who want to know at the same time.
type flights struct {
	mu      sync.Mutex
	byKey   map[key]*flight
	max     int
	timeout time.Duration
	// patience is how long anybody waits, should a transport or a cache not honour its context.
	patience time.Duration
}

type flight struct {
	done   chan struct{}
	claims Claims
	err    error
}

// do returns what ask returned, to whoever started it or came while it ran. The context of ask is nobody's: a client that
// goes away does not fail the others, and some frameworks use the values of a request again when it has ended.
func (f *flights) do(ctx context.Context, k key, ask func(context.Context) (Claims, error)) (Claims, error) {
	running := f.join(k, ask)
	if running == nil {
		return Claims{}, unavailable(errBusy)
	}
	patience := time.NewTimer(f.patience)
	defer patience.Stop()
	select {
	case <-running.done:
		return running.claims, running.err
	case <-ctx.Done():
		return Claims{}, unavailable(ctx.Err())
	case <-patience.C:
		return Claims{}, unavailable(errors.New("no answer in time"))
	}
}

// join returns the flight of the key, and starts it when there is none. It returns nil when there are too many.
func (f *flights) join(k key, ask func(context.Context) (Claims, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if running, found := f.byKey[k]; found {
		return running
	}
	if len(f.byKey) >= f.max {
		return nil
	}
	started := &flight{done: make(chan struct{})}
	f.byKey[k] = started
	go f.fly(k, started, ask)
	return started
}

// fly asks. A panic, of the transport say, is a fault of those who wait: here nobody else would recover it.
func (f *flights) fly(k key, started *flight, ask func(context.Context) (Claims, error)) {
	ctx, cancel := context.WithTimeout(context.Background(), f.timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			started.claims, started.err = Claims{}, fmt.Errorf("introspection: panic: %v", p)
		}
		f.mu.Lock()
		delete(f.byKey, k)
		f.mu.Unlock()
		close(started.done)
	}()
	started.claims, started.err = ask(ctx)
}
