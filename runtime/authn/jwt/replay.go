package jwt

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// maxProofs is how many proofs are remembered in one period. One key may use a part of them, so that a client with a token
// of its own cannot fill the memory of all.
const (
	maxProofs = 1_000_000
	keyShare  = 16
)

var errProofs = errors.New("jwt: too many DPoP proofs")

// replayMemory remembers proofs for one to two periods, in two generations: no entry has to be looked for to be forgotten.
type replayMemory struct {
	period time.Duration
	limit  int
	now    func() time.Time

	mu        sync.Mutex
	turned    time.Time
	new, prev generation
}

// generation are the proofs of one period, and how many of them each key has.
type generation struct {
	seen  map[[sha256.Size]byte]struct{}
	byKey map[string]int
}

func newGeneration() generation {
	return generation{map[[sha256.Size]byte]struct{}{}, map[string]int{}}
}

// newReplayMemory makes a memory for proofs that are good for at most a period.
func newReplayMemory(period time.Duration, limit int, now func() time.Time) *replayMemory {
	return &replayMemory{period: period, limit: limit, now: now, new: newGeneration(), prev: newGeneration()}
}

// Use implements [Replays]. A full memory refuses: whatever it forgot could be used again.
func (m *replayMemory) Use(_ context.Context, key, proof string, _ time.Time) (bool, error) {
	id := sha256.Sum256([]byte(key + "." + proof))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(m.now())
	_, inNew := m.new.seen[id]
	_, inPrev := m.prev.seen[id]
	switch {
	case inNew || inPrev:
		return false, nil
	case m.new.byKey[key] >= max(1, m.limit/keyShare):
		return false, guard.TooManyRequests(m.period, errProofs)
	case len(m.new.seen) >= m.limit:
		return false, guard.Unavailable(errProofs)
	}
	m.new.seen[id] = struct{}{}
	m.new.byKey[key]++
	return true, nil
}

// turn begins a generation when the newest is a period old.
func (m *replayMemory) turn(now time.Time) {
	switch age := now.Sub(m.turned); {
	case age < m.period: // a clock that was set back forgets nothing
		return
	case age < 2*m.period:
		m.prev = m.new
	default:
		m.prev = newGeneration()
	}
	m.new, m.turned = newGeneration(), now
}
