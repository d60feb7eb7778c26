package basic

import (
	"crypto/sha256"
	"sync"
	"time"
)

// mark stands for a user, a password and a stored hash.
type mark [sha256.Size]byte

// maxRemembered is the number of passwords that are remembered; beyond it, none is until some are forgotten.
const maxRemembered = 10_000

// remembered are passwords that were right a moment ago. It is nil when there is nothing to remember.
type remembered struct {
	mu     sync.Mutex
	until  map[mark]time.Time
	keep   time.Duration
	swept  time.Time
	now    func() time.Time
	length int
}

func newRemembered(keep time.Duration) *remembered {
	if keep == 0 {
		return nil
	}
	return &remembered{until: map[mark]time.Time{}, keep: keep, now: time.Now, length: maxRemembered}
}

func (r *remembered) has(m mark) bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now().Before(r.until[m])
}

func (r *remembered) put(m mark) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	r.sweep(now)
	if len(r.until) < r.length {
		r.until[m] = now.Add(r.keep)
	}
}

// sweep forgets what is over, once in the time that things are kept.
func (r *remembered) sweep(now time.Time) {
	if now.Sub(r.swept) < r.keep {
		return
	}
	r.swept = now
	for m, until := range r.until {
		if !now.Before(until) {
			delete(r.until, m)
		}
	}
}
