package view

import "strings"

// Check is a resource check: a method of the ResourceChecker.
type Check struct {
	// Method is the method's name.
	Method string
	// Label is the check's name, as comment text.
	Label string
	// Optional says that an operation with the check also serves anonymous callers.
	Optional bool
	// Params are the bound path parameters.
	Params []Param
	// Operations are those that have the check.
	Operations []*Operation
}

// Routes are the operations in words, comma-separated.
func (c *Check) Routes() string {
	routes := make([]string, len(c.Operations))
	for i, o := range c.Operations {
		routes[i] = o.Route()
	}
	return strings.Join(routes, ", ")
}

// Signature is the parameter list of the method.
func (c *Check) Signature() string {
	caller := "caller P"
	if c.Optional {
		caller = "caller guard.Optional[P]"
	}
	return join("ctx context.Context", caller, list(c.Params))
}

// Checked is a method of oapi-codegen's ServerInterface as it looks for plain and strict servers alike, with
// the check that comes before it.
type Checked struct {
	*Method
	// Check is nil where the request is handed on unchecked.
	Check *Check
}

// CheckArguments call the check from the request that carries the caller.
func (c *Checked) CheckArguments() string {
	caller := "q.caller.Must()"
	if c.Check.Optional {
		caller = "q.caller"
	}
	arguments := []string{"ctx", caller}
	for _, p := range c.Bound() {
		arguments = append(arguments, p.Name)
	}
	return strings.Join(arguments, ", ")
}

// Bound are the bound path parameters, which the check gets.
func (c *Checked) Bound() []Param { return c.Params[:len(c.Check.Params)] }

// NextArguments hand the request on as it came.
func (c *Checked) NextArguments() string {
	names := append([]string(nil), c.names...)
	for _, p := range c.Params {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
