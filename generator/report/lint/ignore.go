package lint

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// ignore is an entry of x-guard-ignore: the findings of a rule about one object of the document.
type ignore struct {
	rule spec.Member
	node *spec.Node
	// whole says that the object is the document; within are the places of every other one.
	whole  bool
	within map[diag.Position]bool
	used   bool
}

// suppress is the list without the findings that the document says are meant to be so. Errors of the stages before
// stay.
func (l *linter) suppress() diag.List {
	ignores := l.ignores()
	var list diag.List
	for _, f := range l.findings {
		if f.Severity == diag.Error && !isOwn(f.Rule.ID) || !ignored(&f, ignores) {
			list = append(list, f.Diagnostic)
		}
	}
	l.findings = nil
	for _, i := range ignores {
		l.unusedIgnore(i)
	}
	for _, f := range l.findings {
		list = append(list, f.Diagnostic)
	}
	list.Sort()
	return list
}

// isOwn reports whether a rule is one of this package.
func isOwn(rule string) bool {
	return slices.ContainsFunc(Rules(), func(r diag.Rule) bool { return r.ID == rule })
}

// ignored reports whether nothing is left of a finding. One with several places keeps those that no entry is about.
func ignored(f *finding, ignores []*ignore) bool {
	left := slices.DeleteFunc(append([]diag.Position{f.Position}, f.Others...), func(at diag.Position) bool {
		hit := false
		for _, i := range ignores {
			if i.rule.Key == f.Rule.ID && i.covers(f, at) {
				i.used, hit = true, true
			}
		}
		return hit
	})
	if len(left) == 0 {
		return true
	}
	f.Position, f.Others = left[0], left[1:]
	return false
}

func (i *ignore) covers(f *finding, at diag.Position) bool {
	return i.whole || slices.Contains(f.about, i.node) || i.within[at]
}

// ignores are the entries of the whole document.
func (l *linter) ignores() []*ignore {
	all := entries(l.document.Root, diag.Position{}, true)
	seen := map[*spec.Node]bool{}
	for _, o := range slices.Concat(l.operations, l.received) {
		if !seen[o.from.PathItem] {
			all = append(all, entries(o.from.PathItem, diag.Position{}, false)...)
		}
		seen[o.from.PathItem] = true
		all = append(all, entries(o.from.Node, o.Position, false)...)
	}
	for _, s := range l.document.Schemes {
		all = append(all, entries(s.Node, s.Position, false)...)
	}
	return all
}

// entries are those of one object, whose key is at a position.
func entries(n *spec.Node, key diag.Position, whole bool) []*ignore {
	var all []*ignore
	for _, rule := range n.Get(spec.Ignore).Members() {
		i := &ignore{rule: rule, node: n, whole: whole, within: map[diag.Position]bool{key: true}}
		if !whole {
			i.add(n)
		}
		all = append(all, i)
	}
	return all
}

// add notes every place in a value.
func (i *ignore) add(n *spec.Node) {
	i.within[n.Position()] = true
	for _, m := range n.Members() {
		i.within[m.Position] = true
		i.add(m.Value)
	}
	for _, item := range n.Items() {
		i.add(item)
	}
}

// unusedIgnore reports an entry that suppresses nothing. One of a rule that is off cannot.
func (l *linter) unusedIgnore(i *ignore) {
	name := i.rule.Key
	own := slices.IndexFunc(Rules(), func(r diag.Rule) bool { return r.ID == name })
	if i.used {
		return
	}
	if own >= 0 {
		if _, on := l.severity(Rules()[own]); !on {
			return
		}
	}
	l.report(i.rule.Position, ruleUnusedIgnore, nil, "nothing here is a finding of %q, so there is nothing to ignore: remove the entry%s", name, diag.DidYouMean(name, otherNames(name)))
}

// otherNames are the rules that somebody may have meant by a name, none when it is one of them.
func otherNames(name string) []string {
	var names []string
	for _, r := range Rules() {
		if r.ID == name {
			return nil
		}
		names = append(names, r.ID)
	}
	return names
}
