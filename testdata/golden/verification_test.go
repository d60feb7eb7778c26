package golden

import (
	"fmt"
	"slices"
	"strconv"
)

// happening is what a server did about one request.
type happening struct {
	decisions []string // the events, in words
	checked   []string // the resource checks that were made
	runs      int64    // of handlers
	last      string   // who was served last
	resource  string   // and which path parameters that was for
}

// happened is what the server did since it was asked last.
func (x *subject) happened() (h happening) {
	x.reporting.Lock()
	defer x.reporting.Unlock()
	for _, e := range x.events {
		id := e.Operation
		if id == "GET /search/" { // it has no operationId
			id = "getSearch"
		}
		h.decisions = append(h.decisions, id+" "+e.Verdict.String()+" "+strconv.Itoa(e.Status))
	}
	x.events = nil
	h.checked = x.takeChecked()
	h.last, _ = x.last.Load().(string)
	h.resource, _ = x.resource.Load().(string)
	h.runs = x.runs.Swap(0)
	return h
}

// check compares what came of a request with the model and returns it in short.
func (x *subject) check(wrong *problems, r *request, answer *response, did happening) string {
	op := x.reaches(r)
	if op == nil {
		if len(did.decisions) > 0 || did.runs > 0 || len(did.checked) > 0 {
			wrong.add(r, "it reaches an operation: %+v", did)
		}
		return ""
	}
	if answer == nil {
		wrong.add(r, "no answer")
		return ""
	}
	r = x.takes(r)
	want := x.expect(r, judge(op, r))
	if check := resources[op.id].check; check != "" && want.finding == "allow" {
		if r.unbound(answer, did) { // then the check is not made, and the admission reported
			return x.checkUnbound(wrong, r, op, answer, did)
		}
		checkChecked(wrong, r, did, check+" of "+r.bound+" for "+want.caller)
		want = judgeResource(r.named, want.caller)
	} else if len(did.checked) > 0 {
		wrong.add(r, "checks %q, want none", did.checked)
	}
	shown := answered(op, want)
	if decided := []string{fmt.Sprint(op.id, " ", want.finding, " ", statuses[shown.finding])}; len(op.alternatives) > 0 && !slices.Equal(did.decisions, decided) {
		wrong.add(r, "decisions %q, want %q; status %d, body %q", did.decisions, decided, answer.status, answer.body)
		return ""
	}
	if want.finding == "allow" {
		return x.checkAllowed(wrong, r, op, want, answer, did)
	}
	if did.runs > 0 {
		wrong.add(r, "THE HANDLER RAN: %q, and the model says %s", did.last, want.finding)
	}
	return checkDenial(wrong, r, shown, answer)
}

// unbound reports whether parameters do not bind, as far as that is known: where frameworks differ, by the answer.
func (r *request) unbound(answer *response, did happening) bool {
	return r.binds == "no" || r.binds == "maybe" && answer.status == 400 && len(did.checked) == 0
}

// checkUnbound expects that nothing happened but the admission.
func (x *subject) checkUnbound(wrong *problems, r *request, op *operation, answer *response, did happening) string {
	if answer.status != 400 || did.runs > 0 || len(did.checked) > 0 || !slices.Equal(did.decisions, []string{op.id + " allow 0"}) {
		wrong.add(r, "status %d, %+v; want 400 and an event", answer.status, did)
	}
	return "the parameters do not bind"
}

// checkChecked expects one check, of the very resource that the handler got, if it ran.
func checkChecked(wrong *problems, r *request, did happening, want string) {
	if !slices.Equal(did.checked, []string{want}) {
		wrong.add(r, "checks %q, want %q", did.checked, want)
	}
	if did.runs > 0 && did.resource != r.bound {
		wrong.add(r, "the handler got %q, want %q", did.resource, r.bound)
	}
}

// checkAllowed expects the handler to have run for the caller, unless parameters or body are bad.
func (x *subject) checkAllowed(wrong *problems, r *request, op *operation, want outcome, answer *response, did happening) string {
	ran := op.id + " for " + want.caller
	if did.runs == 1 && did.last == ran && r.named == "gone" && r.decodes {
		return checkDenial(wrong, r, notFound(op), answer)
	}
	served := answer.status == 200 && did.runs == 1 && did.last == ran && (answer.body == ran || r.method == "HEAD" && answer.body == "")
	refused := answer.status == 400 && did.runs == 0
	binds := r.binds
	if !r.decodes {
		binds = "no"
	}
	if binds == "yes" && !served || binds == "no" && !refused || binds == "maybe" && !served && !refused {
		wrong.add(r, "status %d, %+v, body %q; want %q, if it binds: %s", answer.status, did, answer.body, ran, binds)
	}
	if got := answer.values("WWW-Authenticate"); len(got) > 0 {
		wrong.add(r, "an allowed request is challenged: %q", got)
	}
	if refused {
		return "the parameters do not bind"
	}
	return fmt.Sprint(answer.status, answer.body)
}

// checkDenial expects the answer to be the model's, to the byte.
func checkDenial(wrong *problems, r *request, want outcome, answer *response) string {
	header, body := denial(want)
	if r.method == "HEAD" {
		body = ""
	}
	if got := answer.values("WWW-Authenticate"); !slices.Equal(got, want.challenges) {
		wrong.add(r, "challenges\n\t%q, want\n\t%q", got, want.challenges)
	}
	if answer.status != statuses[want.finding] || answer.body != body {
		wrong.add(r, "status %d, body %q; want %d, %q", answer.status, answer.body, statuses[want.finding], body)
	}
	if got := answer.rest(); !slices.Equal(got, lowerNames(header)) {
		wrong.add(r, "header %q, want %q", got, lowerNames(header))
	}
	return fmt.Sprint(answer.status, answer.values("WWW-Authenticate"), answer.body)
}
