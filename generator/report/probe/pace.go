package probe

import (
	"context"
	"sync"
	"time"
)

// pace is the time between requests. A slow answer is not made up for by faster requests afterwards.
type pace struct {
	interval time.Duration
	mutex    sync.Mutex
	next     time.Time
}

// newPace has a number of requests in a second, or no limit with 0.
func newPace(rate float64) *pace {
	if rate <= 0 {
		return &pace{}
	}
	return &pace{interval: time.Duration(float64(time.Second) / rate)}
}

// wait returns when the next request may begin.
func (p *pace) wait(ctx context.Context) error {
	p.mutex.Lock()
	if now := time.Now(); p.next.Before(now) {
		p.next = now
	}
	at := p.next
	p.next = at.Add(p.interval)
	p.mutex.Unlock()
	return sleep(ctx, time.Until(at))
}

// pause lets no request begin for some time.
func (p *pace) pause(d time.Duration) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if until := time.Now().Add(d); p.next.Before(until) {
		p.next = until
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
