// Package view is the data of the templates: everything a generated file says, already named, qualified
// and quoted, so that a template holds almost no logic.
//
// A method or field whose name ends in Literal is Go source. Text of the OpenAPI document reaches a
// template in two forms only: as a Go literal, or as a comment line in which every character that a
// reader does not see is escaped ([Quote], [Comment]). Neither can end the comment or the literal that it stands in.
package view

import (
	"slices"
	"strconv"
	"strings"
)

// File is one generated file of guards.
type File struct {
	// Package is the name of the generated package; OwnPackage is false when it is the server's own.
	Package    string
	OwnPackage bool
	// Title is the API's title, and Source the file name of its document, both as comment text.
	Title, Source string
	// Handshake is the constant of the runtime that these guards were written for.
	Handshake string
	// Imports are those of the guards, in groups; the function import adds to them afterwards.
	Imports []Import
	// Framework is the server that oapi-codegen generated, and Strict says whether it is its strict kind.
	Framework string
	Strict    bool
	// UsesRoles and UsesScopes say what the policy needs to know of a caller.
	UsesRoles, UsesScopes bool
	// Guarded is false when every operation is public.
	Guarded bool

	// Roles are the roles that the policy names, Schemes the security schemes that it uses.
	Roles   []Role
	Schemes []Scheme
	// Combinations are the groups of schemes that some alternative asks for together.
	Combinations []Combination
	// Operations are all operations of the policy, in the order of the document; those of Receivers are behind
	// those of paths.
	Operations []*Operation
	// Methods are the methods of oapi-codegen's interface, in its order.
	Methods []*Method
	// Parts are the interfaces of which the typed server's is made, one for each tag, on request. Each of Methods is in one
	// of them, or in Untagged.
	Parts    []*Part
	Untagged []*Method
	// Unimplemented says to generate a server that answers 501.
	Unimplemented bool
	// Routes are what oapi-codegen registers, in its order.
	Routes []Route
	// Checks are the resource checks, and CheckedMethods the methods of oapi-codegen's ServerInterface that have one.
	Checks         []*Check
	CheckedMethods []*CheckedMethod
	// Receivers are the webhooks and the callbacks, each kind only where one of it is not public.
	Receivers []*Receivers
	// Resource is the API as a protected resource, nil unless it is asked for.
	Resource *Resource

	// Qualifier is what precedes a name of the server's package: "api.", or nothing.
	Qualifier string
	// QueryLiterals are the names of all query parameters of the document, each once.
	QueryLiterals []string
	// Filled are the hooks that templates fill, sorted, and Unprotected the blocks that hold the guard and that
	// templates replace all the same.
	Filled, Unprotected []string
}

// Import is one import of the generated file. The zero value is the blank line between two groups.
type Import struct {
	// Name is empty when the package's own name is used; Path is the import path, unquoted.
	Name, Path string
}

// String is the import spec.
func (i Import) String() string {
	switch {
	case i.Path == "":
		return ""
	case i.Name == "":
		return strconv.Quote(i.Path)
	}
	return i.Name + " " + strconv.Quote(i.Path)
}

// API is a name of the server's package, qualified where the guards have a package of their own.
func (f *File) API(name string) string { return f.Qualifier + name }

// Name is strict for a strict server, and plain for the others.
func (f *File) Name(strict, plain string) string {
	if f.Strict {
		return strict
	}
	return plain
}

// ServerName is the name of the typed server interface.
func (f *File) ServerName() string { return f.Name("StrictServer", "Server") }

// ServerType is the typed server interface for a principal P.
func (f *File) ServerType() string { return f.ServerName() + f.TypeArguments() }

// TypeParameters is "[P Principal]", or empty when no operation has a caller.
func (f *File) TypeParameters() string { return f.ifGuarded("[P Principal]") }

// TypeArguments is "[P]", or empty when no operation has a caller.
func (f *File) TypeArguments() string { return f.ifGuarded("[P]") }

// AuthParameter is the constructors' parameters for the authenticator and the resource checker, as far as
// they are needed, with a trailing comma.
func (f *File) AuthParameter() string {
	if len(f.Checks) > 0 {
		return "auth Authenticator[P], checks ResourceChecker[P], "
	}
	return f.ifGuarded("auth Authenticator[P], ")
}

// AuthArgument passes AuthParameter on.
func (f *File) AuthArgument() string {
	if len(f.Checks) > 0 {
		return "auth, checks, "
	}
	return f.ifGuarded("auth, ")
}

// UsesNotFound reports whether handlers may have to say that a resource does not exist as a guard would.
func (f *File) UsesNotFound() bool {
	return slices.ContainsFunc(f.Operations, func(o *Operation) bool { return o.HasCheck() || o.Concealed() })
}

func (f *File) ifGuarded(s string) string {
	if f.Guarded {
		return s
	}
	return ""
}

// Fills reports whether a template fills a hook.
func (f *File) Fills(hook string) bool { return slices.Contains(f.Filled, hook) }

// Audits reports whether a template wants to be told of decisions.
func (f *File) Audits() bool { return f.Fills("admitted") || f.Fills("denied") }

// UnprotectedWords names the blocks of Unprotected.
func (f *File) UnprotectedWords() string { return strings.Join(f.Unprotected, ", ") }

// HasKeys reports whether oapi-codegen's options name operations.
func (f *File) HasKeys() bool {
	return slices.ContainsFunc(f.Routes, func(r Route) bool { return r.Key != "" })
}

// SignedBodyDoc names the schemes whose authenticators get the body, as a comment, line by line. It is empty when no guard
// reads a body.
func (f *File) SignedBodyDoc() []string {
	var names []string
	for _, s := range f.Schemes {
		if s.SignedBody > 0 {
			names = append(names, s.Label)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return doc(0, strings.Split("The exception is a body that is signed: guards read it, up to a limit, for the authenticator of "+strings.Join(names, " or ")+".", " "))
}

// Role is one role of the API.
type Role struct {
	// Constant is the name of its constant.
	Constant string
	// Doc is the constant's comment, line by line.
	Doc []string
	// Literal is the role's own name.
	Literal string
}

// Scheme is one security scheme in use.
type Scheme struct {
	// Method is the authenticator's method, and Supplier the method that supplies challenge parameters:
	// empty for the schemes whose challenge the runtime knows.
	Method, Supplier string
	// Label is the scheme's name and Kind what it is, both as comment text.
	Label, Kind string
	// CredentialName and CredentialType are the credential parameter of Method.
	CredentialName, CredentialType string
	// Constructor is the expression that makes the gen.Scheme[P], and DataLiteral the guard.Scheme without its type.
	Constructor, DataLiteral string
	// SignedBody is the size in bytes of the largest body that Method gets, or 0 where it gets none.
	SignedBody int64
	// Opaque says that the credential has no grammar, TryDuplicates that each value of a repeated cookie is authenticated,
	// and InvalidIsAnonymous that an invalid or expired credential counts as none where anonymous callers are served.
	Opaque, TryDuplicates, InvalidIsAnonymous bool
}

// Doc is the comment of Method, line by line.
func (s Scheme) Doc() []string {
	return doc(1, strings.Split(s.Method+" authenticates a credential of the security scheme "+s.Label+": "+s.Kind+"."+s.notes(), " "))
}

// notes say in sentences how the credential is read where the document differs from the default.
func (s Scheme) notes() string {
	notes := ""
	if s.Opaque {
		notes += " The credential is everything after the authentication scheme, as it was sent."
	}
	if s.SignedBody > 0 {
		notes += " The body, at most " + size(s.SignedBody) + ", is in " + s.CredentialName + ".Request().SignedBody()."
	}
	if s.TryDuplicates {
		notes += " It is called for each of several cookies of that name, and must accept exactly one."
	}
	if s.InvalidIsAnonymous {
		notes += " Where anonymous callers are served, an invalid or expired credential counts as none."
	}
	return notes
}

// Combination is how the callers of an alternative with several schemes become one.
type Combination struct {
	// Method is the authenticator's method.
	Method string
	// Words names the schemes, as comment text.
	Words string
	// Literals are the schemes' names, comma-separated.
	Literals string
	// Names are the parameters of the method.
	Names []string
}

// Doc is the comment of the method, line by line.
func (c Combination) Doc() []string {
	return doc(1, strings.Split(c.Method+" makes one caller of those that "+c.Words+" authenticated together.", " "))
}

// Params are the parameter names of the method, comma-separated.
func (c Combination) Params() string { return strings.Join(c.Names, ", ") }

// Arguments are the elements of the named slice, comma-separated.
func (c Combination) Arguments(slice string) string {
	var b strings.Builder
	for i := range c.Names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(slice + "[" + strconv.Itoa(i) + "]")
	}
	return b.String()
}
