package oracle

import "slices"

// Finding is what becomes of a scheme, of an alternative, or of a request. The worst comes first.
type Finding uint8

// The findings. The words are those of the verdicts in docs/RUNTIME.md.
const (
	Fault Finding = iota
	Unavailable
	Throttled
	StepUp
	MissingScope
	Refused
	MissingRole
	Ambiguous
	Invalid
	Expired
	Malformed
	Absent
	Allow
)

var findings = [...]struct {
	word   string
	status int
}{
	{"fault", 500}, {"unavailable", 503}, {"throttled", 429}, {"step-up-required", 401}, {"missing-scope", 403}, {"refused", 403},
	{"missing-role", 403}, {"ambiguous", 400}, {"invalid", 401}, {"expired", 401}, {"malformed", 401}, {"absent", 401}, {"allow", 0},
}

func (f Finding) String() string { return findings[f].word }

// Application is what the oracle cannot know: whom credentials belong to, and how the application words its challenges.
type Application interface {
	// Identify is an authenticator's answer to a credential.
	Identify(*Scheme, *Credential) *Outcome
	// Combine makes one caller of those of an alternative.
	Combine([]Caller) Outcome
	// Challenge is what follows the scheme in a challenge that the application supplies, empty for nothing.
	Challenge(*Scheme) string
}

// Outcome is the answer of an authenticator: a finding, and the caller of Allow.
type Outcome struct {
	Finding Finding
	Caller  Caller
	// ACRValues, MaxAge and Scope are the parameters of a StepUp, as they stand in the challenge.
	ACRValues, MaxAge, Scope string
	// Nonce says that an Invalid proof of DPoP lacks the server's nonce.
	Nonce bool
}

// Caller is who calls.
type Caller struct {
	Name          string
	Roles, Scopes []string
}

// Terms are what the application configures for all operations (guard.Options).
type Terms struct {
	Realm                string
	Realms               map[string]string
	Metadata             string
	MaxCredential        int
	OmitScopeChallenge   bool
	ConcealFromAnonymous bool
}

// Answer is how a request is answered.
type Answer struct {
	Finding Finding
	Status  int // 0: the handler runs
	// Challenges are the WWW-Authenticate lines, in order.
	Challenges []string
	// Caller is the caller's name when the handler runs, empty for anonymous and public.
	Caller string
}

// evidence is what is known of one scheme of the operation.
type evidence struct {
	*Reading
	*Outcome
	settled bool
}

// The outcomes that need no authenticator.
var (
	absent, ambiguous, malformed = &Outcome{Finding: Absent}, &Outcome{Finding: Ambiguous}, &Outcome{Finding: Malformed}
	undecided                    = &Outcome{Finding: Allow}
)

// judgment is a decision in the making.
type judgment struct {
	*Operation
	app Application
	all []evidence // by Scheme.Index
}

// Answer reads the request and decides.
func (o *Operation) Answer(app Application, r *Request) Answer {
	last := 0
	for _, a := range o.Alternatives {
		for _, n := range a {
			last = max(last, n.Scheme.Index+1)
		}
	}
	readings := make([]Reading, last)
	for _, a := range o.Alternatives {
		for _, n := range a {
			readings[n.Scheme.Index] = n.Scheme.Read(r, o.terms.MaxCredential)
		}
	}
	return o.Decide(app, readings)
}

// Decide judges what was read for each scheme, by Scheme.Index.
func (o *Operation) Decide(app Application, readings []Reading) Answer {
	if len(o.Alternatives) == 0 {
		return Answer{Finding: Allow}
	}
	j := judgment{o, app, make([]evidence, len(readings))}
	for i := range readings {
		j.all[i] = sight(&readings[i])
	}
	worst, optional := verdict{finding: Absent}, false
	for _, a := range o.Alternatives {
		if len(a) == 0 {
			optional = true
			continue
		}
		v := j.alternative(a)
		if v.finding == Allow {
			return Answer{Finding: Allow, Caller: v.caller.Name}
		}
		if v.finding < worst.finding {
			worst = v
		}
	}
	if optional && !j.presented() {
		return Answer{Finding: Allow}
	}
	return j.deny(worst)
}

// sight is what the reading alone says.
func sight(r *Reading) evidence {
	switch r.State {
	case Several:
		return evidence{r, ambiguous, true}
	case Broken:
		return evidence{r, malformed, true}
	case Presented:
		return evidence{r, undecided, false}
	}
	return evidence{r, absent, true}
}

// presented reports whether a scheme of the operation holds a credential that counts: stale ones do not where the document
// says so, once an authenticator has found them to be stale.
func (j judgment) presented() bool {
	for _, a := range j.Alternatives {
		for _, n := range a {
			e := &j.all[n.Scheme.Index]
			stale := e.State == Presented && e.settled && (e.Finding == Invalid || e.Finding == Expired) && !e.Nonce
			if e.State != NotThere && !(stale && (j.Stale || n.Scheme.Stale)) {
				return true
			}
		}
	}
	return false
}

// verdict is a finding about an alternative, with the need that decided.
type verdict struct {
	finding Finding
	caller  *Caller
	outcome *Outcome
	decided *Scheme
	scopes  []string
}

// alternative judges one: all of its schemes, then scopes, then roles. With an absent scheme none is authenticated.
func (j judgment) alternative(a Alternative) verdict {
	complete := true
	for _, n := range a {
		complete = complete && j.all[n.Scheme.Index].State != NotThere
	}
	worst := verdict{finding: Allow}
	for _, n := range a {
		e := &j.all[n.Scheme.Index]
		if !e.settled {
			if !complete {
				continue
			}
			j.authenticate(n.Scheme, e)
		}
		if e.Finding < worst.finding {
			worst = verdict{finding: e.Finding, outcome: e.Outcome, decided: n.Scheme}
		}
	}
	if worst.finding != Allow {
		return worst
	}
	caller := &j.all[a[0].Scheme.Index].Caller
	if len(a) > 1 {
		o := j.combine(a)
		if o.Finding != Allow {
			return verdict{finding: o.Finding, outcome: &o, decided: steppable(a)}
		}
		caller = &o.Caller
	}
	return j.entitled(a, caller)
}

// combine makes one caller of those of the alternative. A step-up needs a scheme whose challenge can say so.
func (j judgment) combine(a Alternative) Outcome {
	callers := make([]Caller, len(a))
	for i, n := range a {
		callers[i] = j.all[n.Scheme.Index].Caller
	}
	o := j.app.Combine(callers)
	if o.Finding == StepUp && steppable(a) == nil {
		o.Finding = Fault
	}
	return o
}

// steps reports whether a client of the scheme understands a step-up (RFC 9470 section 3).
func (s *Scheme) steps() bool { return s.Kind == Bearer || s.asks("Bearer") || s.asks("DPoP") }

// steppable is the first scheme that can ask for a step-up.
func steppable(a Alternative) *Scheme {
	for _, n := range a {
		if n.Scheme.steps() {
			return n.Scheme
		}
	}
	return nil
}

// entitled looks at the scopes of this alternative, its roles, and those of the operation.
func (j judgment) entitled(a Alternative, c *Caller) verdict {
	for _, n := range a {
		for _, scope := range n.Scopes {
			if !slices.Contains(c.Scopes, scope) {
				return missingScope(a)
			}
		}
	}
	for _, n := range a {
		if !holdsAll(c, n.Roles) {
			return verdict{finding: MissingRole}
		}
	}
	if !holdsAll(c, j.Roles) {
		return verdict{finding: MissingRole}
	}
	return verdict{finding: Allow, caller: c}
}

// missingScope names all scopes of the alternative, for the caller needs all of them. The first scheme that has some decides.
func missingScope(a Alternative) verdict {
	v := verdict{finding: MissingScope}
	for _, n := range a {
		if len(n.Scopes) > 0 && v.decided == nil {
			v.decided = n.Scheme
		}
		for _, scope := range n.Scopes {
			if !slices.Contains(v.scopes, scope) {
				v.scopes = append(v.scopes, scope)
			}
		}
	}
	return v
}

// holdsAll reports whether the caller has a role of every group.
func holdsAll(c *Caller, groups [][]string) bool {
	for _, group := range groups {
		if !slices.ContainsFunc(group, func(role string) bool { return slices.Contains(c.Roles, role) }) {
			return false
		}
	}
	return true
}

// authenticate asks the application. Of twins exactly one must be accepted; of none the worst decides.
func (j judgment) authenticate(s *Scheme, e *evidence) {
	e.settled, e.Outcome = true, absent
	var accepted []*Outcome
	for i := range e.Credentials {
		o := j.identify(s, &e.Credentials[i])
		if o.Finding == Allow {
			accepted = append(accepted, o)
		} else if o.Finding < e.Finding {
			e.Outcome = o
		}
	}
	switch len(accepted) {
	case 0:
	case 1:
		e.Outcome = accepted[0]
	default:
		e.Outcome = ambiguous
	}
}

// identify asks about one credential, unless it is too long.
func (j judgment) identify(s *Scheme, c *Credential) *Outcome {
	if c.TooLong {
		return malformed
	}
	o := j.app.Identify(s, c)
	if o.Finding == StepUp && !s.steps() {
		return &Outcome{Finding: Fault}
	}
	if o.Nonce && !s.asks("DPoP") { // from another scheme it is only invalid
		return &Outcome{Finding: Invalid}
	}
	return o
}
