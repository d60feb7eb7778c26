package policy

import (
	"slices"
	"strings"
	"unicode"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

const checkKey = "x-resource-check"

// resourceCheck reads the check that the callers of an operation must pass. The nearest declaration wins: the
// operation's or the path item's. Problems of a declaration that does not count are reported too.
func (b *builder) resourceCheck(from *spec.Operation, o *Operation) {
	for _, n := range []*spec.Node{from.PathItem, from.Node} {
		if m, ok := n.Member(checkKey); ok {
			o.Check, o.CheckPosition = b.checkName(m)
		}
	}
	if o.Check == "" {
		return
	}
	if !o.Public() {
		o.CheckLevel = levelOf(from, checkKey)
		return
	}
	b.diags.Report(o.CheckPosition, ruleCheckOnPublic, "%s is public, so it has no caller to check: give it security, or %s", from, without(from, checkKey))
	o.Check, o.CheckPosition = "", diag.Position{}
}

// without says how to take an extension from an operation that has it or inherits it from its path item.
func without(from *spec.Operation, key string) string {
	if _, own := from.Node.Member(key); own {
		return "remove " + key
	}
	return "write " + key + ": false in it"
}

// checkName is the name of a check and its position; both are empty without a check.
func (b *builder) checkName(m spec.Member) (string, diag.Position) {
	n := m.Value
	switch {
	case isFalse(n):
		return "", diag.Position{}
	case n.Kind() != spec.String:
		b.diags.Report(n.Position(), ruleResourceCheckName, "%s must be the name of a check, or false for none, but it is %s", checkKey, described(n))
		return "", diag.Position{}
	case !b.usable(n):
		return "", diag.Position{}
	}
	return n.Text(), m.Position
}

// usable reports whether the name of a check can become the name of a Go method, and cannot be taken for a
// list of names or for a boolean.
func (b *builder) usable(n *spec.Node) bool {
	name := n.Text()
	switch {
	case strings.ContainsFunc(name, func(r rune) bool { return r == ',' || unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		b.diags.Report(n.Position(), ruleResourceCheckName, "the check %q holds a comma, white space or a control character: an operation has one check, with a name such as ownsOrder", name)
	case !strings.ContainsFunc(name, unicode.IsLetter):
		b.diags.Report(n.Position(), ruleResourceCheckName, "the check %q has no letter for the name of a Go method", name)
	case slices.Contains(switches, strings.ToLower(name)):
		b.diags.Report(n.Position(), ruleResourceCheckName, "%q looks like a boolean but would be the name of a check: name the check, or write false without quotes for none", name)
	default:
		return true
	}
	return false
}

// switches are strings that authors take for booleans, as versions of YAML before 1.2 do.
var switches = []string{"false", "true", "no", "yes", "off", "on", "none", "null"}

// isFalse reports whether n is false, the boolean, in one of the spellings that YAML has for it.
func isFalse(n *spec.Node) bool {
	return n.Kind() == spec.Bool && equalFoldASCII(n.Text(), "false")
}

// checks are the checks in the order of their first use, each with the operations that share it. These must
// agree in their parameters, because a check is one Go method.
func (b *builder) checks(operations []*Operation) []*Check {
	var all []*Check
	known := map[string]*Check{}
	for _, o := range operations {
		if o.Check == "" {
			continue
		}
		c := known[o.Check]
		if c == nil {
			c = &Check{Name: o.Check, Parameters: o.PathParameters}
			known[o.Check], all = c, append(all, c)
		}
		c.Operations = append(c.Operations, o)
		b.sameParameters(c, o)
	}
	return all
}

// sameParameters names paths but not methods, so that a path item is reported once.
func (b *builder) sameParameters(c *Check, o *Operation) {
	if first := c.Operations[0]; !slices.Equal(o.PathParameters, c.Parameters) {
		b.diags.Report(o.CheckPosition, ruleResourceCheckParameters, "the check %q gets %s from %s, but %s from %s, which names it at %s: use the same names in the same order, or another check",
			c.Name, listed(o.PathParameters), o.Path, listed(c.Parameters), first.Path, first.CheckPosition)
	}
}

func listed(parameters []string) string {
	if len(parameters) == 0 {
		return "no parameter"
	}
	return "(" + strings.Join(parameters, ", ") + ")"
}

const concealKey = "x-conceal"

// concealment is a value of x-conceal and its position; both are empty for false.
type concealment struct {
	kind Concealment
	at   diag.Position
}

// conceal reads the concealment of an operation. The nearest declaration wins: the
// operation's, the path item's, or the document's, which does not apply to public operations.
func (b *builder) conceal(from *spec.Operation, o *Operation) {
	c := b.concealment
	if o.Public() {
		c = concealment{}
	}
	for _, n := range []*spec.Node{from.PathItem, from.Node} {
		if m, ok := n.Member(concealKey); ok {
			c = b.readConcealment(m)
		}
	}
	if c.kind != ConcealNothing && o.Public() {
		b.diags.Report(c.at, ruleConcealOnPublic, "%s is public, so it refuses nobody and conceals nothing: give it security, or %s", from, without(from, concealKey))
		return
	}
	o.Conceal, o.ConcealPosition = c.kind, c.at
	if c.kind != ConcealNothing {
		o.ConcealLevel = levelOf(from, concealKey)
	}
}

// inheritedConcealment reads the document's own x-conceal, also when every operation has another.
func (b *builder) inheritedConcealment() {
	if m, ok := b.document.Root.Member(concealKey); ok {
		b.concealment = b.readConcealment(m)
	}
}

func (b *builder) readConcealment(m spec.Member) concealment {
	n := m.Value
	written := Concealment(n.Text())
	switch {
	case isFalse(n):
	case n.Kind() != spec.String:
		b.diags.Report(n.Position(), ruleConcealValue, "%s must be not-found, forbidden or false, but it is %s", concealKey, described(n))
	case written == ConcealAsNotFound, written == ConcealAsForbidden:
		return concealment{written, m.Position}
	case strings.EqualFold(n.Text(), "false"):
		b.diags.Report(n.Position(), ruleConcealValue, "%q is a string here: write false, without quotes, to conceal nothing", n.Text())
	default:
		b.diags.Report(n.Position(), ruleConcealValue, "%s must be not-found, forbidden or false, not %q%s", concealKey, n.Text(),
			diag.DidYouMean(n.Text(), []string{string(ConcealAsNotFound), string(ConcealAsForbidden)}))
	}
	return concealment{}
}

// described is a value in words: true, 404, "a list".
func described(n *spec.Node) string {
	if n.Kind() == spec.Bool || n.Kind() == spec.Number {
		return n.Text()
	}
	return n.Kind().String()
}
