package probe

import (
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

// Subject is a document's part that questions are made of.
type Subject struct {
	policy *policy.Policy
	// declared are the security schemes of the document, used or not.
	declared map[string]*policy.Scheme
	// scopes are those that flows declare or operations require. Documents cannot list those of OpenID Connect.
	scopes     []string
	operations []*target
}

// target is an operation with the request that reaches it.
type target struct {
	*policy.Operation
	policy *policy.Policy
	inputs []input
	body   body
	// open is the path of a public operation, or that of the root.
	open string
	// gap says why no request can be made.
	gap string
	// ownHead says that the document has a HEAD operation for the path of this GET.
	ownHead bool
}

// NewSubject is the subject of a document and its policy. Both must be free of errors.
func NewSubject(document *spec.Document, p *policy.Policy) *Subject {
	s := &Subject{policy: p, declared: map[string]*policy.Scheme{}}
	for _, declared := range document.Schemes {
		s.declared[declared.Name] = nil
		for _, flow := range declared.Node.Get("flows").Members() {
			for _, scope := range flow.Value.Get("scopes").Members() {
				s.scopes = append(s.scopes, scope.Key)
			}
		}
	}
	for _, used := range p.Schemes {
		s.declared[used.Name] = used
	}
	open := "/"
	if i := slices.IndexFunc(p.Operations, func(o *policy.Operation) bool { return o.Public() && len(o.PathParameters) == 0 }); i >= 0 {
		open = p.Operations[i].Path
	}
	for i, o := range p.Operations {
		t := &target{Operation: o, policy: p, open: open}
		t.ownHead = slices.ContainsFunc(p.Operations, func(other *policy.Operation) bool { return other.Path == o.Path && other.Method == "HEAD" })
		t.read(document, document.Operations[i])
		s.operations = append(s.operations, t)
		for _, a := range o.Alternatives {
			for _, r := range a.Requirements {
				s.scopes = append(s.scopes, r.Scopes...)
			}
		}
	}
	slices.Sort(s.scopes)
	s.scopes = slices.Compact(s.scopes)
	return s
}

// read reads the parameters and the body of the operation.
func (t *target) read(document *spec.Document, o *spec.Operation) {
	for _, p := range document.Parameters(o) {
		in := newInput(p)
		if !t.carriesCredentials(in) {
			t.inputs = append(t.inputs, in)
		}
	}
	for _, name := range t.PathParameters {
		if !slices.ContainsFunc(t.inputs, func(in input) bool { return in.in == "path" && in.name == name }) {
			t.inputs = append(t.inputs, input{name: name, in: "path", required: true, values: []string{word}})
		}
	}
	for _, in := range t.inputs {
		if in.required && in.values == nil {
			t.gap = "the " + in.in + " parameter " + in.name + " needs an example"
		}
	}
	if strings.ContainsAny(t.Path, "?#") {
		t.gap = "no request has such a path"
	}
	t.body = newBody(document.RequestBody(o))
}

// carriesCredentials reports whether a parameter is one that OpenAPI ignores (3.1.1 section 4.8.12), or that a security
// scheme describes already.
func (t *target) carriesCredentials(in input) bool {
	if in.in == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(in.name)) {
		return true
	}
	return slices.ContainsFunc(t.policy.Schemes, func(s *policy.Scheme) bool {
		same := in.name == s.Parameter || in.in == "header" && strings.EqualFold(in.name, s.Parameter)
		return s.Type == policy.APIKey && s.In == in.in && same
	})
}

// safe reports whether asking changes nothing (RFC 9110 section 9.2.1).
func (t *target) safe() bool { return slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, t.Method) }

// name is the operationId, or "METHOD /path" without one.
func (t *target) name() string {
	if t.ID != "" {
		return t.ID
	}
	return t.Method + " " + t.Path
}
