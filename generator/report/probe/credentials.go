package probe

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/yamlerror"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Credentials are the callers that a server knows, and credentials that it must refuse. They never print.
type Credentials struct {
	callers []caller
	// refused are values by scheme.
	refused map[string][]string
}

// caller is one who has credentials, with the rights that they give.
type caller struct {
	name          string
	roles, scopes []string
	// values are the credentials by scheme.
	values map[string]string
}

// String and GoString keep credentials out of logs.
func (*Credentials) String() string { return "[redacted]" }

// GoString is that of String.
func (*Credentials) GoString() string { return "[redacted]" }

// reader is the state of one [ReadCredentials].
type reader struct {
	*Credentials
	path        string
	subject     *Subject
	environment func(string) (string, bool)
	diags       diag.List
}

// ReadCredentials reads a credentials file. Values in it may have ${NAME}, which environment (os.LookupEnv) replaces. With
// an error in the list, which is sorted, the credentials must not be used.
func ReadCredentials(path string, subject *Subject, environment func(string) (string, bool)) (*Credentials, diag.List) {
	r := &reader{
		Credentials: &Credentials{refused: map[string][]string{}},
		path:        path, subject: subject, environment: environment,
	}
	content, err := os.ReadFile(path)
	if err != nil {
		r.diags.Report(diag.Position{File: path}, ruleCredentials, "the credentials cannot be read: %v", cause(err))
		return r.Credentials, r.diags
	}
	if root := r.parse(content); root != nil {
		r.root(root)
	}
	r.diags.Sort()
	return r.Credentials, r.diags
}

// cause is the error without the path, which stands before it already.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// parse reads a file that holds one document, whose root is a mapping. Messages of the YAML library may quote a value, so
// only their place is told.
func (r *reader) parse(content []byte) *yaml.Node {
	var document, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	if err := decoder.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		at, _ := yamlerror.Locate(r.path, content, err)
		if at.Column == 0 {
			at.Column = 1
		}
		r.diags.Report(at, ruleCredentials, "this is not YAML: look at the indentation and the quotes here")
		return nil
	}
	if len(document.Content) == 0 || document.Content[0].Kind != yaml.MappingNode {
		r.diags.Report(diag.Position{File: r.path, Line: 1, Column: 1}, ruleCredentials, `the file must hold keys and values: "callers: {alice: {credentials: {…}}}"`)
		return nil
	}
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		r.diags.Report(diag.Position{File: r.path, Line: max(1, second.Line), Column: 1}, ruleCredentials, "the file must hold one YAML document")
		return nil
	}
	return document.Content[0]
}

func (r *reader) report(at *yaml.Node, format string, args ...any) {
	r.diags.Report(r.at(at), ruleCredentials, format, args...)
}

func (r *reader) at(n *yaml.Node) diag.Position {
	return diag.Position{File: r.path, Line: n.Line, Column: n.Column}
}

// entry is a member of a mapping.
type entry struct{ key, value *yaml.Node }

// entries are those of a mapping, each key once; name is the mapping's for messages.
func (r *reader) entries(n *yaml.Node, name string) []entry {
	if isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.report(n, "%s must be keys and values", name)
		return nil
	}
	var all []entry
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], aliased(n.Content[i+1])}
		switch line, twice := seen[e.key.Value]; {
		case e.key.Kind != yaml.ScalarNode:
			r.report(e.key, "a key must be a word")
			continue
		case twice:
			r.report(e.key, "%q is already given in line %d", e.key.Value, line)
			continue
		}
		seen[e.key.Value] = e.key.Line
		all = append(all, e)
	}
	return all
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// aliased is the value for which an alias stands.
func aliased(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func (r *reader) root(n *yaml.Node) {
	for _, e := range r.entries(n, "the file") {
		switch e.key.Value {
		case "callers":
			for _, c := range r.entries(e.value, "callers") {
				r.caller(c)
			}
		case "refused":
			for _, s := range r.entries(e.value, "refused") {
				r.refuse(s)
			}
		default:
			r.unknown(e.key, "key", []string{"callers", "refused"})
		}
	}
}

func (r *reader) unknown(key *yaml.Node, kind string, known []string) {
	hint := "; the document has none"
	if len(known) > 0 {
		hint = diag.DidYouMeanOneOf(key.Value, known)
	}
	r.report(key, "unknown %s %q%s", kind, key.Value, hint)
}

func (r *reader) caller(e entry) {
	c := caller{name: e.key.Value, values: map[string]string{}}
	if strings.TrimSpace(c.name) == "" {
		r.report(e.key, "a caller needs a name")
	}
	for _, part := range r.entries(e.value, "the caller "+c.name) {
		switch part.key.Value {
		case "roles":
			c.roles = r.words(part, r.role)
		case "scopes":
			c.scopes = r.words(part, r.scope)
		case "credentials":
			r.values(part.value, c.values)
		default:
			r.unknown(part.key, "key", []string{"roles", "scopes", "credentials"})
		}
	}
	r.callers = append(r.callers, c)
}

// values reads the credentials of a caller. A word without a value may be a credential itself, so that nothing quotes it.
func (r *reader) values(n *yaml.Node, values map[string]string) {
	for _, e := range r.entries(n, "credentials") {
		if _, declared := r.subject.declared[e.key.Value]; !declared && isNull(e.value) {
			r.report(e.key, "here stands a word in place of a scheme and its credential")
			continue
		}
		if s := r.scheme(e.key); s != nil {
			values[s.Name], _ = r.value(e.value, s)
		}
	}
}

// words reads a list of names, or one name.
func (r *reader) words(e entry, check func(*yaml.Node)) []string {
	items := []*yaml.Node{e.value}
	switch {
	case isNull(e.value):
		return nil
	case e.value.Kind == yaml.SequenceNode:
		items = e.value.Content
	}
	var all []string
	for _, item := range items {
		item = aliased(item)
		if item.Kind != yaml.ScalarNode || isNull(item) {
			r.report(item, "%s must be a list of names", e.key.Value)
			continue
		}
		check(item)
		all = append(all, item.Value)
	}
	return all
}

func (r *reader) role(n *yaml.Node) {
	var known []string
	for _, role := range r.subject.policy.Roles {
		known = append(known, role.Name)
	}
	if !slices.Contains(known, n.Value) {
		r.unknown(n, "role", known)
	}
}

// scope warns of scopes that the document does not know: tokens have more of them, and one that is almost a scope of the
// document is worth asking with. It may be misspelt too.
func (r *reader) scope(n *yaml.Node) {
	if slices.Contains(r.subject.scopes, n.Value) {
		return
	}
	hint := diag.DidYouMean(n.Value, r.subject.scopes)
	r.diags.Warn(r.at(n), ruleCredentials, "no operation and no flow of the document has the scope %q%s", n.Value, hint)
}

// scheme is a security scheme that the document declares. One that no operation uses has no values.
func (r *reader) scheme(key *yaml.Node) *policy.Scheme {
	s, declared := r.subject.declared[key.Value]
	switch {
	case !declared:
		r.unknown(key, "scheme", slices.Sorted(maps.Keys(r.subject.declared)))
	case s == nil:
	case s.Type == policy.MutualTLS:
		r.report(key, "%s is a client certificate, which cannot stand here: leave it out, and its operations are asked without one", s.Name)
	case s.DPoP():
		r.report(key, "%s needs another proof for each request: leave it out, and its operations are asked without valid tokens", s.Name)
	default:
		return s
	}
	return nil
}

func (r *reader) refuse(e entry) {
	s := r.scheme(e.key)
	items := []*yaml.Node{e.value}
	if e.value.Kind == yaml.SequenceNode {
		items = e.value.Content
	}
	for _, item := range items {
		if s == nil {
			return
		}
		if v, ok := r.value(aliased(item), s); ok {
			r.refused[s.Name] = append(r.refused[s.Name], v)
		}
	}
}
