package dashboard

import (
	"context"
	"sync"
	"time"

	guard "github.com/oapi-guard/oapi-guard/runtime"
	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// The memory that the dashboard takes, whatever happens.
const (
	maxKept    = 200 // decisions that a new page begins with
	maxReaders = 16  // pages at one time
	maxBehind  = 64  // decisions that a page may be behind, before it is dropped
)

// entry is a decision as the page gets it. There is no caller, no credential, no path as requested and no reason: an
// authenticator's error may name any of them.
type entry struct {
	Number    int       `json:"number"`
	At        time.Time `json:"at"`
	Operation string    `json:"operation"`
	Method    string    `json:"method"`
	Path      string    `json:"path"` // the operation's, as the document has it
	Verdict   string    `json:"verdict"`
	Status    int       `json:"status"` // 0: the handler answers
	Concealed bool      `json:"concealed"`
	Scheme    string    `json:"scheme"`
}

// feed keeps the last decisions and tells the readers the new ones.
type feed struct {
	mutex   sync.Mutex
	number  int
	kept    []entry
	readers map[chan entry]bool
}

// observe is for [guard.Options].OnDecision. It never waits: a reader that is too far behind is dropped.
func (f *feed) observe(_ context.Context, e guard.Event) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.number++
	next := entry{
		Number: f.number, At: time.Now(), Operation: e.Operation, Method: e.Method, Path: e.Path, Verdict: e.Verdict.String(),
		Status: e.Status, Concealed: e.Verdict != verdict.Allow && e.Status != e.Verdict.Status(), Scheme: e.Scheme,
	}
	if len(f.kept) == maxKept {
		copy(f.kept, f.kept[1:])
		f.kept = f.kept[:maxKept-1]
	}
	f.kept = append(f.kept, next)
	for reader := range f.readers {
		select {
		case reader <- next:
		default:
			f.drop(reader)
		}
	}
}

// join is a new reader, and what it has not seen of the decisions that are kept. There may be too many readers.
func (f *feed) join(seen int) (<-chan entry, []entry, func(), bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(f.readers) == maxReaders {
		return nil, nil, nil, false
	}
	if f.readers == nil {
		f.readers = map[chan entry]bool{}
	}
	reader := make(chan entry, maxBehind)
	f.readers[reader] = true
	leave := func() {
		f.mutex.Lock()
		defer f.mutex.Unlock()
		f.drop(reader)
	}
	return reader, f.after(seen), leave, true
}

// after are the decisions after a number. One from another run of the program, which is larger than all, counts as none.
func (f *feed) after(seen int) []entry {
	var unseen []entry
	for _, e := range f.kept {
		if e.Number > seen || seen > f.number {
			unseen = append(unseen, e)
		}
	}
	return unseen
}

// drop ends a reader, once.
func (f *feed) drop(reader chan entry) {
	if f.readers[reader] {
		delete(f.readers, reader)
		close(reader)
	}
}
