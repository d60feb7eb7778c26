package guard

import (
	"net/http"
	"slices"
)

// Guard decides who may call one operation. The zero value denies everything with 500; a [Linker] makes
// the others. A guard is safe for concurrent use.
type Guard[P any] struct {
	operation    Operation // ID, Method and Path only
	link         *link[P]
	schemes      []Scheme[P] // each once, in the order of the document
	alternatives []alternative[P]
	anonymous    bool // {} is an alternative
	challenges   challenges
}

// Check decides about a request. It reads no body, writes nothing and reports no event. Authenticators are
// called as far as the decision needs them.
func (g *Guard[P]) Check(r *http.Request) Decision[P] {
	if g == nil {
		g = new(Guard[P])
	}
	var d Decision[P]
	g.decide(r, &d)
	return d
}

// Wrap returns a handler that calls next exactly when the guard allows the request, and answers it
// otherwise. It panics when next is nil.
func (g *Guard[P]) Wrap(next HandlerFunc[P]) http.HandlerFunc {
	if next == nil {
		panic("guard: Wrap: next is nil")
	}
	if g == nil {
		g = new(Guard[P])
	}
	s := g.settings()
	return func(w http.ResponseWriter, r *http.Request) {
		var d Decision[P]
		g.decide(r, &d)
		if d.verdict == VerdictAllow && s.callerInContext {
			r = r.WithContext(&callerContext[P]{r.Context(), d.caller})
		}
		if s.reports(d.verdict) {
			s.report(r.Context(), g.event(&d))
		}
		if d.verdict != VerdictAllow {
			s.deny(w, r, Denial{g.operation.ID, d.verdict.Status(), d.verdict}, d.challenges)
			return
		}
		next(w, r, d.caller)
	}
}

func (g *Guard[P]) settings() *settings {
	if g.link == nil {
		return new(settings)
	}
	return g.link.settings
}

func (g *Guard[P]) event(d *Decision[P]) Event {
	return Event{
		Operation: g.operation.ID, Method: g.operation.Method, Path: g.operation.Path,
		Verdict: d.verdict, Status: d.verdict.Status(), Scheme: d.scheme, Reason: d.reason,
	}
}

// Decision is what a guard decided about one request. The zero value is a denial.
type Decision[P any] struct {
	caller     Optional[P]
	scheme     string
	reason     error
	challenges []string
	verdict    Verdict
}

// Allowed reports whether the operation's handler may run.
func (d Decision[P]) Allowed() bool { return d.verdict == VerdictAllow }

// Caller is the caller of an allowed request; there is none when the request is denied or anonymous.
func (d Decision[P]) Caller() Optional[P] { return d.caller }

// Verdict is the decision in one word.
func (d Decision[P]) Verdict() Verdict { return d.verdict }

// Status is the status code of a denial, and 0 when the request is allowed.
func (d Decision[P]) Status() int { return d.verdict.Status() }

// Challenges are the values of the WWW-Authenticate fields of a denial, one line each.
func (d Decision[P]) Challenges() []string { return slices.Clone(d.challenges) }

// Scheme is the scheme that decided: see [Event].
func (d Decision[P]) Scheme() string { return d.scheme }

// Err is the reason of a denial, for the operator and not for the client; nil when the request is allowed.
func (d Decision[P]) Err() error { return d.reason }
