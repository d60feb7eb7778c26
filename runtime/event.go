package guard

import (
	"context"
	"errors"
	"log/slog"
	"slices"
)

// Event is one decision, for logs, metrics and audits. No credential is in it, unless an authenticator's
// error holds one.
type Event struct {
	// Operation is the operationId; Method and Path are the operation's, not the request's.
	Operation, Method, Path string
	// Verdict and Reason are the true ones, also where the response conceals them.
	Verdict Verdict
	// Status is the status code of the denial on the wire, and 0 when the request is allowed: the handler chooses.
	Status int
	// Scheme is the scheme that decided, the schemes of an alternative of several joined by "+", and empty
	// when there was nothing to decide on.
	Scheme string
	// Reason says why a request is denied, for the operator and not for the client. It is nil when the
	// request is allowed.
	Reason error
}

// reports reports whether anybody is to be told. Without OnDecision only faults are, for they must not go
// unseen.
func (s *settings) reports(v Verdict) bool { return s.onDecision != nil || v == VerdictFault }

func (s *settings) report(ctx context.Context, e Event) {
	defer func() {
		if value := recover(); value != nil {
			logFault(ctx, e.Operation, newPanicked("OnDecision", value))
		}
	}()
	if s.onDecision == nil {
		logFault(ctx, e.Operation, e.Reason, slog.String("scheme", e.Scheme))
		return
	}
	s.onDecision(ctx, e)
}

// logFault logs at Error level, with the stack of a panic. A log handler that panics must not decide about
// a response.
func logFault(ctx context.Context, operation string, reason error, more ...slog.Attr) {
	defer func() {
		if value := recover(); value != nil {
			_ = newPanicked("the log handler", value)
		}
	}()
	attrs := slices.Concat(more, []slog.Attr{slog.String("operation", operation), slog.Any("error", reason)})
	if p := (*panicked)(nil); errors.As(reason, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	slog.Default().LogAttrs(ctx, slog.LevelError, "guard: fault", attrs...)
}
