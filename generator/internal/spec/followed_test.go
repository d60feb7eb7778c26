package spec

import (
	"slices"
	"testing"
)

// requested is a document whose path item stands in another file, with references to files beside that one.
var requested = map[string]string{
	"openapi.yaml": `openapi: 3.1.0
paths:
  /a/{id}/{no}: {$ref: items/a.yaml}
  /b: {get: {parameters: [{name: z, in: query}, {name: b, in: query}, {name: '', in: query}, {name: h, in: header}, {$ref: '#/paths/~1a~1%7Bid%7D~1%7Bno%7D/x-none'}]}}
webhooks:
  sent: {post: {parameters: [{name: b, in: query}]}}
`,
	"items/a.yaml": `parameters:
- {name: id, in: path, schema: {type: string}}
- {name: no, in: path, schema: {$ref: 's.yaml#/Number'}}
- {name: b, in: query, description: of the item}
put:
  parameters:
  - {name: id, in: query}
  - {$ref: 's.yaml#/Id'}
  - {name: b, in: query, description: own}
  - {name: b, in: query, description: again}
  requestBody: {$ref: 's.yaml#/Body'}
  responses:
    '200': {description: fine}
    x-note: {description: none}
    4XX: {$ref: 's.yaml#/Refused'}
    default: {$ref: 's.yaml#/Missing'}
get: {}
`,
	"items/s.yaml": `Id: {name: id, in: path, schema: {allOf: [{$ref: '#/Whole'}]}}
Whole: {type: integer}
Number: {type: number, allOf: [{type: string}]}
Body: {content: {application/json: {schema: {allOf: [{$ref: '#/Whole'}, {type: object}, {$ref: '#/Lost'}]}}}}
Refused: {description: refused}
`,
}

func loadRequested(t *testing.T) *Document {
	t.Helper()
	inFolder(t, requested)
	document, _ := Load(Options{Path: "openapi.yaml"})
	return document
}

func operationOf(t *testing.T, d *Document, name string) *Operation {
	t.Helper()
	for _, o := range d.Operations {
		if o.String() == name {
			return o
		}
	}
	t.Fatalf("no operation %s in %q", name, described(d.Operations))
	return nil
}

// TestParameters: an operation's own parameters replace those of its path item with the same name and place; references
// are followed, and those that lead nowhere left out.
func TestParameters(t *testing.T) {
	document := loadRequested(t)
	tests := []struct {
		operation string
		want      []string
	}{
		{"PUT /a/{id}/{no}", []string{"query id ", "path id ", "query b own", "path no "}},
		{"GET /a/{id}/{no}", []string{"path id ", "path no ", "query b of the item"}},
		{"GET /b", []string{"query z ", "query b ", "query  ", "header h "}},
	}
	for _, test := range tests {
		var got []string
		for _, p := range document.Parameters(operationOf(t, document, test.operation)) {
			got = append(got, p.StringAt("in")+" "+p.StringAt("name")+" "+p.StringAt("description"))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.operation, got, test.want)
		}
	}
}

// TestRequestBody: every step into a body follows references, against the file in which it stands; what is not there
// has nothing in it.
func TestRequestBody(t *testing.T) {
	document := loadRequested(t)
	body := document.RequestBody(operationOf(t, document, "PUT /a/{id}/{no}"))
	var got []string
	for _, part := range body.Get("content").Get("application/json").Get("schema").Get("allOf").Items() {
		got = append(got, part.Get("type").Text()+" "+part.Position().String())
	}
	if want := []string{"integer items/s.yaml:2:8", "object items/s.yaml:4:73", " "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if none := document.RequestBody(operationOf(t, document, "GET /b")); none.Node != nil || none.Get("content").Node != nil || none.Items() != nil {
		t.Errorf("got %+v", none)
	}
}

// TestResponses: extensions are not answers, and an answer whose reference leads nowhere is still documented.
func TestResponses(t *testing.T) {
	document := loadRequested(t)
	var got []string
	for _, r := range document.Responses(operationOf(t, document, "PUT /a/{id}/{no}")) {
		got = append(got, r.Position.String()+" "+r.Code+" "+r.Node.StringAt("description"))
	}
	if want := []string{"items/a.yaml:13:5 200 fine", "items/a.yaml:15:5 4XX refused", "items/a.yaml:16:5 default "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if lost := document.Responses(operationOf(t, document, "PUT /a/{id}/{no}"))[2]; lost.Node != nil {
		t.Errorf("got %+v", lost)
	}
}

// TestQueryNames: each name of a query parameter is listed once, in order.
func TestQueryNames(t *testing.T) {
	if got, want := loadRequested(t).QueryNames(), []string{"b", "id", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestPathParameter: a path parameter is found by name and place, the operation's own first, with its schema behind
// references and an allOf of one schema; a schema with a type of its own is plain.
func TestPathParameter(t *testing.T) {
	document := loadRequested(t)
	tests := []struct{ operation, name, want string }{
		{"PUT /a/{id}/{no}", "id", "items/a.yaml:8:5 items/s.yaml:2:8"},
		{"GET /a/{id}/{no}", "id", "items/a.yaml:2:3 items/a.yaml:2:32"},
		{"PUT /a/{id}/{no}", "no", "items/a.yaml:3:3 items/s.yaml:3:9"},
		{"PUT /a/{id}/{no}", "b", ""},
		{"GET /b", "h", ""},
	}
	for _, test := range tests {
		p, ok := document.PathParameter(operationOf(t, document, test.operation), test.name)
		got := ""
		if ok {
			got = p.Position.String() + " " + p.Schema.Position().String()
		}
		if got != test.want || p.Node.StringAt("name") != test.name && ok {
			t.Errorf("%s %s: %q, want %q", test.operation, test.name, got, test.want)
		}
	}
}
