package policy

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/spec"
)

// withoutReceiver warns of callbacks that demand something of their callers and that oapi-codegen generates no
// receiver for, so that there is nothing to guard.
func (b *builder) withoutReceiver(operations []*spec.Operation) {
	for _, o := range operations {
		for _, n := range []*spec.Node{o.Node, o.PathItem} {
			b.unsupported(n, "x-resource-check", "x-conceal")
		}
		for _, m := range demanded(o) {
			b.notReceived(m.Position, m.Key, o)
		}
		if _, own := o.Node.Member("security"); own {
			continue
		}
		if inherited, ok := b.security(o); ok && demands(inherited.Value) {
			b.notReceived(o.Position, "the document's security", o)
		}
	}
}

func (b *builder) notReceived(at diag.Position, what string, o *spec.Operation) {
	b.diags.Warnf(at, "unguarded-callback", "%s is not enforced for the callback %q: oapi-codegen generates receivers for callbacks of paths, and this is one of %s", what, o.Source, o.Within)
}

// demanded are the members of an operation and its path item that ask for something.
func demanded(o *spec.Operation) []spec.Member {
	var found []spec.Member
	for _, m := range []spec.Member{member(o.Node, "security"), member(o.Node, requiredKey), member(o.PathItem, requiredKey)} {
		if demands(m.Value) {
			found = append(found, m)
		}
	}
	return found
}

func member(n *spec.Node, key string) spec.Member {
	m, _ := n.Member(key)
	return m
}

// demands reports whether a value of security or x-required-roles asks for anything.
func demands(n *spec.Node) bool {
	return n.Kind() == spec.String || len(n.Items())+len(n.Members()) > 0
}
