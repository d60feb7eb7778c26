package main

import (
	"sync"
	"time"
)

// A member may write so often in so much time.
const (
	writes = 20
	window = time.Minute
)

// pace counts the writes of each member. It is as large as the number of members, for nobody else comes to it.
type pace struct {
	now    func() time.Time
	mutex  sync.Mutex
	counts map[string]count
}

func newPace(now func() time.Time) *pace { return &pace{now: now, counts: map[string]count{}} }

type count struct {
	begins time.Time
	writes int
}

// take counts a write, or returns how long the member has to wait.
func (p *pace) take(member string) (wait time.Duration) {
	now := p.now()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	c := p.counts[member]
	if now.Sub(c.begins) >= window {
		c = count{begins: now}
	}
	if c.writes == writes {
		return c.begins.Add(window).Sub(now)
	}
	c.writes++
	p.counts[member] = c
	return 0
}
