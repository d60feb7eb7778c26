package difference

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// pair is an operation of both documents, or of one of them; the other is nil then.
type pair struct {
	kind          Kind
	before, after *policy.Operation
}

// change is a change of the pair's operation.
func (p pair) change(class Class) Change {
	o := p.after
	if o == nil {
		o = p.before
	}
	change := Change{
		Operation: o.ID, Kind: p.kind, Method: o.Method, Path: o.Path, Class: class,
		Public: p.after != nil && p.after.AdmitsAnonymous(),
	}
	switch p.kind {
	case Webhook:
		change.Path = o.Source
	case Callback:
		change.Source, change.Within = o.Source, o.Within
	}
	return change
}

// match pairs the operations of two documents.
func match(before, after *policy.Policy) []pair {
	var pairs []pair
	pairs = append(pairs, matchKind(Operation, before.Operations, after.Operations)...)
	pairs = append(pairs, matchKind(Webhook, before.Webhooks, after.Webhooks)...)
	return append(pairs, matchKind(Callback, before.Callbacks, after.Callbacks)...)
}

// matchKind pairs operations of one kind: those of the very same path first, because a document may have two paths that
// differ only in the names of their parameters.
func matchKind(kind Kind, before, after []*policy.Operation) []pair {
	var pairs []pair
	for _, name := range []func(*policy.Operation) address{exactly, byPlace} {
		var found []pair
		found, before, after = matchBy(name, before, after)
		pairs = append(pairs, found...)
	}
	for _, o := range before {
		pairs = append(pairs, pair{before: o})
	}
	for _, o := range after {
		pairs = append(pairs, pair{after: o})
	}
	for i := range pairs {
		pairs[i].kind = kind
	}
	return pairs
}

// matchBy pairs operations of one name, and returns those that are left.
func matchBy(name func(*policy.Operation) address, before, after []*policy.Operation) (pairs []pair, oldRest, newRest []*policy.Operation) {
	open := make(map[address][]*policy.Operation, len(before))
	for _, o := range before {
		open[name(o)] = append(open[name(o)], o)
	}
	matched := make(map[*policy.Operation]bool, len(before))
	for _, o := range after {
		same := open[name(o)]
		if len(same) == 0 {
			newRest = append(newRest, o)
			continue
		}
		open[name(o)] = same[1:]
		matched[same[0]] = true
		pairs = append(pairs, pair{before: same[0], after: o})
	}
	for _, o := range before {
		if !matched[o] {
			oldRest = append(oldRest, o)
		}
	}
	return pairs, oldRest, newRest
}

// address is the name of an operation in its document.
type address struct{ method, path, source, within string }

func exactly(o *policy.Operation) address { return address{o.Method, o.Path, o.Source, o.Within} }

// byPlace leaves the names of path parameters out. Those in a callback's expression are what the expression is about.
func byPlace(o *policy.Operation) address {
	a := exactly(o)
	if o.Within == "" {
		a.path = withoutNames(a.path)
	}
	a.within = withoutNames(a.within)
	return a
}

func withoutNames(path string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(path, "{")
		_, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			b.WriteString(path)
			return b.String()
		}
		b.WriteString(before + "{}")
		path = rest
	}
}
