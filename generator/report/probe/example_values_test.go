package probe_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/report/probe"
)

// TestParameterValues: the example, the first of the examples, the first of an enum, and else the simplest that the schema
// admits; in a path one that no resource has.
func TestParameterValues(t *testing.T) {
	for _, row := range []struct{ parameter, want string }{
		{"in: path, schema: {type: string}", "oapi-guard-probe"},
		{"in: path, schema: {type: integer}", "0"},
		{"in: path, schema: {type: integer, minimum: 1}", "2147483647"},
		{"in: path, schema: {type: integer, minimum: 1, maximum: 99}", "99"},
		{"in: path, schema: {type: integer, exclusiveMinimum: 0, maximum: 9}", "9"},
		{"in: path, schema: {type: integer, maximum: -5}", "-5"},
		{"in: path, schema: {type: string, format: uuid}", "00000000-0000-0000-0000-000000000000"},
		{"in: path, schema: {type: string, pattern: '^[A-Z]{2}-\\d+$'}", "AA-0"},
		{"in: path, schema: {type: string, pattern: '^(a|b)+$', minLength: 3}", "aaa"},
		{"in: path, schema: {type: string, maxLength: 4}", "oapi"},
		{"in: path, schema: {type: string, minLength: 20}", "oapi-guard-probe0000"},
		{"in: path, schema: {type: [string, 'null'], enum: [x, y]}", "x"},
		{"in: path, schema: {type: string}, example: 'a/b c'", "a%2Fb%20c"},
		{"in: path, schema: {type: string, example: s}, example: p", "p"},
		{"in: path, schema: {type: string, example: s, enum: [e]}", "s"},
		{"in: path, schema: {type: string, examples: [s, t]}", "s"},
		{"in: path, schema: {type: string}, examples: {one: {value: 1}}", "1"},
		{"in: path, schema: {type: boolean}", "false"},
		{"in: path, schema: {$ref: '#/components/schemas/Id'}", "ID-1"},
		{"in: path, schema: {allOf: [{$ref: '#/components/schemas/Id'}]}", "ID-1"},
		{"in: query, schema: {type: integer, minimum: 1}", "?v=1"},
		{"in: query, schema: {type: integer, minimum: 1.5}", "?v=2"},
		{"in: query, schema: {type: array, items: {type: string, enum: [x]}}", "?v=x"},
		{"in: query, schema: {type: array, minItems: 2, items: {type: integer}}", "?v=0&v=0"},
		{"in: query, schema: {type: string, format: date}", "?v=1970-01-01"},
		{"in: query, schema: {type: string}, example: 'a&b=c'", "?v=a%26b%3Dc"},
		{"in: query, content: {application/json: {schema: {type: object, required: [n], properties: {n: {type: integer}, o: {type: string}}}}}", "?v=%7B%22n%22%3A0%7D"},
	} {
		path := "/a"
		if strings.Contains(row.parameter, "in: path") {
			path = "/{v}"
		}
		text := document(t, "  "+path+":\n    get: {responses: {'200': {description: ok}}, parameters: [{name: v, required: true, "+row.parameter+"}]}\n")
		s := subject(t, text)
		r := &recorder{}
		server := httptest.NewServer(r)
		ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{})
		server.Close()
		got := ""
		for _, q := range r.requests {
			if q.Header.Get("Authorization") == "Bearer a-very-secret-token" && q.Method == "GET" {
				got = strings.TrimPrefix(strings.TrimPrefix(q.RequestURI, "/"), "a?")
			}
		}
		if want := strings.TrimPrefix(row.want, "?"); got != want {
			t.Errorf("%s: %s, want %s", row.parameter, got, want)
		}
	}
}

// TestNoValue: an operation without a value for its path is not asked, and it says so.
func TestNoValue(t *testing.T) {
	s := subject(t, document(t, "  /{v}:\n    get: {responses: {'200': {description: ok}}, parameters: [{name: v, in: path, required: true, schema: {type: string, pattern: '^(?=a)b$'}}]}\n"))
	r := &recorder{}
	server := httptest.NewServer(r)
	defer server.Close()
	got, _ := ask(t, server.URL, s, credentials(t, s, tokens), probe.Options{})
	if len(r.requests) > 0 || got.Operations[0].Skipped != "the path parameter v needs an example" {
		t.Errorf("%d requests, %q", len(r.requests), got.Operations[0].Skipped)
	}
}
