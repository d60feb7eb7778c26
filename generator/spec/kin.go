package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// crossCheck reads what matters of the document with kin-openapi, as oapi-codegen does, and reports every
// operation on which its reading and ours differ.
func (l *loader) crossCheck(root *Node, all []*Operation) {
	theirs, err := l.kin(root)
	if err != nil {
		l.diags.Errorf(diag.Position{File: l.options.Path}, "reading-mismatch",
			"kin-openapi, with which oapi-codegen reads the document, refuses it: %v", err)
		return
	}
	read := map[string]string{}
	for path, item := range theirs.Paths.Map() {
		for method, o := range item.Operations() {
			security := &theirs.Security
			if o.Security != nil {
				security = o.Security
			}
			read[method+" "+path] = theirAlternatives(*security)
		}
	}
	for _, o := range all {
		l.compare(o, read, ourAlternatives(l.security(root, o)))
		delete(read, o.String())
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		l.diags.Errorf(diag.Position{File: l.options.Path}, "reading-mismatch",
			"kin-openapi, with which oapi-codegen reads the document, finds the operation %s, and this program does not", name)
	}
}

func (l *loader) compare(o *Operation, read map[string]string, ours string) {
	switch theirs, ok := read[o.String()]; {
	case !ok:
		l.diags.Errorf(o.Position, "reading-mismatch",
			"kin-openapi, with which oapi-codegen reads the document, does not find this operation")
	case theirs != ours:
		l.diags.Errorf(o.Position, "reading-mismatch",
			"kin-openapi, with which oapi-codegen reads the document, reads the security of this operation as %s, this program as %s", theirs, ours)
	}
}

// security is the list of requirements that applies to the operation.
func (l *loader) security(root *Node, o *Operation) *Node {
	if m, ok := o.Node.Member("security"); ok {
		return m.Value
	}
	return root.Get("security")
}

func theirAlternatives(security openapi3.SecurityRequirements) string {
	all := make([]string, len(security))
	for i, alternative := range security {
		var schemes []string
		for _, name := range slices.Sorted(maps.Keys(alternative)) {
			schemes = append(schemes, fmt.Sprintf("%q: %q", name, alternative[name]))
		}
		all[i] = "{" + strings.Join(schemes, ", ") + "}"
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func ourAlternatives(security *Node) string {
	read := openapi3.SecurityRequirements{}
	for _, alternative := range security.Items() {
		requirement := openapi3.SecurityRequirement{}
		for _, m := range alternative.Members() {
			requirement[m.Key] = nil
			for _, scope := range m.Value.Items() {
				requirement[m.Key] = append(requirement[m.Key], scope.Text())
			}
		}
		read = append(read, requirement)
	}
	return theirAlternatives(read)
}

// kin loads the pruned document. It reads no file: those that references lead to were read before.
func (l *loader) kin(root *Node) (*openapi3.T, error) {
	var b bytes.Buffer
	pruned(&b, l.grammar, root)
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) {
		return l.fragment(location)
	}
	document := &openapi3.T{}
	if err := json.Unmarshal(b.Bytes(), document); err != nil {
		return nil, err
	}
	return document, loader.ResolveRefsIn(document, location(l.options.Path))
}

func location(name string) *url.URL {
	if isRemote(name) {
		if u, err := url.Parse(name); err == nil {
			return u
		}
	}
	return &url.URL{Path: filepath.ToSlash(name)}
}

// fragment is a file to which a reference of the document led, without what was left unread.
func (l *loader) fragment(location *url.URL) ([]byte, error) {
	name := location.String()
	if !isRemote(name) {
		name = filepath.FromSlash(location.Path)
	}
	root := l.files.read[name]
	if root == nil {
		return nil, fmt.Errorf("%s was not read", name)
	}
	var b bytes.Buffer
	written(&b, root, func(m Member) bool { return leftUnread(m.Key) && !m.Value.followed })
	return b.Bytes(), nil
}
