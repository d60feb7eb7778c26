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

// crossCheck compares the operations that the filters leave.
func (l *loader) crossCheck(d *Document, diags *diag.List) {
	theirs, err := l.kin(d.Root)
	if err != nil {
		diags.Errorf(diag.Position{File: d.Path}, "reading-mismatch", "%s refuses it: %v", reader, err)
		return
	}
	read := map[string]string{}
	for path, item := range theirs.Paths.Map() {
		for method, o := range item.Operations() {
			read[method+" "+path] = theirAlternatives(theirs, o)
		}
	}
	for _, o := range d.Operations {
		switch theirs, ok := read[o.String()]; {
		case !ok:
			diags.Errorf(o.Position, "reading-mismatch", "%s does not find this operation at %s: write it, or a $ref to it, there", reader, o.Path)
		case theirs != ourAlternatives(d, o):
			diags.Errorf(o.Position, "reading-mismatch", "%s reads the security of this operation as %s, this program as %s", reader, theirs, ourAlternatives(d, o))
		}
		delete(read, o.String())
	}
	for _, name := range l.droppedNames {
		delete(read, name)
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		diags.Errorf(diag.Position{File: d.Path}, "reading-mismatch", "%s finds the operation %s, and this program does not", reader, name)
	}
}

const reader = "kin-openapi, with which oapi-codegen reads the document,"

func theirAlternatives(document *openapi3.T, o *openapi3.Operation) string {
	if o.Security != nil {
		return alternatives(*o.Security)
	}
	return alternatives(document.Security)
}

// alternatives are security requirements as text, with the schemes of each in the order of their names.
func alternatives(security openapi3.SecurityRequirements) string {
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

func ourAlternatives(d *Document, o *Operation) string {
	security, own := o.Node.Member("security")
	if !own {
		security, _ = d.Root.Member("security")
	}
	read := openapi3.SecurityRequirements{}
	for _, alternative := range security.Value.Items() {
		requirement := openapi3.SecurityRequirement{}
		for _, m := range alternative.Members() {
			requirement[m.Key] = nil
			for _, scope := range m.Value.Items() {
				requirement[m.Key] = append(requirement[m.Key], scope.Text())
			}
		}
		read = append(read, requirement)
	}
	return alternatives(read)
}

// kin loads the pruned document. It reads no file: those that references lead to were read before.
func (l *loader) kin(root *Node) (*openapi3.T, error) {
	var b bytes.Buffer
	pruned(&b, l.grammar, root, l.dropped)
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
