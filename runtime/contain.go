package guard

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// panicked is the reason of a fault: a function of the application panicked.
type panicked struct {
	where string
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic in %s: %v", p.where, p.value) }

// Unwrap is the value when that is an error.
func (p *panicked) Unwrap() error {
	err, _ := p.value.(error)
	return err
}

// Stack is the goroutine's stack at the panic. Those who log events reach it through errors.As with an
// interface{ Stack() []byte }.
func (p *panicked) Stack() []byte { return p.stack }

// contain makes a fault of a panic when it is deferred. The results it is given must be a fault until the
// function that defers it is through: with GODEBUG=panicnil=1 a panic(nil) is stopped but not seen.
// [http.ErrAbortHandler] is the way to abort a response on purpose, and goes on.
func contain(verdict *Verdict, reason *error, where *string) {
	value := recover()
	if value == nil {
		return
	}
	*verdict, *reason = VerdictFault, newPanicked(*where, value)
}

func newPanicked(where string, value any) *panicked {
	if value == http.ErrAbortHandler {
		panic(value)
	}
	return &panicked{where, value, debug.Stack()}
}

// answerAbort answers a request that one of the application's functions aborted with [http.ErrAbortHandler], when it
// is deferred. net/http's server knows that panic; others end with it, and all their connections.
func (g *Guard[P]) answerAbort(x Exchange, admitted *bool) {
	switch value := recover(); value {
	case nil:
	case http.ErrAbortHandler:
		*admitted = false
		g.settings().denyExchange(x.Context(), x, denied{operation: g.operation.ID, verdict: VerdictFault})
	default:
		panic(value)
	}
}
