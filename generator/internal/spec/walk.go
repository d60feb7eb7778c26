package spec

import (
	"maps"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// walker visits every object on which a guard depends, through references, and reports everything that would make
// it mean something else than it seems to.
type walker struct {
	files *files
	words vocabulary
	diags diag.List
	// seen are the nodes that were visited; dropped are operations that a filter leaves out.
	seen, dropped map[*Node]bool
	// met are the places of the vocabulary's extensions that were met on the way.
	met map[diag.Position]bool
	// deep says to look for misplaced extensions in parts that no guard depends on, too.
	deep bool
}

func (w *walker) walk(s *shape, n located) {
	if w.seen[n.Node] || w.dropped[n.Node] {
		return
	}
	w.seen[n.Node] = true
	switch {
	case s.whole:
		w.repeated(n.Node)
		w.withoutRef(s, n.Node)
		w.further(s, s.name, n.Node)
	case s.items != nil:
		w.expect(Sequence, s, n)
		for _, item := range n.Items() {
			w.walk(s.items, located{item, n.base})
		}
	default:
		w.expect(Mapping, s, n)
		w.mapping(s, n)
	}
}

// expect reports a value of another kind, which has no parts to walk.
func (w *walker) expect(kind Kind, s *shape, n located) {
	if n.Kind() != kind && n.Kind() != Null && !s.foreign {
		w.diags.Report(n.Position(), ruleWrongType, "%s must be %s, but this is %s", s.name, kind, n.Kind())
	}
}

func (w *walker) mapping(s *shape, n located) {
	if !s.foreign {
		w.keys(n.Node)
	}
	if _, ok := n.Member("$ref"); ok {
		w.reference(s, n)
	}
	for _, m := range n.Members() {
		w.member(s, n, m)
	}
}

func (w *walker) member(s *shape, n located, m Member) {
	field, ok := s.members[m.Key]
	switch {
	case m.Key == "$ref":
	case strings.HasPrefix(strings.ToLower(m.Key), "x-"):
		w.extension(s, m)
		if s.names && isName(m) {
			w.walk(s.each, located{m.Value, n.base})
		}
	case s.each != nil:
		w.walk(s.each, located{m.Value, n.base})
	case !ok:
		w.unknown(s, m)
	case field == nil:
		w.further(s, m.Key, m.Value)
	default:
		w.walk(field, located{m.Value, n.base})
	}
}

// reference follows a $ref where OpenAPI has one, and reports one that readers ignore.
func (w *walker) reference(s *shape, n located) {
	if !s.reference {
		w.withoutRef(s, n.Node)
		return
	}
	if target, ok := w.files.follow(n); ok {
		w.walk(s, target)
	}
}

// withoutRef reports a $ref where OpenAPI does not allow one: readers ignore it, and an operation without security is
// public.
func (w *walker) withoutRef(s *shape, n *Node) {
	if s.foreign {
		return
	}
	if m, ok := n.Member("$ref"); ok {
		w.diags.Report(m.Position, ruleBadRef, "OpenAPI does not allow a $ref in %s, so this one would be ignored: %s", s.name, insteadOfRef(s))
	}
	if !s.whole {
		return
	}
	for _, m := range n.Members() {
		if !isExtension(m.Key) {
			w.withoutRef(s, m.Value)
		}
	}
	for _, item := range n.Items() {
		w.withoutRef(s, item)
	}
}

func insteadOfRef(s *shape) string {
	switch {
	case s.name == "an operation":
		return "write the operation here, or refer to its whole path item"
	case s.each != nil && s.each.reference:
		return "give each of its entries a $ref of its own"
	}
	return "write its target here"
}

// keys reports repeated keys of one mapping.
func (w *walker) keys(n *Node) {
	first := make(map[string]diag.Position, len(n.Members()))
	for _, m := range n.Members() {
		if p, ok := first[m.Key]; ok {
			w.diags.Report(m.Position, ruleDuplicateKey, "%q stands here twice, first at %s: one of them would be ignored", m.Key, p)
			continue
		}
		first[m.Key] = m.Position
	}
}

// repeated reports repeated keys of a value and everything in it.
func (w *walker) repeated(n *Node) {
	w.keys(n)
	for _, m := range n.Members() {
		w.repeated(m.Value)
	}
	for _, item := range n.Items() {
		w.repeated(item)
	}
}

func (w *walker) extension(s *shape, m Member) {
	if !w.words.has(m.Key) {
		w.misspelt(s, m)
		w.further(s, m.Key, m.Value)
		return
	}
	w.met[m.Position] = true
	w.repeated(m.Value)
	if !slices.Contains(s.extensions, m.Key) {
		w.diags.Report(m.Position, RuleMisplacedExtension, "%s has no meaning in %s: it belongs in %s%s", m.Key, s.name, w.words.placesOf(m.Key), w.instead(s, m.Key))
	}
}

// instead is a hint for authors who write x-roles where roles are required.
func (w *walker) instead(s *shape, key string) string {
	required := w.words.requiredRoles()
	if key == "x-roles" && !slices.Contains(s.extensions, key) && slices.Contains(s.extensions, required) {
		return "; did you mean " + required + "?"
	}
	return ""
}

// misspelt reports a key that looks like one of the vocabulary.
func (w *walker) misspelt(s *shape, m Member) bool {
	meant := w.words.near(m.Key)
	if slices.Contains(s.extensions, "x-go-name") && m.Key != "x-go-name" && word(m.Key) == word("x-go-name") {
		meant = "x-go-name"
	}
	if w.instead(s, meant) != "" {
		meant = w.words.requiredRoles()
	}
	if meant != "" {
		w.diags.Report(m.Position, ruleMisspeltExtension, "%q is unknown; did you mean %q?", m.Key, meant)
	}
	return meant != ""
}

// unknown reports a key that no OpenAPI version defines and that looks like one that matters.
func (w *walker) unknown(s *shape, m Member) {
	if s.name == "info" {
		return // it has nothing to do with access
	}
	if s.extensions != nil && w.misspelt(s, m) {
		return
	}
	if s.name == "a path item" && looksLike(m.Key, "security") {
		w.diags.Report(m.Position, ruleMisplacedSecurity, "OpenAPI does not allow security on path items, so this would be ignored: write it in each operation")
		return
	}
	if hint, ok := relocated[m.Key]; ok && s.name == "the document" {
		w.diags.Report(m.Position, ruleMisplacedSecurity, "%s", hint)
		return
	}
	for _, known := range slices.Sorted(maps.Keys(s.members)) {
		switch {
		case isSecurityKey(known) && looksLike(m.Key, known):
			w.diags.Report(m.Position, ruleMisspeltSecurity, "%q would be ignored; did you mean %q?", m.Key, known)
			return
		case s.members[known] != nil && strings.EqualFold(m.Key, known):
			w.diags.Report(m.Position, ruleMisspeltKey, "%q would be ignored; did you mean %q?", m.Key, known)
			return
		}
	}
}

var relocated = map[string]string{
	"securityDefinitions": "securityDefinitions is Swagger 2.0's, so this would be ignored: OpenAPI 3 has components.securitySchemes",
	"securitySchemes":     "securitySchemes belongs in components: here it would be ignored",
}

func isSecurityKey(key string) bool { return key == "security" || key == "securitySchemes" }

// looksLike reports whether key is a spelling of known: two letters may differ, case and separators do not
// count.
func looksLike(key, known string) bool {
	return diag.Distance(diag.Fold(key), diag.Fold(known), 2) <= 2
}
