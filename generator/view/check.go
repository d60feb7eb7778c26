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

// Doc is the comment of the method, line by line.
func (c *Check) Doc() []string {
	words := strings.Split(c.Method+" decides before", " ")
	for _, o := range c.Operations {
		words = append(words, o.Route()+",")
	}
	words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], ",") + "."
	return doc(1, words)
}

// Declaration is the method of the ResourceChecker.
func (c *Check) Declaration() string {
	caller := "caller P"
	if c.Optional {
		caller = "caller guard.Optional[P]"
	}
	return signature(1, c.Method, append([]string{"ctx context.Context", caller}, declared(c.Params)...), " error")
}

// CheckedMethod is a method of oapi-codegen's ServerInterface, as it looks for plain and strict servers alike, with
// the check that comes before it.
type CheckedMethod struct {
	*Method
	// Check is that check.
	Check *Check

	wildcards []string
}

// NewCheckedMethod makes the view of a method with a check. The wildcards are the names of the path parameters in the
// pattern of a program's own handler.
func NewCheckedMethod(m *Method, c *Check, wildcards []string) *CheckedMethod {
	return &CheckedMethod{m, c, wildcards}
}

// CheckArguments call the check from the request that carries the caller.
func (c *CheckedMethod) CheckArguments() string {
	caller := "q.caller.Must()"
	if c.Check.Optional {
		caller = "q.caller"
	}
	return strings.Join(append([]string{"ctx", caller}, names(c.Bound())...), ", ")
}

// Bound are the bound path parameters, which the check gets.
func (c *CheckedMethod) Bound() []Param { return c.Params[:len(c.Check.Params)] }

// NextArguments hand the request on as it came.
func (c *CheckedMethod) NextArguments() string {
	return strings.Join(append(names(c.prefix), names(c.Params)...), ", ")
}
