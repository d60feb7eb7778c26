package jwt

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// maxWaiting is how many requests wait for one fetch. Further ones are told that the provider does not answer.
const maxWaiting = 10_000

var (
	errUnknownKey = errors.New("jwt: the provider has no key with the key id of the token")
	errCooling    = errors.New("jwt: the token is not older than the keys, and its key is not among them; they are fetched again after the cool-down")
	errCrowd      = errors.New("jwt: too many requests wait for the keys of the provider")
	errUnfinished = errors.New("jwt: fetching the keys did not finish")
)

// provider has the keys of an identity provider, fetches them, and decides when.
type provider struct {
	fetch                        func(vain bool) (*keySet, error)
	now                          func() time.Time
	coolDown, refresh, staleness time.Duration
	patience                     time.Duration // how long a request waits for a fetch, should a transport ignore its context

	mu      sync.Mutex
	set     *keySet   // the last good one, nil before the first
	fetched time.Time // when the fetch of that set began
	vain    time.Time // when the last fetch began that failed, or did not bring the key that it was made for
	failure error     // of the last fetch, nil when it brought a set
	flight  *flight   // the fetch under way, nil when there is none
}

// flight is one fetch, and those who wait for it.
type flight struct {
	begun   time.Time
	wanted  *compact // the token whose key is looked for, nil when the set is fetched for its age
	waiting int
	done    chan struct{}
	set     *keySet
	err     error
}

// keys implements [keySource].
//
// The keys at hand decide where they can. A key that is not among them is worth a fetch, and all who need it wait for the
// same one; for two at most, as the first may have begun before the provider had the key.
func (p *provider) keys(ctx context.Context, c *compact, expired bool) ([]*key, error) {
	for waits := 0; ; waits++ {
		keys, f, err := p.look(c, expired, waits == 2)
		if f == nil {
			return keys, err
		}
		if err := f.wait(ctx, p.patience); err != nil {
			return nil, guard.Unavailable(err)
		}
		if f.wanted == c {
			waits = 1 // nobody can have fetched them later than this token came
		}
	}
}

// look returns the keys that fit a token, or else the fetch to wait for. last says that a fetch which began after the
// token came has ended, so that its result decides.
func (p *provider) look(c *compact, expired, last bool) ([]*key, *flight, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	usable := p.set != nil && now.Sub(p.fetched) < p.staleness
	if usable {
		keys, known := p.set.candidates(c)
		if known {
			return keys, nil, nil
		}
		if expired { // it is refused anyway
			return nil, nil, guard.Invalid(errUnknownKey)
		}
	}
	switch {
	case !last && p.flight != nil:
		return p.join(p.flight)
	case !last && !p.cooling(now):
		return p.join(p.start(now, c))
	case p.failure != nil:
		return nil, nil, guard.Unavailable(p.failure)
	case !usable || !last && c.mayFollow(p.fetched):
		return nil, nil, guard.Unavailable(errCooling)
	}
	return nil, nil, guard.Invalid(errUnknownKey)
}

// cooling reports whether the last fetch was in vain a short time ago. A clock that was set back ends the cool-down.
func (p *provider) cooling(now time.Time) bool {
	since := now.Sub(p.vain)
	return !p.vain.IsZero() && 0 <= since && since < p.coolDown
}

// renew implements [keySource]. It fetches a set that has become old, and nobody waits for it.
func (p *provider) renew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := p.now(); p.flight == nil && now.Sub(p.fetched) >= p.refresh && !p.cooling(now) {
		p.start(now, nil)
	}
}

// join makes the caller one of those who wait. The lock is held.
func (p *provider) join(f *flight) ([]*key, *flight, error) {
	if f.waiting == maxWaiting {
		return nil, nil, guard.Unavailable(errCrowd)
	}
	f.waiting++
	return nil, f, nil
}

// start begins a fetch in a goroutine of its own, for the request that needs it may be cancelled while others wait. The
// fetch has a time limit. The lock is held.
func (p *provider) start(now time.Time, wanted *compact) *flight {
	f := &flight{begun: now, wanted: wanted, done: make(chan struct{}), err: errUnfinished}
	p.flight = f
	vain := !p.vain.Before(p.fetched)
	go func() {
		defer p.land(f)
		f.set, f.err = p.fetch(vain)
	}()
	return f
}

// land takes the result over. A transport of the application may have panicked.
func (p *provider) land(f *flight) {
	if panicked := recover(); panicked != nil {
		f.err = fmt.Errorf("jwt: fetching the keys panicked: %v", panicked)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	defer close(f.done)
	p.flight, p.failure = nil, f.err
	if f.err == nil {
		p.set, p.fetched = f.set, f.begun
	}
	if f.err != nil || !f.brought() {
		p.vain = f.begun
	}
}

// brought reports whether a set has the key that it was fetched for.
func (f *flight) brought() bool {
	if f.wanted == nil {
		return true
	}
	_, known := f.set.candidates(f.wanted)
	return known
}

func (f *flight) wait(ctx context.Context, patience time.Duration) error {
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-f.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return errUnfinished
	}
}
