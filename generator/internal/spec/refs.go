package spec

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// located is a node with the file against which its references are resolved. That is not always the file of
// its position: parts that an overlay adds belong to the document.
type located struct {
	*Node
	base string
}

// chainLimit bounds a chain of references to references.
const chainLimit = 100

// follow returns the final target of the reference in n, or n itself without a reference. A reference that leads
// nowhere is reported once, however often it is followed.
func (f *files) follow(n located) (located, bool) {
	for range chainLimit {
		m, ok := n.Member("$ref")
		if !ok {
			return n, true
		}
		if m.Value.Kind() != String {
			f.diags.Report(m.Value.Position(), ruleBadRef, "$ref must be a string, but it is %s", m.Value.Kind())
			return located{}, false
		}
		if n, ok = f.step(m.Value, n.base); !ok {
			return located{}, false
		}
	}
	f.diags.Report(n.Position(), ruleBadRef, "the $ref leads back to itself")
	return located{}, false
}

// step follows one reference.
func (f *files) step(ref *Node, base string) (located, bool) {
	reference, fragment, _ := strings.Cut(ref.Text(), "#")
	name := base
	if reference != "" {
		var err error
		if name, err = join(base, reference); err != nil {
			f.diags.Report(ref.Position(), ruleBadRef, "%q is not a valid reference: %v", ref.Text(), err)
			return located{}, false
		}
	}
	if isRemote(name) && name != base && !f.allowed(name) {
		f.diags.Report(ref.Position(), ruleRemoteRef,
			"%q is a remote document that allow-remote-refs does not list: list it, or better, keep a copy beside this file", name)
		return located{}, false
	}
	root := f.open(name, ref.Position())
	if root == nil {
		return located{}, false
	}
	target := f.pointer(root, fragment, ref)
	return located{target, name}, target != nil
}

// pointer is the target of a JSON pointer in a URI fragment (RFC 6901 section 6).
func (f *files) pointer(root *Node, fragment string, ref *Node) *Node {
	tokens, ok := pointerTokens(fragment)
	if !ok {
		f.diags.Report(ref.Position(), ruleBadRef, "%q is not a valid reference: after # comes a path that begins with /, such as #/components/parameters/Limit", ref.Text())
		return nil
	}
	n := root
	n.followed = true
	for i, token := range tokens {
		next := n.child(token)
		if next == nil {
			f.missing(n, token, tokens[:i], ref)
			return nil
		}
		n = next
		n.followed = true
	}
	return n
}

func (f *files) missing(parent *Node, token string, above []string, ref *Node) {
	var keys []string
	for _, m := range parent.Members() {
		keys = append(keys, m.Key)
	}
	place := "the document"
	if len(above) > 0 {
		place = strings.Join(above, ".")
	}
	f.diags.Report(ref.Position(), ruleBadRef, "%q leads nowhere: %s has no %q%s", ref.Text(), place, token, diag.DidYouMean(token, keys))
}

func (n *Node) child(token string) *Node {
	if n.Kind() == Sequence {
		for i, item := range n.Items() {
			if strconv.Itoa(i) == token { // "01" is no index (RFC 6901 section 4)
				return item
			}
		}
		return nil
	}
	return n.Get(token)
}

func pointerTokens(fragment string) ([]string, bool) {
	fragment, err := url.PathUnescape(fragment)
	if err != nil || fragment != "" && fragment[0] != '/' {
		return nil, false
	}
	if fragment == "" || fragment == "/" {
		return nil, true
	}
	tokens := strings.Split(fragment[1:], "/")
	for i, t := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
	}
	return tokens, true
}
