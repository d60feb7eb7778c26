package policy

import (
	"slices"
	"strings"

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
			d.readDiscovery("oauth2MetadataUrl")
		case OpenIDConnect:
			d.readDiscovery("openIdConnectUrl")
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
			if isScope(scope.Key) && scope.Key != "" && !slices.Contains(d.DeclaredScopes, scope.Key) {
				d.DeclaredScopes = append(d.DeclaredScopes, scope.Key)
			}
		}
	}
}

// readDiscovery reads the URL of the authorization server's metadata.
func (d *declared) readDiscovery(field string) {
	if m, ok := d.node.Member(field); ok && m.Value.Kind() == spec.String {
		d.Discovery, d.DiscoveryPosition = m.Value.Text(), m.Value.Position()
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

// schemeCheck checks the fields of one security scheme (OpenAPI 3.2.0 section 4.27).
type schemeCheck struct {
	*declared
	diags    diag.List
	document *spec.Document
}

func (c *schemeCheck) run() {
	if c.Name == "" {
		c.diags.Report(c.Position, ruleSchemeField, "a security scheme needs a name")
	}
	switch c.Type {
	case HTTP:
		c.http()
	case APIKey:
		c.apiKey()
	case OAuth2:
		c.oauth2()
	case OpenIDConnect:
		if c.node.StringAt("openIdConnectUrl") == "" {
			c.diags.Warn(c.at("openIdConnectUrl"), ruleSchemeField, "%s lacks openIdConnectUrl, from which clients learn how to get a token", c.Name)
		}
	case MutualTLS:
		if !c.document.AtLeast(1) {
			c.diags.Warn(c.at("type"), ruleSchemeType, "OpenAPI %s does not have mutualTLS yet: it is read as in 3.1", c.document.Version)
		}
	default:
		c.unknownType()
	}
	c.challenge()
	c.signedBody()
	c.credentials()
	c.duplicates()
	c.invalidCredentials()
	c.goName()
}

// at is the position of a field, or that of the scheme's name when it is missing.
func (c *schemeCheck) at(field string) diag.Position {
	if m, ok := c.node.Member(field); ok {
		return m.Value.Position()
	}
	return c.Position
}

func (c *schemeCheck) field(name, format string, args ...any) {
	c.diags.Report(c.at(name), ruleSchemeField, format, args...)
}

func (c *schemeCheck) unknownType() {
	types := []string{string(APIKey), string(HTTP), string(MutualTLS), string(OAuth2), string(OpenIDConnect)}
	hint := diag.DidYouMean(string(c.Type), types)
	switch {
	case c.node.Kind() != spec.Mapping:
		c.diags.Report(c.node.Position(), ruleSchemeType, "%s must be a mapping, but it is %s", c.Name, c.node.Kind())
	case c.Type == "":
		c.diags.Report(c.at("type"), ruleSchemeType, "%s lacks a type: it is one of %s", c.Name, strings.Join(types, ", "))
	case strings.EqualFold(string(c.Type), "basic"), strings.EqualFold(string(c.Type), "bearer"):
		c.diags.Report(c.at("type"), ruleSchemeType, "%q is not a type: write type: http and scheme: %s", c.Type, strings.ToLower(string(c.Type)))
	case hint != "":
		c.diags.Report(c.at("type"), ruleSchemeType, "the type %q is unknown%s", c.Type, hint)
	default:
		c.diags.Report(c.at("type"), ruleSchemeType, "the type %q is unknown: it is one of %s", c.Type, strings.Join(types, ", "))
	}
}

func (c *schemeCheck) http() {
	switch {
	case c.HTTPScheme == "":
		c.field("scheme", "%s lacks its scheme: basic or bearer, for example", c.Name)
	case !isToken(c.HTTPScheme):
		c.field("scheme", "%q cannot be a scheme of the Authorization header: that is one word, such as bearer (RFC 9110 section 11.1)", c.HTTPScheme)
	}
}

// lost are header fields that belong to the connection or the message's framing: servers and proxies take
// them out or rewrite them before a guard sees them (RFC 9110 section 7.6.1).
var lost = []string{"host", "content-length", "transfer-encoding", "trailer", "connection", "keep-alive",
	"proxy-connection", "te", "upgrade", "expect"}

func (c *schemeCheck) apiKey() {
	places := []string{"header", "query", "cookie"}
	switch {
	case c.In == "":
		c.field("in", "%s lacks in: header, query or cookie", c.Name)
	case !slices.Contains(places, c.In):
		c.field("in", "an API key is in header, query or cookie, not in %q%s", c.In, diag.DidYouMean(c.In, places))
	case c.Parameter == "":
		c.field("name", "%s lacks the name of its %s", c.Name, map[string]string{"header": "header field", "query": "query parameter", "cookie": "cookie"}[c.In])
	case c.In == "header":
		c.header()
	case c.In == "query" && strings.ContainsFunc(c.Parameter, func(r rune) bool { return r < ' ' || r > '~' }):
		c.field("name", "%q cannot be the name of a query parameter with a key: it needs printable ASCII characters, or no challenge can name it", c.Parameter)
	case c.In == "cookie" && !isToken(c.Parameter):
		c.field("name", "%q cannot be the name of a cookie (RFC 6265 section 4.1.1)", c.Parameter)
	}
}

func (c *schemeCheck) header() {
	switch {
	case !isToken(c.Parameter):
		c.field("name", "%q cannot be the name of a header field (RFC 9110 section 5.1)", c.Parameter)
	case slices.Contains(lost, strings.ToLower(c.Parameter)):
		c.field("name", "the header field %s cannot carry a key, because servers and proxies use it themselves: choose a name such as X-API-Key", c.Parameter)
	}
}

var flowNames = []string{"authorizationCode", "clientCredentials", "deviceAuthorization", "implicit", "password"}

func (c *schemeCheck) oauth2() {
	if c.flows == 0 {
		c.diags.Warn(c.at("flows"), ruleSchemeField, "%s has no flows, so its scopes cannot be checked", c.Name)
	}
	for _, m := range c.node.Get("flows").Members() {
		if m.Key == "$ref" {
			continue // spec refuses it
		}
		if !slices.Contains(flowNames, m.Key) && !strings.HasPrefix(m.Key, "x-") {
			c.diags.Warn(m.Position, ruleSchemeField, "the flow %q is unknown%s", m.Key, diag.DidYouMean(m.Key, flowNames))
		}
	}
}

// isToken applies RFC 9110 section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		alphanumeric := '0' <= c && c <= '9' || 'a' <= lower(c) && lower(c) <= 'z'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}
