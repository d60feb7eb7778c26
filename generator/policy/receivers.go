package policy

import (
	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// withoutReceiver warns of callbacks that demand something of their callers, but for which oapi-codegen generates no
// receiver, so that there is nothing to guard.
func (b *builder) withoutReceiver(operations []*spec.Operation) {
	for _, o := range operations {
		b.withoutResource(o)
		for _, m := range demanded(o, b.document.RequiredRoles) {
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

// withoutResource refuses extensions about the resource of a path in a webhook or callback: these are sent to a URL of
// the receiver, which the document does not know.
func (b *builder) withoutResource(o *spec.Operation) {
	kind := "webhook"
	if o.Within != nil {
		kind = "callback"
	}
	for _, n := range []*spec.Node{o.Node, o.PathItem} {
		for _, key := range []string{checkKey, concealKey} {
			if m, ok := n.Member(key); ok {
				b.diags.Report(m.Position, spec.RuleMisplacedExtension, "%s has no meaning in the %s %q, because no path names a resource: remove it, and check in the receiver", key, kind, o.Source)
			}
		}
	}
}

func (b *builder) notReceived(at diag.Position, demand string, o *spec.Operation) {
	b.diags.Warn(at, ruleUnguardedCallback, "%s is not enforced for the callback %q: oapi-codegen generates receivers for callbacks of paths, and this is one of %s", demand, o.Source, o.Within)
}

// demanded are the members of an operation and its path item that ask guards for something.
func demanded(o *spec.Operation, required string) []spec.Member {
	var members []spec.Member
	for _, m := range []spec.Member{member(o.Node, "security"), member(o.Node, required), member(o.PathItem, required), member(o.Node, invalidKey)} {
		if demands(m.Value) {
			members = append(members, m)
		}
	}
	return members
}

func member(n *spec.Node, key string) spec.Member {
	m, _ := n.Member(key)
	return m
}

// demands reports whether a value of security or of an extension asks for anything.
func demands(n *spec.Node) bool {
	return n.Kind() == spec.String || len(n.Items())+len(n.Members()) > 0
}
