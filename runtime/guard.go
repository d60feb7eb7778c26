package guard

import (
	"context"
	"net/http"
	"slices"
)

// Guard decides who may call one operation. The zero value denies everything with 500; a [Linker] makes
// the others. A guard is safe for concurrent use.
type Guard[P any] struct {
	operation    Operation // but for Security and Roles
	link         *link[P]
	schemes      []Scheme[P] // each once, in the order of the document
	alternatives []alternative[P]
	anonymous    bool // {} is an alternative
	challenges   challenges
	source       string // what the resource check is called in reasons
}

// Check decides about a request. It reads no body, writes nothing and reports no event. Authenticators are
// called as far as the decision needs them. The operation's resource check is no part of it.
func (g *Guard[P]) Check(r *http.Request) Decision[P] {
	var d Decision[P]
	g.orZero().decide((*httpRequest)(r), &d)
	return d
}

// Wrap returns a handler that calls next exactly when the guard allows the request, and answers it
// otherwise. It panics when next is nil. On an operation with a resource check next has to ask
// [Guard.AdmitResource] before it serves.
func (g *Guard[P]) Wrap(next HandlerFunc[P]) http.HandlerFunc {
	if next == nil {
		panic("guard: Wrap: next is nil")
	}
	g = g.orZero()
	return func(w http.ResponseWriter, r *http.Request) {
		if r, caller, ok := g.Admit(w, r); ok {
			next(w, r, caller)
		}
	}
}

// Admit decides about a request and answers it when it is denied: then admitted is false, and nothing is left
// to do. Otherwise the handler gets the request that is returned, and the caller. It is [Guard.Wrap] for
// frameworks whose handlers are not net/http's, but which are built on it.
func (g *Guard[P]) Admit(w http.ResponseWriter, r *http.Request) (_ *http.Request, caller Optional[P], admitted bool) {
	g = g.orZero()
	var d Decision[P]
	g.decide((*httpRequest)(r), &d)
	s := g.settings()
	if d.verdict == VerdictAllow && g.carries(s) {
		r = r.WithContext(g.carry(r.Context(), s, &d))
	}
	if g.reportsAdmission(s, d.verdict) {
		s.report(r.Context(), g.event(&d))
	}
	if d.verdict != VerdictAllow {
		s.deny(r.Context(), w, r, g.denied(&d))
		return r, Optional[P]{}, false
	}
	if d.private {
		setPrivate(w.Header())
	}
	return r, d.caller, true
}

// AdmitExchange is [Guard.Admit] for a framework that is not built on net/http. The handler gets the context
// that is returned.
func (g *Guard[P]) AdmitExchange(x Exchange) (ctx context.Context, caller Optional[P], admitted bool) {
	g = g.orZero()
	defer g.answerAbort(x, &admitted)
	var d Decision[P]
	g.decide(x, &d)
	s := g.settings()
	ctx = x.Context()
	if d.verdict == VerdictAllow && g.carries(s) {
		ctx = g.carry(ctx, s, &d)
	}
	if g.reportsAdmission(s, d.verdict) {
		s.report(ctx, g.event(&d))
	}
	if d.verdict != VerdictAllow {
		s.denyExchange(ctx, x, g.denied(&d))
		return ctx, Optional[P]{}, false
	}
	if d.private {
		x.SetField("Cache-Control", private[0])
	}
	return ctx, d.caller, true
}

// orZero is the guard itself, or the zero guard, which denies everything.
func (g *Guard[P]) orZero() *Guard[P] {
	if g == nil {
		return new(Guard[P])
	}
	return g
}

func (g *Guard[P]) settings() *settings {
	if g.link == nil {
		return new(settings)
	}
	return g.link.settings
}

// reportsAdmission reports whether the verdict on the caller is to be reported: not yet when the resource check
// is still to come.
func (g *Guard[P]) reportsAdmission(s *settings, v Verdict) bool {
	return s.reports(v) && (v != VerdictAllow || g.operation.Resource == "")
}

// denied is what the response to a denial is made of.
func (g *Guard[P]) denied(d *Decision[P]) denied {
	v := d.answer()
	out := denied{operation: g.operation.ID, verdict: v, challenges: d.challenges, nonce: d.nonce}
	if r, ok := d.reason.(*detailed); ok {
		out.detail = r.detail
	}
	return out
}

func (g *Guard[P]) event(d *Decision[P]) Event {
	return Event{
		Operation: g.operation.ID, Method: g.operation.Method, Path: g.operation.Path,
		Verdict: d.verdict, Status: d.answer().Status(), Scheme: d.scheme, Reason: d.reason,
	}
}

// Decision is what a guard decided about one request. The zero value is a denial.
type Decision[P any] struct {
	caller     Optional[P]
	scheme     string
	reason     error
	challenges []string
	nonce      *nonceReason // what DPoP-Nonce is to say
	verdict    Verdict
	private    bool    // the response to the caller is
	concealed  Verdict // what the denial is answered as; VerdictFault when that is the verdict
}

// answer is the verdict that the response is of.
func (d *Decision[P]) answer() Verdict {
	if d.concealed != VerdictFault {
		return d.concealed
	}
	return d.verdict
}

// Allowed reports whether the operation's handler may run.
func (d Decision[P]) Allowed() bool { return d.verdict == VerdictAllow }

// Caller is the caller of an allowed request; there is none when the request is denied or anonymous.
func (d Decision[P]) Caller() Optional[P] { return d.caller }

// Verdict is the decision in one word, the true one where the response conceals it.
func (d Decision[P]) Verdict() Verdict { return d.verdict }

// Status is the status code of a denial, and 0 when the request is allowed.
func (d Decision[P]) Status() int { return d.answer().Status() }

// Challenges are the values of the WWW-Authenticate fields of a denial, one line each.
func (d Decision[P]) Challenges() []string { return slices.Clone(d.challenges) }

// Scheme is the scheme that decided: see [Event].
func (d Decision[P]) Scheme() string { return d.scheme }

// Err is the reason of a denial, for the operator and not for the client; nil when the request is allowed.
func (d Decision[P]) Err() error { return d.reason }
