package view

// Route is one registration: oapi-codegen's pattern, and the operation that it leads to.
type Route struct {
	// Operation is the operation, and Binding the method of oapi-codegen's wrapper that binds its parameters.
	Operation *Operation
	Binding   string
	// Pattern is the route in the framework's own notation.
	Pattern string
	// Key is the operation's name in oapi-codegen's options, empty where they have nothing for operations.
	Key string
}

// Method is the route's HTTP method.
func (r Route) Method() string { return r.Operation.policy.Method }

// MethodLiteral is Method as a constant of net/http.
func (r Route) MethodLiteral() string { return r.Operation.MethodLiteral() }

// PatternLiteral is the pattern as a Go literal.
func (r Route) PatternLiteral() string { return Quote(r.Pattern) }

// KeyLiteral is Key as a Go literal.
func (r Route) KeyLiteral() string { return Quote(r.Key) }
