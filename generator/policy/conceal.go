package policy

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

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
