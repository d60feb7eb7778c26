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
	who := "anybody"
	if len(c.Schemes) > 0 {
		who = listed("", c.Schemes, quote)
	}
	var with []string
	if len(c.Scopes) > 0 {
		with = append(with, listed("scope", c.Scopes, quote))
	}
	if len(c.Roles) > 0 {
		with = append(with, listed("role", c.Roles, quote))
	}
	switch c.State {
	case Invalid:
		with = append(with, "an invalid or expired credential")
	case Twice:
		with = append(with, "the cookie given twice")
	}
	if len(with) > 0 {
		who += " with " + strings.Join(with, ", ")
	}
	if len(c.Checks) > 0 {
		who += " who passes " + listed("check", c.Checks, quote)
	}
	return who
}

// listed are names of one kind: "scopes a and b".
func listed(kind string, names []string, quote func(string) string) string {
	list := strings.Join(quoted(names, quote), " and ")
	switch {
	case kind == "":
		return list
	case len(names) > 1:
		kind += "s"
	}
	return kind + " " + list
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
