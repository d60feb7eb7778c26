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

// crossCheck compares the operations that the filters leave, and those of webhooks and callbacks.
func (l *loader) crossCheck(d *Document) diag.List {
	var diags diag.List
	theirs, err := l.kin(d.Root)
	if err != nil {
		diags.Report(diag.Position{File: d.Path}, ruleReadingMismatch, "%s refuses it: %v", reader, err)
		return diags
	}
	diags.Add(compareSchemes(d, theirs))
	keys := l.files.words.compared()
	read := l.theirReadings(theirs)
	for _, o := range slices.Concat(d.Operations, d.Webhooks, d.Callbacks) {
		ours := ourReading(d, o, keys)
		switch theirs, ok := read[o.String()]; {
		case !ok:
			diags.Report(o.Position, ruleReadingMismatch, "%s does not find this operation at %s: write it, or a $ref to it, there", reader, o.Path)
		case theirs.security != ours.security:
			diags.Report(o.Position, ruleReadingMismatch, "%s reads the security of this operation as %s, but this program reads %s", reader, theirs.security, ours.security)
		case theirs.extensions != ours.extensions:
			diags.Add(compareExtensions(keys, o, theirs, ours))
		}
		delete(read, o.String())
	}
	for _, name := range slices.Sorted(maps.Keys(read)) {
		diags.Report(diag.Position{File: d.Path}, ruleReadingMismatch, "%s finds the operation %s, but this program does not", reader, name)
	}
	return diags
}

const reader = "kin-openapi, with which oapi-codegen reads the document,"

// compared are the extensions of operations, those that they have of their path item or of the document included.
func (v vocabulary) compared() [4]string {
	return [...]string{v.requiredRoles(), "x-resource-check", "x-conceal", "x-invalid-credentials"}
}

// reading is an operation as one reader understands it: its security, and the nearest of each compared extension as
// JSON.
type reading struct {
	security   string
	extensions [4]string
}

func compareExtensions(keys [4]string, o *Operation, theirs, ours reading) diag.List {
	var diags diag.List
	for i, key := range keys {
		if theirs.extensions[i] != ours.extensions[i] {
			diags.Report(o.Position, ruleReadingMismatch, "%s reads the %s of this operation as %s, but this program reads %s", reader, key, theirs.extensions[i], ours.extensions[i])
		}
	}
	return diags
}

// theirReadings are the operations of paths, of their callbacks, and of webhooks, by [Operation.String].
func (l *loader) theirReadings(theirs *openapi3.T) map[string]reading {
	read, keys := map[string]reading{}, l.files.words.compared()
	add := func(of *Operation, item *openapi3.PathItem, o *openapi3.Operation) {
		read[of.String()] = theirReading(theirs, item, o, keys)
	}
	for path, item := range theirs.Paths.Map() {
		for method, o := range item.Operations() {
			of := &Operation{Method: method, Path: path}
			add(of, item, o)
			eachCallback(of, o.Callbacks, add)
		}
	}
	for name, item := range theirs.Webhooks {
		if item == nil {
			continue
		}
		for method, o := range item.Operations() {
			add(&Operation{Method: method, Path: name, Source: name}, item, o)
		}
	}
	return read
}

// eachCallback calls yield for every operation of an operation's callbacks.
func eachCallback(within *Operation, callbacks openapi3.Callbacks, yield func(*Operation, *openapi3.PathItem, *openapi3.Operation)) {
	for name, callback := range callbacks {
		for expression, item := range callback.Value.Map() {
			for method, o := range item.Operations() {
				yield(&Operation{Method: method, Path: expression, Source: name, Within: within}, item, o)
			}
		}
	}
}

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

func compareSchemes(d *Document, theirs *openapi3.T) diag.List {
	var diags diag.List
	for _, s := range d.Schemes {
		ours, read := [4]string{}, [4]string{}
		for i, field := range []string{"type", "scheme", "in", "name"} {
			ours[i] = s.Node.Get(field).Text()
		}
		if t := theirs.Components.SecuritySchemes[s.Name]; t != nil && t.Value != nil {
			read = [4]string{t.Value.Type, t.Value.Scheme, t.Value.In, t.Value.Name}
		}
		if ours != read {
			diags.Report(s.Position, ruleReadingMismatch, "%s reads type, scheme, in and name of this security scheme as %q, but this program reads %q", reader, read, ours)
		}
	}
	return diags
}

func theirReading(document *openapi3.T, item *openapi3.PathItem, o *openapi3.Operation, keys [4]string) reading {
	r := reading{security: theirAlternatives(document, o)}
	for i, key := range keys {
		r.extensions[i] = theirNearest(key, o.Extensions, item.Extensions, document.Extensions)
	}
	return r
}

func ourReading(d *Document, o *Operation, keys [4]string) reading {
	r := reading{security: ourAlternatives(d, o)}
	for i, key := range keys {
		r.extensions[i] = ourNearest(key, o.Node, o.PathItem, d.Root)
	}
	return r
}

func theirNearest(key string, places ...map[string]any) string {
	for _, extensions := range places {
		if value, ok := extensions[key]; ok {
			text, _ := json.Marshal(value)
			return string(text)
		}
	}
	return "none"
}

func ourNearest(key string, places ...*Node) string {
	for _, n := range places {
		if m, ok := n.Member(key); ok {
			var b bytes.Buffer
			writeJSON(&b, m.Value, nil)
			var value any
			_ = json.Unmarshal(b.Bytes(), &value)
			text, _ := json.Marshal(value)
			return string(text)
		}
	}
	return "none"
}

// kin loads the pruned document. It reads no file: those that references lead to were read before.
func (l *loader) kin(root *Node) (*openapi3.T, error) {
	var b bytes.Buffer
	writePruned(&b, l.grammar, root, l.dropped)
	loader := openapi3.NewLoader()
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
	if u := remoteURL(name); u != nil {
		return u
	}
	return &url.URL{Path: filepath.ToSlash(name)}
}

// fragment is a file to which a reference of the document led, without the parts that were left unread or out.
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
	writeJSON(&b, root, func(m Member) bool { return l.dropped[m.Value] || leftUnread(m.Key) && !m.Value.followed })
	return b.Bytes(), nil
}
