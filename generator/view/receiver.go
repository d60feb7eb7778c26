package view

import "strings"

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
func (r *Receivers) Word() string { return strings.ToLower(r.Kind) }

// Receiver is one receiver: a method of oapi-codegen's interface, and of the typed one.
type Receiver struct {
	*Method
	// Constructor is oapi-codegen's function that makes a handler of a receiver, and ConstructorName the one of the
	// guarded handler. Constant is the receiver's place in their table.
	Constructor, ConstructorName, Constant string
}

// ConstructorDoc is the comment of the constructor, line by line.
func (r *Receiver) ConstructorDoc() []string {
	serves := r.ConstructorName + " serves " + r.Route()
	if !r.Public() {
		serves += " behind its guard"
	}
	return doc(0, strings.Split(serves+". Mount it where its senders expect it.", " "))
}

// ConstructorName is the name for the constructor of a guarded handler. In the server's own package oapi-codegen has
// taken its own name for it.
func (f *File) ConstructorName(constructor string) string {
	if f.OwnPackage {
		return constructor
	}
	return "Guarded" + constructor
}

// AllReceivers are the receivers of both kinds, in the order of their table.
func (f *File) AllReceivers() []*Receiver {
	var all []*Receiver
	for _, kind := range f.Receivers {
		all = append(all, kind.Methods...)
	}
	return all
}

// ReceiverMiddlewares reports whether oapi-codegen's functions for receivers take middlewares.
func (f *File) ReceiverMiddlewares() bool {
	return f.row().ReceiverParams() > 1
}
