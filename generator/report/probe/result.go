package probe

import "crypto/sha256"

// Result are the answers of a server.
type Result struct {
	operations []*asked
	holes      int
}

// asked is an operation with the answers to the questions about it.
type asked struct {
	*target
	answers []*answer
	// skipped says why nothing was asked.
	skipped string
	checks  []check
}

// answer is what a server said to a question.
type answer struct {
	question
	of   *target
	seen int
	// challenge is what is wrong with the challenges of a 401.
	challenge error
	// content is that of the response, of a question with a group.
	content [sha256.Size]byte
}

// check is one line of the result.
type check struct {
	Check      string `json:"check"`
	Caller     string `json:"caller"`
	Expected   []int  `json:"expected"`
	Unexpected []int  `json:"unexpected,omitempty"`
	Seen       int    `json:"seen"`
	OK         bool   `json:"ok"`
	Detail     string `json:"detail,omitempty"`
}

// Holes is the number of failed checks.
func (r *Result) Holes() int { return r.holes }

// judge makes the checks of the answers.
func (r *Result) judge() {
	for _, o := range r.operations {
		for _, a := range o.answers {
			if o.judged(a) {
				o.checks = append(o.checks, a.check())
			}
		}
		for _, head := range []bool{false, true} {
			if c, ok := o.challenges(head); ok {
				o.checks = append(o.checks, c)
			}
		}
		for _, g := range []group{ofNobody, ofUsers, concealed} {
			if c, ok := o.constant(g); ok {
				o.checks = append(o.checks, c)
			}
		}
		for i := range o.checks {
			if !o.checks[i].OK {
				r.holes++
			}
		}
	}
}

func (a *answer) check() check {
	c := check{
		Check: a.question.check, Caller: a.caller, Expected: append([]int{}, a.expected...), Unexpected: a.unexpected, Seen: a.seen, OK: a.ok(a.seen),
	}
	if a.seen == 0 {
		c.Detail = "the server ended the connection without an answer"
	}
	return c
}

// challenges is one check for all 401 of an operation, by its method or by HEAD.
func (o *asked) challenges(head bool) (check, bool) {
	c := check{Check: "challenge", Expected: []int{401}, Seen: 401, OK: true}
	if head {
		c.Check = "HEAD, challenge"
	}
	found := false
	for _, a := range o.answers {
		if a.seen != 401 || head != (a.method == "HEAD" && o.Method == "GET") {
			continue
		}
		found = true
		if a.challenge != nil && c.OK {
			c.OK, c.Caller, c.Detail = false, a.caller, "after "+a.question.check+": "+a.challenge.Error()
		}
	}
	return c, found
}
