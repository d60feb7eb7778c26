package view

import "strings"

// Part is the interface of the operations of one tag. The typed server's interface embeds it.
type Part struct {
	// Name is the interface's name, and Label the tag as comment text.
	Name, Label string
	// Methods are those whose first tag this is.
	Methods []*Method
}

// UnimplementedName is the name of the server that answers 501.
func (f *File) UnimplementedName() string { return "Unimplemented" + f.ServerName() }

// Implementation begins the method of a typed server, for a receiver: "func (s server[P]) GetOrder(…) {".
func (m *Method) Implementation(receiver string) string {
	return m.typed(0, "func ("+receiver+") ", " {")
}

// Visit is the method of a strict response that writes it, by oapi-codegen's name.
func (m *Method) Visit() string { return "Visit" + m.MethodName + "Response" }

// StrictResponse is the parameter of such a method for the framework.
func (f *File) StrictResponse() string {
	own := f.HandlerParams()[0]
	if strings.HasPrefix(own.Type, "fiber.") || strings.HasPrefix(own.Type, "*fiber.") || own.Type == "iris.Context" {
		return "ctx " + own.Type
	}
	return "w http.ResponseWriter"
}
