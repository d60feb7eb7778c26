// Package policy is the model between an OpenAPI document and the generated guards: who may call which operation. It is
// resolved: hierarchies of roles are flattened, each operation has the security and roles that it inherits, and everything has
// its position in the document.
//
// A [Policy] is data for templates and reports. [Build] makes it once, and nothing changes it afterwards. A caller is
// admitted to an [Operation] when one [Alternative] is met in full, every group of [Roles] holds, and the [Check] passes.
package policy

import (
	"slices"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Policy is the access policy of one OpenAPI document.
type Policy struct {
	// Title and Version are those of the document's Info Object.
	Title, Version string
	// Overlay is the file of the OpenAPI Overlay that was applied, or empty. Parts of the policy may have positions in it.
	Overlay string
	// Roles are the roles of the catalogue (x-roles) and those that operations require, sorted by name.
	Roles []*Role
	// Schemes are the security schemes that some operation uses, in the order in which
	// components.securitySchemes declares them.
	Schemes []*Scheme
	// Operations are in the document's order of paths, and within a path by method as oapi-codegen sorts
	// them (alphabetically).
	Operations []*Operation
	// Checks are the resource checks (x-resource-check) of Operations, in the order in which these first have them.
	Checks []*Check
	// Webhooks and Callbacks are the operations for which oapi-codegen generates receivers: those in webhooks,
	// and those in the callbacks of Operations, in the document's order. A callback that several operations
	// refer to is there once for each.
	Webhooks, Callbacks []*Operation
}

// All are the operations, the webhooks' and the callbacks'.
func (p *Policy) All() []*Operation { return slices.Concat(p.Operations, p.Webhooks, p.Callbacks) }

// Role is a role of the API.
type Role struct {
	// Name is the role as the principal knows it.
	Name string
	// Description is the catalogue's text, possibly of several lines.
	Description string
	// GoName is the Go name that the catalogue chooses for the role (x-go-name), or empty.
	GoName string
	// Includes are the roles whose rights this role has too, as written, not flattened.
	Includes []string
	// ImpliedBy are all roles that include this one, directly or not, sorted by name.
	ImpliedBy []string
	Position  diag.Position
}

// SchemeType is a Security Scheme Object's type (OpenAPI 3.1.1 section 4.8.27).
type SchemeType string

// The types of security schemes.
const (
	HTTP          SchemeType = "http"
	APIKey        SchemeType = "apiKey"
	OAuth2        SchemeType = "oauth2"
	OpenIDConnect SchemeType = "openIdConnect"
	MutualTLS     SchemeType = "mutualTLS"
)

// Scheme is a security scheme.
type Scheme struct {
	// Name is the key in components.securitySchemes.
	Name string
	Type SchemeType
	// HTTPScheme is the authentication scheme of an http scheme, as written: "bearer", "Basic", "digest".
	HTTPScheme string
	// BearerFormat is the document's hint, for example "JWT", or empty.
	BearerFormat string
	// DeclaredScopes are the scopes that the flows of an oauth2 scheme declare, in the document's order, each once. What no
	// scope can be (RFC 6749 section 3.3) is left out.
	DeclaredScopes []string
	// Discovery is the URL of the authorization server's metadata, as written: openIdConnectUrl, or oauth2MetadataUrl of OpenAPI
	// 3.2. DiscoveryPosition is its position.
	Discovery         string
	DiscoveryPosition diag.Position
	// In ("header", "query" or "cookie") and Parameter are an API key's place.
	In, Parameter string
	Description   string
	// Challenge replaces the scheme's own challenge (x-challenge), or is nil.
	Challenge *Challenge
	// SignedBody is the size in bytes of the largest body that the authenticator gets to verify a signature
	// (x-signed-body), or 0 where it gets none.
	SignedBody int64
	// Opaque says that the credential is everything behind the scheme and a space (x-credentials: opaque).
	Opaque bool
	// TryDuplicates says that each value of a cookie given several times is authenticated (x-duplicates: try).
	TryDuplicates bool
	// InvalidIsAnonymous says that an invalid or expired credential of this scheme counts as none on operations
	// that serve anonymous callers (x-invalid-credentials: anonymous).
	InvalidIsAnonymous bool
	// GoName is the Go name that the document chooses for the scheme (x-go-name), or empty.
	GoName   string
	Position diag.Position
}

// Challenge is a challenge of WWW-Authenticate (RFC 9110 section 11.6.1) that is always the same.
type Challenge struct {
	// Scheme is the authentication scheme, as written.
	Scheme string
	// Params are the parameters in the document's order, each name once, whatever its case. A parameter
	// "realm" replaces the configured realm; with an empty value the challenge has no realm.
	Params []ChallengeParam
	// Position is that of x-challenge.
	Position diag.Position
}

// ChallengeParam is a parameter of a challenge; its value is printable ASCII, not quoted yet.
type ChallengeParam struct{ Name, Value string }

// Bearer reports whether the scheme's credential is a bearer token (RFC 6750): http bearer, oauth2 and
// openIdConnect.
func (s *Scheme) Bearer() bool {
	return s.Type == OAuth2 || s.Type == OpenIDConnect || s.Type == HTTP && equalFoldASCII(s.HTTPScheme, "bearer")
}

// Basic reports whether the scheme is HTTP Basic (RFC 7617).
func (s *Scheme) Basic() bool { return s.Type == HTTP && equalFoldASCII(s.HTTPScheme, "basic") }

// DPoP reports whether the scheme's credential is a DPoP-bound access token (RFC 9449).
func (s *Scheme) DPoP() bool { return s.Type == HTTP && equalFoldASCII(s.HTTPScheme, "dpop") }

func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Operation is one operation and who may call it.
type Operation struct {
	// ID is the operationId as the document has it, or empty.
	ID string
	// Tags are those of the operation, in the document's order.
	Tags []string
	// Method is in upper case, "GET"; Path is the template as the document has it, "/orders/{orderId}". For a
	// callback, Path is the expression for its URL; for a webhook it is empty.
	Method, Path string
	// Source is the name of the webhook or callback, the key in webhooks or callbacks; Within is the
	// operation that has the callback, "POST /orders". Both are empty for an operation of a path.
	Source, Within string
	// Alternatives are the security requirements, any one of which suffices, as written and in order. An
	// operation is public when the list is empty or has only {}.
	Alternatives []Alternative
	// Roles are the roles that the caller needs (x-required-roles), whichever alternative admits it.
	Roles Roles
	// RolesLevel, SecurityLevel, CheckLevel and ConcealLevel say where in the document Roles, Alternatives, Check and
	// Conceal stand. They are empty where the document says nothing.
	RolesLevel, SecurityLevel, CheckLevel, ConcealLevel Level
	// Check is the name of the check that the caller has to pass (x-resource-check), as written, or empty.
	// CheckPosition is its position, in the path item possibly, and has no line without a check.
	Check         string
	CheckPosition diag.Position
	// Conceal is the effective x-conceal. ConcealPosition is its position, in the path item or at the root of the
	// document possibly, and has no line when nothing is concealed.
	Conceal         Concealment
	ConcealPosition diag.Position
	// InvalidIsAnonymous says that an invalid or expired credential of any scheme counts as none on this operation
	// (x-invalid-credentials: anonymous). InvalidPosition is that of the extension, and has no line without one.
	InvalidIsAnonymous bool
	InvalidPosition    diag.Position
	// PathParameters are the names of the path's parameters in the order in which the path has them.
	PathParameters []string
	// AliasOf is the path that this operation's path item refers to ("$ref": "#/paths/…"), or empty.
	AliasOf string
	// Position is that of the method's key.
	Position diag.Position
	// SecurityPosition is that of the security requirements that apply, the document's own included;
	// the operation's position without any.
	SecurityPosition diag.Position
}

// Level is the object of the document in which a rule of an operation stands: the operation, or one from which it inherits
// the rule.
type Level string

// The levels. The nearest one counts.
const (
	InOperation Level = "operation"
	InPathItem  Level = "path item"
	InDocument  Level = "document"
)

// Public reports whether no alternative asks for a credential.
func (o *Operation) Public() bool {
	return !slices.ContainsFunc(o.Alternatives, func(a Alternative) bool { return !a.Anonymous() })
}

// Optional reports whether the operation asks for a credential but also serves anonymous callers ({} is
// one of several alternatives).
func (o *Operation) Optional() bool {
	return !o.Public() && slices.ContainsFunc(o.Alternatives, Alternative.Anonymous)
}

// Schemes are the schemes of all alternatives, in the order of their first use, each once.
func (o *Operation) Schemes() []*Scheme {
	var all []*Scheme
	for _, a := range o.Alternatives {
		for _, r := range a.Requirements {
			if !slices.Contains(all, r.Scheme) {
				all = append(all, r.Scheme)
			}
		}
	}
	return all
}

// Concealment says how much denied callers learn about a resource (x-conceal).
type Concealment string

// The kinds of concealment.
const (
	// ConcealNothing answers truthfully.
	ConcealNothing Concealment = ""
	// ConcealAsNotFound answers denied callers as if the resource did not exist.
	ConcealAsNotFound Concealment = "not-found"
	// ConcealAsForbidden answers requests for missing resources as if the caller were denied.
	ConcealAsForbidden Concealment = "forbidden"
)

// Check is a check whether a caller may have the resource that the path names (x-resource-check). It is one Go method,
// however many operations share it.
type Check struct {
	// Name is the check's name as written.
	Name string
	// Operations are those that have the check, in the document's order. There is at least one.
	Operations []*Operation
	// Parameters are the names of the path's parameters in its order, the same in all operations.
	Parameters []string
}

// Alternative is one Security Requirement Object: all of its schemes together.
type Alternative struct {
	Requirements []Requirement
	Position     diag.Position
}

// Anonymous reports whether the alternative is {}: no credential is needed.
func (a Alternative) Anonymous() bool { return len(a.Requirements) == 0 }

// Requirement is one scheme of an alternative, with the scopes or roles that it must grant.
type Requirement struct {
	Scheme *Scheme
	// Scopes are for oauth2 and openIdConnect schemes, as written.
	Scopes []string
	// Roles are the role names that OpenAPI 3.1 allows on every other type of scheme; all are required.
	Roles    Roles
	Position diag.Position
}

// Roles is a requirement on the caller's roles: every group must hold.
type Roles struct {
	Groups []RoleGroup
	// Position is that of the requirement, in the path item or at the root of the document possibly.
	Position diag.Position
}

// Empty reports whether no role is required.
func (r Roles) Empty() bool { return len(r.Groups) == 0 }

// RoleGroup holds when the caller has any one of its roles.
type RoleGroup struct {
	// Written are the roles as the document lists them.
	Written []string
	// AnyOf are the written roles followed by those that include one of them, each once.
	AnyOf []string
}
