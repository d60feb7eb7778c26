package introspection

import (
	"container/list"
	"sync"
	"time"
)

// maxBytes bounds the answers in memory, beside their number.
const maxBytes = 32 << 20

// memory remembers values until a time, those that were used last when there are too many.
type memory[V any] struct {
	mu         sync.Mutex
	entries    map[key]*list.Element
	recent     list.List // of *entry[V], the last used first
	maxEntries int
	bytes      int
}

type entry[V any] struct {
	key   key
	value V
	until time.Time
	bytes int
}

func newMemory[V any](maxEntries int) *memory[V] {
	return &memory[V]{entries: map[key]*list.Element{}, maxEntries: maxEntries}
}

func (m *memory[V]) get(k key, now time.Time) (value V, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	element, found := m.entries[k]
	if !found {
		return value, false
	}
	e := element.Value.(*entry[V])
	if !now.Before(e.until) {
		m.remove(element)
		return value, false
	}
	m.recent.MoveToFront(element)
	return e.value, true
}

// put remembers a value that is about this many bytes large.
func (m *memory[V]) put(k key, value V, until time.Time, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, found := m.entries[k]; found {
		m.remove(old)
	}
	m.entries[k] = m.recent.PushFront(&entry[V]{k, value, until, bytes})
	m.bytes += bytes
	for len(m.entries) > m.maxEntries || m.bytes > maxBytes {
		m.remove(m.recent.Back())
	}
}

func (m *memory[V]) remove(element *list.Element) {
	e := m.recent.Remove(element).(*entry[V])
	delete(m.entries, e.key)
	m.bytes -= e.bytes
}
