package view

// TestArguments instantiate what has a principal with the caller of tests.
func (f *File) TestArguments() string { return f.ifGuarded("[*guardtest.Caller]") }

// RouteTestArguments are TestArguments for what is about operations of paths alone.
func (f *File) RouteTestArguments() string { return f.ifRoutesGuarded("[*guardtest.Caller]") }

// HandlerImplementation begins a method that is the handler of an operation: an element of Handlers.
func (m *Method) HandlerImplementation(receiver string) string {
	return signature(0, "func ("+receiver+") "+m.Name, m.handlerParams(), " {")
}
