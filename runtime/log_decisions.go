package guard

import (
	"context"
	"log/slog"

	"github.com/oapi-guard/oapi-guard/runtime/verdict"
)

// DecisionAttrs are further attributes of a decision's log record, often from the context: a request's id, the caller.
type DecisionAttrs func(context.Context, Event) []slog.Attr

// LogDecisions is an [Options].OnDecision that logs every decision as "guard: decision". A nil logger is [slog.Default].
//
// A fault is logged at level Error, an outage at Warn, an admitted or canceled request at Debug, and every other denial at
// Info. The attributes are operation, verdict, the status and the scheme of a denial, and its reason where that is in the
// guard's own words: the role that is missing, the grammar that is broken. None of them says who called. An error of the
// application may, so that it is logged only with [FullReason].
//
// [Options].Logger logs faults and outages whoever else does. With [slog.DiscardHandler] there, each is logged once.
func LogDecisions(logger *slog.Logger, more ...DecisionAttrs) func(context.Context, Event) {
	return func(ctx context.Context, e Event) {
		to := logger
		if to == nil {
			to = slog.Default()
		}
		level := decisionLevel(e.Verdict)
		if !to.Enabled(ctx, level) {
			return
		}
		var fixed [decisionAttrs]slog.Attr
		attrs := appendDecision(fixed[:0], e)
		for _, attributes := range more {
			if attributes != nil {
				attrs = append(attrs, attributes(ctx, e)...)
			}
		}
		to.LogAttrs(ctx, level, "guard: decision", attrs...)
	}
}

// FullReason is the whole reason of a denial as the attribute "error", for [LogDecisions]. The errors of the application
// are in it, with all that they say about callers.
func FullReason(_ context.Context, e Event) []slog.Attr {
	if e.Reason == nil {
		return nil
	}
	return []slog.Attr{slog.Any("error", e.Reason)}
}

// decisionAttrs is the number of attributes that a record has without [DecisionAttrs].
const decisionAttrs = 5

func appendDecision(attrs []slog.Attr, e Event) []slog.Attr {
	attrs = append(attrs, slog.String("operation", e.Operation), slog.String("verdict", e.Verdict.String()))
	if e.Status != 0 {
		attrs = append(attrs, slog.Int("status", e.Status))
	}
	if e.Scheme != "" {
		attrs = append(attrs, slog.String("scheme", e.Scheme))
	}
	if e.Reason != nil && isOwnReason(e.Verdict) {
		attrs = append(attrs, slog.Any("reason", e.Reason))
	}
	return attrs
}

// decisionLevel is how much an operator has to care.
func decisionLevel(v verdict.Verdict) slog.Level {
	switch v {
	case verdict.Fault:
		return slog.LevelError
	case verdict.Unavailable:
		return slog.LevelWarn
	case verdict.Allow, verdict.Canceled:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// isOwnReason reports whether the guard found the reason of a denial itself, without a function of the application.
func isOwnReason(v verdict.Verdict) bool {
	switch v {
	case verdict.Absent, verdict.Malformed, verdict.Ambiguous, verdict.MissingScope, verdict.MissingRole:
		return true
	}
	return false
}
