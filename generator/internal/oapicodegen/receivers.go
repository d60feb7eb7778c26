package oapicodegen

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"

	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

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

// receivers reads the receivers of webhooks and callbacks. Their problems are kept apart, because they matter only to
// an API that guards a receiver.
func (r *reader) receivers(s *server.Server) {
	apart := *r
	apart.diags = nil
	s.Webhooks = apart.receiversOf(webhook)
	s.Callbacks = apart.receiversOf(callback)
	s.ReceiverProblems = apart.diags
}

func (r *reader) receiversOf(kind receiverKind) []server.Receiver {
	if r.source.findType(kind.interfaceName()) == nil {
		return nil
	}
	var receivers []server.Receiver
	fields, _ := r.interfaceFields(kind.interfaceName(), ruleReceiver)
	for _, field := range fields {
		receiver, problem := r.receiver(kind, field)
		if problem != "" {
			r.diags.Report(receiver.Position, ruleReceiver, "%s: %s", problem, again)
			continue
		}
		params, ok := r.boundParams(receiver.Method, receiver.Position, field.Type.(*ast.FuncType))
		switch {
		case !ok:
		case len(params) > 1:
			r.diags.Report(receiver.Position, ruleReceiver, "%s has more parameters than oapi-codegen writes: %s", receiver.Method, again)
		default:
			receiver.Params = params
			receivers = append(receivers, receiver)
		}
	}
	return receivers
}

// receiver reads a method of the interface, and takes it for the operation that its comment names if the function
// that calls it agrees. Otherwise it returns the problem.
func (r *reader) receiver(kind receiverKind, field *ast.Field) (receiver server.Receiver, problem string) {
	receiver = server.Receiver{Method: field.Names[0].Name, Position: r.source.position(field)}
	line, ok := receiverLine(field.Doc)
	if !ok || line.function != receiver.Method || line.kind != kind.word() {
		return receiver, fmt.Sprintf("the comment of %s has no line \"// %s handles the METHOD %s for NAME.\"", receiver.Method, receiver.Method, kind.word())
	}
	receiver.HTTPMethod, receiver.Source = line.method, line.source
	receiver.Name = strings.TrimSuffix(strings.TrimPrefix(receiver.Method, "Handle"), string(kind))
	receiver.Constructor = receiver.Name + string(kind) + "Handler"
	function := r.source.findFunc(receiver.Constructor)
	switch {
	case "Handle"+receiver.Name+string(kind) != receiver.Method || function == nil:
		return receiver, fmt.Sprintf("no function makes a handler of %s", receiver.Method)
	case !r.constructor(kind, function, receiver.Method):
		return receiver, fmt.Sprintf("%s does not make a handler of %s, or lacks the parameters that oapi-codegen writes for %s", receiver.Constructor, receiver.Method, r.options.Framework)
	case !constructorLine(function.Doc, receiver.Constructor, receiver.Source, kind):
		return receiver, fmt.Sprintf("the comments of %s and %s name two %ss", receiver.Method, receiver.Constructor, kind.word())
	}
	return receiver, ""
}

// constructor reports whether a function takes the receivers and, behind them, the parameters of the framework's
// constructors, and calls this one of the receivers' methods.
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

// namedReceiver is the content of the comment of an interface's method.
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
