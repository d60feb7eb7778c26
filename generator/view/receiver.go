package view

// Receivers are what oapi-codegen generates for webhooks, or for callbacks: one interface for all of a kind,
// and a function for each that makes a handler of it.
type Receivers struct {
	// Kind is "Webhook" or "Callback".
	Kind string
	// Methods are the receivers, in oapi-codegen's order.
	Methods []*Receiver

	file *File
}

// NewReceivers makes the view of a kind.
func NewReceivers(f *File, kind string, methods []*Receiver) *Receivers {
	return &Receivers{Kind: kind, Methods: methods, file: f}
}

// File is the file that the receivers are part of.
func (r *Receivers) File() *File { return r.file }

// Interface is oapi-codegen's interface, qualified.
func (r *Receivers) Interface() string { return r.file.API(r.Kind + "ReceiverInterface") }

// Type is the typed interface for a principal P.
func (r *Receivers) Type() string { return r.Kind + "Receiver" + r.file.TypeArguments() }

// Word is the kind in a sentence.
func (r *Receivers) Word() string { return unexported(r.Kind) }

// Receiver is one receiver: a method of oapi-codegen's interface, and of the typed one.
type Receiver struct {
	*Method
	// MethodName is the name of that method; Constructor is the function that makes a handler.
	MethodName, Constructor string
}

// Constructing is the name of the constructor of the guarded handler. In the server's own package
// oapi-codegen has taken the plain name.
func (f *File) Constructing(r *Receiver) string {
	if f.OwnPackage {
		return r.Constructor
	}
	return "Guarded" + r.Constructor
}

// ReceiverCall is the format of the expression that serves a request by oapi-codegen's handler of a receiver.
func (f *File) ReceiverCall() string {
	if f.Registers() {
		return "receiver(caller)(%s)"
	}
	return "receiver(caller).ServeHTTP(%s)"
}

// ReceiverMiddlewares reports whether oapi-codegen's functions for receivers take middlewares.
func (f *File) ReceiverMiddlewares() bool {
	return f.row().ReceiverParams() > 1
}
