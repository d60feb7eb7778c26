package guard

// isSingle reports whether the policy is the one that most operations have: one alternative of one scheme, and
// no anonymous callers.
func (g *Guard[P]) isSingle() bool {
	return len(g.alternatives) == 1 && len(g.schemes) == 1 && !g.anonymous
}

// single is conclude for such a policy. It decides the same and saves the book-keeping: what one scheme says
// is what the operation says.
func (g *Guard[P]) single(r Request, d *Decision[P]) {
	s := &g.schemes[0]
	credential, verdict, reason := s.reader.read(r, g.link.settings.limit)
	d.verdict, d.reason, d.scheme = verdict, reason, s.name
	if verdict == presented {
		g.admit(r, s, credential, d)
	}
	if d.verdict == VerdictAllow {
		return
	}
	if d.verdict == VerdictMissingScope {
		d.challenges = g.alternatives[0].scopeChallenge
	}
	one := [1]outcome[P]{{verdict: d.verdict, reason: d.reason}}
	g.challenge(r, one[:], d)
}

// admit authenticates the credential and checks what its caller holds, behind the same fence as try. What d
// says stays a fault until everything is through.
func (g *Guard[P]) admit(r Request, s *Scheme[P], c credential, d *Decision[P]) {
	a, where := &g.alternatives[0], s.source
	d.verdict, d.reason = VerdictFault, errPanickedNil
	defer contain(&d.verdict, &d.reason, &where)
	caller, err := s.authenticate(r, c)
	if err != nil || g.link.isNil(caller) {
		d.verdict, d.reason = g.link.judge(r.Context(), caller, err, s.source)
		return
	}
	where = a.source
	if verdict, missing := g.entitled(caller, a); verdict != VerdictAllow {
		d.verdict, d.reason = verdict, missing
		return
	}
	d.verdict, d.reason = VerdictAllow, nil
	d.caller.caller, d.caller.known = caller, true
	d.private = a.private
}
