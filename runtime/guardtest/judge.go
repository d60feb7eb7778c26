package guardtest

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	guard "github.com/oapi-guard/oapi-guard/runtime"
)

// denial is the answer that a question expects.
type denial struct {
	status int
	scope  bool // a scope is missing: there may be a challenge that says so
}

// concealed is the denial under [guard.Options].ConcealFromAnonymous.
func (e *examination) concealed(want denial) denial {
	if e.options.ConcealFromAnonymous && e.op.Conceal == guard.ConcealAsNotFound && want.status != http.StatusForbidden {
		return denial{status: http.StatusNotFound}
	}
	return want
}

// ask sends a question, and returns nil when it was not asked.
func (e *examination) ask(q question, s shape) *exchanged {
	e.t.Helper()
	r, err := e.build(q, s)
	switch {
	case err != nil && q.almost:
		return nil
	case errors.Is(err, errors.ErrUnsupported):
		e.t.Logf("%s: not asked: %s: %v", e.op.ID, q.name, err)
		return nil
	case err != nil:
		e.failf(q, "no request could be made: %v", err)
		return nil
	}
	got, err := e.server.send(r)
	if err != nil {
		e.failf(q, "no answer: %v", err)
		return nil
	}
	return got
}

// deny asks a question that must not get in. The same on HEAD where the method is GET, and with other parameters.
func (e *examination) deny(q question, want denial) {
	e.t.Helper()
	want = e.concealed(want)
	first := e.ask(q, shape{method: e.op.Method, values: e.values()[0]})
	if first == nil || !e.denied(q, want, first) {
		return
	}
	if e.op.Method == http.MethodGet {
		e.denyHead(q, want)
	}
	if q.vary {
		e.denyAlike(q, want, first)
	}
}

// denied judges one answer. It reports one failure at most.
func (e *examination) denied(q question, want denial, got *exchanged) bool {
	e.t.Helper()
	calls := e.options.Calls.take()
	switch {
	case len(calls) > 0:
		e.failf(q, "the handler ran (%d); want %d", got.status, want.status)
	case got.status != want.status:
		e.failf(q, "%d; want %d", got.status, want.status)
	case got.bodyRead && !e.signed():
		e.failf(q, "the body was read before the %d", got.status)
	default:
		err := e.checkChallenges(want, got.header.Values("WWW-Authenticate"))
		if err != nil {
			e.failf(q, "%d, but %v", got.status, err)
		}
		return err == nil
	}
	return false
}

// signed reports whether a guard may read the body: for a signature.
func (e *examination) signed() bool {
	return slices.ContainsFunc(e.used(), func(s guard.Scheme) bool { return s.SignedBody > 0 })
}

// denyHead: HEAD is denied as GET is, unless the server does not know it.
func (e *examination) denyHead(q question, want denial) {
	e.t.Helper()
	s := shape{method: http.MethodHead, values: e.values()[0]}
	if e.hasHead(e.concrete(s.values)) {
		return
	}
	q.name += ", HEAD"
	got := e.ask(q, s)
	if got == nil {
		return
	}
	if len(e.options.Calls.take()) > 0 {
		e.failf(q, "the handler ran (%d); want %d", got.status, want.status)
		return
	}
	switch got.status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return
	}
	e.denied(q, want, got)
}

// denyAlike: a denial depends neither on parameters nor on the body. Fields that differ between two equal requests, an
// identifier of the request for example, do not count.
func (e *examination) denyAlike(q question, want denial, first *exchanged) {
	e.t.Helper()
	again := e.ask(q, shape{method: e.op.Method, values: e.values()[0]})
	if again == nil || !e.denied(q, want, again) {
		return
	}
	for _, s := range e.shapes() {
		varied := q
		varied.name += ", " + s.name
		got := e.ask(varied, s)
		if got == nil || !e.denied(varied, want, got) {
			return
		}
		if what := difference(first, again, got); what != "" {
			e.failf(varied, "the denial is another one: its %s depends on the request", what)
			return
		}
	}
}

// difference names a part of an answer that differs from two others that are alike there.
func difference(first, again, got *exchanged) string {
	names := []string{}
	for name := range first.header {
		names = append(names, name)
	}
	for name := range got.header {
		names = add(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		same := slices.Equal(first.header[name], again.header[name])
		if name != "Date" && same && !slices.Equal(first.header[name], got.header[name]) {
			return "field " + name
		}
	}
	if string(first.body) == string(again.body) && string(first.body) != string(got.body) {
		return "body"
	}
	return ""
}

// checkChallenges checks the challenges of a denial against the operation's schemes.
func (e *examination) checkChallenges(want denial, lines []string) error {
	all, err := parseChallenges(lines)
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := c.check(); err != nil {
			return err
		}
	}
	switch want.status {
	case http.StatusUnauthorized, http.StatusBadRequest:
		return e.checkOffered(all)
	case http.StatusForbidden:
		return checkScopeChallenges(want, all)
	}
	if len(all) > 0 {
		return errors.New("it has a challenge")
	}
	return nil
}

// checkScopeChallenges: a 403 has no challenge, but for a missing scope (RFC 6750 section 3.1).
func checkScopeChallenges(want denial, all []challenge) error {
	for _, c := range all {
		code, _ := c.param("error")
		if !want.scope || code != "insufficient_scope" {
			return errors.New("it has a challenge of " + c.scheme + ", and no other credential would help")
		}
	}
	return nil
}

// checkOffered: a 401 has the challenges of the operation's schemes (RFC 9110 section 15.5.2), and no others.
func (e *examination) checkOffered(all []challenge) error {
	if len(all) == 0 {
		return errors.New("it has no challenge (RFC 9110 section 15.5.2)")
	}
	var words []string
	open := false // the challenge of some scheme is its application's choice
	for _, s := range e.used() {
		word := strings.ToLower(challengeWord(s))
		open = open || word == ""
		words = add(words, word)
	}
	for _, c := range all {
		word := strings.ToLower(c.scheme)
		registered := slices.Contains([]string{"basic", "bearer", "digest", "dpop"}, word)
		if !slices.Contains(words, word) && (!open || registered) {
			return errors.New("it offers " + c.scheme + ", which the operation does not take")
		}
	}
	for _, word := range words {
		offers := func(c challenge) bool { return strings.EqualFold(c.scheme, word) }
		if word != "" && !slices.ContainsFunc(all, offers) {
			return errors.New("it has no challenge of " + word)
		}
	}
	return nil
}

// admit asks a question that has to get in, until its parameters bind.
func (e *examination) admit(q question) {
	e.t.Helper()
	if !e.mayRun() {
		return
	}
	for i, values := range e.tries() {
		got := e.ask(q, shape{method: e.op.Method, values: values, served: true})
		if got == nil {
			return
		}
		calls := e.options.Calls.take()
		bound := len(calls) > 0 || !slices.Contains(unbound, got.status)
		if !bound && i+1 < len(e.tries()) {
			continue
		}
		if e.admitted(q, got, calls) && bound {
			e.good, e.served = values, got
		}
		return
	}
}

// unbound are the statuses of requests whose parameters or body are not what the handler wants.
var unbound = []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}

// mayRun reports whether handlers may run.
func (e *examination) mayRun() bool {
	safe := slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, e.op.Method)
	if safe || e.options.Unsafe || e.options.Calls != nil {
		return true
	}
	if !e.unasked {
		e.t.Logf("%s: not asked: whoever gets in with %s runs the handler; give Options.Calls, or Unsafe", e.op.ID, e.op.Method)
		e.unasked = true
	}
	return false
}

// admitted judges one answer to a request that has to get in.
func (e *examination) admitted(q question, got *exchanged, calls []string) bool {
	e.t.Helper()
	status := strconv.Itoa(got.status)
	switch {
	case len(calls) > 1:
		e.failf(q, "the handler ran %d times (%s)", len(calls), status)
	case len(calls) == 1 && calls[0] != "" && calls[0] != e.op.ID:
		e.failf(q, "the handler of %s ran", calls[0])
	case len(calls) == 1:
		return true
	case got.status == http.StatusUnauthorized, got.status == http.StatusForbidden:
		e.failf(q, "%s, but the caller has to get in%s", status, q.hint)
	case got.status == http.StatusBadRequest && len(got.header.Values("WWW-Authenticate")) > 0:
		e.failf(q, "400 with a challenge, but the caller has to get in")
	case e.options.Calls != nil && !e.mayStop(got.status):
		e.failf(q, "%s, and the handler did not run", status)
	default:
		e.doubt(got)
		return true
	}
	return false
}

// mayStop reports whether something between guard and handler may have answered: the binding, or a resource check.
func (e *examination) mayStop(status int) bool {
	if status == http.StatusNotFound {
		return e.op.Resource != ""
	}
	return slices.Contains(unbound, status)
}

// doubt says once that a concealed denial and a missing resource cannot be told apart.
func (e *examination) doubt(got *exchanged) {
	if e.doubtful || e.options.Calls != nil || got.status != http.StatusNotFound || e.op.Conceal != guard.ConcealAsNotFound {
		return
	}
	e.doubtful = true
	e.t.Logf("%s: callers who get in are answered with 404, as those who do not: give Options.Parameters of a resource that exists, or Options.Calls", e.op.ID)
}
