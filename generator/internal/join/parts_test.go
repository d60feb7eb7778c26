package join

import (
	"strings"
	"testing"

	"github.com/oapi-guard/oapi-guard/generator/diag"
	"github.com/oapi-guard/oapi-guard/generator/internal/server"
	"github.com/oapi-guard/oapi-guard/generator/policy"
	"github.com/oapi-guard/oapi-guard/generator/view"
)

// served is a file with a method for each operation, and their pairs.
func served(operations ...*policy.Operation) (*view.File, *Joined) {
	f, j := &view.File{}, &Joined{}
	for i, o := range operations {
		name := string(rune('A' + i))
		f.Operations = append(f.Operations, view.NewOperation(o, name, nil))
		f.Methods = append(f.Methods, &view.Method{Operation: f.Operations[i], MethodName: name})
		j.Pairs = append(j.Pairs, &Pair{Operation: o, Name: name, Method: &server.Method{Name: name}})
	}
	return f, j
}

// TestParts: each operation is in the part of its first tag, once, and a tag whose name cannot be one in Go is refused.
func TestParts(t *testing.T) {
	for _, test := range []struct {
		title         string
		tags          []string // of each operation; "-" has none
		unimplemented bool
		parts, want   string
	}{
		{"by first tag", []string{"pets", "orders", "pets"}, false, "PetsServer=AC OrdersServer=B -=", ""},
		{"without a tag", []string{"-", "orders"}, false, "OrdersServer=B -=A", ""},
		{"one Go name", []string{"my-pets", "my_pets"}, false, "MyPetsServer=A MyPetsServer=B -=", `the tag "my-pets" and the tag "my_pets" both become MyPetsServer in Go: rename the tag`},
		{"no Go name", []string{"*"}, false, "Server=A -=", `the tag "*" has no letter or digit for a Go name`},
		{"the server that is left", []string{"unimplemented"}, true, "UnimplementedServer=A -=", `the server that answers 501 and the tag "unimplemented" both become UnimplementedServer in Go: rename the tag`},
		{"no server is left", []string{"unimplemented"}, false, "UnimplementedServer=A -=", ""},
	} {
		var operations []*policy.Operation
		for _, tag := range test.tags {
			o := &policy.Operation{}
			if tag != "-" {
				o.Tags = []string{tag, "second"}
			}
			operations = append(operations, o)
		}
		f, j := served(operations...)
		f.Unimplemented = test.unimplemented
		diags := addParts(f, j)
		said := ""
		for _, d := range diags {
			said += d.Message
		}
		if got := partsOf(f); got != test.parts || said != test.want {
			t.Errorf("%s: %s, %q; want %s, %q", test.title, got, said, test.parts, test.want)
		}
	}
}

func partsOf(f *view.File) string {
	var parts []string
	for _, p := range f.Parts {
		parts = append(parts, p.Name+"="+methodNames(p.Methods))
	}
	return strings.Join(append(parts, "-="+methodNames(f.Untagged)), " ")
}

func methodNames(methods []*view.Method) (names string) {
	for _, m := range methods {
		names += m.MethodName
	}
	return names
}

// TestAliasHasNoPart: a path item that refers to another has the operations of that, which are in their part already.
func TestAliasHasNoPart(t *testing.T) {
	first := &policy.Operation{Tags: []string{"pets"}}
	f, j := served(first, &policy.Operation{Tags: []string{"other"}, AliasOf: "/pets"})
	f.Methods, j.Pairs[1].Name = f.Methods[:1], "A"
	if diags := addParts(f, j); len(diags) != 0 || partsOf(f) != "PetsServer=A -=" {
		t.Errorf("%v %s", diags, partsOf(f))
	}
}

// basic is a predeclared type.
type basic string

func (basic) Position() diag.Position                   { return diag.Position{} }
func (b basic) Render(server.Qualifier) (string, error) { return string(b), nil }

// TestChecks: two checks that become one in Go are refused, and so are parameters of different types.
func TestChecks(t *testing.T) {
	for _, test := range []struct {
		title, first, second string // names of checks
		types                [2]string
		want                 string
	}{
		{"two checks", "ownsOrder", "ownsPet", [2]string{"int", "string"}, ""},
		{"one check", "ownsOrder", "ownsOrder", [2]string{"int", "int"}, ""},
		{"one Go name", "owns-order", "ownsOrder", [2]string{"int", "int"}, `the resource checks "owns-order" and "ownsOrder" both become OwnsOrder in Go: rename one of them`},
		{"no Go name", "*", "ownsOrder", [2]string{"int", "int"}, `the resource check "*" has no letter or digit for a Go name`},
		{"two types", "ownsOrder", "ownsOrder", [2]string{"int", "string"}, `OwnsOrder would get (string) for GET /b/{id}, but (int) for GET /a/{id} (): give the path parameters the same schemas, or use another check`},
	} {
		a := &policy.Operation{Method: "GET", Path: "/a/{id}", PathParameters: []string{"id"}}
		b := &policy.Operation{Method: "GET", Path: "/b/{id}", PathParameters: []string{"id"}}
		f, j := served(a, b)
		for i, typ := range test.types {
			j.Pairs[i].Method.Params = []server.Param{{Name: "id", Type: basic(typ)}}
		}
		p := &policy.Policy{Checks: []*policy.Check{{Name: test.first, Operations: []*policy.Operation{a}}}}
		if test.first == test.second {
			p.Checks[0].Operations = append(p.Checks[0].Operations, b)
		} else {
			p.Checks = append(p.Checks, &policy.Check{Name: test.second, Operations: []*policy.Operation{b}})
		}
		said := ""
		for _, d := range addChecks(f, p, j, nil, &typeWriter{}) {
			said += d.Message
		}
		if said != test.want || len(f.Checks) != len(p.Checks) {
			t.Errorf("%s: %d checks, %q; want %q", test.title, len(f.Checks), said, test.want)
		}
	}
}
