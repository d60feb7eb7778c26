package basic

import (
	"sync/atomic"
	"time"
)

// Parse parses with limits of tests.
func Parse(stored string) error {
	_, err := limits{memory: 1 << 16, time: 4, cost: 10}.parse(stored)
	return err
}

// counted is a hash that counts, and does something else instead of work.
type counted struct {
	hash
	n    *atomic.Int32
	work func()
}

func (c counted) matches(password string) bool {
	c.n.Add(1)
	c.work()
	return c.hash.matches(password)
}

// CountDummies counts the hashes for unknown users, by kind, and does work before each.
func (a *Authenticator[P]) CountDummies(work func()) []*atomic.Int32 {
	var counts []*atomic.Int32
	for i, h := range a.dummies {
		n := new(atomic.Int32)
		a.dummies[i] = counted{h, n, work}
		counts = append(counts, n)
	}
	return counts
}

// SetClock replaces the clock of what is remembered, and its bound.
func (a *Authenticator[P]) SetClock(now func() time.Time, length int) {
	a.right.now, a.right.length = now, length
}

// Remembered is the number of passwords that are remembered.
func (a *Authenticator[P]) Remembered() int { return len(a.right.until) }

// Waiting is the number of requests that wait for a hash.
func (a *Authenticator[P]) Waiting() int64 { return a.turns.waiting.Load() }

// DummyIsLike reports whether a hash for unknown users is as new ones are.
func (a *Authenticator[P]) DummyIsLike(i int, p Params) bool { return a.dummies[i].isLike(p) }
