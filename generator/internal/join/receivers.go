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
func (m *matcher) matchReceivers() {
	webhooks := receiverMatcher{kind: "webhook", receivers: m.server.Webhooks, target: m.target}
	callbacks := receiverMatcher{kind: "callback", receivers: m.server.Callbacks, target: m.target}
	guarded := guardsAny(m.policy.Webhooks) || guardsAny(m.policy.Callbacks)
	if guarded && len(m.server.ReceiverProblems) > 0 {
		// Without its receiver an operation would be reported a second time, as stale.
		webhooks.incomplete, callbacks.incomplete = true, true
	}
	m.Webhooks = m.nameReceivers(webhooks.match(m.policy.Webhooks), "Webhook")
	m.Callbacks = m.nameReceivers(callbacks.match(m.policy.Callbacks), "Callback")
	m.diags.Add(webhooks.diags)
	m.diags.Add(callbacks.diags)
	if guarded && !webhooks.ambiguous && !callbacks.ambiguous {
		m.diags.Add(m.server.ReceiverProblems)
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

// receiverMatcher matches the receivers of one kind.
type receiverMatcher struct {
	kind       string
	receivers  []server.Receiver
	target     Target
	incomplete bool // some receivers could not be read, which is reported elsewhere
	ambiguous  bool // two operations have one name, so that oapi-codegen's output is not worth reading
	// reported are the receivers, by name, that a diagnostic about an operation mentions already.
	reported map[string]bool
	diags    diag.List
}

func (m *receiverMatcher) match(operations []*policy.Operation) []ReceiverPair {
	if !guardsAny(operations) {
		return nil
	}
	var pairs []ReceiverPair
	operationOf := map[string]*policy.Operation{}
	m.reported = map[string]bool{}
	for _, o := range operations {
		r := m.receiverOf(o)
		if r == nil {
			continue
		}
		if other := operationOf[r.Name]; other != nil {
			m.ambiguous = true
			m.diags.Report(o.Position, ruleCollision, "the %s and the %s (%s) both become %s in Go: %s",
				m.describe(o), m.describe(other), other.Position, r.Method, remedy(o, other))
			continue
		}
		operationOf[r.Name] = o
		pairs = append(pairs, ReceiverPair{Operation: o, Receiver: r})
	}
	for _, r := range m.receivers {
		if operationOf[r.Name] == nil && !m.reported[r.Name] {
			m.diags.Report(r.Position, ruleStale, "%s receives the %s %s %q, which the document does not have: run oapi-codegen again, then oapi-guard", r.Method, r.HTTPMethod, m.kind, r.Source)
		}
	}
	return pairs
}

// receiverOf finds the receiver of an operation by HTTP method and name of the webhook or callback, and among
// callbacks of one name by the Go name, which is always checked.
func (m *receiverMatcher) receiverOf(o *policy.Operation) *server.Receiver {
	var same, named []*server.Receiver
	for i := range m.receivers {
		r := &m.receivers[i]
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
	case m.incomplete:
		return m.sameGoName(o)
	}
	m.refuse(o, same, named)
	return nil
}

// sameGoName is a receiver of another operation with the same Go name: of two such, one cannot be read.
func (m *receiverMatcher) sameGoName(o *policy.Operation) *server.Receiver {
	name := operationName(o)
	i := slices.IndexFunc(m.receivers, func(r server.Receiver) bool {
		return !strings.ContainsFunc(name, notPlain) && !renamed(name, r.Name)
	})
	if i < 0 {
		return nil
	}
	return &m.receivers[i]
}

// refuse reports an operation without a receiver of its own: same are those of its method and webhook or
// callback, and named those of them that have its Go name.
func (m *receiverMatcher) refuse(o *policy.Operation, same, named []*server.Receiver) {
	for _, r := range same {
		m.reported[r.Name] = true
	}
	switch file := m.target.ServerFile; {
	case len(named) > 0:
		m.diags.Report(o.Position, ruleMismatch, "%s has several receivers that may be the one for the %s: give it an operationId of ASCII letters and digits", file, m.describe(o))
	case len(same) > 0:
		m.diags.Report(o.Position, ruleStale, "%s receives the %s with %s, but its name in the document is %s: run oapi-codegen again, then oapi-guard", file, m.describe(o), same[0].Method, operationName(o))
	default:
		m.diags.Report(o.Position, ruleStale, "%s has no receiver for the %s: run oapi-codegen (2.8 or later) again, then oapi-guard", file, m.describe(o))
	}
}

// operationName is the name that oapi-codegen turns into a Go name.
func operationName(o *policy.Operation) string { return cmp.Or(o.ID, o.Source) }

func distinctNames(receivers []*server.Receiver) int {
	names := map[string]bool{}
	for _, r := range receivers {
		names[r.Name] = true
	}
	return len(names)
}

// describe is an operation in words.
func (m *receiverMatcher) describe(o *policy.Operation) string {
	text := o.Method + " " + m.kind + " " + strconv.Quote(o.Source)
	if o.Within != "" {
		text += " of " + o.Within
	}
	return text
}

// remedy is the advice for two operations of one name. A callback to which two operations refer has one operationId
// only.
func remedy(a, b *policy.Operation) string {
	if a.Position == b.Position {
		return "write the callback twice, with different operationIds, instead of referring to it"
	}
	return "give one of them another operationId"
}
