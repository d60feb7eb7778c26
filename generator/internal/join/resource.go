package join

import (
	"net/url"
	"slices"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/httpsurl"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// Resource is what the configuration says about the API as a protected resource (RFC 9728).
type Resource struct {
	// Identifier is the resource identifier, or empty, and AuthorizationServers are the issuers in place of the document's.
	Identifier           string
	AuthorizationServers []string
	// Position is that of the key that asks for metadata.
	Position diag.Position
}

// addResource adds the protected resource metadata, when they are asked for.
func addResource(f *view.File, p *policy.Policy, to Target) diag.List {
	if to.Resource == nil {
		return nil
	}
	r := resource{Resource: to.Resource, policy: p, schemes: tokenSchemes(p)}
	if len(r.schemes) == 0 {
		r.diags.Report(to.Resource.Position, ruleResourceScheme,
			"resource-metadata is for APIs that take access tokens: no operation has a scheme of the type oauth2 or openIdConnect, or http with bearer or DPoP")
		return r.diags
	}
	f.Resource = r.view()
	return r.diags
}

// resource is the state of one addResource.
type resource struct {
	*Resource
	policy  *policy.Policy
	schemes []*policy.Scheme
	diags   diag.List
}

// tokenSchemes are the schemes of access tokens that operations of paths have, in the order of their first use.
func tokenSchemes(p *policy.Policy) []*policy.Scheme {
	var all []*policy.Scheme
	for _, o := range p.Operations {
		for _, s := range o.Schemes() {
			if (s.Bearer() || s.DPoP()) && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

func (r *resource) view() *view.Resource {
	v := &view.Resource{}
	identifier := "options.Resource"
	if r.Identifier != "" {
		v.IdentifierLiteral = view.Quote(r.Identifier)
		identifier = "cmp.Or(options.Resource, " + v.IdentifierLiteral + ")"
	}
	add := func(name, literal string, wanted bool) {
		if wanted {
			v.Fields = append(v.Fields, view.ResourceField{Name: name, Literal: literal})
		}
	}
	list := func(name string, values []string) {
		if len(values) > 0 {
			v.Fields = append(v.Fields, view.ResourceList(name, values))
		}
	}
	bearer := slices.ContainsFunc(r.schemes, (*policy.Scheme).Bearer)
	add("Resource", identifier, true)
	list("AuthorizationServers", r.servers())
	list("ScopesSupported", r.scopes())
	add("BearerMethodsSupported", `[]string{"header"}`, bearer)
	add("ResourceName", view.Quote(r.policy.Title), r.policy.Title != "")
	list("DPoPSigningAlgValuesSupported", r.proofAlgorithms())
	add("DPoPBoundAccessTokensRequired", "true", !bearer)
	return v
}

// servers are the issuers of the configuration, or else those of the document.
func (r *resource) servers() []string {
	if len(r.AuthorizationServers) > 0 {
		return r.AuthorizationServers
	}
	var issuers []string
	unread := false
	for _, s := range r.schemes {
		if s.Discovery == "" {
			continue
		}
		switch issuer := issuerOf(s.Discovery); {
		case issuer == "":
			unread = true
			r.diags.Report(s.DiscoveryPosition, ruleResourceServers,
				"no issuer follows from %q, which is not an https URL with /.well-known/openid-configuration or /.well-known/oauth-authorization-server: name it in resource-metadata, authorization-servers", s.Discovery)
		case !slices.Contains(issuers, issuer):
			issuers = append(issuers, issuer)
		}
	}
	if len(issuers) == 0 && !unread {
		r.diags.Report(r.Position, ruleResourceServers,
			"the document names no authorization server (openIdConnectUrl, oauth2MetadataUrl): name it in resource-metadata, authorization-servers, or have the program set AuthorizationServers")
	}
	return issuers
}

const (
	openIDConfiguration = "/.well-known/openid-configuration"
	oauthConfiguration  = "/.well-known/oauth-authorization-server"
)

// issuerOf is the issuer whose metadata is at a URL, or empty when none follows. OpenID Connect Discovery 1.0 section 4 appends
// its path to the issuer; RFC 8414 section 3.1 puts it, and section 5 that of OpenID Connect too, between host and path.
func issuerOf(discovery string) string {
	u, err := url.Parse(discovery)
	if err != nil || httpsurl.Problem(discovery) != "" || u.RawQuery != "" || u.ForceQuery {
		return ""
	}
	origin, path := u.Scheme+"://"+u.Host, u.EscapedPath()
	if issuer, ok := strings.CutSuffix(path, openIDConfiguration); ok {
		return origin + issuer
	}
	for _, known := range []string{openIDConfiguration, oauthConfiguration} {
		if issuer, ok := strings.CutPrefix(path, known); ok && (issuer == "" || issuer[0] == '/') {
			return origin + issuer
		}
	}
	return ""
}

// offlineAccess asks an authorization server for a refresh token (OpenID Connect Core 1.0 section 11). It is no matter of the
// resource, and clients of the Model Context Protocol should not be told of it.
const offlineAccess = "offline_access"

// scopes are those that the flows of the schemes declare, followed by those that only operations name.
func (r *resource) scopes() []string {
	var all []string
	add := func(scopes []string) {
		for _, s := range scopes {
			if s != offlineAccess && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	for _, s := range r.schemes {
		add(s.DeclaredScopes)
	}
	for _, o := range r.policy.Operations {
		for _, a := range o.Alternatives {
			for _, requirement := range a.Requirements {
				add(requirement.Scopes)
			}
		}
	}
	return all
}

// proofAlgorithms are those of DPoP proofs that a challenge in the document lists (RFC 9449 section 7.1).
func (r *resource) proofAlgorithms() []string {
	for _, s := range r.schemes {
		if !s.DPoP() || s.Challenge == nil {
			continue
		}
		for _, p := range s.Challenge.Params {
			if strings.EqualFold(p.Name, "algs") {
				return strings.Fields(p.Value)
			}
		}
	}
	return nil
}
