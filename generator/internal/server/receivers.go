package server

import (
	"go/ast"
	"regexp"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/diag"
)

// Receiver is what oapi-codegen generates for one operation of a webhook or a callback: a method of
// WebhookReceiverInterface or CallbackReceiverInterface, and a function that makes a handler of it.
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

// receiverKind is "Webhook" or "Callback", as it stands in the names of declarations.
type receiverKind string

const (
	webhook  receiverKind = "Webhook"
	callback receiverKind = "Callback"
)

func (k receiverKind) interfaceName() string { return string(k) + "ReceiverInterface" }

// word is the kind in the text of comments.
func (k receiverKind) word() string { return strings.ToLower(string(k)) }

// constructs reports whether a function may make a handler of a receiver.
func (k receiverKind) constructs(name string) bool {
	return strings.HasSuffix(name, string(k)+"Handler")
}

// receivers reads the receivers of webhooks and callbacks. What is wrong with them matters only to those who have
// guarded ones, so it is kept apart.
func (r *reader) receivers(server *Server) {
	apart := *r
	apart.diags = nil
	server.Webhooks = apart.receiversOf(webhook)
	server.Callbacks = apart.receiversOf(callback)
	server.Doubts = apart.diags
}

func (r *reader) receiversOf(kind receiverKind) []Receiver {
	if r.source.findType(kind.interfaceName()) == nil {
		return nil
	}
	var found []Receiver
	for _, field := range r.interfaceFields(kind.interfaceName(), ruleReceiver) {
		if receiver, ok := r.receiver(kind, field); ok {
			found = append(found, receiver)
		}
	}
	return found
}

// receiver reads a method of the interface, and takes it for the operation that its comment names if the
// function that calls it agrees.
func (r *reader) receiver(kind receiverKind, field *ast.Field) (Receiver, bool) {
	receiver := Receiver{Method: field.Names[0].Name, Position: r.source.position(field)}
	refuse := func(format string, args ...any) (Receiver, bool) {
		r.diags.Report(receiver.Position, ruleReceiver, format+": "+again, args...)
		return Receiver{}, false
	}
	line, ok := receiverLine(field.Doc)
	if !ok || line.function != receiver.Method || line.kind != kind.word() {
		return refuse("above %s there is no line \"// %s handles the METHOD %s for NAME.\"", receiver.Method, receiver.Method, kind.word())
	}
	receiver.HTTPMethod, receiver.Source = line.method, line.source
	receiver.Name = strings.TrimSuffix(strings.TrimPrefix(receiver.Method, "Handle"), string(kind))
	receiver.Constructor = receiver.Name + string(kind) + "Handler"
	function := r.source.findFunc(receiver.Constructor)
	switch {
	case "Handle"+receiver.Name+string(kind) != receiver.Method || function == nil:
		return refuse("there is no function that makes a handler of %s", receiver.Method)
	case !r.constructor(kind, function, receiver.Method):
		return refuse("%s does not make a handler of %s, or has not the parameters that oapi-codegen writes for %s", receiver.Constructor, receiver.Method, r.options.Framework)
	case !constructorLine(function.Doc, receiver.Constructor, receiver.Source, kind):
		return refuse("the comments of %s and %s name two %ss", receiver.Method, receiver.Constructor, kind.word())
	}
	known := len(r.diags)
	receiver.Params = r.boundParams(Method{Name: receiver.Method, Position: receiver.Position}, field.Type.(*ast.FuncType))
	if len(receiver.Params) > 1 {
		return refuse("%s has more parameters than oapi-codegen writes", receiver.Method)
	}
	return receiver, len(r.diags) == known
}

// constructor reports whether a function takes the receivers and what the framework's constructors take behind
// them, and calls this method of theirs and no other.
func (r *reader) constructor(kind receiverKind, function *ast.FuncDecl, method string) bool {
	params := function.Type.Params
	if params.NumFields() != r.options.Framework.ReceiverParams() || len(params.List[0].Names) != 1 || function.Body == nil {
		return false
	}
	if of, ok := params.List[0].Type.(*ast.Ident); !ok || of.Name != kind.interfaceName() {
		return false
	}
	receivers, called, other := params.List[0].Names[0].Name, false, false
	ast.Inspect(function.Body, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == receivers {
				called = called || selector.Sel.Name == method
				other = other || selector.Sel.Name != method
			}
		}
		return true
	})
	return called && !other
}

var (
	receiverPattern    = regexp.MustCompile(`^// (\S+) handles the (\S+) (webhook|callback) for (.*)\.$`)
	constructorPattern = regexp.MustCompile(`^// (\S+) returns the (\S+) for the (.*) (webhook|callback)\.$`)
	linkDefinition     = regexp.MustCompile(`^// \[[^\]]+\]: `)
)

// namedReceiver is what the comment of an interface's method says.
type namedReceiver struct{ function, method, kind, source string }

// receiverLine reads the line that names a receiver's operation. oapi-codegen writes it last, below the summary,
// which is the document's and may imitate it; gofmt moves the summary's link definitions behind it.
func receiverLine(comment *ast.CommentGroup) (namedReceiver, bool) {
	if comment == nil {
		return namedReceiver{}, false
	}
	last := len(comment.List) - 1
	for last > 0 && behindReceiverLine(comment.List[last].Text) {
		last--
	}
	match := receiverPattern.FindStringSubmatch(comment.List[last].Text)
	if match == nil {
		return namedReceiver{}, false
	}
	return namedReceiver{match[1], match[2], match[3], match[4]}, true
}

func behindReceiverLine(line string) bool {
	return strings.TrimSpace(line) == "//" || linkDefinition.MatchString(line)
}

// constructorLine reports whether the first line of a constructor's comment, above which the document has no
// text, names the same operation.
func constructorLine(comment *ast.CommentGroup, constructor, source string, kind receiverKind) bool {
	if comment == nil {
		return false
	}
	match := constructorPattern.FindStringSubmatch(comment.List[0].Text)
	return match != nil && match[1] == constructor && match[3] == source && match[4] == kind.word()
}
