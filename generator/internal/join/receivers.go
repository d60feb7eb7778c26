package join

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// A ReceiverPair is an operation of a webhook or callback with the receiver that oapi-codegen generated for it.
type ReceiverPair struct {
	Operation *policy.Operation
	// Name is the operation's Go name among those of paths, webhooks and callbacks.
	Name     string
	Receiver *server.Receiver
}

// matchReceivers matches the operations of webhooks with their receivers, if any of them is to be guarded, and
// those of callbacks likewise. Public ones are matched with the others, because oapi-codegen has one interface
// for all.
func (j *Joined) matchReceivers(p *policy.Policy, s *server.Server, to Target, diags *diag.List) {
	webhooks := receiverJoin{kind: "webhook", receivers: s.Webhooks, to: to, diags: diags}
	callbacks := receiverJoin{kind: "callback", receivers: s.Callbacks, to: to, diags: diags}
	guarded := guardsAny(p.Webhooks) || guardsAny(p.Callbacks)
	if guarded && len(s.Doubts) > 0 {
		// Without its receiver an operation would be reported a second time, as stale.
		webhooks.incomplete, callbacks.incomplete = true, true
	}
	j.Webhooks = j.nameReceivers(webhooks.match(p.Webhooks), "Webhook")
	j.Callbacks = j.nameReceivers(callbacks.match(p.Callbacks), "Callback")
	if guarded && !webhooks.ambiguous && !callbacks.ambiguous {
		*diags = append(*diags, s.Doubts...)
	}
}

// nameReceivers names operations after their receivers, apart from the others.
func (j *Joined) nameReceivers(pairs []ReceiverPair, kind string) []ReceiverPair {
	var names []string
	for _, p := range j.Pairs {
		names = append(names, p.Name)
	}
	for _, p := range j.Webhooks {
		names = append(names, p.Name)
	}
	for i := range pairs {
		pairs[i].Name = unique(names, pairs[i].Receiver.Name+kind)
		names = append(names, pairs[i].Name)
	}
	return pairs
}

func guardsAny(operations []*policy.Operation) bool {
	return slices.ContainsFunc(operations, func(o *policy.Operation) bool { return !o.Public() })
}

// receiverJoin matches the receivers of one kind.
type receiverJoin struct {
	kind       string
	receivers  []server.Receiver
	incomplete bool // some receivers could not be read, which is reported elsewhere
	ambiguous  bool // two operations have one name, so that oapi-codegen's output is beyond reading
	// reported are the receivers, by name, that a diagnostic about an operation is about already.
	reported map[string]bool
	to       Target
	diags    *diag.List
}

func (j *receiverJoin) match(operations []*policy.Operation) []ReceiverPair {
	if !guardsAny(operations) {
		return nil
	}
	var pairs []ReceiverPair
	of := map[string]*policy.Operation{}
	j.reported = map[string]bool{}
	for _, o := range operations {
		r := j.receiverOf(o)
		if r == nil {
			continue
		}
		if other := of[r.Name]; other != nil {
			j.ambiguous = true
			j.diags.Report(o.Position, ruleCollision, "the %s and the %s (%s) both become %s in Go: %s",
				j.describe(o), j.describe(other), other.Position, r.Method, remedy(o, other))
			continue
		}
		of[r.Name] = o
		pairs = append(pairs, ReceiverPair{Operation: o, Receiver: r})
	}
	for _, r := range j.receivers {
		if of[r.Name] == nil && !j.reported[r.Name] {
			j.diags.Report(r.Position, ruleStale, "%s receives the %s %s %q, which the document does not have: run oapi-codegen again, then oapi-guard", r.Method, r.HTTPMethod, j.kind, r.Source)
		}
	}
	return pairs
}

// receiverOf finds the receiver of an operation by HTTP method and name of the webhook or callback, and among
// callbacks of one name by the Go name, which is always checked.
func (j *receiverJoin) receiverOf(o *policy.Operation) *server.Receiver {
	var same, named []*server.Receiver
	for i := range j.receivers {
		r := &j.receivers[i]
		if r.HTTPMethod != o.Method || r.Source != o.Source {
			continue
		}
		same = append(same, r)
		if !renamed(operationName(o), r.Name) {
			named = append(named, r)
		}
	}
	switch {
	case distinctNames(named) == 1:
		return named[0]
	case j.incomplete:
		return j.twin(o)
	}
	j.refuse(o, same, named)
	return nil
}

// twin is a receiver of another operation with the same Go name: of two such, one cannot be read.
func (j *receiverJoin) twin(o *policy.Operation) *server.Receiver {
	name := operationName(o)
	i := slices.IndexFunc(j.receivers, func(r server.Receiver) bool {
		return !strings.ContainsFunc(name, notPlain) && !renamed(name, r.Name)
	})
	if i < 0 {
		return nil
	}
	return &j.receivers[i]
}

// refuse reports an operation without a receiver of its own: same are those of its method and webhook or
// callback, and named those of them that have its Go name.
func (j *receiverJoin) refuse(o *policy.Operation, same, named []*server.Receiver) {
	for _, r := range same {
		j.reported[r.Name] = true
	}
	switch {
	case len(named) > 0:
		j.diags.Report(o.Position, ruleMismatch, "%s has several receivers that may be the one for the %s: give it an operationId of ASCII letters and digits", j.to.ServerFile, j.describe(o))
	case len(same) > 0:
		j.diags.Report(o.Position, ruleStale, "%s receives the %s with %s, but its name in the document is %s: run oapi-codegen again, then oapi-guard", j.to.ServerFile, j.describe(o), same[0].Method, operationName(o))
	default:
		j.diags.Report(o.Position, ruleStale, "%s has no receiver for the %s: run oapi-codegen (2.8 or later) again, then oapi-guard", j.to.ServerFile, j.describe(o))
	}
}

// operationName is the name that oapi-codegen makes a Go name of.
func operationName(o *policy.Operation) string { return cmp.Or(o.ID, o.Source) }

func distinctNames(receivers []*server.Receiver) int {
	names := map[string]bool{}
	for _, r := range receivers {
		names[r.Name] = true
	}
	return len(names)
}

// describe is an operation in words.
func (j *receiverJoin) describe(o *policy.Operation) string {
	text := o.Method + " " + j.kind + " " + strconv.Quote(o.Source)
	if o.Within != "" {
		text += " of " + o.Within
	}
	return text
}

// remedy is what helps against two operations of one name. Of a callback to which two operations refer, there is
// one operationId only.
func remedy(a, b *policy.Operation) string {
	if a.Position == b.Position {
		return "write the callback twice, with different operationIds, instead of referring to it"
	}
	return "give one of them another operationId"
}
