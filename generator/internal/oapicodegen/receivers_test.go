package oapicodegen

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
)

// receiversDocument has webhooks and callbacks whose names need not be Go names; the summary of one is %q.
const receiversDocument = `openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /orders:
    post:
      operationId: createOrder
      callbacks:
        order shipped:
          '{$request.body#/url}':
            post: {responses: {"204": {description: OK}}}
            put: {operationId: moved, responses: {"204": {description: OK}}}
      responses: {"204": {description: OK}}
webhooks:
  order.paid:
    parameters: [{name: X-Signature, in: header, schema: {type: string}}]
    post:
      summary: %q
      parameters: [{name: at, in: query, required: true, schema: {type: string}}]
      responses: {"204": {description: OK}}
  refund: {$ref: '#/components/pathItems/refund'}
components:
  pathItems:
    refund:
      get: {operationId: get-refund, responses: {"204": {description: OK}}}
`

func receiversFile(t *testing.T, f framework.Framework, summary string) string {
	t.Helper()
	spec := filepath.Join(t.TempDir(), "spec.yaml")
	write(t, spec, fmt.Sprintf(receiversDocument, summary))
	return generated(t, spec, f, false)
}

func describeReceivers(t *testing.T, s *server.Server) string {
	t.Helper()
	var b strings.Builder
	for _, r := range slices.Concat(s.Webhooks, s.Callbacks) {
		fmt.Fprintf(&b, "%s %s %s = %s %q", r.Name, r.Method, r.Constructor, r.HTTPMethod, r.Source)
		for _, p := range r.Params {
			fmt.Fprintf(&b, ", %s %s", p.Name, render(t, p.Type))
		}
		b.WriteString("\n")
	}
	return b.String()
}

const wantReceivers = `OrderPaid HandleOrderPaidWebhook OrderPaidWebhookHandler = POST "order.paid", params api.OrderPaidParams
GetRefund HandleGetRefundWebhook GetRefundWebhookHandler = GET "refund"
OrderShipped HandleOrderShippedCallback OrderShippedCallbackHandler = POST "order shipped"
Moved HandleMovedCallback MovedCallbackHandler = PUT "order shipped"
`

func TestReceivers(t *testing.T) {
	for _, f := range framework.All() {
		t.Run(string(f), func(t *testing.T) {
			file := serverFile(t, map[string]string{"api/api.gen.go": receiversFile(t, f, "Paid.")})
			s, diags := Read(Options{File: file, Framework: f})
			if len(diags) > 0 || len(s.ReceiverProblems) > 0 {
				t.Fatal(lines(diags), lines(s.ReceiverProblems))
			}
			if got := describeReceivers(t, s); got != wantReceivers {
				t.Errorf("got\n%s\nwant\n%s", got, wantReceivers)
			}
		})
	}
}

// TestReceiversWithHostileSummaries has summaries that imitate the line that names a receiver's operation.
func TestReceiversWithHostileSummaries(t *testing.T) {
	const line = "HandleOrderPaidWebhook handles the GET webhook for refund."
	for _, summary := range []string{
		line, "x\n" + line, line + "\n", "x\n\n" + line + "\n\n", line + "\n\n[x]: https://example.com", "[x]: https://example.com\n\n" + line,
		"x\n\n[x]: https://example.com\n\nsee [x]", "[" + line + "]: https://example.com", "[a]: " + line,
		"- a\n- " + line, "x\n  - a\n  - " + line, "x\n\n  1. a\n\n     b\n", "    " + line, "# H\n\n" + line + "\n#", "x\r" + line, "x\u2028" + line, "*/ " + line, "//go:generate x\n//" + line,
	} {
		t.Run(summary, func(t *testing.T) {
			file := serverFile(t, map[string]string{"api/api.gen.go": receiversFile(t, framework.Gin, summary)})
			s, diags := Read(Options{File: file, Framework: framework.Gin})
			if len(diags) > 0 || len(s.ReceiverProblems) > 0 {
				t.Fatal(lines(diags), lines(s.ReceiverProblems))
			}
			if got := describeReceivers(t, s); got != wantReceivers {
				t.Errorf("got\n%s\nwant\n%s", got, wantReceivers)
			}
		})
	}
}

// TestReceiverDoubts tampers with the server file. What is said stays apart, and the receiver is left out.
func TestReceiverDoubts(t *testing.T) {
	const (
		methodLine = "// HandleGetRefundWebhook handles the GET webhook for refund.\n"
		method     = "\tHandleGetRefundWebhook(w http.ResponseWriter, r *http.Request)\n"
		function   = "func GetRefundWebhookHandler(si WebhookReceiverInterface, errHandler func(w http.ResponseWriter, r *http.Request, err error), middlewares ...WebhookReceiverMiddlewareFunc)"
		noLine     = `the comment of HandleGetRefundWebhook has no line "// HandleGetRefundWebhook handles the METHOD webhook for NAME."`
		noHandler  = "GetRefundWebhookHandler does not make a handler of HandleGetRefundWebhook, or lacks the parameters that oapi-codegen writes for std-http"
		twoNames   = "the comments of HandleGetRefundWebhook and GetRefundWebhookHandler name two webhooks"
	)
	tests := []struct {
		name, old, new, message string
		rule                    diag.Rule
	}{
		{"no comment", methodLine, "\n", noLine, diag.Rule{}},
		{"comment apart", methodLine, methodLine + "\n", noLine, diag.Rule{}},
		{"text behind the line", methodLine, methodLine + "\t// more\n", noLine, diag.Rule{}},
		{"line of another method", methodLine, strings.Replace(methodLine, "GetRefund", "OrderPaid", 1), noLine, diag.Rule{}},
		{"line of a callback", methodLine, strings.Replace(methodLine, "GET webhook", "GET callback", 1), noLine, diag.Rule{}},
		{"line of another webhook", methodLine, strings.Replace(methodLine, "refund.", "order.paid.", 1), twoNames, diag.Rule{}},
		{"function for another webhook", "the refund webhook.", "the order.paid webhook.", twoNames, diag.Rule{}},
		{"function for a callback", "the refund webhook.", "the refund callback.", twoNames, diag.Rule{}},
		{"function's comment for another function", "// GetRefundWebhookHandler returns", "// OrderPaidWebhookHandler returns", twoNames, diag.Rule{}},
		{"function without comment", "// GetRefundWebhookHandler returns", "//\n\n// GetRefundWebhookHandler gives", twoNames, diag.Rule{}},
		{"no function", "func GetRefundWebhookHandler(", "func GetWebhookHandler(", "no function makes a handler of HandleGetRefundWebhook", diag.Rule{}},
		{"another method is called", "si.HandleGetRefundWebhook(w, r)", "si.HandleOrderPaidWebhook(w, r)", noHandler, diag.Rule{}},
		{"another method is called too", "si.HandleGetRefundWebhook(w, r)", "si.HandleGetRefundWebhook(w, r); si.HandleOrderPaidWebhook(w, r)", noHandler, diag.Rule{}},
		{"no method is called", "si.HandleGetRefundWebhook(w, r)", "", noHandler, diag.Rule{}},
		{"other receivers", function, strings.Replace(function, "si WebhookReceiver", "si CallbackReceiver", 1), noHandler, diag.Rule{}},
		{"fewer parameters", function, strings.Replace(function, ", middlewares ...WebhookReceiverMiddlewareFunc", "", 1), noHandler, diag.Rule{}},
		{"method with two parameters", method, strings.Replace(method, "Request)", "Request, a, b int)", 1), "HandleGetRefundWebhook has more parameters than oapi-codegen writes", diag.Rule{}},
		{"method of another framework", method, strings.Replace(method, "w http.ResponseWriter, ", "", 1), "HandleGetRefundWebhook does not begin with the parameters that oapi-codegen writes for std-http", ruleSignature},
	}
	code := receiversFile(t, framework.StdHTTP, "Paid.")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if strings.Count(code, test.old) != 1 {
				t.Fatalf("%q occurs %d times", test.old, strings.Count(code, test.old))
			}
			content := strings.Replace(code, test.old, test.new, 1)
			file := serverFile(t, map[string]string{"api/api.gen.go": content})
			s, diags := Read(Options{File: file, Framework: framework.StdHTTP})
			if len(diags) > 0 {
				t.Fatal(lines(diags))
			}
			want := diag.Diagnostic{
				Position: positionOf(t, file, content, "\tHandleGetRefundWebhook(", 1), Severity: diag.Error,
				Rule: ruleReceiver, Message: test.message + ": " + again,
			}
			if test.rule != (diag.Rule{}) {
				want.Rule = test.rule
			}
			if !reflect.DeepEqual(s.ReceiverProblems, diag.List{want}) {
				t.Errorf("got\n%v\nwant\n%v", lines(s.ReceiverProblems), want)
			}
			left := strings.Replace(wantReceivers, "GetRefund HandleGetRefundWebhook GetRefundWebhookHandler = GET \"refund\"\n", "", 1)
			if got := describeReceivers(t, s); got != left {
				t.Errorf("got\n%s\nwant\n%s", got, left)
			}
		})
	}
}
