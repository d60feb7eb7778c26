package difference

import (
	"fmt"
	"slices"
	"strings"
)

// most bounds the names of one kind that are shown of a caller, and longest the length of a name, where there must be an
// end to it. JSON has all of them.
const (
	most    = 12
	longest = 200
)

// shown is a name with a bounded length.
func shown(name string) string {
	runes := []rune(name)
	if len(runes) <= longest {
		return name
	}
	return string(runes[:longest]) + "…"
}

// title is the operation, "GET /orders". quote makes names harmless in the format that they are for.
func (c Change) title(quote func(string) string) string {
	switch c.Kind {
	case Webhook:
		return quote(c.Method) + " webhook " + quote(c.Path)
	case Callback:
		return fmt.Sprintf("%s callback %s of %s, %s", quote(c.Method), quote(c.Source), quote(c.Within), quote(c.Path))
	}
	return quote(c.Method + " " + c.Path)
}

// describe says what the caller holds.
func (c *Caller) describe(quote func(string) string) string {
	var b strings.Builder
	b.WriteString("anybody")
	if len(c.Schemes) > 0 {
		b.Reset()
		b.WriteString(strings.Join(quoted(c.Schemes, quote), " and "))
	}
	var rest []string
	for _, held := range []struct {
		kind  string
		names []string
	}{{"scope", c.Scopes}, {"role", c.Roles}, {"check", c.Checks}} {
		if len(held.names) > 0 {
			rest = append(rest, held.kind+plural(len(held.names))+" "+strings.Join(quoted(held.names, quote), " and "))
		}
	}
	switch c.State {
	case Invalid:
		rest = append(rest, "an invalid or expired credential")
	case Twice:
		rest = append(rest, "the cookie given twice")
	}
	if len(rest) > 0 {
		b.WriteString(" with " + strings.Join(rest, ", "))
	}
	return b.String()
}

func quoted(names []string, quote func(string) string) []string {
	var all []string
	for _, name := range names[:min(most, len(names))] {
		all = append(all, quote(name))
	}
	if more := len(names) - most; more > 0 {
		all = append(all, fmt.Sprintf("%d more", more))
	}
	return all
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// String is "file:line:column".
func (p *Place) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// summary counts the changes of each class: "2 weakened, 1 added".
func summary(changes []Change) string {
	var counts []string
	for _, class := range Classes() {
		if n := count(changes, class); n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, class))
		}
	}
	return strings.Join(counts, ", ")
}

func count(changes []Change, class Class) int {
	n := 0
	for _, c := range changes {
		if c.Class == class {
			n++
		}
	}
	return n
}

// byClass are the changes in the order of their classes, and public ones first within a class.
func byClass(changes []Change) []Change {
	sorted := slices.Clone(changes)
	rank := func(c Change) int {
		rank := 2 * slices.Index(Classes(), c.Class)
		if !c.Public {
			rank++
		}
		return rank
	}
	slices.SortStableFunc(sorted, func(a, b Change) int { return rank(a) - rank(b) })
	return sorted
}
