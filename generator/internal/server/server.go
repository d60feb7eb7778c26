// Package server is the model of a generated server: the Go names of operations, the types of their parameters, and the
// patterns that they are registered with. The OpenAPI document does not have these; only the generator of the server
// does.
//
// # Generators
//
// A [Generator] runs a program that generates servers, and reads its output into the model. Package oapicodegen is the
// one for oapi-codegen. Another program is another package beside it; everything behind it stays as it is.
//
// # Types in another package
//
// Guards usually live in a package of their own. A [Type] renders itself for any package: names of the server's
// package and of its imports go through a [Qualifier]. A type that another package cannot write, because a name is
// unexported for instance, is an error.
package server

import (
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
)

// Generator is a program that generates servers, configured for one API.
type Generator interface {
	// Generate runs the program and returns the server file that it would write. There is none when there are errors.
	Generate() ([]byte, diag.List)
	// Read reads the program's output. The content is that of the server file; nil reads the file. The server is
	// nil when there are errors.
	Read(content []byte) (*Server, diag.List)
	// OperationName is the Go name that the program gives an operation, empty when that cannot be told.
	OperationName(id, method, path string) string
}

// Server is a generated server.
type Server struct {
	// Package, Dir and ImportPath are those of the package that holds the server.
	Package, Dir, ImportPath string
	// Methods are those of the server's interface, in the order of the file.
	Methods []Method
	// Registrations are the routes that the generated constructor registers, in its order.
	Registrations []Registration
	// Webhooks and Callbacks are the receivers of either, in the order of the file.
	Webhooks, Callbacks []Receiver
	// ReceiverProblems are errors about receivers, which are then missing from Webhooks and Callbacks. They matter
	// only to an API that guards a receiver.
	ReceiverProblems diag.List
	// Dotted are the names that files of the server have from imports with a dot: no other file of the package can declare
	// them either.
	Dotted map[string]diag.Position
	// Declared are all package-level names of the server's package, without those of the guards and of tests.
	Declared map[string]diag.Position
	// Serving are the names of the server file that serve without a guard.
	Serving []string
}

// Method is a method of the server's interface: one operation of the document.
type Method struct {
	// Name is the operation's Go name.
	Name string
	// HTTPMethod and Path are the operation's, as the OpenAPI document has them: "GET", "/orders/{order-id}".
	HTTPMethod, Path string
	// Params are the bound parameters: those that follow the framework's own (w and r for net/http).
	Params []Param
	// Strict is the method of the strict interface with the same name, nil without a strict server.
	Strict   *StrictMethod
	Position diag.Position
}

// Param is a parameter of a method.
type Param struct {
	Name string
	Type Type
}

// StrictMethod is a method of the strict interface. Context and error are left out.
type StrictMethod struct {
	Request, Response Type
}

// Type is a type as the server's file writes it.
type Type interface {
	// Position is its place in the server's file.
	Position() diag.Position
	// Render is the type as Go source for the file that the qualifier speaks for. An error is a [*TypeError].
	Render(Qualifier) (string, error)
}

// Qualifier names declarations of the server's package, and of the packages it imports, for a generated file.
type Qualifier interface {
	// Local is the name by which the generated file refers to an exported name of the server's package: "api.OrderID",
	// or "OrderID" inside the same package.
	Local(name string) string
	// Import is the name by which the generated file imports the package at path, which the server's file calls name:
	// empty when it does not say how the package is called.
	Import(path, name string) string
}

// TypeError says why a type cannot be written in another package.
type TypeError struct {
	Position diag.Position
	Reason   string
}

// Error is one line: the position and the reason.
func (e *TypeError) Error() string { return e.Position.String() + ": " + e.Reason }

// Registration is one route as the generated constructor registers it.
type Registration struct {
	// HTTPMethod is in upper case, "GET".
	HTTPMethod string
	// Pattern is the router's pattern without the base URL, "/orders/{order_id}".
	Pattern string
	// Handler is the method of the server's interface that serves it. A path that refers to another one
	// ($ref: "#/paths/…") shares its method.
	Handler string
	// Key names the operation in the constructor's options, empty where these have nothing for operations.
	Key       string
	Position  diag.Position
	Framework framework.Framework
}

// Matches reports whether the route is that of an operation: same method, and same path but for the names of
// parameters, which versions of oapi-codegen change differently.
func (r Registration) Matches(httpMethod, path string) bool {
	return r.HTTPMethod == httpMethod && shape(r.Pattern) == shape(r.Framework.Pattern(path))
}

// shape is a path or pattern without its parameters' names, which routers may have renamed ({order-id} is
// {order_id} for net/http), and without the {$} by which net/http ends a pattern.
func shape(path string) string {
	var b strings.Builder
	path = strings.TrimSuffix(path, "{$}")
	for {
		before, rest, opened := strings.Cut(path, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !opened || !closed {
			b.WriteString(path)
			return b.String()
		}
		b.WriteString(before + "{}")
		path = after
	}
}

// Receiver is the generated code for one operation of a webhook or a callback: a method of an interface, and a function
// that makes a handler of it, which the application mounts.
type Receiver struct {
	// Name is the operation's Go name, "OrderPaid".
	Name string
	// Method is that of the interface, "HandleOrderPaidWebhook"; Constructor is the function,
	// "OrderPaidWebhookHandler".
	Method, Constructor string
	// HTTPMethod is the operation's, "POST"; Source is the name of the webhook or callback as the OpenAPI document
	// has it.
	HTTPMethod, Source string
	// Params are the bound parameters behind those of the framework: none, or one struct.
	Params []Param
	// Position is that of the interface's method.
	Position diag.Position
}
