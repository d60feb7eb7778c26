package guard

// Generation1 is the handshake between generated guards and this package: generated code refers to it, so
// that guards generated for another generation of the runtime do not compile.
const Generation1 = true

// Role is the name of a role, as the principal knows it.
type Role string

// AnyRole is a requirement that holds when the caller has any one of its roles.
type AnyRole []Role

// Requirement is one scheme of an [Alternative] with what it must grant.
type Requirement struct {
	// Scheme is the scheme's name below components.securitySchemes.
	Scheme string
	// Scopes are those of an oauth2 or openIdConnect scheme; all are required.
	Scopes []string
	// Roles are the role names that OpenAPI 3.1 allows on every other type of scheme; all are required.
	Roles []AnyRole
}

// Alternative is one Security Requirement Object (OpenAPI 3.1.1 section 4.8.30): all of its schemes
// together. An empty one is {}: a caller without any credential is served.
type Alternative []Requirement

// Operation is one operation of the API and who may call it.
type Operation struct {
	// ID is the operationId; Method is in upper case; Path is the template, "/orders/{orderId}".
	ID, Method, Path string
	// Public says that nothing is asked of the caller. It must be true exactly when Security is empty, so
	// that a forgotten Security is an error and not an open door.
	Public bool
	// Security are the alternatives, any one of which suffices, in the order of the document.
	Security []Alternative
	// Roles is what x-required-roles asks of the caller, whichever alternative it came by: every group
	// must hold.
	Roles []AnyRole
	// Resource is the name of the check that is made with [Guard.AdmitResource], x-resource-check; empty when
	// there is none.
	Resource string
	// Conceal is x-conceal.
	Conceal Concealment
}

// title names the operation in error messages.
func (o *Operation) title() string {
	switch {
	case o.ID != "":
		return o.ID
	case o.Method != "" || o.Path != "":
		return o.Method + " " + o.Path
	}
	return "without a name"
}
