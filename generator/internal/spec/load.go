package spec

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Options name the document and the ways to read it.
type Options struct {
	// Path is the document's file.
	Path string
	// Overlay is the file of an OpenAPI Overlay to apply, or "". OverlayStrict refuses actions that select
	// nothing.
	Overlay       string
	OverlayStrict bool
	// AllowRemoteRefs are the URLs that references may read from, or "*" for every one.
	AllowRemoteRefs []string
	// RequiredRoles is the extension with the required roles, [RequiredRoles] when it is empty.
	RequiredRoles string
	// IncludeTags and the others are oapi-codegen's output options of the same names.
	IncludeTags, ExcludeTags, IncludeOperationIDs, ExcludeOperationIDs []string
	// Read reads a local file; nil: from disk.
	Read func(name string) ([]byte, error)
	// FilterPosition is that of a value of an output option; nil: of the document.
	FilterPosition func(option, value string) diag.Position
}

// loader is the state of one Load.
type loader struct {
	options Options
	grammar *shape
	files   *files
	diags   diag.List
	// bases are the files against which the references of operations are resolved.
	bases map[*Node]string
	// dropped are the operations that a filter leaves out.
	dropped map[*Node]bool
}

// Load reads the document, applies the overlay, follows references and applies the filters. The document is nil when
// it is not an OpenAPI document that can be read; the list, which is sorted, then says why.
func Load(options Options) (*Document, diag.List) {
	if !strings.Contains(options.Path, "://") {
		options.Path = filepath.Clean(options.Path)
	}
	words := newVocabulary(options.RequiredRoles)
	l := &loader{
		options: options, grammar: grammar(words.requiredRoles()), bases: map[*Node]string{},
		files: &files{words: words, document: options.Path, remote: options.AllowRemoteRefs, read: map[string]*Node{}, mentions: map[string]int{}, reader: options.Read},
	}
	document := l.load()
	diags := slices.Concat(l.diags, l.files.diags)
	diags.Sort()
	return document, diags
}

func (l *loader) load() *Document {
	root := l.root()
	if root == nil {
		return nil
	}
	version, diags := version(root)
	if l.diags.Add(diags); version == "" {
		return nil
	}
	d := &Document{loader: l, Path: l.options.Path, Overlay: l.options.Overlay, Root: root, Version: version, RequiredRoles: l.files.words.requiredRoles()}
	at := func(n *Node) located { return located{n, l.options.Path} }
	d.Title, d.APIVersion = root.Get("info").Get("title").Text(), root.Get("info").Get("version").Text()
	all := l.operations(at(root.Get("paths")), isNoExtension)
	d.Operations = filter(all, l.options)
	l.diags.Add(uselessFilters(all, l.options))
	d.Webhooks = l.webhooks(at(root.Get("webhooks")))
	d.Callbacks = l.callbacks(d.Operations)
	d.NestedCallbacks = l.nestedCallbacks(slices.Concat(d.Webhooks, d.Callbacks))
	d.Schemes = l.schemes(at(root.Get("components").Get("securitySchemes")))
	d.Dropped = l.drop(all, d.Operations)
	l.lint(at(root))
	if !l.diags.HasErrors() && !l.files.diags.HasErrors() {
		d.crossCheck = l.crossCheck
	}
	return d
}

// drop notes and returns the operations that the filters leave out.
func (l *loader) drop(all, kept []*Operation) []*Operation {
	l.dropped = map[*Node]bool{}
	var dropped []*Operation
	for _, o := range all {
		if !slices.Contains(kept, o) {
			l.dropped[o.Node] = true
			dropped = append(dropped, o)
		}
	}
	return dropped
}

// root is the document with the overlay applied, nil when one of the two cannot be read.
func (l *loader) root() *Node {
	root := l.files.open(l.options.Path, diag.Position{})
	if root == nil {
		return nil
	}
	if root.Kind() != Mapping {
		l.diags.Report(root.Position(), ruleLoad, "this is not an OpenAPI document: it is %s and not a mapping", root.Kind())
		return nil
	}
	if l.options.Overlay != "" {
		root = l.applyOverlay(root)
		l.files.read[l.options.Path] = root // references lead into the document with its overlay
	}
	return root
}

func (l *loader) schemes(components located) []Scheme {
	var schemes []Scheme
	for _, m := range components.Members() {
		if n, ok := l.files.follow(located{m.Value, components.base}); ok && !isExtension(m.Key) {
			schemes = append(schemes, Scheme{m.Key, m.Position, n.Node})
		}
	}
	return schemes
}

// lint walks the parts that guards depend on. When a file holds more keys of the vocabulary than were met there, the
// rest is walked too, because the others may be there by mistake.
func (l *loader) lint(root located) {
	w := &walker{files: l.files, words: l.files.words, met: map[diag.Position]bool{}, seen: map[*Node]bool{}, dropped: l.dropped}
	w.walk(l.grammar, root)
	met := map[string]int{}
	for position := range w.met {
		met[position.File]++
	}
	for file, count := range l.files.mentions {
		w.deep = w.deep || count > met[file]
	}
	if w.deep {
		w.seen = map[*Node]bool{}
		w.walk(l.grammar, root)
	}
	l.diags.Add(w.diags)
}

var supported = regexp.MustCompile(`^3\.[012](\.[0-9]+)?(-.+)?$`)

// version is the document's version of OpenAPI, empty when it is not supported.
func version(root *Node) (string, diag.List) {
	var diags diag.List
	swagger, isSwagger := root.Member("swagger")
	m, ok := root.Member("openapi")
	switch {
	case isSwagger:
		diags.Report(swagger.Position, ruleSwagger2, "this is a Swagger 2.0 document: convert it to OpenAPI 3 first, with swagger2openapi for example, and give oapi-codegen the result too")
	case !ok:
		diags.Report(root.Position(), ruleUnsupportedVersion, `this is not an OpenAPI document: it lacks the field openapi, as in "openapi: 3.1.0"`)
	case m.Value.Kind() == Number:
		diags.Report(m.Value.Position(), ruleUnsupportedVersion, `the version must be a string: write "3.1.0", with three numbers or in quotes`)
	case !supported.MatchString(m.Value.Text()) || m.Value.Kind() != String:
		diags.Report(m.Value.Position(), ruleUnsupportedVersion, "the version %q of OpenAPI is unknown: 3.0, 3.1 and 3.2 are supported", m.Value.Text())
	default:
		return m.Value.Text(), nil
	}
	return "", diags
}
