package view

import "github.com/oapi-guard/oapi-guard/generator/policy"

// Facts are the policy of an operation as plain data, in the document's own words: for documentation, policies of other
// engines, and tests. They are not quoted or escaped; {{json .Facts}} writes them as JSON.
type Facts struct {
	// Name is the operation's Go name, ID what the document calls it.
	Name string `json:"name"`
	ID   string `json:"id"`
	// Method is the HTTP method, in upper case.
	Method string `json:"method"`
	// Path is empty for webhooks.
	Path string `json:"path,omitempty"`
	// Public says that everybody may call: there is no Security then.
	Public bool `json:"public"`
	// Security are the alternatives, one of which a caller has to meet; one without requirements admits anonymous callers.
	Security [][]RequirementFacts `json:"security"`
	// Roles are groups, of each of which a caller has to have one role. Roles that include others are in the groups already.
	Roles [][]string `json:"roles"`
	// Resource is the resource check, Conceal as what a denial is disguised: "not-found", "forbidden" or empty.
	Resource string `json:"resource,omitempty"`
	Conceal  string `json:"conceal,omitempty"`
	// InvalidCredentials is "anonymous" where an invalid or expired credential of any scheme counts as none, or empty.
	InvalidCredentials string `json:"invalidCredentials,omitempty"`
}

// RequirementFacts are one requirement of an alternative.
type RequirementFacts struct {
	// Scheme is the name of the security scheme, Scopes what the credential must have been granted, all of them.
	Scheme string   `json:"scheme"`
	Scopes []string `json:"scopes"`
	// Roles are groups as in Facts.
	Roles [][]string `json:"roles"`
	// SignedBody is the size in bytes of the largest body that the authenticator gets, or 0 where it gets none.
	SignedBody int64 `json:"signedBody,omitempty"`
	// Credentials is "opaque" where the credential has no grammar, Duplicates is "try" where each value of a repeated
	// cookie is authenticated, and InvalidCredentials is "anonymous" where an invalid or expired credential of the scheme
	// counts as none on operations that serve anonymous callers. Each is empty otherwise.
	Credentials        string `json:"credentials,omitempty"`
	Duplicates         string `json:"duplicates,omitempty"`
	InvalidCredentials string `json:"invalidCredentials,omitempty"`
}

// Facts are the operation's policy as plain data.
func (o *Operation) Facts() Facts {
	f := Facts{
		Name: o.Name, ID: o.policy.ID, Method: o.policy.Method, Path: o.policy.Path, Public: o.Public(),
		Security: [][]RequirementFacts{}, Roles: groupFacts(o.policy.Roles.Groups), Resource: o.policy.Check,
	}
	if f.ID == "" {
		f.ID = o.title()
	}
	switch o.policy.Conceal {
	case policy.ConcealAsNotFound:
		f.Conceal = "not-found"
	case policy.ConcealAsForbidden:
		f.Conceal = "forbidden"
	}
	f.InvalidCredentials = ifSaid(o.policy.InvalidIsAnonymous, "anonymous")
	if f.Public {
		return f
	}
	for _, alternative := range o.policy.Alternatives {
		requirements := []RequirementFacts{}
		for _, r := range alternative.Requirements {
			requirements = append(requirements, requirementFacts(r))
		}
		f.Security = append(f.Security, requirements)
	}
	return f
}

func requirementFacts(r policy.Requirement) RequirementFacts {
	return RequirementFacts{
		Scheme: r.Scheme.Name, Scopes: append([]string{}, r.Scopes...), Roles: groupFacts(r.Roles.Groups),
		SignedBody: r.Scheme.SignedBody, Credentials: ifSaid(r.Scheme.Opaque, "opaque"),
		Duplicates: ifSaid(r.Scheme.TryDuplicates, "try"), InvalidCredentials: ifSaid(r.Scheme.InvalidIsAnonymous, "anonymous"),
	}
}

// ifSaid is the word of the document where it says so, or empty.
func ifSaid(said bool, word string) string {
	if said {
		return word
	}
	return ""
}

func groupFacts(groups []policy.RoleGroup) [][]string {
	facts := [][]string{}
	for _, g := range groups {
		facts = append(facts, append([]string{}, g.AnyOf...))
	}
	return facts
}

// Facts are the policies of all operations, in the order of the document.
func (f *File) Facts() []Facts {
	facts := []Facts{}
	for _, o := range f.Operations {
		facts = append(facts, o.Facts())
	}
	return facts
}
