package spec

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type misreading struct {
	name   string
	change func(*Document)
	want   string
}

// without is n without one of its members.
func without(n *Node, key string) *Node {
	return &Node{kind: Mapping, members: slices.DeleteFunc(slices.Clone(n.Members()), func(m Member) bool { return m.Key == key })}
}

var extensionsMisread = []misreading{
	{"check dropped", func(d *Document) {
		d.Operations[0].PathItem = without(d.Operations[0].PathItem, "x-resource-check")
	}, `reads the x-resource-check of this operation as "owns", but this program reads none`},
	{"check switched off", func(d *Document) {
		changed := without(d.Operations[1].Node, "")
		changed.members = append(changed.members, Member{Key: "x-resource-check", Value: &Node{kind: Bool, text: "false"}})
		d.Operations[1].Node = changed
	}, `reads the x-resource-check of this operation as "owns", but this program reads false`},
	{"concealment dropped", func(d *Document) {
		d.Operations[0].Node = without(d.Operations[0].Node, "x-conceal")
	}, `reads the x-conceal of this operation as "not-found", but this program reads "forbidden"`},
	{"stale credentials dropped", func(d *Document) {
		d.Operations[1].Node = without(d.Operations[1].Node, "x-invalid-credentials")
	}, `reads the x-invalid-credentials of this operation as "anonymous", but this program reads none`},
	{"two extensions dropped", func(d *Document) {
		d.Operations[1].PathItem = &Node{kind: Mapping}
	}, `as ["support"], but this program reads {"anyOf":["admin","1"]}` + "\n" + reader + ` reads the x-resource-check of this operation as "owns", but this program reads none`},
}

// Documents that both readers read alike are changed after the loading, as if the tree had been misread.
func TestCrossCheckFindsMisreadings(t *testing.T) {
	const text = `openapi: 3.1.0
security: [{a: []}]
x-required-roles: {anyOf: [admin, '1']}
x-conceal: forbidden
components: {securitySchemes: {a: {type: http, scheme: basic}}}
paths:
  /a:
    x-required-roles: [support]
    x-resource-check: owns
    get: {security: [{a: [x, y]}, {b: [], a: []}], x-conceal: not-found}
    put:
      x-invalid-credentials: anonymous
      callbacks: {paid: {'{$url}': {post: {security: [{a: [z]}]}}}}
webhooks:
  x-sent:
    get: {security: [], x-required-roles: [hook]}
`
	tests := []misreading{
		{"nothing", func(*Document) {}, ""},
		{"operation missed", func(d *Document) { d.Operations = d.Operations[:1] }, "finds the operation PUT /a"},
		{"webhook missed", func(d *Document) { d.Webhooks = nil }, `finds the operation GET webhook "x-sent"`},
		{"webhook misread", func(d *Document) { d.Webhooks[0].Node = &Node{kind: Mapping} }, `reads the security of this operation as [], but this program reads [{"a": []}]`},
		{"roles of a webhook dropped", func(d *Document) {
			d.Webhooks[0].Node = &Node{kind: Mapping, members: d.Webhooks[0].Node.Members()[:1]}
		}, `as ["hook"], but this program reads {"anyOf":["admin","1"]}`},
		{"callback missed", func(d *Document) { d.Callbacks = nil }, `finds the operation POST callback "paid" of PUT /a ({$url})`},
		{"callback misread", func(d *Document) { d.Callbacks[0].Node = &Node{kind: Mapping} }, `as [{"a": ["z"]}], but this program reads [{"a": []}]`},
		{"callback of another operation", func(d *Document) { d.Callbacks[0].Within = d.Operations[0] }, `does not find this operation at {$url}`},
		{"operation invented", func(d *Document) { d.Operations[0].Method = "POST" }, "does not find this operation at /a"},
		{"security dropped", func(d *Document) { d.Operations[0].Node = &Node{kind: Mapping} }, `as [{"a": ["x" "y"]}, {"a": [], "b": []}], but this program reads [{"a": []}]`},
		{"inherited security dropped", func(d *Document) { d.Root = &Node{kind: Mapping, members: d.Root.Members()[2:]} }, ""},
		{"scheme misread", func(d *Document) { d.Schemes[0].Node = &Node{kind: Mapping} }, `of this security scheme as ["http" "basic" "" ""], but this program reads ["" "" "" ""]`},
		{"scheme invented", func(d *Document) { d.Schemes[0].Name = "z" }, `of this security scheme as ["" "" "" ""], but this program reads ["http" "basic" "" ""]`},
		{"roles dropped", func(d *Document) { d.Operations[0].PathItem = &Node{kind: Mapping} }, `as ["support"], but this program reads {"anyOf":["admin","1"]}`},
		{"all roles dropped", func(d *Document) {
			d.Root = &Node{kind: Mapping, members: slices.DeleteFunc(slices.Clone(d.Root.Members()), func(m Member) bool { return isExtension(m.Key) })}
			d.Operations[0].PathItem = &Node{kind: Mapping}
		}, `as ["support"], but this program reads none`},
		{"scope dropped", func(d *Document) {
			alternative := d.Operations[0].Node.Get("security").Items()[0]
			changed := *d.Operations[0].Node
			changed.members = []Member{{Key: "security", Value: &Node{kind: Sequence, items: []*Node{alternative}}}}
			d.Operations[0].Node = &changed
		}, `this program reads [{"a": ["x" "y"]}]`},
	}
	for _, test := range append(tests, extensionsMisread...) {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "openapi.yaml")
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			document, diags := Load(Options{Path: path})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			test.change(document)
			diags = document.CrossCheck()
			said := ""
			for _, d := range diags {
				said += d.Message + "\n"
			}
			if (test.want == "") != (said == "") || !strings.Contains(said, test.want) {
				t.Errorf("said %q, want %q", said, test.want)
			}
		})
	}
}

// TestCrossCheckSorts: what the two readings differ in is told in the document's order.
func TestCrossCheckSorts(t *testing.T) {
	document, diags := loadTexts(map[string]string{"openapi.yaml": `openapi: 3.1.0
security: [{a: []}]
paths:
  /a: {get: {security: []}}
components: {securitySchemes: {a: {type: http, scheme: basic}}}
`}, Options{})
	wantSaid(t, diags)
	document.Operations[0].Node, document.Schemes[0].Node = &Node{kind: Mapping}, &Node{kind: Mapping}
	wantSaid(t, document.CrossCheck(),
		"openapi.yaml:4:8: error: "+reader+` reads the security of this operation as [], but this program reads [{"a": []}]`,
		"openapi.yaml:5:32: error: "+reader+` reads type, scheme, in and name of this security scheme as ["http" "basic" "" ""], but this program reads ["" "" "" ""]`)
}
