package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// Event is one decision, for logs, metrics and audits. It contains no credential, unless an authenticator's error
// does.
type Event struct {
	// Operation is the operationId; Method and Path are the operation's, not the request's.
	Operation, Method, Path string
	// Verdict and Reason are the true ones, also where the response conceals them.
	Verdict verdict.Verdict
	// Status is the status code of the denial on the wire, and 0 when the request is allowed: the handler chooses.
	Status int
	// Scheme is the scheme that decided. The schemes of an alternative of several are joined by "+". It is empty
	// when there was nothing to decide on.
	Scheme string
	// Reason says why a request is denied, for the operator and not for the client. It is nil when the request is
	// allowed.
	Reason error
}

// reports reports whether somebody is told of a verdict. Faults and outages are logged whoever else listens, for they
// must not go unseen.
func (c *core) reports(v verdict.Verdict) bool {
	return c.options.OnDecision != nil || v == verdict.Fault || v == verdict.Unavailable
}

// report logs a fault or an outage, and tells [Options].OnDecision.
func (c *core) report(ctx context.Context, f *finding) {
	f.reported = true
	switch f.verdict {
	case verdict.Fault:
		c.logFault(ctx, f.reason, slog.String("scheme", f.scheme))
	case verdict.Unavailable:
		c.log(ctx, slog.LevelWarn, "guard: unavailable", f.reason, slog.String("scheme", f.scheme))
	}
	if c.options.OnDecision != nil {
		c.tell(ctx, f)
	}
}

// tell tells [Options].OnDecision. When it panics nothing else changes.
func (c *core) tell(ctx context.Context, f *finding) {
	defer func() {
		if value := recover(); value != nil {
			c.logFault(ctx, newPanicked("OnDecision", value))
		}
	}()
	c.options.OnDecision(ctx, Event{
		Operation: c.operation.ID, Method: c.operation.Method, Path: c.operation.Path,
		Verdict: f.verdict, Status: f.shown().Status(), Scheme: f.scheme, Reason: f.reason,
	})
}

// logFault logs a mistake of the application.
func (c *core) logFault(ctx context.Context, reason error, more ...slog.Attr) {
	c.log(ctx, slog.LevelError, "guard: fault", reason, more...)
}

// log logs with the stack of a panic. A log handler that panics must not decide about a response.
func (c *core) log(ctx context.Context, level slog.Level, message string, reason error, more ...slog.Attr) {
	defer func() {
		if value := recover(); value != nil {
			_ = newPanicked("the log handler", value)
		}
	}()
	logger := c.options.Logger
	if logger == nil {
		logger = slog.Default()
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	attrs := slices.Concat(more, []slog.Attr{slog.String("operation", c.operation.ID), slog.Any("error", reason)})
	if p := (*panicked)(nil); errors.As(reason, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	logger.LogAttrs(ctx, level, message, attrs...)
}

var errPanickedNil = errors.New("a function of the application panicked with nil")

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

// contain turns a panic into a fault; value is what a deferred function recovered. The evidence must be a fault until the
// function that defers it is through: with GODEBUG=panicnil=1 a panic(nil) is stopped but not seen.
// [http.ErrAbortHandler] is the way to abort a response on purpose, and goes on.
func contain(e *evidence, value any) {
	if value != nil {
		e.verdict, e.reason = verdict.Fault, newPanicked(*e.where, value)
	}
}

func newPanicked(where string, value any) *panicked {
	if value == http.ErrAbortHandler {
		panic(value)
	}
	return &panicked{where, value, debug.Stack()}
}
