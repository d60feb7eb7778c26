package policy

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
)

// declared is a scheme of components.securitySchemes.
type declared struct {
	*Scheme
	node *spec.Node
	// used says that a requirement names the scheme.
	used bool
	// flows counts the flows of an oauth2 scheme, and scopeList has the scopes that they declare.
	flows     int
	scopeList []string
}

// scoped reports whether the list of a requirement holds scopes, and not roles.
func (d *declared) scoped() bool { return d.Type == OAuth2 || d.Type == OpenIDConnect }

func (b *builder) declareSchemes() {
	for _, s := range b.document.Schemes {
		n := s.Node
		d := &declared{node: n, Scheme: &Scheme{
			Name: s.Name, Position: s.Position, Type: SchemeType(n.StringAt("type")),
			Description: n.StringAt("description"),
		}}
		switch d.Type {
		case HTTP:
			d.HTTPScheme, d.BearerFormat = n.StringAt("scheme"), n.StringAt("bearerFormat")
		case APIKey:
			d.In, d.Parameter = n.StringAt("in"), n.StringAt("name")
		case OAuth2:
			d.readFlows()
		}
		if b.schemes[s.Name] == nil {
			b.schemes[s.Name] = d
		}
	}
}

func (d *declared) readFlows() {
	for _, flow := range d.node.Get("flows").Members() {
		d.flows++
		for _, scope := range flow.Value.Get("scopes").Members() {
			d.scopeList = append(d.scopeList, scope.Key)
		}
	}
}

// checkSchemes checks every declared scheme, and returns those that are used, in order. A problem of a
// scheme that nothing uses is a warning: no guard depends on it.
func (b *builder) checkSchemes() []*Scheme {
	var used []*Scheme
	for _, s := range b.document.Schemes {
		d := b.schemes[s.Name]
		check := schemeCheck{declared: d, document: b.document}
		check.run()
		if !d.used {
			check.diags.Soften()
		}
		b.diags.Add(check.diags)
		if d.used && !slices.Contains(used, d.Scheme) {
			used = append(used, d.Scheme)
		}
	}
	return used
}

// scopes reads the scopes that a requirement lists.
func (b *builder) scopes(scheme *declared, items []*spec.Node) []string {
	var scopes []string
	for _, item := range items {
		if item.Kind() != spec.String {
			b.diags.Report(item.Position(), ruleScopeGrammar, "a scope must be a string, but this is %s", item.Kind())
			continue
		}
		b.checkScope(scheme, item)
		scopes = append(scopes, item.Text())
	}
	return scopes
}

// checkScope applies RFC 6749 section 3.3, without which a challenge could not name the scope (RFC 6750
// section 3), and looks the scope up in the flows.
func (b *builder) checkScope(scheme *declared, item *spec.Node) {
	scope := item.Text()
	switch {
	case scope == "":
		b.diags.Report(item.Position(), ruleScopeGrammar, "a scope must not be empty")
	case !isScope(scope):
		b.diags.Report(item.Position(), ruleScopeGrammar, `%q is not a scope: it may hold printable ASCII characters except the space, " and \ (RFC 6749 section 3.3); write several scopes as several values`, scope)
	case scheme.flows > 0 && !slices.Contains(scheme.scopeList, scope):
		b.diags.Warn(item.Position(), ruleUndeclaredScope, "no flow of %s declares the scope %q%s", scheme.Name, scope, diag.DidYouMean(scope, scheme.scopeList))
	}
}

func isScope(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
