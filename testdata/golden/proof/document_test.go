package proof

import (
	"fmt"
	"slices"
	"strings"
)

// document is what a random OpenAPI document says of its guards. It is written twice: as YAML, which the oracle and the
// generator read, and as the policy that generated code has in Go (link_test.go).
type document struct {
	version    string
	catalogue  [][2]string // a role and those that it includes, by letters
	root       []alternative
	rootRoles  *roles
	schemes    []*scheme
	operations []*operation
}

type scheme struct {
	name, kind           string // kind is the type, or http and the scheme
	in, parameter        string
	opaque, stale, twins bool
	challenge            *challenge
}

// challenge is an x-challenge. A parameter realm without a value is left out.
type challenge struct {
	scheme string
	params [][2]string
}

type operation struct {
	id, method, path string
	inherits         bool // the security of the root
	alternatives     []alternative
	roles            *roles
	pathRoles        *roles
	conceal          string
	stale            bool
}

type alternative []need

type need struct {
	scheme *scheme
	words  []string // scopes, or roles
}

// roles is an x-required-roles. bare is a list or a word.
type roles struct {
	bare, anyOf, allOf []string
}

func (s *scheme) http() (token string, ok bool) { return strings.CutPrefix(s.kind, "http ") }

func (s *scheme) scoped() bool { return s.kind == "oauth2" || s.kind == "openIdConnect" }

func (o *operation) security(d *document) []alternative {
	if o.inherits {
		return d.root
	}
	return o.alternatives
}

func optional(list []alternative) bool {
	return slices.ContainsFunc(list, func(a alternative) bool { return len(a) == 0 })
}

// yaml is the OpenAPI document.
func (d *document) yaml() string {
	var b strings.Builder
	fmt.Fprintf(&b, "openapi: %s\ninfo: {title: Random, version: \"1\"}\n", d.version)
	if len(d.catalogue) > 0 {
		b.WriteString("x-roles:\n")
		for _, role := range d.catalogue {
			fmt.Fprintf(&b, "  %s: {includes: [%s]}\n", role[0], strings.Join(strings.Split(role[1], ""), ", "))
		}
	}
	if d.root != nil {
		fmt.Fprintf(&b, "security: %s\n", list(d.root))
	}
	if d.rootRoles != nil {
		fmt.Fprintf(&b, "x-required-roles: %s\n", d.rootRoles)
	}
	b.WriteString("paths:\n")
	for _, o := range d.operations {
		o.write(&b)
	}
	if len(d.operations) == 0 {
		b.WriteString("  {}\n")
	}
	b.WriteString("components:\n  securitySchemes:\n")
	for _, s := range d.schemes {
		fmt.Fprintf(&b, "    %s: {%s}\n", s.name, s.fields())
	}
	return b.String()
}

func (o *operation) write(b *strings.Builder) {
	fmt.Fprintf(b, "  %s:\n", o.path)
	if o.pathRoles != nil {
		fmt.Fprintf(b, "    x-required-roles: %s\n", o.pathRoles)
	}
	fmt.Fprintf(b, "    %s:\n      operationId: %s\n", strings.ToLower(o.method), o.id)
	if !o.inherits {
		fmt.Fprintf(b, "      security: %s\n", list(o.alternatives))
	}
	if o.roles != nil {
		fmt.Fprintf(b, "      x-required-roles: %s\n", o.roles)
	}
	if o.conceal != "" {
		fmt.Fprintf(b, "      x-conceal: %s\n", o.conceal)
	}
	if o.stale {
		b.WriteString("      x-invalid-credentials: anonymous\n")
	}
	b.WriteString("      responses: {'200': {description: Who called., content: {text/plain: {schema: {type: string}}}}}\n")
}

// list is a security list in the notation of JSON.
func list(alternatives []alternative) string {
	var all []string
	for _, a := range alternatives {
		var needs []string
		for _, n := range a {
			needs = append(needs, fmt.Sprintf("%s: [%s]", n.scheme.name, quoted(n.words)))
		}
		all = append(all, "{"+strings.Join(needs, ", ")+"}")
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func quoted(words []string) string {
	var all []string
	for _, w := range words {
		all = append(all, fmt.Sprintf("%q", w))
	}
	return strings.Join(all, ", ")
}

func (r *roles) String() string {
	switch {
	case len(r.anyOf) > 0 && len(r.allOf) > 0:
		return "{anyOf: [" + quoted(r.anyOf) + "], allOf: [" + quoted(r.allOf) + "]}"
	case len(r.anyOf) > 0:
		return "{anyOf: [" + quoted(r.anyOf) + "]}"
	case len(r.allOf) > 0:
		return "{allOf: [" + quoted(r.allOf) + "]}"
	case len(r.bare) == 1:
		return quoted(r.bare)
	}
	return "[" + quoted(r.bare) + "]"
}

func (s *scheme) fields() string {
	var fields []string
	if token, http := s.http(); http {
		fields = append(fields, "type: http", "scheme: "+token)
	} else {
		fields = append(fields, "type: "+s.kind)
	}
	switch s.kind {
	case "apiKey":
		fields = append(fields, "in: "+s.in, fmt.Sprintf("name: %q", s.parameter))
	case "oauth2":
		fields = append(fields, `flows: {clientCredentials: {tokenUrl: "https://example.com/token", scopes: {read: r, write: w, "admin:all": x}}}`)
	case "openIdConnect":
		fields = append(fields, `openIdConnectUrl: "https://example.com/.well-known/openid-configuration"`)
	}
	for word, on := range map[string]bool{
		"x-credentials: opaque": s.opaque, "x-invalid-credentials: anonymous": s.stale, "x-duplicates: try": s.twins,
	} {
		if on {
			fields = append(fields, word)
		}
	}
	slices.Sort(fields[1:])
	if s.challenge != nil {
		fields = append(fields, "x-challenge: "+s.challenge.String())
	}
	return strings.Join(fields, ", ")
}

func (c *challenge) String() string {
	var params []string
	for _, p := range c.params {
		value := fmt.Sprintf("%q", p[1])
		if p[0] == "realm" && p[1] == "" {
			value = "false"
		}
		params = append(params, p[0]+": "+value)
	}
	return "{scheme: " + c.scheme + ", params: {" + strings.Join(params, ", ") + "}}"
}
