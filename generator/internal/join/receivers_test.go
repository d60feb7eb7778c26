package join

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/oapi-guard/oapi-guard/generator/internal/framework"
	"github.com/oapi-guard/oapi-guard/generator/internal/oapicodegen"
	"github.com/oapi-guard/oapi-guard/generator/internal/spec"
	"github.com/oapi-guard/oapi-guard/generator/policy"
)

const receiversDocument = `openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /orders:
    post:
      operationId: createOrder
      security: []
      callbacks:
        shipped:
          '{$request.body#/url}':
            post: {operationId: orderShipped, security: [{hook: []}], responses: {"204": {description: OK}}}
          '{$request.body#/other}':
            post: {operationId: otherShipped, security: [], responses: {"204": {description: OK}}}
      responses: {"204": {description: OK}}
webhooks:
  order.paid:
    post: {security: [{hook: []}], responses: {"204": {description: OK}}}
    put: {operationId: putPaid, security: [], responses: {"204": {description: OK}}}
components:
  securitySchemes:
    hook: {type: apiKey, in: header, name: X-Hook}
`

// joinReceivers has oapi-codegen generate a server from one document, changes document and server, and joins them.
func joinReceivers(t *testing.T, document string, changeDocument, changeServer *strings.Replacer) (*Joined, string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("go.mod", "module example.com/m\n")
	path := write("openapi.yaml", document)
	config := codegen.Configuration{PackageName: "api", Generate: codegen.GenerateOptions{ChiServer: true, Models: true}}
	code, diags := oapicodegen.Run(oapicodegen.RunOptions{Spec: path, Config: config, ConfigFile: "oapi-codegen.yaml"})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	write("openapi.yaml", changeDocument.Replace(document))
	s, diags := oapicodegen.Read(oapicodegen.Options{File: write("api.gen.go", changeServer.Replace(string(code))), Framework: framework.Chi})
	if s == nil {
		t.Fatal(diags)
	}
	loaded, diags := spec.Load(spec.Options{Path: path})
	p, more := policy.Build(loaded, policy.Options{})
	if diags.HasErrors() || more.HasErrors() {
		t.Fatal(diags, more)
	}
	m := matcher{policy: p, server: s, target: Target{ServerFile: "api.gen.go", Framework: framework.Chi}}
	m.matchReceivers()
	m.diags.Sort()
	var b strings.Builder
	for _, d := range m.diags {
		at := d.Position.String()
		if d.Position.File != path {
			at = "server"
		}
		b.WriteString(strings.ReplaceAll(at+" "+d.Rule.ID+": "+d.Message+"\n", dir+"/", ""))
	}
	return &m.Joined, b.String()
}

func describePairs(j *Joined) string {
	var b strings.Builder
	for _, pairs := range [][]ReceiverPair{j.Webhooks, j.Callbacks} {
		for _, p := range pairs {
			b.WriteString(p.Operation.Method + " " + p.Operation.Source + " " + p.Operation.ID + " " + p.Receiver.Method + "\n")
		}
	}
	return b.String()
}

func TestMatchReceivers(t *testing.T) {
	const (
		paid    = "POST order.paid  HandleOrderPaidWebhook\nPUT order.paid putPaid HandlePutPaidWebhook\n"
		shipped = "POST shipped orderShipped HandleOrderShippedCallback\nPOST shipped otherShipped HandleOtherShippedCallback\n"
	)
	unguard := func(kind string) string { return kind + ", security: []" }
	tests := []struct {
		name             string
		before           []string // changes of the document before oapi-codegen runs
		document, server []string // changes after it
		pairs, want      string
	}{
		{name: "all there", pairs: paid + shipped},
		{name: "order does not matter", document: []string{"{$request.body#/url}", "{$request.body#/z}"}, pairs: paid + shipped},
		{
			name: "no guarded webhook", document: []string{"post: {security: [{hook: []}]", "post: {security: []"}, pairs: shipped,
		},
		{
			name: "no guarded callback", document: []string{"orderShipped, security: [{hook: []}]", unguard("orderShipped")}, pairs: paid,
		},
		{
			name: "nothing guarded, and doubtful", document: []string{"{hook: []}", ""}, server: []string{"si.Handle", "si.Handles"},
		},
		{
			name: "webhook added", document: []string{"  order.paid:", "  added: {get: {security: []}}\n  order.paid:"}, pairs: paid + shipped,
			want: `openapi.yaml:16:11 server-stale: api.gen.go has no receiver for the GET webhook "added": run oapi-codegen (2.8 or later) again, then oapi-guard` + "\n",
		},
		{
			name: "webhook removed", document: []string{"    put: {operationId: putPaid,", "    x-put: {"}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `server server-stale: HandlePutPaidWebhook receives the PUT webhook "order.paid", which the document does not have: run oapi-codegen again, then oapi-guard` + "\n",
		},
		{
			name: "webhook renamed", document: []string{"order.paid:", "order-paid:"}, pairs: shipped,
			want: `server server-stale: HandleOrderPaidWebhook receives the POST webhook "order.paid", which the document does not have: run oapi-codegen again, then oapi-guard
server server-stale: HandlePutPaidWebhook receives the PUT webhook "order.paid", which the document does not have: run oapi-codegen again, then oapi-guard
openapi.yaml:17:5 server-stale: api.gen.go has no receiver for the POST webhook "order-paid": run oapi-codegen (2.8 or later) again, then oapi-guard
openapi.yaml:18:5 server-stale: api.gen.go has no receiver for the PUT webhook "order-paid": run oapi-codegen (2.8 or later) again, then oapi-guard
`,
		},
		{
			name: "method changed", document: []string{"put: {operationId", "patch: {operationId"}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `server server-stale: HandlePutPaidWebhook receives the PUT webhook "order.paid", which the document does not have: run oapi-codegen again, then oapi-guard
openapi.yaml:18:5 server-stale: api.gen.go has no receiver for the PATCH webhook "order.paid": run oapi-codegen (2.8 or later) again, then oapi-guard
`,
		},
		{
			name: "operationId changed", document: []string{"putPaid", "paidPut"}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `openapi.yaml:18:5 server-stale: api.gen.go receives the PUT webhook "order.paid" with HandlePutPaidWebhook, but its name in the document is paidPut: run oapi-codegen again, then oapi-guard` + "\n",
		},
		{
			name: "operationId removed", document: []string{"operationId: putPaid, ", ""}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `openapi.yaml:18:5 server-stale: api.gen.go receives the PUT webhook "order.paid" with HandlePutPaidWebhook, but its name in the document is order.paid: run oapi-codegen again, then oapi-guard` + "\n",
		},
		{
			name: "callbacks exchanged", document: []string{"orderShipped", "otherShipped", "otherShipped", "orderShipped"},
			pairs: paid + "POST shipped otherShipped HandleOtherShippedCallback\nPOST shipped orderShipped HandleOrderShippedCallback\n",
		},
		{
			name: "callback removed", document: []string{"post: {operationId: otherShipped", "x-post: {operationId: otherShipped"}, pairs: paid + strings.SplitAfter(shipped, "\n")[0],
			want: `server server-stale: HandleOtherShippedCallback receives the POST callback "shipped", which the document does not have: run oapi-codegen again, then oapi-guard` + "\n",
		},
		{
			name: "server without receivers", server: []string{"type WebhookReceiverInterface", "type Receivers"}, pairs: shipped,
			want: `openapi.yaml:17:5 server-stale: api.gen.go has no receiver for the POST webhook "order.paid": run oapi-codegen (2.8 or later) again, then oapi-guard
openapi.yaml:18:5 server-stale: api.gen.go has no receiver for the PUT webhook "order.paid": run oapi-codegen (2.8 or later) again, then oapi-guard
`,
		},
		{
			name: "doubts are reported once", server: []string{"si.HandlePutPaidWebhook", "si.Handle"}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: "server server-receiver: PutPaidWebhookHandler does not make a handler of HandlePutPaidWebhook, or lacks the parameters that oapi-codegen writes for chi: run oapi-codegen again, without custom templates for the server\n",
		},
		{
			name: "one name for two methods", before: []string{"operationId: putPaid, ", ""}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `openapi.yaml:18:5 name-collision: the PUT webhook "order.paid" and the POST webhook "order.paid" (openapi.yaml:17:5) both become HandleOrderPaidWebhook in Go: give one of them another operationId` + "\n",
		},
		{
			name: "one name for two webhooks", before: []string{"    put: {operationId: putPaid", "  order-paid:\n    put: {summary: x"}, pairs: strings.SplitAfter(paid, "\n")[0] + shipped,
			want: `openapi.yaml:19:5 name-collision: the PUT webhook "order-paid" and the POST webhook "order.paid" (openapi.yaml:17:5) both become HandleOrderPaidWebhook in Go: give one of them another operationId` + "\n",
		},
		{
			name: "callback of two operations", before: []string{"webhooks:", "  /alias: {$ref: '#/paths/~1orders'}\nwebhooks:"}, pairs: paid + shipped,
			want: `openapi.yaml:11:13 name-collision: the POST callback "shipped" of POST /alias and the POST callback "shipped" of POST /orders (openapi.yaml:11:13) both become HandleOrderShippedCallback in Go: write the callback twice, with different operationIds, instead of referring to it
openapi.yaml:13:13 name-collision: the POST callback "shipped" of POST /alias and the POST callback "shipped" of POST /orders (openapi.yaml:13:13) both become HandleOtherShippedCallback in Go: write the callback twice, with different operationIds, instead of referring to it
`,
		},
		{
			name: "names beyond ASCII", before: []string{"orderShipped", "заказ", "otherShipped", "товар"}, pairs: paid,
			want: `openapi.yaml:11:13 server-mismatch: api.gen.go has several receivers that may be the one for the POST callback "shipped" of POST /orders: give it an operationId of ASCII letters and digits
`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := strings.NewReplacer(test.before...).Replace(receiversDocument)
			j, said := joinReceivers(t, before, strings.NewReplacer(test.document...), strings.NewReplacer(test.server...))
			if said != test.want {
				t.Errorf("said\n%s\nwant\n%s", said, test.want)
			}
			if got := describePairs(j); got != test.pairs {
				t.Errorf("pairs\n%s\nwant\n%s", got, test.pairs)
			}
		})
	}
}
